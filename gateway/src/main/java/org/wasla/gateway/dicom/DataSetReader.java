package org.wasla.gateway.dicom;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.wasla.gateway.dicom.Element.Value;
import org.wasla.gateway.dicom.Oddity.Kind;
import org.wasla.gateway.frame.Bytes;

/**
 * Reads the elements of one data set in one pass and without recursion (PS3.5 section 7). Whatever the bytes are it ends,
 * holds a bounded amount and says what was odd; where two lengths contradict each other nothing is guessed, reading ends.
 * Pure; one thread, one data set.
 */
final class DataSetReader {
    static final long UNDEFINED = 0xffff_ffffL;
    /** Sequences in sequences that are kept; deeper ones are read over. */
    static final int DEPTH_MAX = 64;

    static final int ELEMENTS_MAX = 200_000;
    static final int ITEMS_MAX = 200_000;
    /** Values larger than this, and what is more than the sum below, stay in the file. */
    static final int VALUE_BYTES_MAX = 1 << 20;

    static final long VALUES_BYTES_MAX = 8L << 20;
    private static final int GROUP_META = 0x0002;

    private final DataSetInput in;
    private final OddityBook oddities;
    private final CharsetSpec fallback;
    private final boolean metaOnly;
    private final DataSetLevels levels = new DataSetLevels();
    /** Of the outer levels; what lies deeper has none. */
    private final Deque<DataSetContent> contents = new ArrayDeque<>();

    private int elements;
    private int items;
    private long heldBytes;

    /** @param metaOnly ends in front of the first element that is not of group 0002 */
    DataSetReader(DataSetInput in, OddityBook oddities, CharsetSpec fallback, boolean metaOnly) {
        this.in = in;
        this.oddities = oddities;
        this.fallback = fallback;
        this.metaOnly = metaOnly;
    }

    /** @throws IOException when the input cannot be read, whatever is in it */
    DataSet read(Encoding encoding) throws IOException {
        levels.open(false, false, encoding, in.end());
        contents.push(DataSetContent.root());
        boolean goesOn = true;
        while (goesOn) {
            goesOn = closeEnded() && step();
        }
        while (contents.size() > 1) {
            closeContent();
        }
        return contents.pop().dataSet(oddities);
    }

    /** Closes what ends here. False when that is all. */
    private boolean closeEnded() {
        while (levels.size() > 1 && in.at() >= levels.end()) {
            if (levels.isMarked() && levels.endsWithInput()) {
                return stop(Kind.TRUNCATED);
            }
            if (levels.isMarked()) {
                oddities.note(Kind.MISSING_DELIMITER, in.at());
            }
            close();
        }
        return in.at() < levels.end();
    }

    private boolean step() throws IOException {
        long left = levels.end() - in.at();
        int have = (int) Math.min(in.look(12), left);
        if (have == 0) {
            return levels.size() > 1 && stop(Kind.TRUNCATED);
        }
        if (have < 8) {
            return stop(beyondEnd());
        }
        int tag = DataSetHeader.tag(in, levels.encoding().isBigEndian());
        if (metaOnly && Tags.group(tag) != GROUP_META) {
            return false;
        }
        if (levels.isSequence()) {
            return item(tag);
        }
        if (Tags.group(tag) == 0xfffe) {
            return delimiter(tag);
        }
        // Behind Data Set Trailing Padding nothing follows that counts.
        return (tag != Tags.PADDING || levels.size() > 1) && element(have, left);
    }

    private boolean item(int tag) throws IOException {
        long length = in.u4(4, levels.encoding().isBigEndian());
        if (tag == Tags.SEQUENCE_END && levels.isMarked()) {
            in.skip(8);
            close();
            return true;
        }
        if (tag == Tags.SEQUENCE_END || tag == Tags.ITEM_END) {
            oddities.note(Kind.STRAY_DELIMITER, in.at());
            return in.skip(8);
        }
        if (tag != Tags.ITEM) {
            return stop(Kind.NOT_AN_ITEM);
        }
        if (++items > ITEMS_MAX) {
            return stop(Kind.TOO_MANY_ITEMS);
        }
        if (length != UNDEFINED && length > levels.end() - in.at() - 8) {
            return stop(beyondEnd());
        }
        in.skip(8);
        open(false, tag, Vr.UN, length, levels.encoding());
        return true;
    }

