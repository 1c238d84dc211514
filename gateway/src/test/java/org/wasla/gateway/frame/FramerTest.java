package org.wasla.gateway.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.frame.Piece.Frame;
import org.wasla.gateway.frame.Piece.Noise;

/** What a framer finds must not depend on how the bytes were chunked, and every byte must be accounted for. */
class FramerTest {
    private static final FrameSpec LINE = new LineFrame(Bytes.latin1("\r\n"), 64, true);
    private static final FrameSpec BLOCK = new BlockFrame(Bytes.latin1("MISC"), Bytes.latin1("\u0003\r"), 64);
    private static final FrameSpec SYNC = new SyncFrame(
            5,
            List.of(new SyncFrame.Bits(0, 0xff, 1), new SyncFrame.Bits(1, 0x80, 0x80)),
            Check.sum8(0, 4, 4),
            3,
            new SyncFrame.Bits(1, 1, 1));

    private static List<Piece> run(FrameSpec spec, byte[] bytes, int chunk) {
        Framer framer = new Framer(spec);
        List<Piece> pieces = new ArrayList<>();
        for (int from = 0; from < bytes.length; from += chunk) {
            byte[] part =
                    Bytes.of(bytes, from, Math.min(bytes.length, from + chunk)).toArray();
            pieces.addAll(framer.put(part, part.length));
        }
        pieces.addAll(framer.flush());
        return pieces;
    }

    private static List<String> frames(List<Piece> pieces) {
        return pieces.stream()
                .filter(Frame.class::isInstance)
                .map(piece -> ((Frame) piece).body().latin1())
                .toList();
    }

    private static int bytes(List<Piece> pieces) {
        return pieces.stream()
                .mapToInt(piece -> piece instanceof Frame frame ? frame.size() : ((Noise) piece).size())
                .sum();
    }

    private static int count(List<Piece> pieces, Fault fault) {
        return pieces.stream()
                .filter(piece -> piece instanceof Noise noise && noise.fault() == fault)
                .mapToInt(piece -> ((Noise) piece).count())
                .sum();
    }

    private static byte[] packet(int a, int b, int c) {
        byte[] packet = {0, 0, (byte) a, 0, 0, 0, 0, (byte) b, 0, 0, 0, 0, (byte) c, 0, 0};
        return SYNC.seal(packet);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] text(String text) {
        return Bytes.latin1(text).toArray();
    }

    @Test
    void linesAreCutAtTheirEndMarkWhateverTheChunks() {
        byte[] bytes = text("\0\0one\r\ntwo\rthree\r\n\r\nrest");
        for (int chunk = 1; chunk <= bytes.length; chunk++) {
            List<Piece> pieces = run(LINE, bytes, chunk);
            assertEquals(List.of("one", "two\rthree"), frames(pieces), "chunks of " + chunk);
            assertEquals(0, count(pieces, Fault.GARBAGE));
            assertEquals(1, count(pieces, Fault.CUT));
            assertEquals(bytes.length, bytes(pieces));
        }
    }

    @Test
    void aLineOfTheLimitPassesAndOneByteMoreDoesNot() {
        String limit = "x".repeat(62);
        assertEquals(List.of(limit, "ok"), frames(run(LINE, text(limit + "\r\nok\r\n"), 7)));
        List<Piece> over = run(LINE, text(limit + "y\r\nok\r\n"), 7);
        assertEquals(List.of("ok"), frames(over));
        assertEquals(1, count(over, Fault.OVERLONG));
    }

    /** At power-up a Masimo may send any number of NULs before its first line. */
    @Test
    void nulsBeforeALineDoNotCountTowardsItsLimit() {
        List<Piece> pieces = run(LINE, text("\0".repeat(500) + "good\r\n"), 64);
        assertEquals(List.of("good"), frames(pieces));
        assertEquals(0, count(pieces, Fault.OVERLONG));
    }

    /** After a pause the end of an endless line is not awaited any more: what comes then is a new line. */
    @Test
    void silenceEndsWhatWasGivenUp() {
        Framer framer = new Framer(new LineFrame(Bytes.latin1("\n"), 64, false));
        byte[] endless = text("x".repeat(200));
        framer.put(endless, endless.length);
        assertTrue(framer.holdsBytes());
        framer.flush();
        byte[] good = text("good\n");
        assertEquals(List.of("good"), frames(framer.put(good, good.length)));
    }

