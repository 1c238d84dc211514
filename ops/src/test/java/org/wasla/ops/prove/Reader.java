package org.wasla.ops.prove;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.Urgency;

/** Opens a buffer after a crash, and shows the judge all that waits in it. */
final class Reader {
    private static final int BATCH = 1_000;

    private Reader() {}

    /**
     * What opening took, in ms, and how many stores were set aside.
     *
     * @param openMs -1 when it did not open
     */
    record Opened(long openMs, int quarantined) {}

    /**
     * @param gateway whose buffer it is
     * @param publishes whether all that was read counts as delivered afterwards
     */
    static Opened read(String gateway, Path dir, Judge judge, boolean publishes) {
        long startNs = System.nanoTime();
        try (Outbox outbox = Outbox.open(Appender.settings(dir), Gaps.by(gateway))) {
            final long openMs = (System.nanoTime() - startNs) / 1_000_000L;
            List<byte[]> payloads = new ArrayList<>();
            for (Urgency urgency : Urgency.values()) {
                List<Entry> entries = all(outbox, urgency);
                entries.forEach(entry -> payloads.add(entry.payload()));
                if (publishes) {
                    outbox.published(entries);
                }
            }
            judge.stored(payloads);
            return new Opened(openMs, outbox.status().quarantined());
        } catch (IOException cannotOpen) {
            judge.fault("the buffer does not open: " + cannotOpen.getMessage());
            return new Opened(-1, 0);
        }
    }

    private static List<Entry> all(Outbox outbox, Urgency urgency) throws IOException {
        List<Entry> all = new ArrayList<>();
        List<Entry> some = outbox.next(urgency, 0, BATCH);
        while (!some.isEmpty()) {
            all.addAll(some);
            some = outbox.next(urgency, some.get(some.size() - 1).position(), BATCH);
        }
        return all;
    }
}
