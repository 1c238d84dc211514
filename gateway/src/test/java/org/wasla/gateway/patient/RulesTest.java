package org.wasla.gateway.patient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wasla.gateway.patient.Association.How;
import org.wasla.gateway.patient.Association.State;

class RulesTest {
    private Associations known = Associations.NONE;

    private void add(List<Association> versions) {
        known = known.with(versions);
    }

    private Association get(String id) {
        return known.get(id).orElseThrow();
    }

    @Test
    void aScanTakesTheDeviceFromWhoHadIt() {
        add(Rules.scanned(known, "d", "p:1", "o:7", 10));
        assertTrue(Rules.isOn(known, "d"));
        assertEquals(List.of(), Rules.scanned(known, "d", "p:1", "o:7", 15), "it is on him already");
        add(Rules.scanned(known, "d", "p:2", null, 20));
        assertEquals(20, get("a-1").endMs());
        assertEquals("p:2", get("a-2").ref());
        assertFalse(known.at("d", 20, false).conflict());
        add(Rules.ended(known, "d", 30, 30));
        assertFalse(Rules.isOn(known, "d"));
        assertEquals(30, get("a-2").endMs());
    }

    @Test
    void anEndDoesNotTouchWhatTheHospitalSaysOfTheBed() {
        add(List.of(AssociationsTest.on("a-1", "p:1", State.R, How.ADT_LOCATION, 5, Association.OPEN)));
        assertFalse(Rules.isOn(known, "d"));
        assertEquals(List.of(), Rules.ended(known, "d", 30, 30));
        add(Rules.scanned(known, "d", "p:2", null, 20));
        assertTrue(get("a-1").isOpen());
    }

    /** The platform sees no bed: it may name a patient where nobody has, and takes a device from nobody. */
    @Test
    void theWordOfThePlatformCountsWhereNobodyElseSaidOtherwise() {
        add(Rules.typed(known, "d", "p:1", false, 10));
        add(Rules.ordered(known, "d", "p:2", "o:7", 20, 25).versions());
        assertEquals(State.F, get("a-2").state());
        assertEquals(Association.Source.COMMAND, get("a-2").source());
        assertEquals(20, get("a-2").beginMs());
        assertEquals(List.of(), Rules.ordered(known, "d", "p:2", null, 30, 30).versions(), "it is on her already");
        assertNotNull(Rules.ordered(known, "d", "p:3", null, 30, 30).problem());
        add(Rules.ended(known, "d", 40, 40));
        assertNotNull(Rules.ordered(known, "d", "p:3", null, 39, 50).problem(), "she had it at that time");
        add(Rules.ordered(known, "d", "p:3", null, 40, 50).versions());
        assertFalse(known.at("d", 45, false).conflict());
    }

    /** Spot check: a device that fell silent before it was put on somebody ends no earlier than it began. */
    @Test
    void nothingEndsBeforeItBegan() {
        add(Rules.scanned(known, "d", "p:1", null, 20));
        add(Rules.ended(known, "d", 15, 40));
        assertEquals(20, get("a-1").endMs());
    }

    @Test
    void aTypedNumberIsValidOnlyWhenTheHospitalKnowsIt() {
        add(Rules.typed(known, "d", "p:1", false, 10));
        assertEquals(State.R, get("a-1").state());
        add(Rules.typed(known, "d", "p:1", true, 20));
        assertEquals(State.F, get("a-1").state());
        assertEquals(List.of(), Rules.typed(known, "d", "p:1", true, 25));
        add(Rules.typed(known, "d", "p:2", true, 30));
        assertEquals(30, get("a-1").endMs());
        add(Rules.typed(known, "d", null, false, 40));
        assertEquals(40, get("a-2").endMs());
    }

    @Test
    void aTypedNumberDoesNotEndWhatWasScannedButConflicts() {
        add(Rules.scanned(known, "d", "p:1", null, 10));
        add(Rules.typed(known, "d", "p:2", true, 20));
        assertTrue(known.at("d", 25, false).conflict());
    }

