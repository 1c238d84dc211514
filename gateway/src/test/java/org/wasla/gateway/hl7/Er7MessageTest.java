package org.wasla.gateway.hl7;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;

class Er7MessageTest {
    private static final String HEADER = "MSH|^~\\&|BC|LAB|||20260616080000||ORU^R01|7|P|2.3.1\r";

    private static Er7Message read(String text) {
        return Er7Message.read(Bytes.latin1(text), null).orElseThrow();
    }

    private static Er7Message in(Charset charset, String name, String word) {
        String text = "MSH|^~\\&|||||||ORU^R01|7|P|2.3.1||||||" + name + "\rNTE|1||" + word + "\r";
        return Er7Message.read(Bytes.of(text.getBytes(charset)), null).orElseThrow();
    }

    @Test
    void theSeparatorIsTheFirstFieldOfAHeader() {
        Er7Segment header = read(HEADER).header();
        assertEquals("|", header.text(1));
        assertEquals("^~\\&", header.text(2));
        assertEquals("BC", header.text(3));
        assertEquals("2.3.1", header.text(12));
        assertEquals(12, header.fields());
        assertEquals("", header.text(13));
        assertEquals(
                "ORU R01 7",
                read(HEADER).type() + " " + read(HEADER).event() + " "
                        + read(HEADER).controlId());
    }

    @Test
    void fieldsRepeatAndHoldComponentsAndSubcomponents() {
        Er7Segment pid = read(HEADER + "PID|1||\"\"^^^&2.71&ISO~306563^^^MPI&2.16&ISO~30||B^A\r")
                .first("PID")
                .orElseThrow();
        List<Er7Value> ids = pid.values(3);
        assertEquals(3, ids.size());
        assertEquals("", ids.get(0).text(), "a deliberate nothing is empty");
        assertEquals("2.71", ids.get(0).text(4, 2));
        assertEquals("306563", ids.get(1).text());
        assertEquals("MPI", ids.get(1).text(4));
        assertEquals("2.16", ids.get(1).text(4, 2));
        assertEquals("", ids.get(2).text(4, 2));
        assertEquals("30", ids.get(2).raw());
        assertEquals(List.of(), pid.values(4));
        assertEquals(2, pid.value(5).components());
        assertEquals("A", pid.text(5, 2));
        assertEquals("", pid.text(5, 3));
        assertEquals(5, pid.fields());
    }

    @Test
    void aDeliberateNothingIsTold() {
        Er7Segment pid = read(HEADER + "PID|||5|\"\"|^^|x\r").first("PID").orElseThrow();
        assertTrue(pid.isNull(4));
        assertTrue(pid.value(4).isEmpty());
        assertEquals("", pid.text(4));
        assertFalse(pid.isNull(5));
        assertTrue(pid.value(5).isEmpty());
        assertFalse(pid.value(6).isEmpty());
    }

    @Test
    void delimitersComeFromTheHeader() {
        Er7Message message = read("MSH#@*!+#APP#####ORU@R01\rOBX#1#NM#A@B+C*D@E#x!F!y\r");
        assertEquals("ORU", message.header().text(8));
        Er7Segment obx = message.first("OBX").orElseThrow();
        assertEquals("C", obx.text(3, 2, 2));
        assertEquals("D", obx.values(3).get(1).text());
        assertEquals("x#y", obx.text(4));
    }

    @Test
    void aSenderMayHaveFewerDelimiters() {
        Er7Message message = read("MSH|^~|APP\rOBX|1|ST|a^b~c|x\\F\\y&z\r");
        Er7Segment obx = message.first("OBX").orElseThrow();
        assertEquals("b", obx.text(3, 2));
        assertEquals("x\\F\\y&z", obx.text(4), "without an escape character nothing is one");
    }

    @Test
    void unusableDelimitersAreRefused() {
        for (String header :
                List.of("MSH", "MSH|", "MSHA^~\\&", "MSH|^^\\&|", "MSH|^~\\a|", "MSH|^~\\&#!|", "MSH||x", "MSH |^~")) {
            assertTrue(Er7Message.read(Bytes.latin1(header + "\rOBX|1\r"), null).isEmpty(), header);
        }
        assertTrue(Er7Message.read(Bytes.NONE, null).isEmpty());
        assertTrue(Er7Message.read(Bytes.latin1("PID|1\r" + HEADER), null).isEmpty());
    }

