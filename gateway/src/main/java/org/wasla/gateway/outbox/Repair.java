package org.wasla.gateway.outbox;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a store file that cannot be read: puts what can be saved into a fresh file of the same number, so that the
 * order of the entries stays, and sets the old one aside. Whatever fails, and whenever the power goes, nothing that can
 * be read is lost: the old file leaves its place only when the fresh one is whole. One thread.
 */
final class Repair {

    private static final Logger LOG = LoggerFactory.getLogger(Repair.class);
    private static final long TRANSACTION_ENTRIES = 2_000;

    /** Entries of the journal that the store should hold and does not. */
    @FunctionalInterface
    interface Holes {
        List<Entry> find() throws SQLException, IOException;
    }

    private final BufferDir dir;
    private final Store store;
    private final String epoch;
    private int replaced;

    Repair(BufferDir dir, Store store, String epoch) {
        this.dir = dir;
        this.store = store;
        this.epoch = epoch;
    }

    /** How many files have been set aside. */
    int replaced() {
        return replaced;
    }

    /**
     * Puts the fresh file into the store, still open for writing; what the old one should have held is remembered among
     * the suspects. When it throws the old one is still there, and it can be tried again. Nobody reads meanwhile.
     */
    void replace(Series series, int number, Throwable why) throws IOException, SQLException {
        String name = BufferDir.generationName(series, number);
        String file = name + BufferDir.STORE_SUFFIX;
        Generation known = store.find(series, number);
        if (known != null) {
            known.abandon();
        }
        if (dir.has(file)) {
            draft(series, number, file);
            // The summary first: beside another file it would say that that one holds what the old one did.
            Path aside = dir.setAside(List.of(name + BufferDir.SUMMARY_SUFFIX, file), Instant.now());
            replaced++;
            LOG.error(
                    "buffer file damaged, set aside file={} to={} cause=\"{}\"; what can be saved goes on, keep the old",
                    file,
                    aside.getFileName(),
                    Cause.text(why));
        }
        if (!dir.has(file)) {
            dir.settleDrafts();
        }
        Generation fresh = Generation.open(dir, series, number, epoch);
        if (known != null) {
            store.suspects().replaced(known);
        }
        store.adopt(fresh);
    }

    private void draft(Series series, int number, String file) throws IOException, SQLException {
        Generation draft = Generation.draft(dir, series, number, epoch);
        boolean isWhole = false;
        try {
            salvage(dir.path().resolve(file), draft);
            draft.close();
            isWhole = true;
        } finally {
            if (!isWhole) {
                draft.abandon();
                dir.delete(draft.name() + BufferDir.STORE_SUFFIX);
            }
        }
    }

    private void salvage(Path file, Generation fresh) throws IOException, SQLException {
        Map<Urgency, Spans> saved = new EnumMap<>(Urgency.class);
        List<List<Entry>> blocks = new ArrayList<>();
        List<SQLException> failed = new ArrayList<>();
        long[] entries = new long[1];
        Salvage.blocks(file, dir.safe(), found -> {
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

    /**
     * Puts entries that only the journal has into the files where their order is, and leaves those open. A file that
     * proves damaged on the way is replaced, and then more is missing: it ends when nothing is.
     */
    void fill(Holes holes) throws SQLException, IOException {
        Set<Long> tried = new HashSet<>();
        List<Entry> found = holes.find();
        while (!found.isEmpty()) {
            boolean isNew = false;
            for (Entry entry : found) {
                isNew |= tried.add(entry.position());
            }
            if (!isNew) {
                LOG.error("buffer does not hold what was put back into it entries={}", found.size());
                return;
            }
            fill(found);
            found = holes.find();
        }
    }

    private void fill(List<Entry> entries) throws SQLException, IOException {
        Map<Generation, List<Entry>> byFile = new LinkedHashMap<>();
        for (Entry entry : entries) {
            byFile.computeIfAbsent(store.home(entry), file -> new ArrayList<>()).add(entry);
        }
        for (Map.Entry<Generation, List<Entry>> each : byFile.entrySet()) {
            Generation home = each.getKey();
            Generation open = home.isFinished() ? reopened(home) : home;
            open.add(runs(open.series(), each.getValue(), store.blockBytes()));
            open.sync();
        }
    }

    private Generation reopened(Generation home) throws SQLException, IOException {
        try {
            Generation open = store.reopen(home);
            if (open.contents().amount().entries() < home.contents().amount().entries()) {
                store.suspects().replaced(home);
            }
            return open;
        } catch (SQLException | RuntimeException e) {
            if (Cause.isNoSpace(e)) {
                throw e;
            }
            replace(home.series(), home.number(), e);
            return Objects.requireNonNull(store.find(home.series(), home.number()));
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
