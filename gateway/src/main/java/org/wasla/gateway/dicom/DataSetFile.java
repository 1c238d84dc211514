package org.wasla.gateway.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.Oddity.Kind;

/**
 * Reads DICOM files (PS3.10), and data sets that came in a message. Whatever the bytes are, there is an answer. Pure.
 *
 * <pre>
 * preamble 128, "DICM", group 0002 explicit little endian, data set in the transfer syntax of (0002,0010)
 * </pre>
 */
public final class DataSetFile {
    private static final int PREAMBLE_BYTES = 128;
    private static final String MARK = "DICM";
    private static final CharsetSpec USUAL = CharsetSpec.of(List.of("ISO_IR 100"));

    private DataSetFile() {}

    /**
     * What was read.
     *
     * @param meta the elements of group 0002
     * @param transferSyntax as declared, or null
     * @param oddities what the standard does not allow
     */
    public record Reading(
            DataSet meta, DataSet data, @Nullable String transferSyntax, List<Oddity> oddities) {
        public Reading {
            oddities = List.copyOf(oddities);
        }

        /** Whether the data set was read to its end. */
        public boolean isWhole() {
            return oddities.stream().noneMatch(oddity -> oddity.what().endsReading());
        }

        public boolean has(Kind what) {
            return oddities.stream().anyMatch(oddity -> oddity.what() == what);
        }
    }

    /**
     * Reads a file.
     *
     * @param in from its first byte; it is not closed
     * @param size bytes of the file
     * @param fallback character set of this sender where it declares none, as a value of (0008,0005); empty: ISO_IR 100
     * @throws IOException when the input cannot be read, whatever is in it
     */
    public static Reading read(InputStream in, long size, String fallback) throws IOException {
        OddityBook oddities = new OddityBook();
        DataSetInput input = new DataSetInput(in, 0, size);
        CharsetSpec charset = fallback(fallback);
        boolean hasMeta = toMeta(input, oddities);
        DataSet meta = DataSet.EMPTY;
        int ahead = input.look(12);
        if (hasMeta && ahead >= 8) {
            Encoding seen = Encoding.seen(input, ahead, size - input.at(), null);
            Encoding encoding = seen == Encoding.IMPLICIT_LITTLE ? seen : Encoding.EXPLICIT_LITTLE;
            meta = new DataSetReader(input, oddities, charset, true).read(encoding);
        }
        String declared = meta.text(Tags.TRANSFER_SYNTAX);
        if (!hasMeta) {
            oddities.note(Kind.NO_META, 0);
        } else if (declared == null) {
            oddities.note(Kind.NO_TRANSFER_SYNTAX, input.at());
        }
        DataSet data = data(input, oddities, charset, declared, null);
        return new Reading(meta, data, declared, oddities.all());
    }

    /**
     * Reads a data set that has no header of its own.
     *
     * @param size bytes of the data set
     * @param transferSyntax what was agreed upon
     * @param fallback as above
     * @throws IOException when the input cannot be read, whatever is in it
     */
    public static Reading read(InputStream in, long size, String transferSyntax, String fallback) throws IOException {
        OddityBook oddities = new OddityBook();
        DataSetInput input = new DataSetInput(in, 0, size);
        DataSet data = data(input, oddities, fallback(fallback), transferSyntax, Encoding.of(transferSyntax));
        return new Reading(DataSet.EMPTY, data, transferSyntax, oddities.all());
    }

    private static CharsetSpec fallback(String declared) {
        return declared.isEmpty() ? USUAL : CharsetSpec.of(List.of(declared));
    }

    /** Passes over the preamble; false when there is no header. The mark alone is not enough: names may contain it. */
    private static boolean toMeta(DataSetInput input, OddityBook oddities) throws IOException {
        int have = input.look(DataSetInput.LOOK_MAX);
        int behind = PREAMBLE_BYTES + MARK.length();
        if (have >= behind && isMark(input, PREAMBLE_BYTES) && (have == behind || isMeta(input, behind, have))) {
            return input.skip(behind);
        }
        oddities.note(Kind.NO_PREAMBLE, 0);
        if (have > MARK.length() && isMark(input, 0) && isMeta(input, MARK.length(), have)) {
            return input.skip(MARK.length());
        }
        return isMeta(input, 0, have);
    }

    private static boolean isMark(DataSetInput input, int at) {
        for (int i = 0; i < MARK.length(); i++) {
            if (input.ahead(at + i) != MARK.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isMeta(DataSetInput input, int at, int have) {
        return have >= at + 4 && input.u2(at, false) == 0x0002 && input.ahead(at + 3) == 0;
    }

    private static DataSet data(
            DataSetInput input,
            OddityBook oddities,
            CharsetSpec fallback,
            @Nullable String declared,
            @Nullable Encoding agreed)
            throws IOException {
        int ahead = input.look(12);
        if (ahead < 8) {
            oddities.note(Kind.NO_DATA_SET, input.at());
            return DataSet.EMPTY;
        }
        Encoding seen = Encoding.seen(input, ahead, input.end() - input.at(), agreed);
        boolean isPlain = seen == Encoding.EXPLICIT_LITTLE;
        if (Encoding.DEFLATED_UID.equals(declared) && !isPlain) {
            return inflated(input, oddities, fallback);
        }
        if (declared == null && seen == null) {
            oddities.note(Kind.NO_DATA_SET, input.at());
            return DataSet.EMPTY;
        }
        Encoding told = declared == null ? null : Encoding.of(declared);
        if (told != null && seen != null && (told != seen || Encoding.DEFLATED_UID.equals(declared))) {
            oddities.note(Kind.WRONG_TRANSFER_SYNTAX, input.at());
        }
        Encoding encoding = seen != null ? seen : told != null ? told : Encoding.EXPLICIT_LITTLE;
        return new DataSetReader(input, oddities, fallback, false).read(encoding);
    }

    private static DataSet inflated(DataSetInput input, OddityBook oddities, CharsetSpec fallback) throws IOException {
        try (InflatedInput inflated = new InflatedInput(input.rest())) {
            DataSetInput plain = new DataSetInput(inflated, 0, Long.MAX_VALUE);
            DataSet data = new DataSetReader(plain, oddities, fallback, false).read(Encoding.EXPLICIT_LITTLE);
            Kind fault = inflated.fault();
            if (fault != null) {
                oddities.endedBy(fault, plain.at());
            }
            if (fault == null && plain.at() == 0) {
                oddities.note(Kind.NO_DATA_SET, 0);
            }
            return data;
        }
    }
}
