package org.wasla.gateway.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.FrameSpec;
import org.wasla.gateway.frame.Framer;
import org.wasla.gateway.frame.Piece;
import org.wasla.gateway.message.Dialogue;
import org.wasla.gateway.message.ExchangeSpec;
import org.wasla.gateway.message.MessageSpec;
import org.wasla.gateway.simulator.Simulation;
import org.wasla.gateway.simulator.SimulatorSpec;

/** The framings of the fact sheets (bedside.md 2) as profiles say them, and the mistakes that are told. */
class FrameReaderTest {
    private static final String DRI = """
            block: {start: "\\x7e", end: "\\x7e", escape: {byte: "\\x7d", or: 0x20}, check: {sum: sum8, from: 1, pos: -2}}
            """;
    private static final String BCC = """
            block:
              start: "\\x01"
              end: "\\x04"
              escape: {table: {D: EX, E: EE, d: ex, e: ee}}
              size: {pos: 1, type: decimal, width: 5}
              check: {sum: sum8, from: 0, pos: -6, type: decimal, width: 5}
            """;
    private static final String INTELLIVUE = """
            block:
              start: "\\xc0"
              end: "\\xc1"
              escape: {byte: "\\x7d", xor: 0x20}
              size: {pos: 3, type: u2be, add: 8}
              check: {sum: crc16-x25, from: 1, pos: -3, type: u2le}
            """;
    private static final String CAPNOSTREAM = """
            length:
              start: "\\x85"
              size: {pos: 1, add: 3}
              escape: {table: {"\\x80": "\\x80\\x00", "\\x85": "\\x80\\x05"}}
              check: {sum: xor8, from: 1, pos: -1}
            """;
    private static final String ASENA = """
            block: {start: "!", end: "\\r", check: {sum: crc16-ccitt-false, from: 1, to: -6, pos: -5, type: hex, width: 4}}
            """;
    private static final String AS50 = """
            block:
              start: "["
              end: "]"
              tail: 2
              check: {crc: {width: 16, poly: 0x1021, init: 0}, pos: -2}
            """;
    private static final String FRESENIUS = """
            block: {start: "\\x02", end: "\\x03", check: {sum: sum8-inverted, from: 1, pos: -3, type: hex}}
            """;
    private static final String IVY = """
            block: {start: "\\xffANSAR-B ", end: "\\xfe", opaque: 400, never: "\\xff", max: 1024}
            """;

    private static FrameSpec read(String yaml, Problems problems) {
        return FrameReader.read(Section.parse("profile.yaml", yaml, problems));
    }

    private static FrameSpec good(String yaml) {
        Problems problems = new Problems();
        FrameSpec spec = read(yaml, problems);
        assertEquals(List.of(), problems.list(), yaml);
        return spec;
    }

    private static List<Piece> run(String yaml, Bytes wire) {
        return new Framer(good(yaml)).put(wire.toArray(), wire.size());
    }

    private static void assertFrame(String yaml, String wire) {
        assertOne(yaml, Bytes.hex(wire));
    }

    private static void assertOne(String yaml, Bytes wire) {
        List<Piece> pieces = run(yaml, wire);
        assertTrue(pieces.size() == 1 && pieces.get(0) instanceof Piece.Frame, wire + " gives " + pieces);
    }

    private static void assertProblem(String good, String replaced, String by, String expected) {
        assertTrue(good.contains(replaced), "the test replaces '" + replaced + "', which is not there");
        Problems problems = new Problems();
        read(good.replace(replaced, by), problems);
        assertEquals(1, problems.list().size(), problems.list().toString());
        assertTrue(
                problems.list().get(0).toString().contains(expected),
                problems.list().toString());
    }

    @Test
    void theFactSheetsExamplesAreFrames() {
        assertFrame(DRI, "7e 01 7d5e 7d5d 02 fe 7e");
        assertOne(BCC, Bytes.latin1("\u000100031\u00021/1/1>AEXMIN:ALIVEE\u000300061\u0004"));
        assertFrame(CAPNOSTREAM, "85 05 00 8000 24 8005 00 24");
        assertOne(ASENA, Bytes.latin1("!INST_SERIALNO|457D\r"));
        assertFrame(AS50, "5b5354415455533f5d c34b");
        assertOne(FRESENIUS, Bytes.latin1("\u0002DC78\u0003"));
        assertFrame("length: {start: \"\\0\\x02\\0\\x0d\", size: {pos: 4, type: u2be, add: 6}}", "0002000d 0002 4861");
        assertFrame("length: {size: {pos: 4, type: u2be}, end: \"\\x03\"}", "40000000 0008 aa03");
        assertFrame("datagram: {}", "c0ffee");
        assertFrame("block: {start: \"\\x0b\", end: \"\\x1c\\r\"}", "0b 4d5348 0d 1c0d");
        assertOne("line: {end: CR, check: {sum: sum8, pos: -2, type: hex}}", Bytes.latin1("AB83\r"));
        assertFrame(
                "length: {start: \"A\", size: {pos: 1}, check: {sum: crc32, from: 2, pos: -4, skip: \"\\r\\n\"}}",
                "41 0f 3132333435 0d 36373839 cbf43926".replace("0f", "10"));
    }

