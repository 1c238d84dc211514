package org.wasla.gateway.dicom;

import org.jspecify.annotations.Nullable;

/** How the elements of a data set are written (PS3.5 section 7.1 and annex A). */
enum Encoding {
    IMPLICIT_LITTLE,
    EXPLICIT_LITTLE,
    EXPLICIT_BIG;

    static final String IMPLICIT_UID = "1.2.840.10008.1.2";
    static final String BIG_ENDIAN_UID = "1.2.840.10008.1.2.2";
    static final String DEFLATED_UID = "1.2.840.10008.1.2.1.99";

    boolean isImplicit() {
        return this == IMPLICIT_LITTLE;
    }

    boolean isBigEndian() {
        return this == EXPLICIT_BIG;
    }

    /** @return what a transfer syntax means for the elements: all but three are explicit and little endian */
    static Encoding of(String uid) {
        return switch (uid) {
            case IMPLICIT_UID -> IMPLICIT_LITTLE;
            case BIG_ENDIAN_UID -> EXPLICIT_BIG;
            default -> EXPLICIT_LITTLE;
        };
    }

    /**
     * @param header where the first eight bytes of an element have been looked at
     * @param left bytes from these on, Long.MAX_VALUE when that is not known
     * @return what the bytes look like, or null: like no element
     */
    static @Nullable Encoding seen(DataSetInput header, long left) {
        int little = header.u2(0, false);
        int big = header.u2(0, true);
        if (Vr.of(header.ahead(4), header.ahead(5)) != null) {
            return little == 0 || Math.min(little, big) > 0x7fff ? null : big < little ? EXPLICIT_BIG : EXPLICIT_LITTLE;
        }
        long length = header.u4(4, false);
        boolean plausible = length <= left - 8 || length == DataSetReader.UNDEFINED;
        return little > 0 && little <= 0x7fff && plausible ? IMPLICIT_LITTLE : null;
    }
}
