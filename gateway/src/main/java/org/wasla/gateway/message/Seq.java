package org.wasla.gateway.message;

import java.util.List;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Message.Field;

/** A part of a binary frame: a field, or records that hold fields. Immutable. */
public sealed interface Seq permits SeqField, SeqGroup {
    /** @return the names, without those that a key makes of them */
    List<String> ids();

    /**
     * Adds the fields of the part that stand from {@code begin} (in) to {@code end} (out).
     *
     * @param prefix what is put before their names
     * @return whether all of it lies in these bytes; what was added is of no use when not
     */
    boolean read(Bytes frame, int begin, int end, String prefix, List<Field> fields);

    /**
     * The way back, for simulators.
     *
     * @return the index behind what was written
     */
    int write(byte[] frame, int begin, String prefix, Values values);

    /** What a simulator writes. */
    interface Values {
        boolean has(String name);

        /** @return the text of one of {@code count} occurrences of a field, the first is 0; empty: none */
        String of(String name, int occurrence, int count);

        /** @return how often a field stands whose count is free */
        int count();
    }
}
