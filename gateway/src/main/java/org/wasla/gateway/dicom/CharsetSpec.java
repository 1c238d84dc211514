package org.wasla.gateway.dicom;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the Specific Character Set (0008,0005) of a data set says, read as generously as devices write it. Immutable.
 *
 * @param whole the character set of the whole text where there are no code extensions (UTF-8, GB18030, GBK), or null
 * @param low the page of the bytes below 80
 * @param high the page of the bytes from 80 on, or null: there should be none
 * @param spelling how the words were written
 */
record CharsetSpec(
        @Nullable Charset whole, CharsetPage low, @Nullable CharsetPage high, Spelling spelling) {
    /** Without the element only the default repertoire, ISO 646, is allowed. */
    static final CharsetSpec DEFAULT = new CharsetSpec(null, CharsetPage.ASCII, null, Spelling.AS_DEFINED);

    /** How well the words are those of PS3.3 C.12.1.1.2. */
    enum Spelling {
        AS_DEFINED,
        /** Not a defined term, but what it means is plain. */
        MISSPELT,
        UNKNOWN
    }

    /** @param values of the element; the first says what holds where no escape sequence has come */
    static CharsetSpec of(List<String> values) {
        String first = values.isEmpty() ? "" : values.get(0);
        CharsetSpec spec = of(first);
        Spelling worst = spec.spelling;
        for (int i = 1; i < values.size(); i++) {
            Spelling each = of(values.get(i)).spelling;
            worst = each.compareTo(worst) > 0 ? each : worst;
        }
        return new CharsetSpec(spec.whole, spec.low, spec.high, worst);
    }

    private static CharsetSpec of(String term) {
        if (term.isEmpty()) {
            return DEFAULT;
        }
        String letters = term.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "");
        if (letters.equals("GB18030") || letters.equals("GBK")) {
            return whole(letters, term.equals(letters));
        }
        boolean isUtf8 = letters.equals("UTF8") || letters.equals("ISOIR192") || letters.equals("ISO2022IR192");
        if (isUtf8 || letters.equals("IR192")) {
            return whole("UTF-8", term.equals("ISO_IR 192"));
        }
        CharsetPage page = page(letters);
        if (page == null) {
            return new CharsetSpec(null, CharsetPage.ASCII, null, Spelling.UNKNOWN);
        }
        boolean defined = term.matches("ISO_IR \\d+|ISO 2022 IR \\d+");
        Spelling spelling = defined ? Spelling.AS_DEFINED : Spelling.MISSPELT;
        if (page == CharsetPage.KATAKANA) {
            return new CharsetSpec(null, CharsetPage.ROMAJI, page, spelling);
        }
        // Two bytes in G0 hold only behind their escape sequence; before it there is ASCII.
        return page.isHigh()
                ? new CharsetSpec(null, CharsetPage.ASCII, page, spelling)
                : new CharsetSpec(null, page.width() == 1 ? page : CharsetPage.ASCII, null, spelling);
    }

    private static CharsetSpec whole(String name, boolean defined) {
        Charset charset = name.equals("UTF-8") ? StandardCharsets.UTF_8 : CharsetPage.charset(name);
        return new CharsetSpec(charset, CharsetPage.ASCII, null, defined ? Spelling.AS_DEFINED : Spelling.MISSPELT);
    }

    private static @Nullable CharsetPage page(String letters) {
        String number = letters.replaceFirst("^(ISO2022|ISO)?IR", "");
        if (number.matches("\\d{1,3}")) {
            return CharsetPage.of(Integer.parseInt(number));
        }
        return switch (letters) {
            case "ISO88591", "88591", "LATIN1", "WINDOWS1252", "CP1252" -> CharsetPage.LATIN_1;
            case "ISO88592", "LATIN2", "WINDOWS1250", "CP1250" -> CharsetPage.LATIN_2;
            case "ISO88595", "WINDOWS1251", "CP1251" -> CharsetPage.CYRILLIC;
            case "ISO88596", "WINDOWS1256", "CP1256" -> CharsetPage.ARABIC;
            case "ISO88597" -> CharsetPage.GREEK;
            case "ISO88599", "LATIN5" -> CharsetPage.LATIN_5;
            case "ISO885915", "LATIN9" -> CharsetPage.LATIN_9;
            case "ASCII", "USASCII", "ISO646" -> CharsetPage.ASCII;
            case "GB2312" -> CharsetPage.HANZI;
            default -> null;
        };
    }
}
