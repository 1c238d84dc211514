package org.wasla.gateway.dicom;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.wasla.gateway.dicom.Element.Value;
import org.wasla.gateway.frame.Bytes;

/**
 * Writes one small data set, or an item of one, in little endian (PS3.5 section 7.1): elements in the order of their tags,
 * each once, sequences and items with lengths. What is put later replaces what was put before. One thread.
 */
public final class DataSetDraft {
    private final boolean isImplicit;
    private final TextCharset charset;
    private final Map<Integer, Written> elements = new TreeMap<>(Integer::compareUnsigned);

    private record Written(Vr vr, Bytes value) {}

    /** @param transferSyntax implicit or explicit little endian */
    public DataSetDraft(String transferSyntax, TextCharset charset) {
        this.isImplicit = Encoding.of(transferSyntax).isImplicit();
        this.charset = charset;
    }

    /**
     * A data set as it stands, texts in UTF-8; what stands elsewhere, as pixels do, is not written.
     *
     * @param transferSyntax implicit or explicit little endian
     */
    public static Bytes write(DataSet data, String transferSyntax) {
        DataSetDraft draft = new DataSetDraft(transferSyntax, TextCharset.of(TextCharset.UTF_8, List.of()));
        String charset = data.text(Tags.SPECIFIC_CHARACTER_SET);
        if (charset != null) {
            draft.text(Tags.SPECIFIC_CHARACTER_SET, charset);
        }
        return draft.copy(data, element -> true).toBytes();
    }

    /** What stands before a value that is written by somebody else, explicit. */
    public static Bytes head(int tag, Vr vr, long bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        head(out, tag, vr, bytes, false);
        return Bytes.of(out.toByteArray());
    }

    /** A writer of items of this data set. */
    public DataSetDraft item() {
        return new DataSetDraft(isImplicit ? Encoding.IMPLICIT_UID : Uids.EXPLICIT_LITTLE, charset);
    }

    /** A text, or an element without a value; padded as its kind wants it. */
    public DataSetDraft text(int tag, String text) {
        return text(tag, Tags.vr(tag, false), text);
    }

    private DataSetDraft text(int tag, Vr vr, String text) {
        byte[] bytes = charset.bytes(text, vr);
        byte[] even = java.util.Arrays.copyOf(bytes, bytes.length + bytes.length % 2);
        if (even.length > bytes.length && vr != Vr.UI) {
            even[bytes.length] = ' ';
        }
        elements.put(tag, new Written(vr, Bytes.of(even)));
        return this;
    }

    /** An unsigned number of 16 bits. */
    public DataSetDraft number(int tag, int number) {
        byte[] bytes = {(byte) number, (byte) (number >> 8)};
        elements.put(tag, new Written(Vr.US, Bytes.of(bytes)));
        return this;
    }

    /** An element of this kind without a value. */
    public DataSetDraft empty(Element like) {
        elements.put(like.tag(), new Written(like.vr(), Bytes.NONE));
        return this;
    }

    public DataSetDraft sequence(int tag, List<DataSetDraft> items) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (DataSetDraft item : items) {
            byte[] bytes = item.toBytes().toArray();
            u2(all, 0xfffe);
            u2(all, 0xe000);
            u4(all, bytes.length);
            all.writeBytes(bytes);
        }
        elements.put(tag, new Written(Vr.SQ, Bytes.of(all.toByteArray())));
        return this;
    }

    /** Elements that were read, all the way down, but those that are not wanted; pixels and what was not held are left out. */
    public DataSetDraft copy(DataSet from, Predicate<Element> isWanted) {
        for (Element element : from.elements()) {
            if (element.tag() == Tags.SPECIFIC_CHARACTER_SET || !isWanted.test(element)) {
                continue;
            }
            if (element.value() instanceof Value.Text text) {
                text(element.tag(), element.vr(), text.text());
            } else if (element.value() instanceof Value.Items inner) {
                List<DataSetDraft> items = new ArrayList<>();
                inner.items().forEach(each -> items.add(item().copy(each, isWanted)));
                sequence(element.tag(), items);
            } else if (element.value() instanceof Value.Binary binary && !binary.bigEndian()) {
                elements.put(element.tag(), new Written(element.vr(), even(binary.bytes())));
            }
        }
        return this;
    }

    private static Bytes even(Bytes bytes) {
        return bytes.size() % 2 == 0 ? bytes : Bytes.of(java.util.Arrays.copyOf(bytes.toArray(), bytes.size() + 1));
    }

    /** The data set. Who writes it puts (0008,0005) himself. */
    public Bytes toBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        elements.forEach((tag, written) -> write(out, tag, written));
        return Bytes.of(out.toByteArray());
    }

    private void write(ByteArrayOutputStream out, int tag, Written element) {
        int length = element.value().size();
        // A value that is too long for its own short form is written as unknown, which has the long one.
        Vr vr = !element.vr().hasLongForm() && length > 0xfffe ? Vr.UN : element.vr();
        head(out, tag, vr, length, isImplicit);
        out.writeBytes(element.value().toArray());
    }

    private static void head(ByteArrayOutputStream out, int tag, Vr vr, long length, boolean isImplicit) {
        u2(out, tag >>> 16);
        u2(out, tag);
        if (!isImplicit) {
            out.writeBytes(vr.name().getBytes(StandardCharsets.US_ASCII));
            u2(out, vr.hasLongForm() ? 0 : (int) length);
        }
        if (isImplicit || vr.hasLongForm()) {
            u2(out, (int) length);
            u2(out, (int) (length >>> 16));
        }
    }

    private static void u2(ByteArrayOutputStream out, int number) {
        out.write(number);
        out.write(number >> 8);
    }

    private static void u4(ByteArrayOutputStream out, int number) {
        u2(out, number);
        u2(out, number >>> 16);
    }
}
