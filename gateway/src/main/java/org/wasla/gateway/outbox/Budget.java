package org.wasla.gateway.outbox;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.outbox.Spans.Span;

/**
 * Keeps all files of the buffer within their budget, by whole files of the store: first the oldest that is published
 * altogether, then unpublished waves, the oldest first, then unpublished observations; results and alarms never. What
 * goes is told before it goes. The store's thread.
 */
final class Budget {

    private static final Logger LOG = LoggerFactory.getLogger(Budget.class);

    private final BufferDir dir;
    private final OutboxSettings settings;
    private final Store store;
    private final Progress progress;
    private final Committer committer;
    private final GapEvents events;
    private int drops;
    private final AtomicLong givenUp = new AtomicLong();

    Budget(BufferDir dir, OutboxSettings settings, Opened opened, Committer committer, GapEvents events) {
        this.dir = dir;
        this.settings = settings;
        this.store = opened.store();
        this.progress = opened.book().progress();
        this.committer = committer;
        this.events = events;
    }

    /** Makes room until there is enough, or nothing can go any more: then new records are refused. */
    void keep() throws SQLException, IOException {
        while (isOver()) {
            if (!makeRoom()) {
                if (!committer.isFull()) {
                    LOG.error(
                            "buffer full, records are refused bytes={} max={}", dir.bytesOnDisk(), settings.maxBytes());
                }
                committer.full(true);
                return;
            }
        }
        if (committer.isFull()) {
            LOG.warn("buffer has room again");
            committer.full(false);
        }
    }

    /** While the store cannot write: what needs no writing to it. */
    void keepQuietly() {
        try {
            keep();
        } catch (SQLException | IOException e) {
            LOG.warn("buffer cannot make room error=\"{}\"", Cause.text(e));
        }
    }

    private boolean isOver() {
        long margin = 2 * settings.moveBytes();
        return dir.bytesOnDisk() > settings.maxBytes() - margin || dir.usableBytes() < 2 * margin;
    }

    private boolean makeRoom() throws SQLException, IOException {
        List<Generation> all = new ArrayList<>(store.all());
        all.sort(Comparator.comparingLong(generation -> generation.contents().last()));
        for (Generation generation : all) {
            if (isPublished(generation) && !generation.contents().isEmpty()) {
                return forget(generation);
            }
        }
        for (Series series : List.of(Series.WAVES, Series.RECORDS)) {
            for (Generation generation : store.all(series)) {
                if (mayGo(generation)) {
                    return drop(generation);
                }
            }
        }
        return false;
    }

    private boolean isPublished(Generation generation) {
        for (Urgency urgency : Urgency.values()) {
            Contents.Part part = generation.contents().part(urgency);
            if (part != null && !progress.isPublished(urgency, part.after() + 1, part.last())) {
                return false;
            }
        }
        return true;
    }

    /** Whether it holds anything that may go when it must. */
    private static boolean mayGo(Generation generation) {
        for (Urgency urgency : Urgency.values()) {
            if (urgency.mayGo() && generation.contents().part(urgency) != null) {
                return true;
            }
        }
        return false;
    }

    /** How many unpublished records went for room since the start; gap events name them. Thread-safe. */
    long givenUp() {
        return givenUp.get();
    }

    private boolean forget(Generation generation) throws SQLException, IOException {
        Generation finished = finished(generation);
        committer.give(Loss.forgotten(finished.contents()));
        LOG.debug("buffer forgets published file={}", finished.name());
        store.delete(finished);
        return true;
    }

    private Generation finished(Generation generation) throws SQLException, IOException {
        if (generation.isFinished()) {
            return generation;
        }
        store.finish(generation);
        return Objects.requireNonNull(store.find(generation.series(), generation.number()));
    }

