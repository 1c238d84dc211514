package org.wasla.gateway.patient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.patient.AdtEvent.Demographics;
import org.wasla.gateway.patient.AdtEvent.Trigger;
import org.wasla.gateway.patient.Association.How;
import org.wasla.gateway.patient.Association.State;

/** The hospital's messages come late, twice and in the wrong order; the picture follows the time of the events. */
class AdtTest {
    private static final Map<String, String> BEDS = Map.of("d", "rea1/b07", "e", "rea1/b08");

    private AdtPicture picture = AdtPicture.NONE;
    private Associations known = Associations.NONE;

    private static String ref(PatientId id) {
        return "p:" + id.authority() + id.value();
    }

    private static AdtEvent event(Trigger trigger, long atMs, String patient, @Nullable String bed) {
        PatientId id = new PatientId(patient, "", "");
        return new AdtEvent(trigger, atMs, id, List.of(id), Demographics.NONE, bed, null);
    }

    private void hear(AdtEvent event) {
        AdtPicture.Update update = picture.with(event, AdtTest::ref);
        List<Association> versions = AdtRules.changes(known, update, event, BEDS, 1_000);
        picture = update.picture();
        known = known.with(versions);
    }

    private void hear(Trigger trigger, long atMs, String patient, @Nullable String bed) {
        hear(event(trigger, atMs, patient, bed));
    }

    /** What a device's bed says, in order of time. */
    private String claims(String device) {
        return known.ofDevice(device).stream()
                .filter(Association::holds)
                .sorted(java.util.Comparator.comparingLong(Association::beginMs).thenComparing(Association::ref))
                .map(each -> each.ref().substring(2) + " " + each.state() + " " + each.beginMs() + "-"
                        + (each.isOpen() ? "" : each.endMs()))
                .toList()
                .toString();
    }

    @Test
    void admissionMoveAndDischarge() {
        hear(Trigger.A01, 10, "1", "rea1/b07");
        assertEquals("[1 R 10-]", claims("d"));
        hear(Trigger.A02, 20, "1", "rea1/b08");
        assertEquals("[1 R 10-20]", claims("d"));
        assertEquals("[1 R 20-]", claims("e"));
        hear(Trigger.A03, 30, "1", "rea1/b08");
        assertEquals("[1 R 20-30]", claims("e"));
    }

    @Test
    void theTimeOfTheEventCountsNotThatOfItsArrival() {
        hear(Trigger.A03, 30, "1", "rea1/b08");
        assertEquals("[]", claims("d"));
        hear(Trigger.A02, 20, "1", "rea1/b08");
        assertEquals("[1 R 20-30]", claims("e"));
        hear(Trigger.A01, 10, "1", "rea1/b07");
        assertEquals("[1 R 10-20]", claims("d"));
        assertEquals("[1 R 20-30]", claims("e"));
    }

    @Test
    void whatIsTakenBackNeverWas() {
        hear(Trigger.A01, 10, "1", "rea1/b07");
        hear(Trigger.A11, 15, "1", "rea1/b07");
        assertEquals("[]", claims("d"));
        assertEquals(State.D, known.get("a-1").orElseThrow().state());
        hear(Trigger.A01, 20, "1", "rea1/b07");
        hear(Trigger.A02, 30, "1", "rea1/b08");
        hear(Trigger.A12, 30, "1", "rea1/b07");
        assertEquals("[1 R 20-]", claims("d"));
        assertEquals("[]", claims("e"));
        hear(Trigger.A03, 40, "1", "rea1/b07");
        assertEquals("[1 R 20-40]", claims("d"));
        hear(Trigger.A13, 41, "1", "rea1/b07");
        assertEquals("[1 R 20-]", claims("d"));
    }

    @Test
    void anUpdateOfOneWhoWasNeverAdmittedHereStillTellsTheBed() {
        hear(Trigger.A08, 10, "1", "rea1/b07");
        hear(Trigger.A08, 20, "1", null);
        assertEquals("[1 R 10-]", claims("d"));
    }

    @Test
    void aSwapChangesTheBedsOfBoth() {
        hear(Trigger.A01, 10, "1", "rea1/b07");
        hear(Trigger.A01, 10, "2", "rea1/b08");
        hear(Trigger.A17, 20, "1", "rea1/b08");
        hear(Trigger.A17, 20, "2", "rea1/b07");
        assertEquals("[1 R 10-20, 2 R 20-]", claims("d"));
        assertEquals("[2 R 10-20, 1 R 20-]", claims("e"));
    }

    @Test
    void anOccupiedBedIsAConflictAndNoSilentChange() {
        hear(Trigger.A01, 10, "1", "rea1/b07");
        hear(Trigger.A01, 20, "2", "rea1/b07");
        assertEquals("[1 R 10-, 2 R 20-]", claims("d"));
        assertTrue(known.at("d", 25, true).conflict());
        assertEquals(2, picture.inBed("rea1/b07").size());
        hear(Trigger.A03, 30, "1", "rea1/b07");
        assertFalse(known.at("d", 35, true).conflict());
    }

    @Test
    void aMergeKeepsHistoryAndRepointsWhatLasts() {
        hear(Trigger.A01, 10, "1", "rea1/b07");
        known = known.with(List.of(
                AssociationsTest.on("a-90", "p:1", State.F, How.SCANNED, 12, 15),
                AssociationsTest.on("a-91", "p:1", State.F, How.SCANNED, 16, Association.OPEN)));
        PatientId other = new PatientId("2", "", "");
        hear(new AdtEvent(Trigger.A40, 20, other, List.of(other), Demographics.NONE, null, new PatientId("1", "", "")));
        assertEquals("p:1", known.get("a-90").orElseThrow().ref());
        assertEquals("p:2", known.get("a-91").orElseThrow().ref());
        assertEquals(State.C, known.get("a-91").orElseThrow().state());
        assertEquals("p:2", picture.survivor("p:1"));
        assertTrue(claims("d").contains("2 R 10-"), claims("d"));
        hear(Trigger.A03, 30, "1", "rea1/b07");
        assertEquals(30, known.get("a-91").orElseThrow().endMs());
        assertNull(picture.get("p:2").orElseThrow().bed());
    }

