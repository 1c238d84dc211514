package org.wasla.gateway.dicom;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.wasla.gateway.dicom.Element.Value;
import org.wasla.gateway.frame.Bytes;

/**
 * Writes data sets in the little endian syntaxes (PS3.5 section 7.1): texts in UTF-8, sequences with their lengths. What
 * stands elsewhere, as pixels do, is not written. Pure; one thread, one data set.
 */
public final class DataSetWriter {
    private static final int SHORT_BYTES_MAX = 0xfffe;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final boolean isImplicit;

    private DataSetWriter(boolean isImplicit) {
        this.isImplicit = isImplicit;
    }

    /** @param transferSyntax {@link Uids#IMPLICIT_LITTLE}; any other is explicit little endian */
    public static Bytes write(DataSet data, String transferSyntax) {
        DataSetWriter writer = new DataSetWriter(transferSyntax.equals(Uids.IMPLICIT_LITTLE));
        writer.dataSet(data);
        return Bytes.of(writer.out.toByteArray());
    }

    /** What stands before a value that is written by somebody else, explicit. */
    public static Bytes head(int tag, Vr vr, long bytes) {
        DataSetWriter writer = new DataSetWriter(false);
        writer.header(tag, vr, bytes);
        return Bytes.of(writer.out.toByteArray());
    }

    private void dataSet(DataSet data) {
        for (Element element : data.elements()) {
            Value value = element.value();
            if (value instanceof Value.Text text) {
                value(element.tag(), element.vr(), even(text.text(), element.vr()));
            } else if (value instanceof Value.Binary binary && !binary.bigEndian()) {
                value(element.tag(), element.vr(), even(binary.bytes().toArray(), (byte) 0));
            } else if (value instanceof Value.Items items) {
                value(element.tag(), Vr.SQ, items(items));
            }
        }
    }

    private byte[] items(Value.Items items) {
        DataSetWriter all = new DataSetWriter(isImplicit);
        for (DataSet item : items.items()) {
            DataSetWriter one = new DataSetWriter(isImplicit);
            one.dataSet(item);
            all.number(Tags.group(Tags.ITEM), 2);
            all.number(Tags.element(Tags.ITEM), 2);
            all.number(one.out.size(), 4);
            all.out.writeBytes(one.out.toByteArray());
        }
        return all.out.toByteArray();
    }

    private static byte[] even(String text, Vr vr) {
        return even(text.getBytes(StandardCharsets.UTF_8), (byte) (vr == Vr.UI ? 0 : ' '));
    }

    private static byte[] even(byte[] value, byte padding) {
        if (value.length % 2 == 0) {
            return value;
        }
        byte[] even = java.util.Arrays.copyOf(value, value.length + 1);
        even[value.length] = padding;
        return even;
    }

    private void value(int tag, Vr vr, byte[] bytes) {
        header(tag, vr.hasLongForm() || bytes.length <= SHORT_BYTES_MAX ? vr : Vr.UN, bytes.length);
        out.writeBytes(bytes);
    }

    private void header(int tag, Vr vr, long bytes) {
        number(Tags.group(tag), 2);
        number(Tags.element(tag), 2);
        if (isImplicit) {
            number(bytes, 4);
            return;
        }
        out.writeBytes(vr.name().getBytes(StandardCharsets.US_ASCII));
        if (vr.hasLongForm()) {
            number(0, 2);
            number(bytes, 4);
        } else {
            number(bytes, 2);
        }
    }

    private void number(long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write((int) (value >> 8 * i));
        }
    }
}