    @Test
    void segmentsEndInCrOrLfOrBoth() {
        for (String end : List.of("\r", "\n", "\r\n", "\r\n\r\n", "\r\r")) {
            Er7Message message = read(HEADER.strip() + end + "PID|1|a" + end + "PV1|2|b" + end);
            assertEquals(3, message.segments().size(), "end " + (int) end.charAt(0));
            assertEquals("a", message.segments().get(1).text(2));
            assertEquals("b", message.segments().get(2).text(2));
            assertEquals(0, message.strays());
        }
        Er7Message unended = read(HEADER + "PID|1|a");
        assertEquals("a", unended.first("PID").orElseThrow().text(2));
    }

    /** A sender that ends segments in CR may have an LF in a text; one that does not knows the difference may mix them. */
    @Test
    void anLfInATextIsText() {
        Er7Message message = read(HEADER + "NTE|1||one\ntwo\nPID|1|a\nrest\rPV1|1\r");
        assertEquals("one\ntwo", message.first("NTE").orElseThrow().text(3));
        assertEquals("a\nrest", message.first("PID").orElseThrow().text(2));
        assertEquals(4, message.segments().size());
    }

    @Test
    void aLineThatIsNoSegmentIsCountedAndLeftOut() {
        Er7Message message = read(HEADER + "obx|1\rnonsense\rOB|1\rOBXX|1\rOBX|1|NM\r  \r");
        assertEquals(4, message.strays());
        assertEquals(2, message.segments().size());
    }

    @Test
    void escapesBecomeText() {
        String sent = "a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f\\.br\\g\\.sp2\\h\\.sk3\\i\\H\\j\\N\\k\\.in+4\\l";
        assertEquals("a|b^c&d~e\\f\ng\n\nh   ijkl", note(sent));
        assertEquals("x\\Zfoo\\y\\C2842\\z", note("x\\Zfoo\\y\\C2842\\z"), "others stay as sent");
        assertEquals("x\\y", note("x\\y"), "one escape character alone is one");
        assertEquals("\\XZZ\\\\X1\\\\X\\", note("\\XZZ\\\\X1\\\\X\\"));
        assertEquals("\r\n", note("\\X0D0A\\"));
        assertEquals("\u00e9\u00b5", note("\\XC3\\\\XA9\\\\XC2B5\\"), "a letter in two sequences");
        assertEquals("\n".repeat(100), note("\\.sp999\\"));
    }

    private static String note(String sent) {
        return read(HEADER + "NTE|1||" + sent + "\r").first("NTE").orElseThrow().text(3);
    }

    @Test
    void theCharacterSetIsTheOneThatIsToldAndFits() {
        Charset latin = StandardCharsets.ISO_8859_1;
        Charset utf8 = StandardCharsets.UTF_8;
        assertEquals("Am\u00e9lie", word(in(utf8, "UNICODE UTF-8", "Am\u00e9lie")));
        assertEquals("Am\u00e9lie", word(in(utf8, "UNICODE", "Am\u00e9lie")));
        assertEquals("Am\u00e9lie", word(in(latin, "8859/1", "Am\u00e9lie")));
        assertEquals("Am\u00e9lie", word(in(latin, "8859/1~UNICODE", "Am\u00e9lie")));
        assertEquals("Am\u00e9lie", word(in(utf8, "", "Am\u00e9lie")), "strict UTF-8 where none is told");
        assertEquals("Am\u00e9lie", word(in(latin, "", "Am\u00e9lie")), "else ISO 8859-1");
        assertEquals("Am\u00e9lie", word(in(utf8, "ASCII", "Am\u00e9lie")), "ASCII that is none");
        assertEquals("Am\u00e9lie", word(in(latin, "UNICODE", "Am\u00e9lie")), "UTF-8 that is none");
        assertEquals(
                "\u0645\u0631\u064a\u0645",
                word(in(Charset.forName("ISO-8859-6"), "8859/6", "\u0645\u0631\u064a\u0645")));
        for (String unusable : List.of(
                "UNICODE UTF-16", "UTF-32", "IBM037", "ISO-2022-JP", "8859/99", "ISO IR87", "?!", "x".repeat(99))) {
            assertEquals("Am\u00e9lie", word(in(utf8, unusable, "Am\u00e9lie")), unusable);
        }
    }

    private static String word(Er7Message message) {
        return message.first("NTE").orElseThrow().text(3);
    }

    @Test
    void theProfilesCharacterSetStandsInForNone() {
        byte[] bytes = (HEADER + "NTE|1||\u00e9\r").getBytes(Charset.forName("windows-1252"));
        Charset profile = Charset.forName("windows-1256");
        assertEquals("\u00e9", word(Er7Message.read(Bytes.of(bytes), profile).orElseThrow()));
        assertEquals(
                profile, Er7Message.read(Bytes.of(bytes), profile).orElseThrow().charset());
    }

