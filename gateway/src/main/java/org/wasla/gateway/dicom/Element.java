package org.wasla.gateway.dicom;

import java.util.List;
import org.wasla.gateway.frame.Bytes;

/**
 * One data element. Immutable.
 *
 * @param tag group * 65536 + element
 * @param at where its value begins: bytes from the start of the file, of the inflated part for a deflated data set
 * @param length bytes of the value as it is encoded, -1 where the end is marked instead
 */
public record Element(int tag, Vr vr, long at, long length, Value value) {
    /** What an element holds. */
    public sealed interface Value {
        /** A text in Unicode, without padding; several values have a backslash between them. */
        record Text(String text) implements Value {}

        /** Numbers, tags or opaque bytes as they are encoded. */
        record Binary(Bytes bytes, boolean bigEndian) implements Value {}

        /** The items of a sequence. */
        record Items(List<DataSet> items) implements Value {
            public Items {
                items = List.copyOf(items);
            }
        }

        /** Encapsulated pixels: the pieces in the order of the file, the offset table first. */
        record Fragments(List<Piece> pieces) implements Value {
            public Fragments {
                pieces = List.copyOf(pieces);
            }

            /** Bytes of the file. */
            public record Piece(long at, long length) {}
        }

        /** Pixels, or a value that is too large to be held: it stands in the file. */
        record Elsewhere() implements Value {}
    }

    /** Whether there is no value at all. */
    public boolean isEmpty() {
        return length == 0
                || value instanceof Value.Text text && text.text().isEmpty()
                || value instanceof Value.Items items && items.items().isEmpty();
    }
}