    private static PcimReport report(String foreign, @Nullable String parent, State state, boolean isEnd, long fromMs) {
        return new PcimReport(foreign, parent, "d", "p:1", isEnd, state, "o:1", fromMs, Association.OPEN);
    }

    @Test
    void aReportedAssociationIsValidatedLater() {
        add(Rules.reported(known, report("x:1", null, State.R, false, 10), 12).versions());
        assertEquals(State.R, get("a-1").state());
        add(Rules.reported(known, report("x:1", null, State.F, false, 10), 15).versions());
        assertEquals(State.F, get("a-1").state());
        assertEquals(
                List.of(),
                Rules.reported(known, report("x:1", null, State.F, false, 10), 16)
                        .versions());
        assertEquals(
                List.of(),
                Rules.reported(known, report("x:1", null, State.R, false, 10), 17)
                        .versions(),
                "a late assertion takes no validation back");
        add(Rules.reported(known, report("x:2", "x:1", State.C, false, 8), 20).versions());
        assertEquals(8, get("a-1").beginMs());
        assertEquals(State.C, get("a-1").state());
        assertEquals(1, known.all().size());
    }

    @ParameterizedTest
    @EnumSource(names = {"D", "W"})
    void deletedAndWrongTakeItBack(State state) {
        assertNotNull(
                Rules.reported(known, report("x:1", null, state, false, 10), 12).problem());
        add(Rules.reported(known, report("x:1", null, State.F, false, 10), 12).versions());
        add(Rules.reported(known, report("x:1", null, state, false, 10), 20).versions());
        assertEquals(state, get("a-1").state());
        assertEquals(null, known.at("d", 15, false).by());
    }

    @Test
    void aDisassociationEndsWhatItMeans() {
        assertNotNull(Rules.reported(known, report("x:9", null, State.F, true, 30), 31)
                .problem());
        add(Rules.reported(known, report("x:1", null, State.F, false, 10), 12).versions());
        assertEquals(
                List.of(),
                Rules.reported(known, report("x:2", null, State.R, true, 20), 21)
                        .versions(),
                "an end that is only asserted ends nothing");
        add(Rules.reported(known, report("x:2", null, State.F, true, 30), 31).versions());
        assertEquals(30, get("a-1").endMs());
    }

    @Test
    void twoReportedPatientsAreAConflict() {
        add(Rules.reported(known, report("x:1", null, State.F, false, 10), 12).versions());
        PcimReport other = new PcimReport("x:2", null, "d", "p:2", false, State.F, null, 20, Association.OPEN);
        add(Rules.reported(known, other, 21).versions());
        assertTrue(known.at("d", 22, false).conflict());
    }

    @Test
    void anIntervalThatEndsBeforeItBeginsIsRefused() {
        PcimReport wrong = new PcimReport("x:2", null, "d", "p:2", false, State.F, null, 20, 10);
        assertNotNull(Rules.reported(known, wrong, 21).problem());
    }

    @Test
    void aNewKeyKeepsOldReferencesAndGoesOnUnderNewOnes() {
        add(Rules.scanned(known, "d", "p:old", null, 10));
        add(Rules.scanned(known, "e", "p:erased", null, 10));
        add(Rules.rekeyed(
                known,
                ref -> ref.equals("p:new"),
                ref -> ref.equals("p:old") ? Optional.of("p:new") : Optional.empty(),
                50));
        assertEquals("p:old", get("a-1").ref());
        assertEquals(50, get("a-1").endMs());
        assertEquals("p:new", known.at("d", 50, false).claims().get(0).ref());
        assertEquals(null, known.at("e", 50, false).by());
        assertEquals(List.of(), Rules.rekeyed(known, ref -> ref.equals("p:new"), Optional::of, 60));
    }
}
