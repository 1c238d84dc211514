package org.wasla.gateway.dicom;

import org.jspecify.annotations.Nullable;

/** How the elements of a data set are written (PS3.5 section 7.1 and annex A). */
enum Encoding {
    IMPLICIT_LITTLE,
    EXPLICIT_LITTLE,
    EXPLICIT_BIG;

    /** Groups from here on are none of the standard's, and hardly anybody's. */
    private static final int GROUP_MAX = 0x7fff;

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
     * @param header where the first eight bytes of an element, or more, have been looked at
     * @param have how many of them
     * @param left bytes from these on, Long.MAX_VALUE when that is not known
     * @param agreed what was agreed upon, or null: it decides where both byte orders are possible
     * @return what the bytes look like, or null: like no element
     */
    static @Nullable Encoding seen(DataSetInput header, int have, long left, @Nullable Encoding agreed) {
        int little = header.u2(0, false);
        int big = header.u2(0, true);
        Vr vr = Vr.of(header.ahead(4), header.ahead(5));
        if (vr != null && little > 0) {
            boolean isLittle = little <= GROUP_MAX && fits(header, have, left, vr, false);
            boolean isBig = big <= GROUP_MAX && fits(header, have, left, vr, true);
            // Data sets begin with a low group; those of messages may begin with a high one.
            return isBig && (!isLittle || big < little && agreed != EXPLICIT_LITTLE)
                    ? EXPLICIT_BIG
                    : isLittle ? EXPLICIT_LITTLE : null;
        }
        return little > 0 && little <= GROUP_MAX && fits(header.u4(4, false), left - 8) ? IMPLICIT_LITTLE : null;
    }

    private static boolean fits(DataSetInput header, int have, long left, Vr vr, boolean bigEndian) {
        return vr.hasLongForm()
                ? have >= 12 && fits(header.u4(8, bigEndian), left - 12)
                : fits(header.u2(6, bigEndian), left - 8);
    }

    private static boolean fits(long length, long left) {
        return length <= left || length == DataSetReader.UNDEFINED;
    }
}
