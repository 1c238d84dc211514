package org.wasla.gateway.hospital;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.render.Pcd;

/**
 * One message to a receiver and the records of one stream that it settles. Immutable.
 *
 * @param from the first number settled by it
 * @param to the last
 * @param missing numbers between them that the buffer does not hold any more
 * @param unrendered how many of the records could not be rendered
 * @param message null when there is nothing to be sent
 */
record Letter(
        String device,
        String kind,
        long from,
        long to,
        List<Span> missing,
        int unrendered,
        Pcd.@Nullable Message message) {

    /** Numbers, both included. */
    record Span(long from, long to) {}

    /** Numbers alone: what is in it may be a patient's. */
    @Override
    public String toString() {
        return device + "." + kind + " " + from + "-" + to;
    }
}
