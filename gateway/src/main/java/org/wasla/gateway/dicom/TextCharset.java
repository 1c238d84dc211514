package org.wasla.gateway.dicom;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the texts of a data set are written: in the character set that the reader wants where it has all their letters, with
 * the pages that are missing called by escape sequences (ISO 2022, PS3.5 section 6.1.2.5), else in UTF-8. What is written is
 * what was said: no letter is ever replaced. Immutable.
 */
public final class TextCharset {
    public static final String UTF_8 = "ISO_IR 192";
    /** Pages of one byte, the likely ones first. */
    private static final List<CharsetPage> PAGES = List.of(
            CharsetPage.LATIN_1,
            CharsetPage.ARABIC,
            CharsetPage.LATIN_9,
            CharsetPage.CYRILLIC,
            CharsetPage.GREEK,
            CharsetPage.LATIN_2,
            CharsetPage.LATIN_5,
            CharsetPage.HEBREW,
            CharsetPage.THAI);

    private static final byte ESCAPE = 0x1b;
    private final String term;
    private final @Nullable Charset whole;
    private final List<CharsetPage> pages;

    private TextCharset(String term, @Nullable Charset whole, List<CharsetPage> pages) {
        this.term = term;
        this.whole = whole;
        this.pages = List.copyOf(pages);
    }

    /**
     * The one for these texts.
     *
     * @param wanted a value of (0008,0005), generously read; what is unknown is taken for UTF-8
     */
    public static TextCharset of(String wanted, Collection<String> texts) {
        CharsetSpec spec = CharsetSpec.of(List.of(wanted));
        boolean isUnknown = spec.spelling() == CharsetSpec.Spelling.UNKNOWN;
        Charset all = spec.whole();
        CharsetPage first = spec.high();
        if (isUnknown
                || all != null && !all.equals(StandardCharsets.UTF_8)
                || first != null && !PAGES.contains(first)) {
            return utf8();
        }
        if (all != null) {
            return utf8();
        }
        List<CharsetPage> pages = new ArrayList<>();
        if (first != null) {
            pages.add(first);
        }
        Set<CharsetPage> more = new LinkedHashSet<>();
        for (String text : texts) {
            if (!addPages(text, first, more)) {
                return utf8();
            }
        }
        pages.addAll(more);
        if (more.isEmpty()) {
            return new TextCharset(first == null ? "" : "ISO_IR " + first.number(), null, pages);
        }
        StringBuilder terms = new StringBuilder(first == null ? "" : "ISO 2022 IR " + first.number());
        more.forEach(page -> terms.append("\\ISO 2022 IR ").append(page.number()));
        return new TextCharset(terms.toString(), null, first == null ? withNone(more) : pages);
    }

    /** Without a first page nothing stands above 7F before an escape sequence. */
    private static List<CharsetPage> withNone(Collection<CharsetPage> more) {
        List<CharsetPage> pages = new ArrayList<>(List.of(CharsetPage.ASCII));
        pages.addAll(more);
        return pages;
    }

    private static TextCharset utf8() {
        return new TextCharset(UTF_8, StandardCharsets.UTF_8, List.of());
    }

    /** False when no page has one of the letters. */
    private static boolean addPages(String text, @Nullable CharsetPage first, Set<CharsetPage> more) {
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            boolean isSaid = letter < 0x80
                    || first != null && first.says(letter)
                    || more.stream().anyMatch(page -> page.says(letter));
            if (!isSaid) {
                CharsetPage page = PAGES.stream()
                        .filter(each -> each.says(letter))
                        .findFirst()
                        .orElse(null);
                if (page == null) {
                    return false;
                }
                more.add(page);
            }
        }
        return true;
    }

    /** The value of (0008,0005); empty for the default repertoire. */
    public String term() {
        return term;
    }

    /** The bytes of a text of which all letters were among those that this was made for. */
    byte[] bytes(String text, Vr vr) {
        if (vr.form() == Vr.Form.LIST) {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
        if (whole != null) {
            return text.getBytes(whole);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String delimiters = vr == Vr.PN ? "\\^=\r\n\f\t" : vr.form() == Vr.Form.PROSE ? "\r\n\f\t" : "\\\r\n\f\t";
        CharsetPage first = pages.isEmpty() ? CharsetPage.ASCII : pages.get(0);
        CharsetPage now = first;
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter < 0x80) {
                out.write(letter);
                now = delimiters.indexOf(letter) >= 0 ? first : now;
                continue;
            }
            if (!now.says(letter)) {
                now = page(letter);
                out.write(ESCAPE);
                out.writeBytes(now.escape().getBytes(StandardCharsets.US_ASCII));
            }
            out.write(now.octet(letter));
        }
        return out.toByteArray();
    }

    private CharsetPage page(char letter) {
        return pages.stream()
                .filter(page -> page.says(letter))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a letter that the charset was not made for"));
    }
}