    @Test
    void aByteOrderMarkAndBlanksBeforeTheHeaderAreSkipped() {
        byte[] text = ("\ufeff" + HEADER).getBytes(StandardCharsets.UTF_8);
        assertEquals("7", Er7Message.read(Bytes.of(text), null).orElseThrow().controlId());
        assertEquals("7", read("\r\n " + HEADER).controlId());
    }

    @Test
    void severalMessagesInOneBodyArePartedAtTheirHeaders() {
        List<Bytes> parts = Er7Message.split(
                Bytes.latin1("FHS|^~\\&\rBHS|^~\\&\r" + HEADER + "NTE|1||MSH|x\r" + HEADER + "BTS|2\r"));
        assertEquals(2, parts.size());
        assertEquals(HEADER + "NTE|1||MSH|x\r", parts.get(0).latin1());
        assertEquals(HEADER + "BTS|2\r", parts.get(1).latin1());
        assertEquals(List.of(Bytes.latin1("x")), Er7Message.split(Bytes.latin1("x")));
        assertEquals(List.of(Bytes.latin1(HEADER)), Er7Message.split(Bytes.latin1(HEADER)));
    }

    @Test
    void everythingHasABound() {
        assertTrue(Er7Message.read(Bytes.latin1(HEADER + "NTE|1\r".repeat(Er7Message.SEGMENTS_MAX - 1)), null)
                .isPresent());
        assertTrue(Er7Message.read(Bytes.latin1(HEADER + "NTE|1\r".repeat(Er7Message.SEGMENTS_MAX)), null)
                .isEmpty());
        Er7Segment wide =
                read(HEADER + "ZZZ" + "|x".repeat(2000) + "\r").first("ZZZ").orElseThrow();
        assertEquals(Er7Segment.FIELDS_MAX, wide.fields());
        assertEquals("x", wide.text(Er7Segment.FIELDS_MAX));
        assertEquals("", wide.text(Er7Segment.FIELDS_MAX + 1));
        Er7Segment many =
                read(HEADER + "ZZZ|" + "x~".repeat(3000) + "\r").first("ZZZ").orElseThrow();
        assertEquals(Er7Segment.REPETITIONS_MAX, many.values(1).size());
        assertEquals("", many.text(0));
        assertEquals("", many.text(-1));
    }

    @Test
    void exactlyTheMostFieldsAreAllRead() {
        Er7Segment full = read(HEADER + "ZZZ" + "|x".repeat(Er7Segment.FIELDS_MAX - 1) + "|end\r")
                .first("ZZZ")
                .orElseThrow();
        assertEquals("end", full.text(Er7Segment.FIELDS_MAX));
    }

    @Test
    void whatIsWrittenIsReadBack() {
        String odd = "a|b^c&d~e\\f\r\ng\u00e9";
        Er7Writer writer =
                new Er7Writer().segment("MSH").field("W", "x").skip(5).field("ACK", "R01");
        Bytes written = writer.segment("MSA")
                .field("AA")
                .field(odd)
                .field()
                .field("a", odd)
                .bytes();
        Er7Message message = Er7Message.read(written, null).orElseThrow();
        assertEquals("R01", message.event());
        Er7Segment msa = message.first("MSA").orElseThrow();
        assertEquals(odd, msa.text(2));
        assertEquals(odd, msa.text(4, 2));
        assertEquals(4, msa.fields());
    }

    /** Any bytes: an answer or none, never an exception; and every field can be asked for. */
    @Test
    void noBytesMakeItThrow() {
        byte[] good = (HEADER + "PID|1||a^b&c~d|\\X41\\\rOBX|1|NM|1^2^3||4\r").getBytes(StandardCharsets.ISO_8859_1);
        int read = 0;
        for (int seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = good.clone();
            for (int i = 0; i < 1 + random.nextInt(8); i++) {
                byte[] odd = {'|', '^', '~', '\\', '&', '\r', '\n', 0, (byte) 0xc3, (byte) random.nextInt(256)};
                bytes[random.nextInt(bytes.length)] = odd[random.nextInt(odd.length)];
            }
            read += askAll(Bytes.of(bytes, 0, random.nextInt(bytes.length + 1)));
        }
        assertTrue(read > 1_000, "only " + read + " were messages");
    }

    private static int askAll(Bytes bytes) {
        Er7Message message = Er7Message.read(bytes, null).orElse(null);
        if (message == null) {
            return 0;
        }
        Er7Message.split(bytes).forEach(part -> Er7Message.read(part, null));
        for (Er7Segment segment : message.segments()) {
            for (int field = 0; field <= segment.fields() + 1; field++) {
                for (Er7Value value : segment.values(field)) {
                    assertTrue(value.components() >= 1);
                    assertFalse((value.text(1, 1) + value.text(2, 2) + value.whole()).contains("null"));
                }
            }
        }
        return 1;
    }
}
