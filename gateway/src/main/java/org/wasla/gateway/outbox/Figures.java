package org.wasla.gateway.outbox;

import java.io.IOException;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts a stopped buffer by its journal and its summaries; reads few blocks. One thread; used once. */
final class Figures {

    private final BufferDir dir;
    private final OutboxSettings settings;
    private final Store store;
    private final Map<Urgency, Entry> oldest = new EnumMap<>(Urgency.class);
    private long stored;
    private long loose;
    private @Nullable String fault;

    Figures(BufferDir dir, OutboxSettings settings) {
        this.dir = dir;
        this.settings = settings;
        this.store = new Store(dir, "00000000", settings);
    }

    Stopped read(long nowMs) throws IOException {
        JournalReader reader = new JournalReader(dir);
        Progress progress = reader.replay(entry -> {}).progress();
        openStore();
        long boot = reader.replay(entry -> journal(entry, progress)).boot();
        Map<Urgency, OutboxStatus.LaneStatus> lanes = new EnumMap<>(Urgency.class);
        progress.waiting().forEach((urgency, waiting) -> {
            lookInStore(urgency, progress);
            Entry first = waiting.entries() == 0 ? null : oldest.get(urgency);
            long ageMs = first == null ? -1 : Math.max(0, nowMs - first.timeMs());
            lanes.put(urgency, new OutboxStatus.LaneStatus(waiting.entries(), waiting.bytes(), ageMs));
        });
        store.all().forEach(Generation::closeReader);
        return new Stopped(
                reader.isEmpty() ? null : reader.epoch(),
                boot,
                lanes,
                Math.max(0, stored + loose - progress.waitingInAll().entries()),
                dir.bytesOnDisk(),
                settings.maxBytes(),
                dir.quarantines(),
                fault);
    }

    private void openStore() throws IOException {
        for (Series series : Series.values()) {
            for (int number : dir.generations(series)) {
                String name = BufferDir.generationName(series, number) + BufferDir.STORE_SUFFIX;
                if (!dir.has(name)) {
                    fault = "the store file " + name + " is gone";
                } else if (dir.bytes(name) > Generation.HEADS_BYTES) {
                    open(series, number, name);
                }
            }
        }
    }

    private void open(Series series, int number, String name) throws IOException {
        try {
            Generation finished = Generation.bySummary(dir, series, number, "00000000");
            Generation file = finished == null ? Generation.look(dir, series, number) : finished;
            store.adopt(file);
            stored += file.contents().amount().entries();
        } catch (SQLException | RuntimeException e) {
            if (!Cause.isHalfMade(e)) {
                fault = "the store file " + name + " cannot be read: " + Cause.text(e);
            }
        }
    }

    private void journal(Entry entry, Progress progress) {
        if (entry.position() > store.last(entry.urgency())) {
            loose++;
            if (!progress.isPublished(entry.urgency(), entry.position())) {
                oldest.putIfAbsent(entry.urgency(), entry);
            }
        }
    }

    /** What lies in the store is older than what only the journal has. */
    private void lookInStore(Urgency urgency, Progress progress) {
        long after = progress.firstUnpublished(urgency, 0) - 1;
        try {
            while (true) {
                List<Entry> found = store.after(urgency, after, Long.MAX_VALUE, 1);
                if (found.isEmpty()) {
                    return;
                }
                long position = found.get(0).position();
                if (!progress.isPublished(urgency, position)) {
                    oldest.put(urgency, found.get(0));
                    return;
                }
                after = progress.firstUnpublished(urgency, position) - 1;
            }
        } catch (IOException e) {
            fault = e.getMessage();
        }
    }
}
