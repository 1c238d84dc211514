package org.wasla.gateway.patient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wasla.gateway.patient.Association.How;
import org.wasla.gateway.patient.Association.Source;
import org.wasla.gateway.patient.Association.State;

/** Whose the values of a device are at a moment: a value with the wrong patient is worse than one with none. */
class AssociationsTest {
    private static final long OPEN = Association.OPEN;
    private static final List<State> STATES = List.of(State.values());
    private static final List<How> HOWS = List.of(How.values());

    static Association on(String id, String ref, State state, How how, long fromMs, long toMs) {
        Source source = how == How.ADT_LOCATION ? Source.ADT : how == How.SCANNED ? Source.SCANNER : Source.DEVICE;
        return new Association(id, "d", ref, state, source, how, null, null, fromMs, toMs, fromMs);
    }

    private static @Nullable String refAt(Associations known, long timeMs, boolean bedsAttribute) {
        Verdict verdict = known.at("d", timeMs, bedsAttribute);
        Association by = verdict.by();
        return verdict.conflict() ? "conflict" : by == null ? null : by.ref();
    }

    @ParameterizedTest
    @CsvSource({"R,", "F,p:1", "C,p:1", "D,", "W,"})
    void onlyValidatedOrCorrectedAttributes(State state, @Nullable String expected) {
        Associations known = Associations.NONE.with(List.of(on("a-1", "p:1", state, How.SCANNED, 10, 20)));
        assertEquals(expected, refAt(known, 15, false));
        assertEquals(expected, refAt(known, 10, true));
        assertNull(refAt(known, 9, true));
        assertNull(refAt(known, 20, true));
    }

    @Test
    void aBedAttributesOnlyWhereTheSiteSaysSo() {
        Associations known = Associations.NONE.with(List.of(on("a-1", "p:1", State.R, How.ADT_LOCATION, 10, OPEN)));
        assertNull(refAt(known, 15, false));
        assertEquals("p:1", refAt(known, 15, true));
        assertEquals(1, known.at("d", 15, false).claims().size());
    }

    @ParameterizedTest
    @CsvSource({
        "SCANNED,      TYPED,        conflict",
        "SCANNED,      SCANNED,      conflict",
        "TYPED,        TYPED,        conflict",
        "SCANNED,      ADT_LOCATION, p:1",
        "ADT_LOCATION, TYPED,        p:2"
    })
    void twoPatientsOfEqualRightAreNobody(How first, How second, String expected) {
        State one = first == How.ADT_LOCATION ? State.R : State.F;
        State two = second == How.ADT_LOCATION ? State.R : State.F;
        Associations known = Associations.NONE.with(
                List.of(on("a-1", "p:1", one, first, 10, OPEN), on("a-2", "p:2", two, second, 12, OPEN)));
        assertEquals(expected, refAt(known, 15, true));
    }

    @Test
    void twoBedsAreAConflictToo() {
        Associations known = Associations.NONE.with(List.of(
                on("a-1", "p:1", State.R, How.ADT_LOCATION, 10, OPEN),
                on("a-2", "p:2", State.R, How.ADT_LOCATION, 12, OPEN)));
        assertEquals("p:1", refAt(known, 11, true));
        assertEquals("conflict", refAt(known, 12, true));
        assertNull(refAt(known, 12, false));
    }

    @Test
    void theStrongerOfTwoThatAgreeIsNamed() {
        Associations known = Associations.NONE.with(List.of(
                on("a-1", "p:1", State.F, How.TYPED, 10, OPEN), on("a-2", "p:1", State.F, How.SCANNED, 11, OPEN)));
        Association by = known.at("d", 15, false).by();
        assertEquals("a-2", by == null ? null : by.id());
    }

    /** IHE PCIM, example 1: recorded half an hour after it began. */
    @Test
    void aLateAssociationTellsTheTimeItChanges() {
        Associations before = Associations.NONE;
        Associations after = before.with(List.of(on("a-1", "p:1", State.F, How.TYPED, 1_200, OPEN)));
        List<Correction> found = Correction.between(before, after, "d", false, 1_230);
        assertEquals(1, found.size());
        assertEquals(1_200, found.get(0).fromMs());
        assertEquals(1_230, found.get(0).toMs());
        Association by = found.get(0).now().by();
        assertEquals("p:1", by == null ? null : by.ref());
    }