    @Test
    void aMegabyteWithoutAnEndIsOneFaultAndTheNextFrameIsFound() {
        for (FrameSpec spec : List.of(LINE, BLOCK)) {
            String start = spec == BLOCK ? "MISC" : "";
            String end = spec == BLOCK ? "\u0003\r" : "\r\n";
            byte[] bytes = text(start + "z".repeat(1_000_000) + end + start + "good" + end);
            List<Piece> pieces = run(spec, bytes, 4096);
            assertEquals(1, frames(pieces).size());
            assertTrue(frames(pieces).get(0).contains("good"));
            assertEquals(1, count(pieces, Fault.OVERLONG));
            assertEquals(bytes.length, bytes(pieces));
        }
    }

    @Test
    void aBlockThatBeginsAgainLostItsEnd() {
        byte[] bytes = text("noiseMISCa,b MISCc,d\u0003\rMIxMISCe\u0003\r");
        for (int chunk = 1; chunk <= bytes.length; chunk++) {
            List<Piece> pieces = run(BLOCK, bytes, chunk);
            assertEquals(List.of("MISCc,d\u0003\r", "MISCe\u0003\r"), frames(pieces), "chunks of " + chunk);
            assertEquals(1, count(pieces, Fault.CUT));
            assertEquals(2, count(pieces, Fault.GARBAGE));
            assertEquals(bytes.length, bytes(pieces));
        }
    }

    @Test
    void packetsAreFoundInAStreamThatBeginsInTheirMiddle() {
        byte[] packet = packet(1, 2, 3);
        byte[] bytes = join(Bytes.of(packet, 7, 15).toArray(), packet, packet(4, 5, 6));
        for (int chunk = 1; chunk <= bytes.length; chunk++) {
            List<Piece> pieces = run(SYNC, bytes, chunk);
            assertEquals(2, frames(pieces).size(), "chunks of " + chunk);
            assertEquals(1, count(pieces, Fault.CUT));
            assertEquals(bytes.length, bytes(pieces));
        }
    }

    @Test
    void aWrongSumSpoilsItsPacketAndNoOther() {
        for (int block = 0; block < 3; block++) {
            byte[] broken = packet(1, 2, 3);
            broken[5 * block + 2] ^= 0x10;
            byte[] bytes = join(packet(7, 8, 9), broken, packet(4, 5, 6));
            for (int chunk = 1; chunk <= bytes.length; chunk++) {
                List<Piece> pieces = run(SYNC, bytes, chunk);
                assertEquals(2, frames(pieces).size(), "block " + block + ", chunks of " + chunk);
                assertEquals(1, count(pieces, Fault.CHECKSUM));
                assertEquals(0, count(pieces, Fault.CUT));
                assertEquals(bytes.length, bytes(pieces));
            }
        }
    }

    @Test
    void noBitFlippedInAPacketGivesAFrame() {
        byte[] good = packet(100, 50, 25);
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertEquals(1, frames(run(SYNC, join(flipped, good), 64)).size(), "bit " + bit);
        }
    }

    @Test
    void garbageNeverThrowsAndLosesNoLaterFrame() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            byte[] garbage = new byte[random.nextInt(200)];
            random.nextBytes(garbage);
            byte[] line = join(garbage, text("\r\ngood\r\n"));
            List<String> lines = frames(run(LINE, line, 1 + random.nextInt(40)));
            assertEquals("good", lines.get(lines.size() - 1), "seed " + seed);
            byte[] blocks = join(garbage, text("MISCgood\u0003\r"));
            assertTrue(frames(run(BLOCK, blocks, 1 + random.nextInt(40))).contains("MISCgood\u0003\r"), "seed " + seed);
            byte[] packets = join(garbage, packet(1, 2, 3), packet(4, 5, 6));
            assertTrue(frames(run(SYNC, packets, 1 + random.nextInt(40))).size() >= 1, "seed " + seed);
        }
    }

    /** A scanner is set to CR or to CR LF, and nobody knows to which: the LF must be no fault when all is quiet. */
    @Test
    void anLfBehindALineThatEndsWithCrIsSkipped() {
        Framer framer = new Framer(new LineFrame(Bytes.latin1("\r"), 64, false));
        List<Piece> pieces = framer.put(Bytes.latin1("a\r\nb\r\n").toArray(), 6);
        assertEquals(
                List.of(new Frame(Bytes.latin1("a"), 2), new Frame(Bytes.latin1("b"), 2)),
                pieces.stream().filter(Frame.class::isInstance).toList());
        assertFalse(framer.holdsBytes());
    }
}
