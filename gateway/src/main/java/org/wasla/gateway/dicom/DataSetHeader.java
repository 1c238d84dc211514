package org.wasla.gateway.dicom;

/**
 * The header of an element (PS3.5 section 7.1).
 *
 * <pre>
 * implicit        group 2, element 2, length 4
 * explicit        group 2, element 2, VR 2, length 2
 * explicit, long  group 2, element 2, VR 2, empty 2, length 4
 * </pre>
 *
 * @param length bytes of the value, or {@link DataSetReader#UNDEFINED}
 * @param size bytes of the header
 * @param form how the representation was told
 */
record DataSetHeader(int tag, Vr vr, long length, int size, Form form) {
    /** How the representation was told. */
    enum Form {
        IMPLICIT,
        EXPLICIT,
        /** By two bytes that are none. */
        UNKNOWN
    }

    /** Whether the representation was not sent. */
    boolean implicit() {
        return form == Form.IMPLICIT;
    }

    /** Whether who wrote it said that it did not know the representation. */
    boolean isUnknown() {
        return form == Form.EXPLICIT && vr == Vr.UN;
    }

    static int tag(DataSetInput in, boolean bigEndian) {
        return in.u2(0, bigEndian) << 16 | in.u2(2, bigEndian);
    }

    /**
     * @param in where at least eight bytes have been looked at
     * @param have how many bytes have been looked at
     * @param left bytes from the header on that are not beyond an end
     * @param signedPixels what Pixel Representation says
     */
    static DataSetHeader read(
            DataSetInput in, int have, long left, Encoding encoding, boolean signedPixels, OddityBook oddities) {
        boolean big = encoding.isBigEndian();
        int tag = tag(in, big);
        if (encoding.isImplicit()) {
            return implicit(in, tag, signedPixels);
        }
        Vr vr = Vr.of(in.ahead(4), in.ahead(5));
        if (vr != null) {
            return vr.hasLongForm() && have >= 12
                    ? new DataSetHeader(tag, vr, in.u4(8, big), 12, Form.EXPLICIT)
                    : new DataSetHeader(tag, vr, vr.hasLongForm() ? Long.MAX_VALUE : in.u2(6, big), 8, Form.EXPLICIT);
        }
        if (!big && !isLetters(in) && in.u4(4, false) <= left - 8) {
            oddities.note(Oddity.Kind.IMPLICIT_ELEMENT, in.at());
            return implicit(in, tag, signedPixels);
        }
        // Representations to come will have the long form; what devices invent has the short one.
        oddities.note(Oddity.Kind.UNKNOWN_VR, in.at());
        boolean isLong = isLetters(in)
                && have >= 12
                && in.u2(6, big) == 0
                && (in.u4(8, big) <= left - 12 || in.u4(8, big) == DataSetReader.UNDEFINED);
        return isLong
                ? new DataSetHeader(tag, Vr.UN, in.u4(8, big), 12, Form.UNKNOWN)
                : new DataSetHeader(tag, Vr.UN, in.u2(6, big), 8, Form.UNKNOWN);
    }

    private static DataSetHeader implicit(DataSetInput in, int tag, boolean signedPixels) {
        return new DataSetHeader(tag, Tags.vr(tag, signedPixels), in.u4(4, false), 8, Form.IMPLICIT);
    }

    private static boolean isLetters(DataSetInput in) {
        return in.ahead(4) >= 'A' && in.ahead(4) <= 'Z' && in.ahead(5) >= 'A' && in.ahead(5) <= 'Z';
    }
}
