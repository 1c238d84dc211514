package org.wasla.gateway.dicom;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of a text into Unicode: character set by specification, by escape sequences (ISO 2022, PS3.5 section
 * 6.1.2.5), and where neither fits by a guess that is told. Pure; one thread, one text.
 *
 * <p>A guess is made where bytes stand that the declared set does not have: strict UTF-8 first, which other texts hardly
 * ever look like; then Microsoft's extension of the declared set (œ is not in ISO 8859-1); then the fall-back.
 */
final class CharsetText {
    private static final char UNREADABLE = '\ufffd';
    private static final byte ESCAPE = 0x1b;

    private final byte[] bytes;
    private final CharsetSpec spec;
    private final String delimiters;
    private final StringBuilder text = new StringBuilder();
    private CharsetPage low;
    private @Nullable CharsetPage high;
    private boolean fits = true;

    private CharsetText(byte[] bytes, CharsetSpec spec, Vr vr) {
        this.bytes = bytes;
        this.spec = spec;
        // At these the pages of the first value hold again; other texts keep theirs to the end of a line.
        this.delimiters = vr == Vr.PN ? "\\^=\r\n\f\t" : vr.form() == Vr.Form.PROSE ? "\r\n\f\t" : "\\\r\n\f\t";
        this.low = spec.low();
        this.high = spec.high();
    }

    /**
     * A text.
     *
     * @param guessed whether the character set is not the declared one
     * @param readable whether every byte became a character
     */
    record Decoded(String text, boolean guessed, boolean readable) {}

    /** @param fallback what holds where nothing is declared and the bytes are not UTF-8 */
    static Decoded decode(byte[] bytes, Vr vr, CharsetSpec spec, CharsetSpec fallback) {
        if (vr.form() == Vr.Form.LIST) {
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            return new Decoded(text, false, true);
        }
        CharsetText reading = new CharsetText(bytes, spec, vr);
        String text = reading.read();
        if (reading.fits && text.indexOf(UNREADABLE) < 0) {
            return new Decoded(text, false, true);
        }
        String guess = guess(bytes, spec.high() == null ? fallback : spec);
        return guess == null
                ? new Decoded(text, false, text.indexOf(UNREADABLE) < 0)
                : new Decoded(guess, true, guess.indexOf(UNREADABLE) < 0);
    }

    private static @Nullable String guess(byte[] bytes, CharsetSpec spec) {
        String utf8 = new String(bytes, StandardCharsets.UTF_8);
        if (utf8.indexOf(UNREADABLE) < 0) {
            return utf8;
        }
        if (spec.whole() != null) {
            return new String(bytes, spec.whole());
        }
        CharsetPage page = spec.high();
        Charset sibling = page == null ? null : page.sibling();
        if (sibling != null) {
            return new String(bytes, sibling);
        }
        return page == null ? null : new String(bytes, StandardCharsets.US_ASCII);
    }

    private String read() {
        if (spec.whole() != null) {
            return new String(bytes, spec.whole());
        }
        int at = 0;
        while (at < bytes.length) {
            at = bytes[at] == ESCAPE ? escape(at) : bytes[at] < 0 ? high(at) : low(at);
        }
        return text.toString();
    }

    private int escape(int at) {
        CharsetPage page = CharsetPage.called(bytes, at);
        if (page == null) {
            text.append((char) ESCAPE);
            return at + 1;
        }
        if (page.isHigh()) {
            high = page;
        } else {
            low = page;
        }
        return at + page.escapeSize();
    }

    private int high(int at) {
        int end = at;
        while (end < bytes.length && bytes[end] < 0) {
            // 80 to 9F are control characters in every one of these sets.
            fits &= (bytes[end] & 0xff) >= 0xa0;
            end++;
        }
        if (high == null) {
            fits = false;
            text.append(String.valueOf(UNREADABLE).repeat(end - at));
        } else {
            text.append(high.decode(bytes, at, end));
        }
        return end;
    }

    private int low(int at) {
        boolean isPair = low.width() == 2 && bytes[at] > ' ' && at + 1 < bytes.length && bytes[at + 1] > ' ';
        if (isPair) {
            int end = at;
            while (end + 1 < bytes.length && bytes[end] > ' ' && bytes[end + 1] > ' ') {
                end += 2;
            }
            text.append(low.decode(bytes, at, end));
            return end;
        }
        char letter = (char) bytes[at];
        text.append(low == CharsetPage.ROMAJI && letter == '~' ? '\u203e' : letter);
        if (delimiters.indexOf(letter) >= 0) {
            low = spec.low();
            high = spec.high();
        }
        return at + 1;
    }
}
