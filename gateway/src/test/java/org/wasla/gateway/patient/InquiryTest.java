package org.wasla.gateway.patient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.patient.Association.How;
import org.wasla.gateway.patient.Association.Source;
import org.wasla.gateway.patient.Association.State;
import org.wasla.gateway.patient.Inquiry.Answer;
import org.wasla.gateway.patient.Inquiry.Said;

/** What an answer of a registry changes, and for which times of which devices. */
class InquiryTest {
    private static final String ANNA = "p:00000000000000aa";
    private static final String BRAHIM = "p:00000000000000bb";
    private static final String ONE = "n:0000000000000001";
    private static final String TWO = "n:0000000000000002";

    private static Inquiry then(Inquiry before, Said said, @Nullable String reg, boolean isMerged) {
        return before.toldAll().answered(new Answer(before.request(), before.rev() + 1, said, reg, isMerged));
    }

    @Test
    void everyAnswerTellsWhatItChanges() {
        Inquiry unknown = then(Inquiry.of(ANNA).askedTimes(1), Said.UNKNOWN, null, false);
        assertEquals("q-00000000000000aa", unknown.request());
        assertTrue(unknown.isUntold() && !unknown.changes(), "nobody was known, nobody is");
        Inquiry known = then(unknown, Said.KNOWN, ONE, false);
        assertTrue(known.changes());
        assertEquals("answer", known.why());
        Inquiry again = then(known, Said.KNOWN, ONE, false);
        assertFalse(again.changes());
        Inquiry merged = then(again, Said.KNOWN, TWO, true);
        assertEquals("merged", merged.why());
        assertEquals(ONE, merged.told());
        Inquiry corrected = then(merged, Said.KNOWN, ONE, false);
        assertEquals("corrected", corrected.why());
        Inquiry lost = then(corrected, Said.AMBIGUOUS, null, false);
        assertTrue(lost.changes());
        assertEquals("ambiguous", lost.why());
    }

    private static Association on(int id, String device, String ref, State state, long from, long to) {
        return new Association(
                "a-" + id, device, ref, state, Source.SCANNER, How.SCANNED, null, null, from, to, 1_000 + id);
    }

    @Test
    void onlyTimesThatWereThePatientsAreFound() {
        Associations known = Associations.NONE.with(List.of(
                on(1, "vent-1", ANNA, State.F, 100, 200),
                on(2, "vent-1", ANNA, State.C, 200, 300),
                on(3, "vent-1", BRAHIM, State.F, 300, 400),
                on(4, "vent-1", ANNA, State.F, 500, Association.OPEN),
                // On two patients: nobody's.
                on(5, "pump-1", ANNA, State.F, 100, 300),
                on(6, "pump-1", BRAHIM, State.F, 200, 250),
                on(7, "oxi-1", ANNA, State.R, 100, Association.OPEN),
                on(8, "mon-1", ANNA, State.W, 100, Association.OPEN)));
        assertEquals(
                List.of(
                        new Attributed("pump-1", 100, 200),
                        new Attributed("pump-1", 250, 300),
                        new Attributed("vent-1", 100, 300),
                        new Attributed("vent-1", 500, 900)),
                Attributed.to(known, ANNA, false, 900));
        assertEquals(List.of(new Attributed("vent-1", 300, 350)), Attributed.to(known, BRAHIM, false, 350));
        assertEquals(List.of(), Attributed.to(known, "p:00000000000000cc", false, 900));
    }
}
