package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A buffer in memory keeps what nobody acknowledges, and never says of anything that it is safe. */
class OutboxMemoryTest {
    @TempDir
    Path dir;

    private Outbox open() throws IOException {
        return Outbox.open(new OutboxSettings(dir, 4L << 20, 0, null, false), Gaps::event);
    }

    @Test
    void whatStreamsIsKeptAndWhatIsConfirmedIsRefused() throws Exception {
        String epoch;
        try (Outbox outbox = open()) {
            epoch = outbox.epoch();
            assertThrows(IOException.class, () -> outbox.append(List.of(Drafts.obs("lab"))));
            assertThrows(IOException.class, outbox::requireDurable);
            outbox.keep(List.of(Drafts.alarm("oxi")));
            outbox.offer(List.of(Drafts.obs("oxi")));
            outbox.flush();
            assertEquals(List.of(1L), Drafts.numbers(Drafts.all(outbox, Urgency.ALARM), "oxi"));
            assertEquals(1, outbox.status().refused());
        }
        // The folder outlives the agent: its numbers go on.
        try (Outbox outbox = open()) {
            assertEquals(epoch, outbox.epoch());
            outbox.keep(List.of(Drafts.obs("oxi")));
            assertEquals(List.of(1L, 2L), Drafts.numbers(Drafts.all(outbox, Urgency.OBSERVATION), "oxi"));
            assertEquals(List.of(), Drafts.numbers(Drafts.all(outbox, Urgency.OBSERVATION), "lab"));
        }
    }
}
