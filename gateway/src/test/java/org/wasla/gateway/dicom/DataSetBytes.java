package org.wasla.gateway.dicom;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;

/** Writes data sets byte by byte as a device would, right or wrong. One thread. */
public final class DataSetBytes {
    static final String EXPLICIT_UID = "1.2.840.10008.1.2.1";
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Encoding encoding;

    private DataSetBytes(Encoding encoding) {
        this.encoding = encoding;
    }

    public static DataSetBytes explicit() {
        return new DataSetBytes(Encoding.EXPLICIT_LITTLE);
    }

    Encoding encoding() {
        return encoding;
    }

    static DataSetBytes in(Encoding encoding) {
        return new DataSetBytes(encoding);
    }

    /** The start of a file up to the data set. */
    static DataSetBytes file(String transferSyntax, Encoding encoding) {
        DataSetBytes head = new DataSetBytes(Encoding.EXPLICIT_LITTLE);
        head.raw(new byte[128]).raw("DICM".getBytes(StandardCharsets.US_ASCII));
        head.text(0x0002_0002, "UI", "1.2.840.10008.5.1.4.1.1.7").text(0x0002_0010, "UI", transferSyntax);
        DataSetBytes file = new DataSetBytes(encoding);
        file.raw(head.toArray());
        return file;
    }

    /** A whole file in explicit little endian around this data set. */
    public byte[] asFile() {
        return file(EXPLICIT_UID, Encoding.EXPLICIT_LITTLE).raw(toArray()).toArray();
    }

    public DataSetBytes text(int tag, String vr, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return padded(tag, vr, bytes);
    }

    /** A value with the padding that its length needs. */
    DataSetBytes padded(int tag, String vr, byte[] value) {
        byte[] even = java.util.Arrays.copyOf(value, value.length + value.length % 2);
        if (even.length > value.length && !vr.equals("UI") && !vr.equals("OB") && !vr.equals("UN")) {
            even[value.length] = ' ';
        }
        return element(tag, vr, even);
    }

    public DataSetBytes element(int tag, String vr, byte[] value) {
        return header(tag, vr, value.length).raw(value);
    }

    /** Numbers of so many bytes each. */
    public DataSetBytes numbers(int tag, String vr, int width, long... values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (long value : values) {
            for (int i = 0; i < width; i++) {
                bytes.write((int) (value >>> 8 * (encoding.isBigEndian() ? width - 1 - i : i)));
            }
        }
        return element(tag, vr, bytes.toByteArray());
    }

    DataSetBytes header(int tag, String vr, long length) {
        u2(tag >>> 16);
        u2(tag & 0xffff);
        if (encoding.isImplicit()) {
            return u4(length);
        }
        raw(vr.getBytes(StandardCharsets.US_ASCII));
        Vr known = Vr.of(vr.charAt(0), vr.charAt(1));
        return known != null && known.hasLongForm() ? u2(0).u4(length) : u2((int) length);
    }

    /** A sequence with lengths. */
    public DataSetBytes sequence(int tag, DataSetBytes... items) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (DataSetBytes item : items) {
            DataSetBytes one = new DataSetBytes(encoding);
            one.item(item.toArray().length).raw(item.toArray());
            all.writeBytes(one.toArray());
        }
        return element(tag, "SQ", all.toByteArray());
    }

    /** A sequence with delimiters. */
    DataSetBytes marked(int tag, DataSetBytes... items) {
        header(tag, "SQ", DataSetReader.UNDEFINED);
        for (DataSetBytes item : items) {
            item(DataSetReader.UNDEFINED).raw(item.toArray()).delimiter(Tags.ITEM_END);
        }
        return delimiter(Tags.SEQUENCE_END);
    }

    DataSetBytes item(long length) {
        return u2(0xfffe).u2(0xe000).u4(length);
    }

    DataSetBytes delimiter(int tag) {
        return u2(tag >>> 16).u2(tag & 0xffff).u4(0);
    }

    public DataSetBytes raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    DataSetBytes u2(int value) {
        out.write(encoding.isBigEndian() ? value >>> 8 : value);
        out.write(encoding.isBigEndian() ? value : value >>> 8);
        return this;
    }

    DataSetBytes u4(long value) {
        int first = (int) (encoding.isBigEndian() ? value >>> 16 : value);
        int second = (int) (encoding.isBigEndian() ? value : value >>> 16);
        return u2(first & 0xffff).u2(second & 0xffff);
    }

    public byte[] toArray() {
        return out.toByteArray();
    }

    static byte[] deflated(byte[] plain) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(plain);
        deflater.finish();
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        while (!deflater.finished()) {
            deflated.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return deflated.toByteArray();
    }

    public static DataSetFile.Reading read(byte[] file) {
        return read(file, "");
    }

    static DataSetFile.Reading read(byte[] file, String fallback) {
        try {
            return DataSetFile.read(new ByteArrayInputStream(file), file.length, fallback);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** What is read of this data set in a file of its encoding. */
    DataSetFile.Reading read() {
        String uid = switch (encoding) {
            case IMPLICIT_LITTLE -> Encoding.IMPLICIT_UID;
            case EXPLICIT_BIG -> Encoding.BIG_ENDIAN_UID;
            case EXPLICIT_LITTLE -> EXPLICIT_UID;
        };
        return read(file(uid, encoding).raw(toArray()).toArray());
    }
}
