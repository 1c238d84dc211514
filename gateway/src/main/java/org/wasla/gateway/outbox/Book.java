package org.wasla.gateway.outbox;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the buffer knows beside the entries: the newest number of every stream, the newest position, the lanes. Read
 * from the journal at the start and kept by the committer; one thread, but for {@link #progress}, {@link #stream} and
 * {@link #devices}.
 */
final class Book {

    private final long boot;
    private final Map<Stream, StreamState> streams;
    private final Progress progress;
    private long position;

    Book(JournalState state) {
        this.boot = state.boot();
        this.streams = new ConcurrentHashMap<>(state.streams());
        this.progress = new Progress(state.lanes());
        this.position = state.position();
    }

    /** What has become durable, or was read from the journal. Its lanes are taken as they are when {@code asRead}. */
    void apply(Change change, boolean asRead) {
        if (asRead) {
            progress.asRead(change.lanes());
        }
        change.streams()
                .forEach((stream, state) -> streams.merge(
                        stream, state, (old, more) -> old.withLast(more.last()).withForgotten(more.forgotten())));
        for (Entry entry : change.entries()) {
            streams.merge(entry.stream(), new StreamState(entry.seq(), 0), (old, more) -> old.withLast(more.last()));
            position = Math.max(position, entry.position());
        }
        progress.put(change.entries());
    }

    long boot() {
        return boot;
    }

    long position() {
        return position;
    }

    StreamState stream(Stream stream) {
        return streams.getOrDefault(stream, StreamState.NONE);
    }

    Map<Stream, StreamState> streams() {
        return streams;
    }

    SortedSet<String> devices(String kind) {
        SortedSet<String> devices = new TreeSet<>();
        for (Stream stream : streams.keySet()) {
            if (stream.kind().equals(kind)) {
                devices.add(stream.device());
            }
        }
        return devices;
    }

    Progress progress() {
        return progress;
    }

    JournalState state() {
        return new JournalState(boot, position, streams, progress.states());
    }

    /** Another buffer's numbers: positions go on, streams begin anew. */
    JournalState freshStreams(long newBoot) {
        return new JournalState(newBoot, position, Map.of(), List.copyOf(progress.states()));
    }
}
