package org.wasla.gateway.imaging;

import java.io.IOException;
import java.io.OutputStream;
import org.wasla.gateway.dicom.FileHead;

/** A connection to a destination. One thread; {@link #abort} may come from any. */
interface Delivery extends AutoCloseable {
    /** What became of an object. */
    enum Verdict {
        /** It is there. */
        SENT,
        /** It is there, and the destination has something to say about it. */
        SENT_WITH_WARNING,
        /** Not now. */
        LATER,
        /** Never, as it is. */
        REFUSED
    }

    /**
     * An answer.
     *
     * @param reason a code, never a text of the other side: that may name patients
     */
    record Answer(Verdict verdict, String reason) {}

    /** Writes a data set. */
    @FunctionalInterface
    interface Body {
        void write(OutputStream out) throws IOException;
    }

    /** Whether an object of this kind can be sent without opening another connection. */
    boolean takes(FileHead head);

    /** Whether the other side has not ended it in the meantime. */
    boolean isOpen();

    /**
     * Sends an object and waits for the answer.
     *
     * @throws IOException when there is none: nobody knows then what became of the object
     */
    Answer send(FileHead head, Body body) throws IOException;

    /** Ends at once. */
    void abort();

    @Override
    void close() throws IOException;
}
