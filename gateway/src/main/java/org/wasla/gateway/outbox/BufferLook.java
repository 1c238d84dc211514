package org.wasla.gateway.outbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A buffer that no agent runs on, looked at and never changed: no repair, no new epoch, no file made. No agent starts on
 * it meanwhile. One thread.
 */
public final class BufferLook implements AutoCloseable {

    private final BufferDir dir;
    private final OutboxSettings settings;

    /** Takes entries one after the other. */
    @FunctionalInterface
    public interface Sink {
        void entry(Entry entry) throws IOException;
    }

    /**
     * Which entries are wanted. Immutable.
     *
     * @param stream {@code device.kind}, or null for all
     * @param unpublishedOnly whether those that the platform has are left out
     */
    public record Wanted(@Nullable String stream, boolean unpublishedOnly) {}

    private BufferLook(BufferDir dir, OutboxSettings settings) {
        this.dir = dir;
        this.settings = settings;
    }

    /**
     * @throws InUseException while an agent runs on it
     * @throws IOException when there is none, or it cannot be read
     */
    public static BufferLook open(OutboxSettings settings) throws IOException {
        return new BufferLook(BufferDir.look(settings.dir(), settings.safe("buffer")), settings);
    }

    /** The buffer in figures; quick. */
    public Stopped figures() throws IOException {
        return cautiously(() -> new Figures(dir, settings).read(System.currentTimeMillis()));
    }

    /**
     * Reads every byte that counts and compares.
     *
     * @param watch is told of each block of the store that was read: its file and its length in bytes
     */
    public Verification verify(GapReader gaps, ObjLongConsumer<String> watch) throws IOException {
        return cautiously(() -> {
            List<Finding> findings = new ArrayList<>();
            Look look = new Look(gaps, watch, findings::add);
            List<String> notes = new ArrayList<>();
            if (!look.reader.isEmpty()) {
                findings.addAll(Shortfall.of(look.book, look.found, notes));
            } else if (look.found.entries() > 0) {
                findings.add(new Finding(
                        BufferDir.journalName(0),
                        "there is no journal: nobody knows which numbers were given",
                        "put it back; otherwise the agent goes on under a new epoch, with numbers from 1"));
            }
            int aside = dir.quarantines();
            if (aside > 0) {
                notes.add(aside + " quarantine directories hold files that were set aside and told; delete them when"
                        + " nobody needs them any more");
            }
            return new Verification(
                    findings,
                    notes,
                    look.reader.heads().size(),
                    look.store.files(),
                    look.store.blocks(),
                    look.found.entries(),
                    look.found.unpublished(),
                    look.found.payloadBytes(),
                    look.found.streams().size());
        });
    }

    /**
     * Gives every entry that is held, in order of position, each once; what is damaged is passed over and found.
     *
     * @return how many were given
     */
    public long export(Wanted wanted, GapReader gaps, Sink sink, Consumer<Finding> findings) throws IOException {
        return cautiously(() -> {
            Look look = new Look(gaps, (file, bytes) -> {}, findings);
            Predicate<Entry> isWanted = entry ->
                    (wanted.stream() == null || entry.stream().toString().equals(wanted.stream()))
                            && !(wanted.unpublishedOnly()
                                    && look.book.progress().isPublished(entry.urgency(), entry.position()));
            return new Export(look.found.runs())
                    .to(
                            sink,
                            isWanted,
                            fault -> findings.accept(new Finding(
                                    "buffer", "a block cannot be read again: " + fault.getMessage(), "try again")));
        });
    }

    /** Everything that is there: first the store, then what only the journal has. */
    private final class Look {
        private final JournalReader reader = new JournalReader(dir);
        private final Book book = reader.replay(entry -> {});
        private final Inventory found;
        private final StoreCheck store;

        Look(GapReader gaps, ObjLongConsumer<String> watch, Consumer<Finding> findings) throws IOException {
            found = new Inventory(book.progress(), gaps);
            new JournalCheck(dir, reader, settings.segmentBytes(), findings).check();
            store = new StoreCheck(dir, reader.isEmpty() ? "" : reader.epoch(), found, findings, watch);
            store.check();
            reader.replay(entry -> {
                if (!found.holds(entry)) {
                    found.add(List.of(entry), true);
                    found.place(new Run.Loose(entry));
                }
            });
        }
    }

    /** Work on files that may hold anything. */
    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T cautiously(Work<T> work) throws IOException {
        try {
            return work.run();
        } catch (RuntimeException e) {
            throw new IOException("the buffer in " + dir.path() + " cannot be read: " + Cause.text(e), e);
        }
    }

    public Path path() {
        return dir.path();
    }

    @Override
    public void close() throws IOException {
        dir.close();
    }
}
