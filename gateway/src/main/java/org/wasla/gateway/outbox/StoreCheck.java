package org.wasla.gateway.outbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads every block of the store into an inventory, without changing a file. Of a file that is not as it was written
 * every whole block is searched for in its bytes. One thread.
 */
final class StoreCheck {

    private static final String START =
            "copy the directory away, then start the agent: it sets the file aside, keeps every whole block,"
                    + " fills in what the journal has and tells the rest by gap events";

    private final BufferDir dir;
    private final String epoch;
    private final Inventory inventory;
    private final Consumer<Finding> findings;
    private final ObjLongConsumer<String> watch;
    private int files;
    private long blocks;

    /** @param watch is told of each block: its file and its bytes */
    StoreCheck(
            BufferDir dir,
            String epoch,
            Inventory inventory,
            Consumer<Finding> findings,
            ObjLongConsumer<String> watch) {
        this.dir = dir;
        this.epoch = epoch;
        this.inventory = inventory;
        this.findings = findings;
        this.watch = watch;
    }

    int files() {
        return files;
    }

    long blocks() {
        return blocks;
    }

    void check() throws IOException {
        for (Series series : Series.values()) {
            for (int number : dir.generations(series)) {
                check(series, number);
            }
        }
    }

    private void check(Series series, int number) throws IOException {
        String name = BufferDir.generationName(series, number);
        Path file = dir.path().resolve(name + BufferDir.STORE_SUFFIX);
        boolean isFinished = dir.has(name + BufferDir.SUMMARY_SUFFIX);
        Generation summary = Generation.bySummary(dir, series, number, epoch);
        if (isFinished && summary == null) {
            findings.accept(new Finding(
                    name + BufferDir.SUMMARY_SUFFIX,
                    "the summary is damaged",
                    "start the agent: it makes a summary anew from the file"));
        }
        if (!Files.exists(file)) {
            String held = summary == null
                    ? ""
                    : " with " + summary.contents().amount().entries() + " entries";
            findings.accept(
                    new Finding(name + BufferDir.STORE_SUFFIX, "the file is gone" + held, "put it back, or " + START));
            return;
        }
        files++;
        String fault = Files.size(file) <= Generation.HEADS_BYTES && !isFinished
                ? null
                : look(series, number, summary == null ? null : summary.contents());
        if (fault != null) {
            findings.accept(new Finding(name + BufferDir.STORE_SUFFIX, fault, START));
            salvage(file);
        }
    }

    /** What is wrong with the file, null for nothing. */
    private @Nullable String look(Series series, int number, @Nullable Contents summary) throws IOException {
        Generation file = null;
        try {
            file = Generation.look(dir, series, number);
            String fault = blocks(file);
            return fault != null || summary == null ? fault : difference(summary, file.contents());
        } catch (SQLException e) {
            if (Cause.isHalfMade(e) && summary == null) {
                salvage(dir.path().resolve(BufferDir.generationName(series, number) + BufferDir.STORE_SUFFIX));
                return null;
            }
            return "the file cannot be read: " + Cause.text(e);
        } catch (RuntimeException e) {
            return "the file cannot be read: " + Cause.text(e);
        } finally {
            if (file != null) {
                file.abandon();
            }
        }
    }

    private @Nullable String blocks(Generation file) throws SQLException {
        List<Run> runs = new ArrayList<>();
        int bad = 0;
        String first = "";
        List<Generation.Place> places = file.places();
        for (Generation.Place place : places) {
            try {
                byte[] bytes = file.bytes(place.urgency(), place.first());
                watch.accept(file.name(), bytes.length);
                List<Entry> entries = file.decode(bytes);
                whole(place, entries);
                blocks++;
                inventory.add(entries, Block.epochOf(bytes).equals(epoch));
                runs.add(new Run.Row(file, place.urgency(), place.first()));
            } catch (SQLException | IOException | RuntimeException e) {
                first = bad++ == 0 ? Cause.text(e) : first;
            }
        }
        if (bad > 0) {
            return bad + " of " + places.size() + " blocks are not as they were written; the first: " + first;
        }
        runs.forEach(inventory::place);
        return null;
    }

    /** The row and the block must tell the same, and the entries must follow each other. */
    private static void whole(Generation.Place place, List<Entry> entries) throws IOException {
        long before = place.after();
        for (Entry entry : entries) {
            if (entry.urgency() != place.urgency() || entry.after() != before || entry.position() <= before) {
                throw new IOException("positions do not follow each other after " + before);
            }
            before = entry.position();
        }
        if (entries.isEmpty()
                || !Contents.Part.of(entries)
                        .equals(new Contents.Part(place.after(), place.first(), place.last(), place.amount()))
                || !Contents.ranges(entries).equals(place.ranges())) {
            throw new IOException("a block and its row do not tell the same");
        }
    }

    private static @Nullable String difference(Contents summary, Contents found) {
        for (Urgency urgency : Urgency.values()) {
            if (!Objects.equals(summary.part(urgency), found.part(urgency))) {
                return "it held " + summary.amount().entries() + " entries when it was finished and holds "
                        + found.amount().entries() + ", or others";
            }
        }
        return summary.streams().equals(found.streams()) ? null : "its summary names other streams or numbers";
    }

    private void salvage(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        Salvage.places(file, dir.safe(), (at, length, entries) -> {
            Run.Raw run = new Run.Raw(
                    file, at, length, entries.get(0).urgency(), entries.get(0).position(), dir.safe());
            watch.accept(name, length);
            inventory.add(entries, isOurs(run));
            inventory.place(run);
        });
    }

    private boolean isOurs(Run.Raw run) {
        try {
            return run.epoch().equals(epoch);
        } catch (IOException e) {
            return false;
        }
    }
}
