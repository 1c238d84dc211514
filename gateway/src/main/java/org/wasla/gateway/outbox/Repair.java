package org.wasla.gateway.outbox;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a store file that cannot be read: sets it aside, and puts what can be saved into a fresh file of the same
 * number, so that the order of the entries stays. One thread.
 */
final class Repair {

    private static final Logger LOG = LoggerFactory.getLogger(Repair.class);
    private static final long TRANSACTION_ENTRIES = 2_000;

    private final BufferDir dir;
    private final Store store;
    private final String epoch;

    Repair(BufferDir dir, Store store, String epoch) {
        this.dir = dir;
        this.store = store;
        this.epoch = epoch;
    }

    /** The fresh file, in the store and still open for writing. */
    Generation replace(Series series, int number, Throwable why) throws IOException, SQLException {
        String name = BufferDir.generationName(series, number);
        String file = name + BufferDir.STORE_SUFFIX;
        Path aside = dir.setAside(List.of(file, name + BufferDir.SUMMARY_SUFFIX), Instant.now());
        LOG.error(
                "buffer file damaged, set aside file={} to={} cause=\"{}\"; what can be saved goes on, keep the old",
                file,
                aside.getFileName(),
                Cause.text(why));
        Generation fresh = Generation.open(dir, series, number, epoch);
        dir.force();
        store.adopt(fresh);
        if (java.nio.file.Files.exists(aside.resolve(file))) {
            salvage(aside.resolve(file), fresh);
        }
        return fresh;
    }

    private void salvage(Path file, Generation fresh) throws IOException, SQLException {
        Map<Urgency, Spans> saved = new EnumMap<>(Urgency.class);
        List<List<Entry>> blocks = new ArrayList<>();
        List<SQLException> failed = new ArrayList<>();
        long[] entries = new long[1];
        Salvage.blocks(file, found -> {
            Urgency urgency = found.get(0).urgency();
            Contents.Part part = Contents.Part.of(found);
            Spans known = saved.computeIfAbsent(urgency, u -> new Spans());
            if (!failed.isEmpty() || known.contains(part.last())) {
                return;
            }
            known.add(part.after() + 1, part.last());
            entries[0] += found.size();
            blocks.add(found);
            if (blocks.stream().mapToLong(List::size).sum() > TRANSACTION_ENTRIES) {
                add(fresh, blocks, failed);
            }
        });
        add(fresh, blocks, failed);
        if (!failed.isEmpty()) {
            throw failed.get(0);
        }
        fresh.sync();
        LOG.warn("buffer salvaged entries={} from={}", entries[0], file.getFileName());
    }

    private static void add(Generation fresh, List<List<Entry>> blocks, List<SQLException> failed) {
        try {
            fresh.add(blocks);
        } catch (SQLException e) {
            failed.add(e);
        }
        blocks.clear();
    }

    /** Entries of the journal that the store should hold and does not: each goes into the file where its order is. */
    void fill(List<Entry> entries) throws SQLException, IOException {
        Map<Generation, List<Entry>> byFile = new LinkedHashMap<>();
        for (Entry entry : entries) {
            byFile.computeIfAbsent(store.home(entry), file -> new ArrayList<>()).add(entry);
        }
        for (Map.Entry<Generation, List<Entry>> each : byFile.entrySet()) {
            Generation home = each.getKey();
            Generation open = home.isFinished() ? reopened(home) : home;
            open.add(runs(open.series(), each.getValue(), store.blockBytes()));
            open.sync();
            if (home.isFinished()) {
                store.finish(open);
            }
        }
    }

    private Generation reopened(Generation home) throws SQLException, IOException {
        try {
            return store.reopen(home);
        } catch (SQLException | RuntimeException e) {
            if (Cause.isNoSpace(e)) {
                throw e;
            }
            return replace(home.series(), home.number(), e);
        }
    }

    /** A block covers all between its first and its last: what is not next to each other lies apart. */
    private static List<List<Entry>> runs(Series series, List<Entry> entries, long blockBytes) {
        List<List<Entry>> runs = new ArrayList<>();
        for (Urgency urgency : series.urgencies()) {
            List<Entry> own =
                    entries.stream().filter(entry -> entry.urgency() == urgency).toList();
            int start = 0;
            for (int i = 1; i <= own.size(); i++) {
                if (i == own.size() || own.get(i).after() != own.get(i - 1).position()) {
                    runs.addAll(Block.runs(own.subList(start, i), blockBytes));
                    start = i;
                }
            }
        }
        return runs;
    }
}
