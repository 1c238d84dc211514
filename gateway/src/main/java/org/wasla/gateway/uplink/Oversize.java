package org.wasla.gateway.uplink;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.GapEvents;
import org.wasla.gateway.outbox.Outbox;

/**
 * What is larger than the broker takes on one connection: given up and told by a gap event, or it would hold up
 * everything behind it for ever. One thread.
 */
final class Oversize {

    private static final Logger LOG = LoggerFactory.getLogger(Oversize.class);
    /** A broker that takes no more than this does not take the gap event either, and giving up would have no end. */
    private static final int SMALL_BYTES = 1 << 10;

    private final Outbox outbox;
    private final Gauges gauges;
    private final long packetBytesMax;

    Oversize(Outbox outbox, Gauges gauges, long packetBytesMax) {
        this.outbox = outbox;
        this.gauges = gauges;
        this.packetBytesMax = packetBytesMax;
    }

    /** False when it is no larger than what must get through: then the broker's limit is at fault. */
    boolean giveUp(Parcel parcel) throws IOException {
        Entry entry = parcel.first();
        if (parcel.entries().size() > 1 || entry.payload().length <= SMALL_BYTES) {
            return false;
        }
        outbox.giveUp(entry, GapEvents.REFUSED);
        gauges.failed(Reason.text(Reason.PACKET_TOO_LARGE) + "; " + entry.device() + "." + entry.kind() + " "
                + entry.seq() + " was given up");
        long times = gauges.givenUp();
        if (Long.bitCount(times) == 1) {
            LOG.error(
                    "uplink gives up a record that the broker does not take record={} bytes={} broker_takes={} times={};"
                            + " it stays in the buffer for replay; raise the broker's maximum packet size",
                    entry,
                    entry.payload().length,
                    packetBytesMax,
                    times);
        }
        return true;
    }
}
