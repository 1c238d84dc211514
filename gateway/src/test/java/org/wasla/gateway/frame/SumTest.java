package org.wasla.gateway.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The published check values, and the examples of the fact sheets. */
class SumTest {
    private static final Sum X25 = new Sum.Crc(16, 0x1021, 0xffff, true, true, 0xffff);
    private static final Sum CCITT_FALSE = new Sum.Crc(16, 0x1021, 0xffff, false, false, 0);
    private static final Sum XMODEM = new Sum.Crc(16, 0x1021, 0, false, false, 0);
    private static final Sum CRC8 = new Sum.Crc(8, 0xd5, 0, false, false, 0);
    private static final Sum CRC32 = new Sum.Crc(32, 0x04c11db7L, 0xffffffffL, true, true, 0xffffffffL);

    private static long of(Sum sum, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return sum.of(bytes, 0, bytes.length, Bytes.NONE);
    }

    /** The Rocksoft model's "check": the CRC of the nine digits. */
    @Test
    void crcsOfTheNineDigitsAreThePublishedOnes() {
        assertEquals(0x906e, of(X25, "123456789"));
        assertEquals(0x29b1, of(CCITT_FALSE, "123456789"));
        assertEquals(0x31c3, of(XMODEM, "123456789"));
        assertEquals(0xbc, of(CRC8, "123456789"));
        assertEquals(0xcbf43926L, of(CRC32, "123456789"));
        assertEquals(0xf4, of(new Sum.Crc(8, 0x07, 0, false, false, 0), "123456789"));
        assertEquals(0x4b37, of(new Sum.Crc(16, 0x8005, 0xffff, true, true, 0), "123456789"));
        assertEquals(0x21cf02, of(new Sum.Crc(24, 0x864cfb, 0xb704ce, false, false, 0), "123456789"));
    }

    /** Fact sheet bedside.md 2.11: Asena's commands; 2.14: Hamilton's subscription; 2.1: the two IntelliVue vectors. */
    @Test
    void crcsOfTheFactSheetsHold() {
        Map<String, Integer> asena =
                Map.of("INF", 0x4961, "INST_SERIALNO", 0x457d, "COMMS_PROTOCOL", 0xe8da, "INF_VTBI", 0x8456);
        asena.forEach((command, crc) -> assertEquals((long) crc, of(CCITT_FALSE, command), command));
        assertEquals(0xc34b, of(XMODEM, "[STATUS?]"));
        assertEquals(0x3444, of(XMODEM, "[PRIRATE?]"));
        assertEquals(0x1b, of(CRC8, "\u000210P2000p3000\u0003"));
        assertEquals(0x269b, of(X25, ":q"));
        assertEquals(0xc195, of(X25, ":\u0091"));
    }

    @Test
    void sumsAreModuloTheirWidth() {
        assertEquals(0x2c, of(new Sum.Add(8, false), "\u0096\u0096"));
        assertEquals(0xd3, of(new Sum.Add(8, true), "\u0096\u0096"));
        assertEquals(0x012c, of(new Sum.Add(16, false), "\u0096\u0096"));
        assertEquals(0x07, of(new Sum.Xor(), "\u0001\u0006"));
    }

    /** The example of RFC 1071, section 3; a last byte alone is the high half of a word. */
    @Test
    void internetChecksumsCarryAround() {
        byte[] words = Bytes.hex("0001f203f4f5f6f7").toArray();
        assertEquals(0x220d, new Sum.Internet().of(words, 0, 8, Bytes.NONE));
        assertEquals(0xffff - 0x01f2, new Sum.Internet().of(words, 1, 3, Bytes.NONE));
        assertEquals(0xffff - 0xf200, new Sum.Internet().of(words, 2, 3, Bytes.NONE));
        assertEquals(0xffff, new Sum.Internet().of(words, 0, 0, Bytes.NONE));
    }

    /** NKV550's CRC-32 leaves line ends out (2.18). */
    @Test
    void skippedBytesDoNotCount() {
        byte[] text = "12345\r\n6789\n".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(0xcbf43926L, CRC32.of(text, 0, text.length, Bytes.latin1("\r\n")));
    }

    @Test
    void numbersStandInBytesAndDigits() {
        for (NumberForm.Kind kind : NumberForm.Kind.values()) {
            byte[] buffer = new byte[6];
            NumberForm form = new NumberForm(kind, 4);
            form.write(buffer, 1, 2047);
            assertEquals(2047, form.read(buffer, 1), kind.name());
        }
        byte[] small = Bytes.latin1("1b 1A 9").toArray();
        assertEquals(-1, new NumberForm(NumberForm.Kind.HEX, 2).read(small, 0));
        assertEquals(0x1a, new NumberForm(NumberForm.Kind.HEX, 2).read(small, 3));
        assertEquals(-1, new NumberForm(NumberForm.Kind.DECIMAL, 2).read(small, 3));
        assertEquals(0x1b, new NumberForm(NumberForm.Kind.SMALL_HEX, 2).read(small, 0));
        assertEquals(-1, new NumberForm(NumberForm.Kind.SMALL_HEX, 2).read(small, 3));
    }
}
