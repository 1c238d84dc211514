package org.wasla.gateway.hl7;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Piece;
import org.wasla.gateway.frame.Piece.Fault;

class MllpFramesTest {
    private static final String ONE = "MSH|^~\\&|A\rPID|1\r";
    private static final String TWO = "MSH|^~\\&|B\r";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String framed(String text) {
        return '\u000b' + text + "\u001c\r";
    }

    /** Frames as their bodies, noise as its fault and size. */
    private static List<String> told(MllpFrames frames, String text, int chunk) {
        List<Piece> pieces = new ArrayList<>();
        byte[] all = bytes(text);
        for (int from = 0; from < all.length; from += chunk) {
            byte[] some = java.util.Arrays.copyOfRange(all, from, Math.min(all.length, from + chunk));
            pieces.addAll(frames.put(some, some.length));
        }
        pieces.addAll(frames.flush());
        List<String> told = new ArrayList<>();
        int noise = 0;
        Fault fault = Fault.GARBAGE;
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Noise some) {
                noise = some.count() > 0 ? some.size() : noise + some.size();
                if (some.count() == 0 && !told.isEmpty()) {
                    told.remove(told.size() - 1);
                }
                fault = some.fault();
                told.add(fault + " " + noise);
            } else {
                told.add(((Piece.Frame) piece).body().latin1());
            }
        }
        return told;
    }

    private static List<String> told(String text) {
        List<String> whole = told(new MllpFrames(MllpFrames.BYTES_MAX, true), text, Math.max(1, text.length()));
        for (int chunk = 1; chunk < Math.min(80, text.length()); chunk++) {
            assertEquals(whole, told(new MllpFrames(MllpFrames.BYTES_MAX, true), text, chunk), "chunks of " + chunk);
        }
        return whole;
    }

    @Test
    void aFrameIsAMessageWithOrWithoutItsLastByte() {
        assertEquals(List.of(ONE, TWO), told(framed(ONE) + framed(TWO)));
        assertEquals(List.of(ONE, TWO), told('\u000b' + ONE + '\u001c' + '\u000b' + TWO + '\u001c'));
    }

    @Test
    void signsOfLifeBetweenFramesAreNoFault() {
        MllpFrames frames = new MllpFrames(100, true);
        assertFalse(frames.takeAlive());
        assertEquals(List.of(), frames.put(bytes("\u0005\u0005"), 2));
        assertTrue(frames.takeAlive());
        assertFalse(frames.takeAlive());
        assertEquals(List.of(ONE, TWO), told("\u0005" + framed(ONE) + "\r\n\u0000\u0005 " + framed(TWO)));
    }

    @Test
    void bytesBeforeTheStartAreGarbage() {
        assertEquals(List.of("GARBAGE 3", ONE), told("xyz" + framed(ONE)));
        assertEquals(List.of("GARBAGE 4", ONE), told("MSxM" + framed(ONE)));
    }

    @Test
    void aSecondStartShowsThatTheEndWasLost() {
        assertEquals(List.of("CUT 8", ONE), told("\u000bMSH|^~\\" + framed(ONE)));
    }

    @Test
    void textWithoutAFrameIsAMessage() {
        assertEquals(List.of(ONE), told(ONE), "over when the line is quiet");
        assertEquals(List.of(ONE, TWO, ONE), told(ONE + TWO + ONE), "over at the next one");
        assertEquals(List.of(ONE, TWO), told(ONE + '\u001c' + framed(TWO)), "only the beginning was lost");
    }

    /** Without an end only a whole last line says that a message may be whole. */
    @Test
    void textWithoutAFrameAndWithoutALineEndIsCut() {
        assertEquals(List.of("CUT 15"), told("MSH|^~\\&|A\rPID|"));
        assertEquals(List.of("CUT 10", TWO), told("MSH|^~\\&|A" + framed(TWO)));
        assertEquals(List.of("CUT 17", TWO), told(ONE + framed(TWO)));
    }

    @Test
    void atTheEndOfTheStreamWholeLinesAreKept() {
        MllpFrames frames = new MllpFrames(100, true);
        frames.put(bytes(ONE + "OBX|1|NM|x||7"), ONE.length() + 13);
        List<Piece> last = frames.end();
        assertEquals(ONE, ((Piece.Frame) last.get(0)).body().latin1());
        assertEquals(new Piece.Noise(Fault.CUT, 1, 13), last.get(1));
        frames.put(bytes("MSH|^~"), 6);
        assertEquals(List.of(new Piece.Noise(Fault.CUT, 1, 6)), frames.end());
        assertFalse(frames.holdsBytes());
    }

    @Test
    void textWithoutAFrameMayBeForbidden() {
        MllpFrames frames = new MllpFrames(100, false);
        assertEquals(
                List.of(TWO),
                told(frames, ONE + framed(TWO), 7).stream()
                        .filter(text -> text.startsWith("MSH"))
                        .toList());
    }

    @Test
    void aWordOfTextThatLooksLikeAHeaderIsNone() {
        String note = "MSH|^~\\&|A\rNTE|1||MSH|x\rNTE|MSH\rMSHx\r";
        assertEquals(List.of(note), told(note));
    }

    @Test
    void aMessageThatIsTooLongIsSkippedAndTheNextOneRead() {
        MllpFrames frames = new MllpFrames(20, true);
        List<String> told = told(frames, framed("x".repeat(20)) + framed("x".repeat(21)) + framed("y"), 3);
        assertEquals("x".repeat(20), told.get(0));
        assertEquals("y", told.get(told.size() - 1));
        assertEquals("OVERLONG 22", told.get(1));
        assertEquals(3, told.size());
    }

    /** A frame of the longest size in small reads: each byte is looked at once, and the buffer is given back. */
    @Test
    void twentyMegabytesAreRefusedAndCostNothing() {
        MllpFrames frames = new MllpFrames(MllpFrames.BYTES_MAX, true);
        byte[] some = bytes("x".repeat(8192));
        assertEquals(List.of(), frames.put(bytes("\u000bMSH|"), 5));
        long faults = 0;
        for (int sent = 0; sent < 20 * 1024 * 1024; sent += some.length) {
            for (Piece piece : frames.put(some, some.length)) {
                faults += ((Piece.Noise) piece).count();
            }
        }
        assertEquals(1, faults);
        List<Piece> last = frames.put(bytes("\u001c\r" + framed(TWO)), TWO.length() + 5);
        assertEquals(TWO, ((Piece.Frame) last.get(last.size() - 1)).body().latin1());
    }

    @Test
    void aCutAnywhereLosesOneMessageAtMost() {
        for (int cut = 0; cut < framed(ONE).length(); cut++) {
            List<String> tailless = told(framed(ONE).substring(0, cut) + framed(TWO));
            assertEquals(TWO, tailless.get(tailless.size() - 1), "cut to " + cut);
            assertTrue(tailless.size() == 1
                    || tailless.get(0).startsWith("CUT")
                    || tailless.get(0).equals(ONE));
            List<String> headless = told(framed(ONE).substring(cut) + framed(TWO));
            assertEquals(TWO, headless.get(headless.size() - 1), "without " + cut);
        }
    }

    @Test
    void noBytesMakeItThrowOrLoseALaterMessage() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < random.nextInt(60); i++) {
                String[] odd = {"\u000b", "\u001c", "\r", "\n", "\u0005", "M", "S", "H", "MSH|", "|", "x"};
                text.append(odd[random.nextInt(odd.length)]);
            }
            List<String> told =
                    told(new MllpFrames(64, random.nextBoolean()), text + framed(TWO), 1 + random.nextInt(9));
            assertEquals(TWO, told.get(told.size() - 1), "seed " + seed);
        }
    }
}
