package org.wasla.gateway.uplink;

import java.io.IOException;
import java.util.List;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.Urgency;

/** What the feed asks of the outbox, so that its order can be tested without a disk. */
interface Source {

    /** A position beyond which there is nothing durable of this urgency. */
    long position(Urgency urgency);

    /** Unpublished entries of one urgency after a position, in order, at most {@code max}. */
    List<Entry> next(Urgency urgency, long afterPosition, int max) throws IOException;

    /** Every entry up to here is late; rises with time. */
    long lateThrough();

    static Source of(Outbox outbox) {
        return new Source() {
            @Override
            public long position(Urgency urgency) {
                return outbox.position(urgency);
            }

            @Override
            public List<Entry> next(Urgency urgency, long afterPosition, int max) throws IOException {
                return outbox.next(urgency, afterPosition, max);
            }

            @Override
            public long lateThrough() {
                return outbox.lateThrough();
            }
        };
    }
}
