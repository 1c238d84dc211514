package org.wasla.gateway.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.dicom.CharsetText.Decoded;
import org.wasla.gateway.frame.Bytes;

/** Specific character sets of PS3.3 C.12.1.1.2 and ISO 2022 as PS3.5 annexes H to K have it. */
class CharsetTextTest {
    private static final CharsetSpec LATIN = CharsetSpec.of(List.of("ISO_IR 100"));

    private static Decoded decode(byte[] bytes, String... declared) {
        return CharsetText.decode(bytes, Vr.PN, CharsetSpec.of(List.of(declared)), LATIN);
    }

    private static void assertReads(String text, byte[] bytes, String... declared) {
        assertEquals(new Decoded(text, false, true), decode(bytes, declared), String.join("\\", declared));
    }

    @Test
    void setsOfOneByte() {
        String[][] cases = {
            {"ISO_IR 100", "ISO-8859-1", "Éloïse^Gärtner"},
            {"ISO_IR 101", "ISO-8859-2", "Wałęsa"},
            {"ISO_IR 109", "ISO-8859-3", "Ĉapelo"},
            {"ISO_IR 110", "ISO-8859-4", "Ģirts"},
            {"ISO_IR 144", "ISO-8859-5", "Люкceмбypг"},
            {"ISO_IR 127", "ISO-8859-6", "قباني^لنزار"},
            {"ISO_IR 126", "ISO-8859-7", "Διονυσιος"},
            {"ISO_IR 138", "ISO-8859-8", "שרון^דבורה"},
            {"ISO_IR 148", "ISO-8859-9", "Çavuşoğlu"},
            {"ISO_IR 203", "ISO-8859-15", "Cœur"},
            {"ISO_IR 166", "TIS-620", "สวัสดี"},
            {"ISO_IR 192", "UTF-8", "Wang^XiaoDong=王^小東"},
            {"GB18030", "GB18030", "Wang^XiaoDong=王^小东"},
            {"GBK", "GBK", "王^小东"},
        };
        for (String[] each : cases) {
            byte[] bytes = each[2].getBytes(Charset.forName(each[1]));
            assertReads(each[2], bytes, each[0]);
            if (each[0].startsWith("ISO_IR ") && !each[0].endsWith("192")) {
                assertReads(each[2], bytes, each[0].replace("ISO_IR", "ISO 2022 IR"));
            }
        }
    }

    @Test
    void escapeSequences() {
        byte[] kanji = Bytes.hex("1b24423b3345441b28425e1b244242404f3a1b2842").toArray();
        assertReads("山田^太郎", kanji, "", "ISO 2022 IR 87");
        byte[] halfWidth = Bytes.hex("d4cfc0de5ec0dbb33d1b24423b3345441b284a").toArray();
        assertReads("ﾔﾏﾀﾞ^ﾀﾛｳ=山田", halfWidth, "ISO 2022 IR 13", "ISO 2022 IR 87");
        byte[] korean = Bytes.hex("1b242943fbf35e1b242943d1ced4d7").toArray();
        assertReads("洪^吉洞", korean, "", "ISO 2022 IR 149");
        byte[] chinese = Bytes.hex("1b242941cdf55e1b242941d0a1b6ab").toArray();
        assertReads("王^小东", chinese, "", "ISO 2022 IR 58");
        byte[] supplement = Bytes.hex("1b242844226f1b2842").toArray();
        String expected = new String(Bytes.hex("8fa2ef").toArray(), Charset.forName("EUC-JP"));
        assertReads(expected, supplement, "", "ISO 2022 IR 159");
    }

    @Test
    void aDelimiterBringsBackTheFirstSet() {
        byte[] arabic = Bytes.hex("1b2d47c2c65ec2c6").toArray();
        assertReads("\u0622\u0626^ÂÆ", arabic, "ISO 2022 IR 100", "ISO 2022 IR 127");
        byte[] values = Bytes.hex("1b2d47c25cc25ec2").toArray();
        assertEquals(
                "\u0622\\Â^Â", CharsetText.decode(values, Vr.LO, LATIN, LATIN).text());
    }

    /** Public issues show each of these spellings in the wild. */
    @Test
    void misspeltNamesAreUnderstood() {
        byte[] utf8 = "Éa".getBytes(StandardCharsets.UTF_8);
        for (String name : List.of("ISO IR 192", "ISO-IR 192", "ISO_IR_192", "UTF8", "utf-8", "ISO 2022 IR 192")) {
            assertReads("Éa", utf8, name);
            assertEquals(
                    CharsetSpec.Spelling.MISSPELT, CharsetSpec.of(List.of(name)).spelling());
        }
        byte[] latin = Bytes.hex("c961").toArray();
        for (String name : List.of("ISO IR 100", "ISO_IR_100", "ISO8859-1", "iso-8859-1", "ISO-IR100", "IR 100")) {
            assertReads("Éa", latin, name);
        }
        assertReads("Éa", latin, "ISO_IR 100", "ISO_IR 100");
        assertEquals(
                CharsetSpec.Spelling.UNKNOWN, CharsetSpec.of(List.of("KLINGON")).spelling());
        assertEquals(
                CharsetSpec.Spelling.UNKNOWN,
                CharsetSpec.of(List.of("", "ISO_IR 999")).spelling());
    }

    @Test
    void whatWasNotDeclaredIsGuessedAndSaidSo() {
        byte[] arabic = "سمية".getBytes(StandardCharsets.UTF_8);
        assertEquals(new Decoded("سمية", true, true), decode(arabic));
        assertEquals(new Decoded("سمية", true, true), decode(arabic, "ISO_IR 100"), "its bytes are no ISO 8859-1");
        byte[] oe = "Cœur".getBytes(Charset.forName("windows-1252"));
        assertEquals(new Decoded("Cœur", true, true), decode(oe, "ISO_IR 100"));
        byte[] windows = "پروین".replace("ی", "ي").getBytes(Charset.forName("windows-1256"));
        assertEquals(new Decoded("پروين", true, true), decode(windows, "ISO_IR 127"));
        CharsetSpec sender = CharsetSpec.of(List.of("ISO_IR 127"));
        byte[] undeclared = "سمية".getBytes(Charset.forName("windows-1256"));
        assertEquals(
                new Decoded("سمية", true, true), CharsetText.decode(undeclared, Vr.PN, CharsetSpec.DEFAULT, sender));
    }

    @Test
    void numbersAndIdentifiersHaveNoCharacterSet() {
        CharsetSpec kanji = CharsetSpec.of(List.of("ISO 2022 IR 13"));
        assertEquals(
                "12.5",
                CharsetText.decode(Bytes.latin1("12.5").toArray(), Vr.DS, kanji, LATIN)
                        .text());
    }

    @Test
    void noBytesAreAnException() {
        List<String> sets =
                List.of("", "ISO_IR 100", "ISO 2022 IR 13", "ISO 2022 IR 149", "GB18030", "ISO_IR 192", "?");
        for (int seed = 0; seed < 4_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            for (int i = 0; i < bytes.length; i += 1 + random.nextInt(8)) {
                byte[] escape = random.nextBoolean() ? new byte[] {0x1b, '$', 'B'} : new byte[] {0x1b, '$', ')', 'C'};
                System.arraycopy(escape, 0, bytes, i, Math.min(escape.length, bytes.length - i));
            }
            assertNotNull(
                    decode(bytes, sets.get(seed % sets.size()), "ISO 2022 IR 87")
                            .text(),
                    "seed " + seed);
        }
    }
}
