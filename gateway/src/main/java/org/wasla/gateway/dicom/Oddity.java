package org.wasla.gateway.dicom;

/**
 * Something about a data set that the standard does not allow, or that went beyond a limit of the reader.
 *
 * @param what its name
 * @param at where it was first met, bytes from the start of the file (of the inflated part for a deflated data set)
 * @param count how often
 */
public record Oddity(Kind what, long at, int count) {
    /** The names. Those that end reading leave the data set with what stood before. */
    public enum Kind {
        // What is overcome.
        NO_PREAMBLE("no-preamble"),
        NO_META("no-meta"),
        NO_TRANSFER_SYNTAX("no-transfer-syntax"),
        WRONG_TRANSFER_SYNTAX("wrong-transfer-syntax"),
        CHARSET_UNKNOWN("charset-unknown"),
        CHARSET_MISSPELT("charset-misspelt"),
        CHARSET_GUESSED("charset-guessed"),
        TEXT_UNREADABLE("text-unreadable"),
        ODD_LENGTH("odd-length"),
        OUT_OF_ORDER("out-of-order"),
        DUPLICATE("duplicate"),
        UNKNOWN_VR("unknown-vr"),
        IMPLICIT_ELEMENT("implicit-element"),
        KNOWN_AS_UNKNOWN("known-tag-as-un"),
        SEQUENCE_AS_UNKNOWN("sequence-as-un"),
        FOREIGN_GROUP("foreign-group"),
        STRAY_DELIMITER("stray-delimiter"),
        MISSING_DELIMITER("missing-delimiter"),
        TOO_DEEP("too-deep"),
        // What ends reading.
        TRUNCATED("truncated", true),
        NO_DATA_SET("no-data-set", true),
        LENGTH_CONTRADICTS("length-contradicts", true),
        UNDEFINED_LENGTH("undefined-length", true),
        NOT_AN_ITEM("not-an-item", true),
        TOO_MANY_ELEMENTS("too-many-elements", true),
        TOO_MANY_ITEMS("too-many-items", true),
        INFLATE_CORRUPT("inflate-corrupt", true),
        INFLATE_TOO_LARGE("inflate-too-large", true);

        private final String wire;
        private final boolean last;

        Kind(String wire) {
            this(wire, false);
        }

        Kind(String wire, boolean last) {
            this.wire = wire;
            this.last = last;
        }

        /** @return the name as it is published */
        public String wire() {
            return wire;
        }

        /** Whether nothing is read behind it. */
        public boolean endsReading() {
            return last;
        }
    }
}