    /** A delimiter where an element could stand. */
    private boolean delimiter(int tag) throws IOException {
        boolean isItem = levels.size() > 1 && levels.isMarked();
        if (tag == Tags.ITEM_END && isItem) {
            in.skip(8);
            close();
            return true;
        }
        if ((tag == Tags.SEQUENCE_END || tag == Tags.ITEM) && isItem) {
            // The end of the item is missing; its sequence knows what to do with this.
            oddities.note(Kind.MISSING_DELIMITER, in.at());
            close();
            return true;
        }
        if (tag == Tags.ITEM_END || tag == Tags.SEQUENCE_END) {
            oddities.note(Kind.STRAY_DELIMITER, in.at());
            return in.skip(8);
        }
        return stop(Kind.LENGTH_CONTRADICTS);
    }

    private boolean element(int have, long left) throws IOException {
        Encoding encoding = levels.encoding();
        boolean signedPixels = contents.element().signedPixels();
        DataSetHeader header = DataSetHeader.read(in, have, left, encoding, signedPixels, oddities);
        if (header.length() == Long.MAX_VALUE) {
            return stop(beyondEnd());
        }
        if (++elements > ELEMENTS_MAX) {
            return stop(Kind.TOO_MANY_ELEMENTS);
        }
        if (header.length() == UNDEFINED) {
            return undefined(header);
        }
        if (header.length() > left - header.size()) {
            return stop(beyondEnd());
        }
        in.skip(header.size());
        Vr vr = header.vr();
        Encoding inner = encoding;
        if (header.isUnknown() && Tags.vr(header.tag(), signedPixels) != Vr.UN) {
            // CP-246: who wrote UN did not know the representation, and left the value as the implicit form has it.
            oddities.note(Kind.KNOWN_AS_UNKNOWN, in.at());
            vr = Tags.vr(header.tag(), signedPixels);
            inner = Encoding.IMPLICIT_LITTLE;
        }
        if (vr == Vr.SQ && header.length() > 0 && inner.isImplicit() && !startsWithItem()) {
            vr = Vr.UN;
        }
        if (vr == Vr.SQ) {
            open(true, header.tag(), vr, header.length(), inner);
            return true;
        }
        boolean isForeign = Tags.group(header.tag()) == 0 || Tags.group(header.tag()) == GROUP_META && !metaOnly;
        if (isForeign) {
            oddities.note(Kind.FOREIGN_GROUP, in.at());
        }
        if (isForeign || Tags.element(header.tag()) == 0 || !isKept()) {
            return in.skip(header.length()) || stop(Kind.TRUNCATED);
        }
        return value(header, vr, inner);
    }

    /** An element of which only a delimiter tells the end. */
    private boolean undefined(DataSetHeader header) throws IOException {
        Vr vr = header.vr();
        boolean isPixels = header.tag() == Tags.PIXEL_DATA || vr != Vr.UN && vr.isOpaque() && !header.implicit();
        if (!isPixels && vr != Vr.SQ && vr != Vr.UN && !header.implicit()) {
            return stop(Kind.UNDEFINED_LENGTH);
        }
        in.skip(header.size());
        if (isPixels) {
            return fragments(header.tag(), header.implicit() ? Vr.OB : vr);
        }
        if (vr == Vr.UN && !header.implicit()) {
            oddities.note(Kind.SEQUENCE_AS_UNKNOWN, in.at());
        }
        boolean isImplicit = vr == Vr.UN || header.implicit();
        open(true, header.tag(), Vr.SQ, UNDEFINED, isImplicit ? Encoding.IMPLICIT_LITTLE : levels.encoding());
        return true;
    }

    private boolean fragments(int tag, Vr vr) throws IOException {
        boolean big = levels.encoding().isBigEndian();
        long at = in.at();
        List<Value.Fragments.Piece> pieces = new ArrayList<>();
        while (in.look(8) >= 8 && levels.end() - in.at() >= 8) {
            int next = DataSetHeader.tag(in, big);
            long length = in.u4(4, big);
            if (next == Tags.ITEM) {
                if (++items > ITEMS_MAX) {
                    return stop(Kind.TOO_MANY_ITEMS);
                }
                if (length > levels.end() - in.at() - 8) {
                    return stop(beyondEnd());
                }
                in.skip(8);
                pieces.add(new Value.Fragments.Piece(in.at(), length));
                if (!in.skip(length)) {
                    return stop(Kind.TRUNCATED);
                }
            } else if (next == Tags.SEQUENCE_END) {
                in.skip(8);
                keep(new Element(tag, vr, at, -1, new Value.Fragments(pieces)));
                return true;
            } else if (next == Tags.ITEM_END) {
                oddities.note(Kind.STRAY_DELIMITER, in.at());
                in.skip(8);
            } else {
                return stop(Kind.NOT_AN_ITEM);
            }
        }
        return stop(beyondEnd());
    }

