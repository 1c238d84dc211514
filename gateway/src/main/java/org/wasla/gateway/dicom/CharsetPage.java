package org.wasla.gateway.dicom;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The code elements of PS3.3 C.12.1.1.2 that ISO 2022 puts into G0 (bytes below 80) or G1 (bytes from 80 on), each with
 * its number in the registry and the escape sequence that calls it.
 */
enum CharsetPage {
    ASCII(6, "(B", "US-ASCII", null, 1, false),
    ROMAJI(14, "(J", "US-ASCII", null, 1, false),
    KATAKANA(13, ")I", "US-ASCII", null, 1, true),
    LATIN_1(100, "-A", "ISO-8859-1", "windows-1252", 1, true),
    LATIN_2(101, "-B", "ISO-8859-2", "windows-1250", 1, true),
    LATIN_3(109, "-C", "ISO-8859-3", null, 1, true),
    LATIN_4(110, "-D", "ISO-8859-4", "windows-1257", 1, true),
    CYRILLIC(144, "-L", "ISO-8859-5", "windows-1251", 1, true),
    ARABIC(127, "-G", "ISO-8859-6", "windows-1256", 1, true),
    GREEK(126, "-F", "ISO-8859-7", "windows-1253", 1, true),
    HEBREW(138, "-H", "ISO-8859-8", "windows-1255", 1, true),
    LATIN_5(148, "-M", "ISO-8859-9", "windows-1254", 1, true),
    LATIN_9(203, "-b", "ISO-8859-15", "windows-1252", 1, true),
    THAI(166, "-T", "TIS-620", "x-windows-874", 1, true),
    KANJI(87, "$B", "EUC-JP", null, 2, false),
    KANJI_MORE(159, "$(D", "EUC-JP", null, 2, false),
    HANGUL(149, "$)C", "EUC-KR", null, 2, true),
    HANZI(58, "$)A", "GB2312", null, 2, true);

    private static final CharsetPage[] VALUES = values();
    /** In EUC-JP this byte calls the supplementary kanji for one character. */
    private static final byte SINGLE_SHIFT_3 = (byte) 0x8f;

    private final int number;
    private final String escape;
    private final String charset;
    private final @Nullable String sibling;
    private final int width;
    private final boolean high;

    CharsetPage(int number, String escape, String charset, @Nullable String sibling, int width, boolean high) {
        this.number = number;
        this.escape = escape;
        this.charset = charset;
        this.sibling = sibling;
        this.width = width;
        this.high = high;
    }

    /**
     * Looked up when it is needed: most objects need one. What a small runtime lacks reads as unreadable rather than as
     * something else.
     */
    static Charset charset(String name) {
        return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.US_ASCII;
    }

    static @Nullable CharsetPage of(int number) {
        for (CharsetPage each : VALUES) {
            if (each.number == number) {
                return each;
            }
        }
        return null;
    }

    /** @return the page whose escape sequence stands behind the escape byte at this place, or null */
    static @Nullable CharsetPage called(byte[] text, int at) {
        for (CharsetPage each : VALUES) {
            if (each.isCalled(text, at)) {
                return each;
            }
        }
        return null;
    }

    private boolean isCalled(byte[] text, int at) {
        if (at + escape.length() >= text.length) {
            return false;
        }
        for (int i = 0; i < escape.length(); i++) {
            if (text[at + 1 + i] != escape.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** @return bytes of the escape sequence */
    int escapeSize() {
        return 1 + escape.length();
    }

    /** Whether it stands in G1. */
    boolean isHigh() {
        return high;
    }

    /** @return bytes of a character */
    int width() {
        return width;
    }

    /** What devices send that name this page but use Microsoft's extension of it. */
    @Nullable
    Charset sibling() {
        return sibling == null ? null : charset(sibling);
    }

    int number() {
        return number;
    }

    /** What calls it, behind the escape byte. */
    String escape() {
        return escape;
    }

    /** Whether it has this character above 7F, in one byte. */
    boolean says(char letter) {
        return high
                && width == 1
                && this != KATAKANA
                && charset(charset).newEncoder().canEncode(letter);
    }

    /** The byte of a character that it has. */
    byte octet(char letter) {
        return String.valueOf(letter).getBytes(charset(charset))[0];
    }

    /** @param text whole characters of this page; what is none becomes U+FFFD */
    String decode(byte[] text, int from, int to) {
        if (this == KATAKANA) {
            return katakana(text, from, to);
        }
        if (width == 1 || high) {
            return new String(text, from, to - from, charset(charset));
        }
        int shift = this == KANJI_MORE ? 1 : 0;
        byte[] euc = new byte[(to - from) / 2 * (2 + shift)];
        int at = 0;
        for (int i = from; i + 1 < to; i += 2) {
            if (shift == 1) {
                euc[at++] = SINGLE_SHIFT_3;
            }
            euc[at++] = (byte) (text[i] | 0x80);
            euc[at++] = (byte) (text[i + 1] | 0x80);
        }
        return new String(euc, charset(charset));
    }

    private static String katakana(byte[] text, int from, int to) {
        StringBuilder letters = new StringBuilder();
        for (int i = from; i < to; i++) {
            int octet = text[i] & 0xff;
            letters.append(octet > 0xa0 && octet < 0xe0 ? (char) (0xff61 + octet - 0xa1) : '\ufffd');
        }
        return letters.toString();
    }
}