    @Test
    void anAssociationThatBeginsNowCorrectsNothing() {
        Associations after = Associations.NONE.with(List.of(on("a-1", "p:1", State.F, How.SCANNED, 1_230, OPEN)));
        assertEquals(List.of(), Correction.between(Associations.NONE, after, "d", false, 1_230));
    }

    @Test
    void anAssertionCorrectsNothing() {
        Associations after = Associations.NONE.with(List.of(on("a-1", "p:1", State.R, How.TYPED, 1_000, OPEN)));
        assertEquals(List.of(), Correction.between(Associations.NONE, after, "d", false, 1_230));
    }

    @Test
    void aWrongPatientTellsAllOfItsTime() {
        Associations before = Associations.NONE.with(List.of(on("a-1", "p:1", State.F, How.TYPED, 10, 50)));
        Associations after = before.with(List.of(on("a-1", "p:1", State.W, How.TYPED, 10, 50)));
        List<Correction> found = Correction.between(before, after, "d", false, 90);
        assertEquals("[10-50 nobody]", text(found));
    }

    @Test
    void aConflictFoundLateTellsWhereItWas() {
        Associations before = Associations.NONE.with(List.of(on("a-1", "p:1", State.F, How.SCANNED, 10, 50)));
        Associations after = before.with(List.of(on("a-2", "p:2", State.F, How.TYPED, 30, OPEN)));
        assertEquals("[30-50 conflict, 50-90 p:2]", text(Correction.between(before, after, "d", false, 90)));
    }

    private static String text(List<Correction> corrections) {
        return corrections.stream()
                .map(each -> {
                    Association by = each.now().by();
                    String whose = by == null ? "nobody" : by.ref();
                    return each.fromMs() + "-" + each.toMs() + " " + (each.now().conflict() ? "conflict" : whose);
                })
                .toList()
                .toString();
    }

    /** Any two pictures: at every moment the correction says what the later one says, and only where they differ. */
    @Test
    void correctionsAreExactlyWhereThePicturesDiffer() {
        java.util.Random random = new java.util.Random(8);
        for (int round = 0; round < 2_000; round++) {
            Associations before = Associations.NONE.with(some(random, 4));
            Associations after = before.with(some(random, 2));
            List<Correction> found = Correction.between(before, after, "d", round % 2 == 0, 40);
            for (long t = 0; t < 40; t++) {
                long at = t;
                boolean isTold = found.stream().anyMatch(each -> each.fromMs() <= at && at < each.toMs());
                Association was = before.at("d", t, round % 2 == 0).by();
                Association is = after.at("d", t, round % 2 == 0).by();
                String one = was == null ? "" : was.ref() + was.id();
                String two = is == null ? "" : is.ref() + is.id();
                assertEquals(!one.equals(two), isTold, "round " + round + " at " + t);
            }
        }
    }

    private static List<Association> some(java.util.Random random, int most) {
        List<Association> some = new java.util.ArrayList<>();
        for (int i = random.nextInt(most) + 1; i > 0; i--) {
            long from = random.nextInt(40);
            some.add(on(
                    "a-" + random.nextInt(5),
                    "p:" + random.nextInt(3),
                    STATES.get(random.nextInt(STATES.size())),
                    HOWS.get(random.nextInt(HOWS.size())),
                    from,
                    random.nextInt(3) == 0 ? OPEN : from + random.nextInt(30)));
        }
        return some;
    }

    @Test
    void aLaterVersionCountsAndAFreshNameIsFresh() {
        Associations known = Associations.NONE.with(List.of(on("a-7", "p:1", State.F, How.TYPED, 10, OPEN)));
        assertEquals("a-8", known.freshId(0));
        Associations next = known.with(List.of(on("a-7", "p:1", State.D, How.TYPED, 10, OPEN)));
        assertEquals("a-8", next.freshId(0));
        assertTrue(next.get("a-7").filter(Association::holds).isEmpty());
    }

    @Test
    void whatEndedLongAgoIsLetGoFromMemory() {
        long monthMs = 32L * 24 * 3_600_000;
        Associations known = Associations.NONE
                .with(List.of(
                        on("a-1", "p:1", State.F, How.TYPED, 10, 20), on("a-2", "p:2", State.F, How.TYPED, 10, OPEN)))
                .with(List.of(on("a-3", "p:3", State.F, How.TYPED, monthMs, OPEN)));
        assertTrue(known.get("a-1").isEmpty());
        assertTrue(known.get("a-2").isPresent());
    }
}
