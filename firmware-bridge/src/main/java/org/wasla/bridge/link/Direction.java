package org.wasla.bridge.link;

import java.io.IOException;

/** The outputs of the box that turn the transceivers of lines of two wires (RS-485). Thread-safe. */
@FunctionalInterface
public interface Direction {
    /** Of who only opens lines, and never sends on one of two wires. */
    Direction NONE = (output, isSending) -> {
        if (isSending) {
            throw new IOException("only the running agent sends on a line with rs485");
        }
    };

    /**
     * Done when it returns, in well under a millisecond.
     *
     * @param output as the line's settings name it
     * @param isSending whether the transceiver drives the wires; else it only listens
     * @throws IOException when the box has no such output
     */
    void turn(String output, boolean isSending) throws IOException;
}
