package org.wasla.gateway.ward;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.wasla.gateway.observation.RecordBody.Event.Range;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;

/**
 * Finds which numbers of a stream were read in a time, as far as the buffer still holds them. Times of a stream rise but
 * where the clock was set back; there the numbers are only near. One thread.
 */
final class Numbers {
    private final Outbox outbox;
    private final String device;
    private final String kind;

    Numbers(Outbox outbox, String device, String kind) {
        this.outbox = outbox;
        this.device = device;
        this.kind = kind;
    }

    /** @param toMs UTC, not included */
    Optional<Range> between(long fromMs, long toMs) throws IOException {
        List<Entry> oldest = from(1);
        if (oldest.isEmpty()) {
            return Optional.empty();
        }
        long least = oldest.get(0).seq();
        long first = firstAt(least, fromMs);
        long last = firstAt(first, toMs) - 1;
        return first <= last ? Optional.of(new Range(device + "." + kind, first, last)) : Optional.empty();
    }

    private List<Entry> from(long seq) throws IOException {
        return outbox.stream(device, kind, seq, Long.MAX_VALUE, 1);
    }

    /** The least number from {@code least} on behind which nothing is older; one behind the last where all is. */
    private long firstAt(long least, long timeMs) throws IOException {
        if (isAt(least, timeMs)) {
            return least;
        }
        long low = least;
        long step = 1;
        while (!isAt(low + step, timeMs)) {
            low += step;
            step *= 2;
        }
        long high = low + step;
        while (low + 1 < high) {
            long middle = low + (high - low) / 2;
            if (isAt(middle, timeMs)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }

    private boolean isAt(long seq, long timeMs) throws IOException {
        List<Entry> entry = from(seq);
        return entry.isEmpty() || entry.get(0).timeMs() >= timeMs;
    }
}