    /** What a profile's simulator sends is what the profile reads. */
    @Test
    void simulatorsSealWhatTheySend() {
        assertEquals("!INF|4961\r", sent(ASENA, "!INF|0000\r").latin1());
        assertEquals("\u0002DC78\u0003", sent(FRESENIUS, "\u0002DC..\u0003").latin1());
        assertEquals("\u0006", sent(FRESENIUS, "\u0006").latin1());
        assertEquals(
                "\u000100031\u00021/1/1>AEXMIN:ALIVEE\u000300061\u0004",
                sent(BCC, "\u0001-----\u00021/1/1>ADMIN:ALIVE\u0003-----\u0004").latin1());
        assertEquals(Bytes.hex("8501 06 07"), sent(CAPNOSTREAM, "\u0085.\u0006."));
        assertOne(INTELLIVUE, sent(INTELLIVUE, "\u00c0\u0011\u0001..}\u00c0\u00c1..\u00c1"));
        assertOne(AS50, sent(AS50, "[STATUS?].."));
        assertOne(IVY, sent(IVY, "\u00ffANSAR-B " + "d".repeat(400) + "HR=1;80;;\r\u00fe"));
    }

    private static Bytes sent(String yaml, String text) {
        SimulatorSpec.Output output = new SimulatorSpec.Output(text, null, 0, 0);
        SimulatorSpec spec =
                new SimulatorSpec(List.of(new SimulatorSpec.Push(1_000_000, output)), List.of(), Map.of(), null, null);
        ExchangeSpec exchange = new ExchangeSpec(good(yaml), List.<MessageSpec>of(), 1, 1, Dialogue.NONE);
        return new Simulation(spec, exchange, 0).onTime(0, LocalDateTime.MIN).get(0);
    }

    @Test
    void oneKindIsNamed() {
        assertProblem(
                "line: {}", "line: {}", "{}", "names 0 kinds of framing; write one of block, datagram, length, line");
        assertProblem(DRI, "block:", "line: {}\nblock:", "names 2 kinds of framing");
    }

    @Test
    void wrongChecksAreTold() {
        assertProblem(
                DRI, "sum: sum8", "sum: sum9", "1: block.check.sum is 'sum9'; write one of crc16-ccitt-false, crc16");
        assertProblem(DRI, "sum: sum8, ", "", "block.check has no 'sum'; add sum: sum8");
        assertProblem(DRI, ", pos: -2", "", "block.check has no 'pos'; add pos: -1");
        assertProblem(DRI, "pos: -2", "pos: -2, type: u2", "is 'u2'; write u1, u2be");
        assertProblem(DRI, "pos: -2", "to: -3, pos: -1, type: hex", "fewer bytes than it needs; write pos: -2 or");
        assertProblem(DRI, "from: 1", "from: 5, to: 2", "goes from byte 5 to byte 2; write a 'to' behind 'from'");
        assertProblem(DRI, "pos: -2", "pos: -2, width: 4", "block.check.width is not known");
        assertProblem(AS50, "poly: 0x1021", "poly: 0x11021", "is '0x11021'; write at most 16 bits, such as 0x1021");
        assertProblem(AS50, "crc:", "sum: sum8, crc:", "names a sum and a crc; keep one of them");
    }

    @Test
    void wrongEscapesAreTold() {
        assertProblem(DRI, ", or: 0x20", "", "does not say how a byte is changed; write one of xor: 0x20");
        assertProblem(DRI, "or: 0x20", "xor: 0x03", "block.escape cannot write byte 0x7d; write bits that");
        assertProblem(DRI, "\"\\x7d\"", "AB", "block.escape.byte is 2 bytes long; write one byte");
        assertProblem(BCC, "D: EX", "DD: EX", "does not stand for one byte; write one byte before the colon");
        assertProblem(BCC, "D: EX", "D: X", "is ambiguous; write 1 to 16 bytes, the first of which is in the table");
        assertProblem(BCC, "D: EX", "D: EEX", "is ambiguous: one code begins with another");
        assertProblem(CAPNOSTREAM, "\\x80\\x05", "\\x80\\x85", "writes a mark inside a frame; write codes without");
        assertProblem(BCC, "{D: EX, E: EE, d: ex, e: ee}", "{}", "block.escape.table escapes nothing; write bytes");
        assertProblem(AS50, "tail: 2", "tail: 2\n  escape: {byte: \"%\", xor: 0x20}", "has an escape beside opaque");
    }

    @Test
    void wrongSizesAreTold() {
        assertProblem(CAPNOSTREAM, "size: {pos: 1, add: 3}", "max: 300", "length has no 'size'; add size: {pos: 1");
        assertProblem(CAPNOSTREAM, "pos: 1, add", "pos: 0, add", "stands in the start mark; write pos: 1 or higher");
        assertProblem(BCC, "width: 5}\n  check", "width: 9}\n  check", "block.size.width is '9'; write a whole number");
        assertProblem(IVY, "max: 1024", "max: 400", "is larger than its max of 400 bytes; write a larger max");
    }
}
