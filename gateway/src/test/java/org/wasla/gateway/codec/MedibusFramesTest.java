package org.wasla.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece.Fault;

/** Frames, the stream between their bytes, and commands in the middle of responses (Draeger 90 28 258). */
class MedibusFramesTest {
    /** Writes down what it is told. */
    private static final class Notes implements MedibusFrames.Listener {
        private final List<String> notes = new ArrayList<>();
        private final StringBuilder stream = new StringBuilder();

        @Override
        public void command(int code, String arguments, int size) {
            notes.add("?" + Integer.toHexString(code) + arguments + " " + size);
        }

        @Override
        public void response(int code, String data, int size) {
            notes.add("!" + Integer.toHexString(code) + data + " " + size);
        }

        @Override
        public void realTime(int octet) {
            stream.append(Integer.toHexString(octet));
        }

        @Override
        public void suspended(boolean isSuspended) {
            notes.add(isSuspended ? "hold" : "go on");
        }

        @Override
        public void damaged(Fault fault, int count, int size, MedibusFrames.Start open) {
            notes.add(fault + " " + count + " " + size + " " + open);
        }
    }

    private static Notes read(Bytes bytes, int chunk) {
        Notes notes = new Notes();
        MedibusFrames frames = new MedibusFrames(notes);
        for (int from = 0; from < bytes.size(); from += chunk) {
            byte[] part =
                    bytes.slice(from, Math.min(bytes.size(), from + chunk)).toArray();
            frames.put(part, part.length);
        }
        frames.flush();
        return notes;
    }

    private static List<String> read(Bytes bytes) {
        return read(bytes, Math.max(1, bytes.size())).notes;
    }

    /** The manual's sums, its misprints corrected: data 5D, configuration 3B, NOP 4B. */
    @Test
    void theSumsAreThoseOfTheManual() {
        assertEquals(Bytes.latin1("\033Q6C\r"), MedibusFrames.command(0x51, ""));
        assertEquals(Bytes.latin1("\1Q52\r"), MedibusFrames.response(0x51, ""));
        assertEquals(Bytes.latin1("\03304B\r"), MedibusFrames.command(0x30, ""));
        assertEquals(Bytes.latin1("\1\25" + "16\r"), MedibusFrames.response(0x15, ""));
        assertEquals(Bytes.latin1("\1\44EB 98 E1 70 7A\r"), MedibusFrames.response(0x24, "EB 98 E1 70 "));
    }

    @Test
    void aWrongSumIsNoFrame() {
        assertEquals(List.of("CHECKSUM 1 5 COMMAND"), read(Bytes.latin1("\033Q6D\r")));
        assertEquals(List.of("CHECKSUM 1 5 RESPONSE"), read(Bytes.latin1("\1Q5a\r")));
        assertEquals(List.of("CHECKSUM 1 3 RESPONSE"), read(Bytes.latin1("\1Q\r")));
    }

    @Test
    void theStreamStandsBetweenAnyTwoBytesAndInNoSum() {
        byte[] frame = MedibusFrames.response(0x24, "EB  98").toArray();
        byte[] mixed = new byte[2 * frame.length];
        for (int i = 0; i < frame.length; i++) {
            mixed[2 * i] = (byte) (0x80 + i);
            mixed[2 * i + 1] = frame[i];
        }
        Notes notes = read(Bytes.of(mixed), 3);
        assertEquals(List.of("!24EB  98 11"), notes.notes);
        assertEquals(2 * frame.length, notes.stream.length());
    }

    @Test
    void aCommandInTheMiddleOfAResponseIsReadFirst() {
        Bytes response = MedibusFrames.response(0x24, "EB  98");
        Bytes command = MedibusFrames.command(0x30, "");
        for (int at = 1; at < response.size(); at++) {
            Bytes both = Bytes.latin1(response.slice(0, at).latin1()
                    + command.latin1()
                    + response.slice(at, response.size()).latin1());
            for (int chunk = 1; chunk <= both.size(); chunk++) {
                assertEquals(List.of("?30 5", "!24EB  98 11"), read(both, chunk).notes, at + " " + chunk);
            }
        }
    }

    @Test
    void theDeviceHoldsUsAndGivesUpWhatItBegan() {
        String response = MedibusFrames.response(0x24, "EB  98").latin1();
        assertEquals(
                List.of("hold", "go on", "!24EB  98 11"),
                read(Bytes.latin1(response.substring(0, 5) + "\23\21" + response.substring(5))));
        assertEquals(
                List.of("CUT 1 5 RESPONSE", "!24EB  98 11"),
                read(Bytes.latin1(response.substring(0, 5) + "\30" + response)));
        assertEquals(List.of(), read(Bytes.latin1("\30")));
    }

    @Test
    void aNewFrameGivesUpTheOneThatDidNotEnd() {
        String response = MedibusFrames.response(0x24, "EB  98").latin1();
        String command = MedibusFrames.command(0x30, "").latin1();
        assertEquals(
                List.of("CUT 1 4 COMMAND", "CUT 1 6 RESPONSE", "!24EB  98 11"),
                read(Bytes.latin1(response.substring(0, 6) + command.substring(0, 4) + response)));
        assertEquals(List.of("CUT 1 3 COMMAND", "?30 5"), read(Bytes.latin1(command.substring(0, 3) + command)));
    }

    @Test
    void bytesBetweenFramesAreOneFaultWhateverTheChunks() {
        Bytes bytes = Bytes.latin1("noise" + MedibusFrames.command(0x30, "").latin1() + "\r\n");
        assertEquals(List.of("GARBAGE 1 5 NONE", "?30 5", "GARBAGE 1 2 NONE"), read(bytes));
        assertEquals(List.of("GARBAGE 1 1 NONE", "GARBAGE 0 1 NONE"), read(Bytes.latin1("no"), 1).notes);
    }

    @Test
    void framesAreNotLongerThanTheProtocolAllows() {
        String most = "x".repeat(MedibusFrames.ARGUMENT_BYTES_MAX);
        assertEquals(List.of("?59" + most + " 256"), read(MedibusFrames.command(0x59, most)));
        assertEquals(
                "OVERLONG 1 256 COMMAND",
                read(MedibusFrames.command(0x59, most + "x")).get(0));
        String data = "x".repeat(MedibusFrames.RESPONSE_BYTES_MAX - 5);
        assertEquals(List.of("!24" + data + " 3845"), read(MedibusFrames.response(0x24, data)));
        assertEquals(
                "OVERLONG 1 3845 RESPONSE",
                read(MedibusFrames.response(0x24, data + "x")).get(0));
    }
}
