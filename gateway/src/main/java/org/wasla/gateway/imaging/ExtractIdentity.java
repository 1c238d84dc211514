package org.wasla.gateway.imaging;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.DataSet;

/**
 * What an object says of whose it is, for the reconciliation with patients and orders and for nothing else: it is never
 * written into records or logs. Immutable.
 *
 * @param patientId as sent
 * @param name as sent
 * @param issuer of the patient id
 * @param birthDate YYYYMMDD
 * @param sex M, F or O
 * @param accession of the order
 * @param admission of the visit
 */
public record ExtractIdentity(
        @Nullable String patientId,
        @Nullable String name,
        @Nullable String issuer,
        @Nullable String birthDate,
        @Nullable String sex,
        @Nullable String accession,
        @Nullable String admission) {
    private static final int PART_CHARS_MIN = 3;

    static ExtractIdentity of(DataSet data) {
        return new ExtractIdentity(
                data.text(0x0010_0020),
                data.text(0x0010_0010),
                data.text(0x0010_0021),
                data.text(0x0010_0030),
                data.text(0x0010_0040),
                data.text(0x0008_0050),
                data.text(0x0038_0010));
    }

    /** @return whether the patient's id, or a part of the name that is no mere initial, stands in the text */
    boolean isNamedIn(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        String id = patientId == null ? "" : patientId.strip().toLowerCase(Locale.ROOT);
        if (id.length() >= PART_CHARS_MIN && lower.contains(id)) {
            return true;
        }
        String of = name == null ? "" : name.toLowerCase(Locale.ROOT);
        int from = 0;
        for (int at = 0; at <= of.length(); at++) {
            if (at == of.length() || !isLetter(of, at)) {
                String part = of.substring(from, at);
                if (part.codePointCount(0, part.length()) >= PART_CHARS_MIN && hasWord(lower, part)) {
                    return true;
                }
                from = at + 1;
            }
        }
        return false;
    }

    /** Whether it stands there with no letter beside it. */
    private static boolean hasWord(String text, String word) {
        for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
            int end = at + word.length();
            if ((at == 0 || !isLetter(text, at - 1)) && (end == text.length() || !isLetter(text, end))) {
                return true;
            }
        }
        return false;
    }

    /** Letters and the marks on them; halves of those beyond 16 bits count as letters. */
    private static boolean isLetter(String text, int at) {
        char c = text.charAt(at);
        int type = Character.getType(c);
        return Character.isLetter(c)
                || Character.isSurrogate(c)
                || type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    /** Nothing of it, so that no log holds it by accident. */
    @Override
    public String toString() {
        return "ExtractIdentity";
    }
}
