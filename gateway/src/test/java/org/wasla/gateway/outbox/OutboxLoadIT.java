package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices that offer as fast as they can, while entries move from journal to store and are read and published. */
class OutboxLoadIT {

    private static final int DEVICES = 8;
    private static final int RECORDS = 20_000;
    private static final Urgency[] KINDS = {Urgency.OBSERVATION, Urgency.WAVE};

    @TempDir
    Path dir;

    private static Draft draft(String device, Urgency urgency) {
        String kind = urgency == Urgency.WAVE ? "wav" : "obs";
        return new Draft(
                device,
                kind,
                urgency,
                1,
                (epoch, seq) -> (device + kind + seq + ",".repeat(450)).getBytes(StandardCharsets.UTF_8));
    }

    private static void offer(Outbox outbox, String device) {
        try {
            for (int i = 0; i < RECORDS; i++) {
                outbox.offer(List.of(draft(device, KINDS[i % 5 == 0 ? 1 : 0])));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads in order and publishes what it has read, until all there is has been read. */
    private static Map<String, Long> drain(Outbox outbox) throws Exception {
        Map<String, Long> last = new HashMap<>();
        Map<Urgency, Long> cursors = new HashMap<>();
        long read = 0;
        while (read < (long) DEVICES * RECORDS) {
            for (Urgency urgency : KINDS) {
                List<Entry> entries = outbox.next(urgency, cursors.getOrDefault(urgency, 0L), 200);
                for (Entry entry : entries) {
                    String stream = entry.device() + "." + entry.kind();
                    assertEquals(last.merge(stream, 1L, Long::sum), entry.seq(), stream);
                    cursors.put(urgency, entry.position());
                }
                outbox.published(entries);
                read += entries.size();
            }
            assertNull(outbox.status().lastError());
            outbox.awaitWork(outbox.position(), 1);
        }
        return last;
    }

    @Test
    void everyStreamIsWholeAndInOrderWhileEverythingMoves() throws Exception {
        try (Outbox outbox = Outbox.open(new OutboxSettings(dir, 64L << 20, 0), Gaps::event)) {
            List<Thread> devices = new ArrayList<>();
            for (int i = 0; i < DEVICES; i++) {
                String device = "d" + i;
                devices.add(new Thread(() -> offer(outbox, device)));
            }
            devices.forEach(Thread::start);
            drain(outbox);
            for (Thread device : devices) {
                device.join();
            }
            assertEquals(0, outbox.status().lost());
            assertEquals((long) DEVICES * RECORDS, outbox.status().published());
            assertEquals(0, outbox.status().waitingBytes());
        }
    }
}
