package org.wasla.gateway.imaging;

import java.util.List;
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
        for (String part : words(name == null ? "" : name.toLowerCase(Locale.ROOT))) {
            if (part.codePointCount(0, part.length()) >= PART_CHARS_MIN
                    && List.of(words(lower)).contains(part)) {
                return true;
            }
        }
        return false;
    }

    private static String[] words(String text) {
        return text.split("[^\\p{L}\\p{M}]+", -1);
    }

    /** Nothing of it, so that no log holds it by accident. */
    @Override
    public String toString() {
        return "ExtractIdentity";
    }
}
