package org.wasla.gateway.outbox;

import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Which positions and which numbers are still there: what is neither here nor published is lost. One thread. */
final class Coverage {

    private final Map<Urgency, Spans> positions = new EnumMap<>(Urgency.class);
    private final Map<Stream, Spans> numbers = new HashMap<>();

    /** What the store holds; of files that are still open every block is looked at. */
    static Coverage of(Store store) throws IOException {
        return of(store, Set.of());
    }

    /** The same; of these files too every block is looked at. */
    static Coverage of(Store store, Set<String> closely) throws IOException {
        Coverage coverage = new Coverage();
        for (Generation generation : store.all()) {
            if (generation.isFinished() && !closely.contains(generation.name())) {
                coverage.add(generation.contents());
            } else {
                for (Generation.Place place : store.places(generation)) {
                    coverage.add(place);
                }
            }
        }
        return coverage;
    }

    private void add(Contents contents) {
        for (Urgency urgency : Urgency.values()) {
            Contents.Part part = contents.part(urgency);
            if (part != null) {
                of(urgency).add(part.after() + 1, part.last());
            }
        }
        contents.streams().forEach((stream, range) -> of(stream).add(range.from(), range.to()));
    }

    private void add(Generation.Place place) {
        of(place.urgency()).add(place.after() + 1, place.last());
        place.ranges().forEach((stream, range) -> of(stream).add(range.from(), range.to()));
    }

    void add(Entry entry) {
        of(entry.urgency()).add(entry.after() + 1, entry.position());
        of(entry.stream()).add(entry.seq(), entry.seq());
    }

    boolean holds(Entry entry) {
        return of(entry.urgency()).contains(entry.position());
    }

    Spans of(Urgency urgency) {
        return positions.computeIfAbsent(urgency, u -> new Spans());
    }

    Spans of(Stream stream) {
        return numbers.computeIfAbsent(stream, s -> new Spans());
    }
}