    /** Gives up what may go of a file, after that has been told, and keeps what may not. */
    private boolean drop(Generation generation) throws SQLException, IOException {
        Generation finished = finished(generation);
        Map<Urgency, List<Span>> spans = new EnumMap<>(Urgency.class);
        Map<Urgency, Amount> amounts = new EnumMap<>(Urgency.class);
        Map<Stream, Spans> numbers = new HashMap<>();
        for (Urgency urgency : Urgency.values()) {
            Contents.Part part = finished.contents().part(urgency);
            if (part != null && urgency.mayGo()) {
                amounts.put(
                        urgency,
                        Waiting.count(
                                store,
                                finished,
                                progress,
                                urgency,
                                (stream, range) -> numbers.computeIfAbsent(stream, s -> new Spans())
                                        .add(range.from(), range.to())));
                spans.put(urgency, List.of(new Span(part.after() + 1, part.last())));
            }
        }
        carry(finished);
        Loss loss = new Loss(spans, amounts, Loss.forgotten(finished.contents()).forgotten(), gaps(numbers));
        committer.give(loss);
        givenUp.addAndGet(amounts.values().stream().mapToLong(Amount::entries).sum());
        drops++;
        if (Integer.bitCount(drops) == 1) {
            LOG.error(
                    "buffer over its budget, unpublished records given up file={} gaps={} times={}",
                    finished.name(),
                    loss.gaps().size(),
                    drops);
        }
        store.delete(finished);
        return true;
    }

    private List<Draft> gaps(Map<Stream, Spans> numbers) {
        List<Draft> gaps = new ArrayList<>();
        numbers.forEach((stream, spans) -> {
            for (Span span : spans.list()) {
                gaps.add(events.gap(stream.device(), stream.kind(), span.from(), span.to(), GapEvents.QUOTA));
            }
        });
        return gaps;
    }

    /** Alarms and results that still wait go to the next file, before all that is there: their order stays. */
    private void carry(Generation from) throws SQLException, IOException {
        List<List<Entry>> blocks = new ArrayList<>();
        for (Urgency urgency : from.series().urgencies()) {
            Contents.Part part = from.contents().part(urgency);
            if (urgency.mayGo() || part == null || progress.isPublished(urgency, part.after() + 1, part.last())) {
                continue;
            }
            for (Generation.Place place : store.places(from)) {
                if (place.urgency() == urgency && !progress.isPublished(urgency, place.after() + 1, place.last())) {
                    blocks.add(store.read(from, place));
                }
            }
        }
        if (!blocks.isEmpty()) {
            Generation next = next(from);
            next.add(blocks);
            next.sync();
            if (!next.equals(store.current(from.series()))) {
                store.finish(next);
            }
        }
    }

    private Generation next(Generation from) throws SQLException, IOException {
        for (Generation generation : store.all(from.series())) {
            if (generation.number() > from.number()) {
                return generation.isFinished() ? store.reopen(generation) : generation;
            }
        }
        return store.begin(from.series());
    }

    /** What a damaged file held and nothing else has any more. */
    void tellDamage(Generation damaged, Coverage there, GapEvents gapEvents) throws IOException {
        Map<Urgency, List<Span>> spans = new EnumMap<>(Urgency.class);
        for (Urgency urgency : Urgency.values()) {
            Contents.Part part = damaged.contents().part(urgency);
            if (part != null) {
                List<Span> lost = new ArrayList<>();
                for (Span span : progress.unpublished(urgency, part.after() + 1, part.last())) {
                    lost.addAll(there.of(urgency).missing(span.from(), span.to()));
                }
                spans.put(urgency, lost);
            }
        }
        if (spans.values().stream().allMatch(List::isEmpty)) {
            return;
        }
        List<Draft> gaps = new ArrayList<>();
        damaged.contents().streams().forEach((stream, range) -> {
            for (Span lost : there.of(stream).missing(range.from(), range.to())) {
                gaps.add(gapEvents.gap(stream.device(), stream.kind(), lost.from(), lost.to(), GapEvents.DAMAGE));
            }
        });
        committer.give(new Loss(spans, Map.of(), Map.of(), gaps));
        for (Urgency urgency : spans.keySet()) {
            progress.recounted(urgency, Waiting.count(store, committer.tail(), progress, urgency));
        }
    }
}