    @Test
    void dischargeEndsWhatWasScannedAndAMoveWhatStaysBehind() {
        known = known.with(List.of(AssociationsTest.on("a-1", "p:1", State.F, How.SCANNED, 12, Association.OPEN)));
        hear(Trigger.A02, 20, "1", "rea1/b07");
        assertTrue(known.get("a-1").orElseThrow().isOpen(), "the device stands at the new bed");
        hear(Trigger.A02, 30, "1", "rea1/b08");
        assertEquals(30, known.get("a-1").orElseThrow().endMs());
        known = known.with(List.of(AssociationsTest.on("a-80", "p:1", State.F, How.SCANNED, 40, Association.OPEN)));
        hear(Trigger.A03, 35, "1", null);
        assertTrue(known.get("a-80").orElseThrow().isOpen(), "an old discharge ends nothing that began after it");
        hear(Trigger.A03, 50, "1", null);
        assertEquals(50, known.get("a-80").orElseThrow().endMs());
    }

    @Test
    void theSameMessageTwiceChangesNothing() {
        hear(Trigger.A01, 10, "1", "rea1/b07");
        AdtPicture.Update update = picture.with(event(Trigger.A01, 10, "1", "rea1/b07"), AdtTest::ref);
        assertEquals(List.of(), AdtRules.changes(known, update, event(Trigger.A01, 10, "1", "rea1/b07"), BEDS, 2_000));
    }

    /** Every order of arrival of a whole stay gives the same picture. */
    @Test
    void anyOrderOfArrivalGivesTheSame() {
        List<AdtEvent> stay = List.of(
                event(Trigger.A01, 10, "1", "rea1/b07"),
                event(Trigger.A02, 20, "1", "rea1/b08"),
                event(Trigger.A12, 21, "1", "rea1/b07"),
                event(Trigger.A02, 30, "1", "rea1/b08"),
                event(Trigger.A03, 40, "1", "rea1/b08"),
                event(Trigger.A13, 41, "1", "rea1/b08"),
                event(Trigger.A02, 50, "1", "rea1/b07"),
                event(Trigger.A03, 60, "1", "rea1/b07"));
        Random random = new Random(5);
        for (int round = 0; round < 300; round++) {
            List<AdtEvent> shuffled = new ArrayList<>(stay);
            Collections.shuffle(shuffled, random);
            picture = AdtPicture.NONE;
            known = Associations.NONE;
            shuffled.forEach(this::hear);
            assertEquals("[1 R 10-30, 1 R 50-60]", claims("d"), "round " + round + " of seed 5");
            assertEquals("[1 R 30-50]", claims("e"), "round " + round + " of seed 5");
        }
    }

    @Test
    void manyUpdatesDoNotPushTheAdmissionOut() {
        hear(Trigger.A01, 10, "1", "rea1/b07");
        for (int i = 0; i < 500; i++) {
            hear(Trigger.A08, 20 + i, "1", "rea1/b07");
        }
        assertEquals("[1 R 10-]", claims("d"));
    }

    @Test
    void aNumberWithoutAuthorityIsThatOfTheOnePatientWhoHasIt() {
        PatientId mpi = new PatientId("77", "MPI", "PI");
        hear(new AdtEvent(Trigger.A01, 10, mpi, List.of(mpi), Demographics.NONE, "rea1/b07", null));
        PatientId bare = new PatientId("77", "", "");
        assertEquals("p:MPI77", picture.find(bare, AdtTest::ref));
        PatientId lab = new PatientId("77", "LAB", "PI");
        hear(new AdtEvent(Trigger.A01, 11, lab, List.of(lab), Demographics.NONE, null, null));
        assertNull(picture.find(bare, AdtTest::ref));
        assertTrue(picture.isAmbiguous(bare));
        assertEquals("p:LAB77", picture.find(lab, AdtTest::ref));
    }

    @Test
    void bedsByTableElseUnitAndBed() {
        Beds beds = new Beds(Map.of("REA1^^B07^CHU", "rea1/b07", "REA1^3^^", "rea1/box3"));
        assertEquals("rea1/b07", beds.of(List.of("REA1", "", "B07", "CHU", "", "N")));
        assertEquals("rea1/b08", beds.of(List.of("REA1", "", "B08", "CHU")));
        assertEquals("rea1/box3", beds.of(List.of("REA1", "3")));
        assertNull(beds.of(List.of("REA1", "4")));
        assertNull(beds.of(List.of("", "", "B08")));
        assertNull(beds.of(List.of("\"\"", "", "\"\"")));
        assertNull(beds.of(List.of()));
    }

    @Test
    void theHousesNumberStandsForThePatientAndNotThatOfTheState() {
        PatientId civil = new PatientId("X1", "", "SS");
        PatientId house = new PatientId("9", "CHU", "PI");
        PatientId other = new PatientId("8", "CHU", "VN");
        assertEquals(house, PatientId.best(List.of(civil, other, house)).orElseThrow());
        assertEquals(other, PatientId.best(List.of(civil, other)).orElseThrow());
        assertEquals(civil, PatientId.best(List.of(civil)).orElseThrow());
        assertTrue(PatientId.of(List.of("\"\"", "", "", "X")).isEmpty());
        assertFalse(house.toString().contains("9"));
    }
}
