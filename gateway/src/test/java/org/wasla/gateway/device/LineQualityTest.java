package org.wasla.gateway.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.device.LineQuality.Heard;
import org.wasla.gateway.device.LineQuality.Line;

/** An engineer acts on these words: a wrong cause sends him to the wrong end of the cable. */
class LineQualityTest {
    private static final Line SERIAL = new Line(false, true, false);
    private static final Heard NOTHING = new Heard(0, 0, 0, 0, 0, 0);

    private static LineQuality silent(Heard heard) {
        return LineQuality.of(DeviceState.SILENT, false, SERIAL, heard);
    }

    private static LineQuality linked(Heard heard) {
        return LineQuality.of(DeviceState.LINKED, false, SERIAL, heard);
    }

    @Test
    void bytesWithoutAWholeFrameAreAWrongSpeed() {
        assertEquals(LineQuality.WRONG_SPEED, silent(new Heard(500, 200, 10, 0, 500, 0)));
    }

    @Test
    void textWithoutAWholeFrameIsAnotherProfile() {
        assertEquals(LineQuality.WRONG_PROFILE, silent(new Heard(500, 495, 0, 0, 500, 0)));
    }

    @Test
    void framesThatAllFailTheirCheckAreNoSpeed() {
        assertEquals(LineQuality.FAILED_CHECKS, silent(new Heard(500, 200, 0, 0, 500, 12)));
    }

    @Test
    void onlyZerosAreACable() {
        assertEquals(LineQuality.FLAT, silent(new Heard(500, 0, 480, 0, 500, 0)));
    }

    @Test
    void nothingAtAllIsACableOrAnOutputThatIsOff() {
        assertEquals(LineQuality.SILENT, silent(NOTHING));
        assertEquals(
                LineQuality.WAITING,
                LineQuality.of(DeviceState.SILENT, false, new Line(false, true, true), NOTHING),
                "a scanner is silent until somebody scans");
    }

    @Test
    void aPortThatIsGoneIsNotOneThatIsHeld() {
        Line gone = new Line(false, false, false);
        assertEquals(LineQuality.PORT_MISSING, LineQuality.of(DeviceState.FAULT, false, gone, NOTHING));
        assertEquals(LineQuality.PORT_UNUSABLE, LineQuality.of(DeviceState.FAULT, false, SERIAL, NOTHING));
        Line network = new Line(true, true, false);
        assertEquals(LineQuality.UNREACHABLE, LineQuality.of(DeviceState.FAULT, false, network, NOTHING));
        assertEquals(LineQuality.STARTING, LineQuality.of(DeviceState.FAULT, true, SERIAL, NOTHING));
    }

    /** A start in the middle of a frame costs a few bytes, and must not send anybody after a cable. */
    @Test
    void alittleDamageAtTheStartIsGood() {
        assertEquals(LineQuality.GOOD, linked(new Heard(1_000, 0, 0, 10, 30, 0)));
        assertEquals(LineQuality.DISTURBED, linked(new Heard(1_000, 0, 0, 10, 31, 0)));
        assertEquals(LineQuality.IDLE, linked(NOTHING));
        assertEquals(LineQuality.LOST_STEP, linked(new Heard(1_000, 0, 0, 0, 1_000, 0)));
    }

    @Test
    void everyCauseHasWordsInEveryLanguage() {
        Set<String> english = LineQuality.words("en").keySet();
        for (String language : Set.of("fr", "en", "ar")) {
            Map<String, String> words = LineQuality.words(language);
            assertEquals(english, words.keySet(), language);
            for (LineQuality each : LineQuality.values()) {
                assertFalse(words.getOrDefault(each.key() + ".cause", "").isEmpty(), language + " " + each);
                boolean hasNext = !words.getOrDefault(each.key() + ".next", "").isEmpty();
                assertEquals(!each.isSound() && each != LineQuality.STARTING, hasNext, language + " " + each);
            }
        }
        assertTrue(LineQuality.isText((byte) '\r') && !LineQuality.isText((byte) 0x80));
        assertTrue(LineQuality.isFlat((byte) 0xff) && !LineQuality.isFlat((byte) 1));
    }
}