    private boolean value(DataSetHeader header, Vr vr, Encoding encoding) throws IOException {
        long at = in.at();
        int tag = header.tag();
        long length = header.length();
        if ((length & 1) != 0) {
            oddities.note(Kind.ODD_LENGTH, at);
        }
        boolean isPixels = Tags.group(tag) == Tags.group(Tags.PIXEL_DATA);
        if (isPixels || length > VALUE_BYTES_MAX || heldBytes + length > VALUES_BYTES_MAX) {
            if (!in.skip(length)) {
                return stop(Kind.TRUNCATED);
            }
            keep(new Element(tag, vr, at, length, new Value.Elsewhere()));
            return true;
        }
        byte[] bytes = in.take((int) length);
        if (bytes.length < length) {
            return stop(Kind.TRUNCATED);
        }
        heldBytes += length;
        Value value = vr.isText()
                ? new Value.Text(text(bytes, vr, at))
                : new Value.Binary(Bytes.of(bytes), encoding.isBigEndian());
        Element element = new Element(tag, vr, at, length, value);
        keep(element);
        if (tag == Tags.SPECIFIC_CHARACTER_SET) {
            charset(element);
        }
        if (tag == Tags.PIXEL_REPRESENTATION) {
            contents.element().signedPixels(bytes.length == 2 && (bytes[0] | bytes[1]) == 1);
        }
        return true;
    }

    private String text(byte[] bytes, Vr vr, long at) {
        CharsetText.Decoded decoded =
                CharsetText.decode(bytes, vr, contents.element().charset(), fallback);
        if (decoded.guessed()) {
            oddities.note(Kind.CHARSET_GUESSED, at);
        }
        if (!decoded.readable()) {
            oddities.note(Kind.TEXT_UNREADABLE, at);
        }
        String text = decoded.text();
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == 0)) {
            end--;
        }
        return text.substring(0, end);
    }

    private void charset(Element element) {
        CharsetSpec spec = CharsetSpec.of(DataSet.texts(element));
        contents.element().charset(spec);
        if (spec.spelling() != CharsetSpec.Spelling.AS_DEFINED) {
            boolean plain = spec.spelling() == CharsetSpec.Spelling.MISSPELT;
            oddities.note(plain ? Kind.CHARSET_MISSPELT : Kind.CHARSET_UNKNOWN, element.at());
        }
    }

    private boolean startsWithItem() throws IOException {
        return in.look(4) >= 4 && DataSetHeader.tag(in, false) == Tags.ITEM;
    }

    /** Whether the level that is open is one of those that are kept. */
    private boolean isKept() {
        return contents.size() == levels.size();
    }

    private void keep(Element element) {
        if (isKept()) {
            contents.element().add(element, oddities);
        }
    }

    private void open(boolean sequence, int tag, Vr vr, long length, Encoding encoding) {
        boolean marked = length == UNDEFINED;
        if (isKept() && levels.size() <= 2 * DEPTH_MAX) {
            contents.push(contents.element().inner(tag, vr, in.at(), marked ? -1 : length));
        } else {
            oddities.note(Kind.TOO_DEEP, in.at());
        }
        levels.open(sequence, marked, encoding, marked ? levels.end() : in.at() + length);
    }

    private void close() {
        if (isKept()) {
            closeContent();
        }
        levels.close();
    }

    /** Levels of the data set, then of a sequence, then of an item, and so on: every second one is a sequence. */
    private void closeContent() {
        boolean isSequence = contents.size() % 2 == 0;
        DataSetContent closed = contents.pop();
        if (isSequence) {
            contents.element().add(closed.sequence(), oddities);
        } else {
            contents.element().add(closed.dataSet(oddities));
        }
    }

    private Kind beyondEnd() {
        return levels.endsWithInput() ? Kind.TRUNCATED : Kind.LENGTH_CONTRADICTS;
    }

    private boolean stop(Kind why) {
        oddities.note(why, in.at());
        return false;
    }
}
