package org.wasla.gateway.acts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Hours that are told were seen: pauses that the device tells, silence, another patient and the clock add none. */
class CourseTest {
    private static final long POLL_MS = 5_000;
    private final Box box = new Box();
    private BigDecimal volume = BigDecimal.ONE;

    /** The pump runs for so long, asked every five seconds. */
    private void runs(long ms, String patient) {
        for (long t = 0; t < ms; t += POLL_MS) {
            box.nowMs += POLL_MS;
            volume = volume.add(new BigDecimal("0.01"));
            box.pump(volume.toPlainString(), "7.2", patient);
            box.follow();
        }
    }

    private void holds(long ms, String rate) {
        for (long t = 0; t < ms; t += POLL_MS) {
            box.nowMs += POLL_MS;
            box.pump(volume.toPlainString(), rate, "");
            box.follow();
        }
    }

    private List<Long> seconds() {
        return box.told.stream().map(act -> act.extent().quantity()).toList();
    }

    @Test
    void aRateOfNothingEndsIt() {
        holds(POLL_MS, "7.2");
        runs(600_000, "");
        assertEquals(List.of(), seconds(), "under way");
        holds(POLL_MS, "0");
        assertEquals(List.of(595L), seconds());
        Act act = box.told.get(0);
        assertEquals(act.extent().toMs() - 595_000, act.extent().fromMs());
        assertEquals("pump.obs", Objects.requireNonNull(act.evidence()).of());
        assertEquals(2, act.evidence().from());
        assertEquals(121, act.evidence().to());
        assertEquals("syringe pump", act.facts().get("kind"));
    }

    @Test
    void aSetRateIsNoEvidence() {
        holds(1_800_000, "7.2");
        assertEquals(List.of(), seconds());
    }

    @Test
    void aPumpThatStandsStillEndsItAfterAWhile() {
        holds(POLL_MS, "7.2");
        runs(600_000, "");
        holds(Box.QUIET_MS + 2 * POLL_MS, "7.2");
        assertEquals(List.of(595L), seconds(), "no second of the pause is counted");
    }

    @Test
    void silenceEndsItByTheMonotonicClock() {
        holds(POLL_MS, "7.2");
        runs(600_000, "");
        box.nowMs += Box.QUIET_MS;
        box.follow();
        assertEquals(List.of(), seconds());
        box.nowMs += 1;
        box.follow();
        assertEquals(List.of(595L), seconds());
        runs(300_000, "");
        holds(POLL_MS, "0");
        assertEquals(List.of(595L, 295L), seconds(), "switched on again it is another");
    }

    @Test
    void anotherPatientIsAnotherPeriod() {
        holds(POLL_MS, "7.2");
        runs(300_000, "");
        runs(300_000, "p:1");
        runs(300_000, "p:2");
        holds(POLL_MS, "0");
        assertEquals(List.of(295L, 295L, 295L), seconds());
        assertEquals(null, box.told.get(0).from().patient());
        assertEquals(
                "p:1", Objects.requireNonNull(box.told.get(1).from().patient()).ref());
    }

    @Test
    void aStepOfTheClockIsNotCounted() {
        holds(POLL_MS, "7.2");
        runs(300_000, "");
        box.step(7_200_000);
        runs(300_000, "");
        box.step(-86_400_000);
        runs(300_000, "");
        holds(POLL_MS, "0");
        assertEquals(List.of(895L), seconds());
    }

    // The keeper sees the step before it reads what came just before it.
    @Test
    void aRecordOfJustBeforeTheStepDoesNotUseItUp() {
        holds(POLL_MS, "7.2");
        runs(300_000, "");
        box.nowMs += POLL_MS;
        box.pump("50", "7.2", "");
        volume = new BigDecimal(50);
        box.step(7_200_000);
        box.follow();
        runs(300_000, "");
        holds(POLL_MS, "0");
        assertEquals(List.of(600L), seconds());
    }

    @Test
    void aShortRestartDoesNotEndIt() {
        holds(POLL_MS, "7.2");
        runs(300_000, "");
        box.save();
        box.nowMs += 120_000;
        box.crash();
        runs(300_000, "");
        holds(POLL_MS, "0");
        assertEquals(List.of(295L + 125 + 295), seconds());
    }

    @Test
    void aLongOneDoesAndSoDoesAClockThatWentBackMeanwhile() {
        holds(POLL_MS, "7.2");
        runs(300_000, "");
        box.save();
        box.nowMs += 3_600_000;
        box.crash();
        runs(300_000, "");
        box.save();
        box.nowMs -= 86_400_000;
        box.crash();
        runs(300_000, "");
        holds(POLL_MS, "0");
        assertEquals(List.of(295L, 295L, 295L), seconds());
    }

    @Test
    void aMomentIsNoPeriod() {
        holds(POLL_MS, "7.2");
        runs(30_000, "");
        holds(POLL_MS, "0");
        assertEquals(List.of(), seconds());
    }

    @Test
    void aVentilatorWhoseTubeIsOffForAMinuteGoesOn() {
        for (int i = 0; i < 100; i++) {
            box.nowMs += 10_000;
            String volume = i > 40 && i < 50 ? "0.0" : "6.9";
            box.put("vent", "obs", "\"obs\":[{\"n\":\"mv\",\"r\":\"72\",\"v\":" + volume + "}]");
            box.follow();
        }
        box.nowMs += Box.QUIET_MS + 1;
        box.follow();
        assertEquals(List.of(990L), seconds());
        assertEquals(Act.Type.VENTILATION, box.told.get(0).type());
    }

    @Test
    void anotherBufferEndsItOnce() {
        holds(POLL_MS, "7.2");
        runs(300_000, "");
        box.save();
        for (int i = 0; i < 2; i++) {
            box.crash();
            box.acts.ofOtherBuffer("0000000a");
            box.events.forEach(box.acts::told);
            box.keep(box.acts.tick(0));
        }
        assertEquals(List.of(295L), seconds());
        assertEquals(null, box.told.get(0).evidence(), "its records stand in the other one");
        assertEquals(0, box.acts.taken("pump", "obs"));
    }

    @Test
    void flaggedValuesShowNothing() {
        for (int i = 0; i < 100; i++) {
            box.nowMs += 10_000;
            box.put("vent", "obs", "\"obs\":[{\"n\":\"mv\",\"r\":\"72\",\"v\":6.9,\"q\":\"demo\"}]");
            box.follow();
        }
        box.nowMs += Box.QUIET_MS + 1;
        assertEquals(List.of(), box.follow());
    }
}
