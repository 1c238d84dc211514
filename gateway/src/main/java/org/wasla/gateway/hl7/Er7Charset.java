package org.wasla.gateway.hl7;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which character set a message is in (HL7 table 0211; lab.md 2.1): what MSH-18 says, else what the profile says, else
 * UTF-8 where the bytes are that to the letter, else ISO 8859-1. {@code UNICODE} is UTF-8, as analysers mean it. A set
 * that the bytes contradict is not believed.
 */
final class Er7Charset {
    private static final int FIELD = 18;
    private static final String PROBE = "MSH|^~\\&";

    private Er7Charset() {}

    record Decoded(String text, Charset charset) {}

    /** @param profile the set of a sender that does not say, or null */
    static Decoded decode(byte[] bytes, int from, int to, @Nullable Charset profile) {
        List<Charset> sets = new ArrayList<>();
        Charset told = told(bytes, from, to);
        Charset first = told == null ? profile : told;
        if (first != null) {
            sets.add(first);
        }
        sets.add(StandardCharsets.UTF_8);
        if (isAscii(bytes, from, to)) {
            String text = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
            return new Decoded(text, sets.get(0));
        }
        for (Charset set : sets) {
            // What does not come back as it was is not of this set.
            String text = new String(bytes, from, to - from, set);
            if (Arrays.equals(text.getBytes(set), Arrays.copyOfRange(bytes, from, to))) {
                return new Decoded(text, set);
            }
        }
        return new Decoded(
                new String(bytes, from, to - from, StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1);
    }

    private static boolean isAscii(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /** The first repetition of MSH-18; what stands in it is ASCII in every set that MLLP can carry. */
    private static @Nullable Charset told(byte[] bytes, int from, int to) {
        if (to - from < 4) {
            return null;
        }
        byte separator = bytes[from + 3];
        byte repetition = to - from > 5 ? bytes[from + 5] : separator;
        // MSH-1 is the separator itself.
        int field = 1;
        int start = -1;
        for (int i = from + 3; i < to; i++) {
            boolean isEnd = bytes[i] == '\r' || bytes[i] == '\n';
            if (start >= 0 && (isEnd || bytes[i] == separator || bytes[i] == repetition)) {
                return named(new String(bytes, start, i - start, StandardCharsets.ISO_8859_1));
            }
            if (isEnd) {
                return null;
            }
            if (bytes[i] == separator) {
                field++;
                start = field == FIELD ? i + 1 : -1;
            }
        }
        return start < 0 ? null : named(new String(bytes, start, to - start, StandardCharsets.ISO_8859_1));
    }

    /** @return null when the name says nothing that is known; then the message is read as if it said none */
    static @Nullable Charset named(String name) {
        String plain = name.strip().toUpperCase(Locale.ROOT);
        if (plain.isEmpty() || plain.length() > 40) {
            return null;
        }
        if (plain.startsWith("8859/")) {
            return supported("ISO-8859-" + plain.substring(5));
        }
        return switch (plain) {
            case "UNICODE", "UNICODE UTF-8", "UTF-8", "UTF8" -> StandardCharsets.UTF_8;
            case "ASCII", "ISO IR6" -> StandardCharsets.US_ASCII;
            case "GB 18030-2000" -> supported("GB18030");
            case "BIG-5" -> supported("Big5");
            case "KS X 1001" -> supported("EUC-KR");
            default -> plain.startsWith("UNICODE") || plain.startsWith("UTF-") ? null : supported(plain);
        };
    }

    /** Only sets that write ASCII as it is and have no shifts: the frame and the marks between fields are looked for as bytes. */
    private static @Nullable Charset supported(String name) {
        boolean isName = name.matches("[A-Z][A-Za-z0-9-]*") && !name.startsWith("ISO-2022");
        if (!isName || !Charset.isSupported(name)) {
            return null;
        }
        Charset set = Charset.forName(name);
        return set.canEncode() && Arrays.equals(PROBE.getBytes(set), PROBE.getBytes(StandardCharsets.US_ASCII))
                ? set
                : null;
    }
}
