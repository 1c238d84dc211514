package org.wasla.gateway.outbox;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files that could not be read: each stays here until it has been looked at, replaced when it had to be, made up for
 * from the journal, and what is lost of it has been told. Thread-safe.
 */
final class Suspects {

    /**
     * Immutable.
     *
     * @param seen the file as it was known, with all that it should hold
     * @param replaced whether another file has its place, which may hold less
     */
    record Suspect(Generation seen, boolean replaced) {}

    private final Map<String, Suspect> byName = new LinkedHashMap<>();
    private volatile boolean empty = true;

    /** This file is to be looked at. */
    synchronized void add(Generation generation) {
        byName.putIfAbsent(generation.name(), new Suspect(generation, false));
        empty = false;
    }

    /** Another file has taken the place of this one; what the first of several held is what counts. */
    synchronized void replaced(Generation generation) {
        byName.merge(
                generation.name(), new Suspect(generation, true), (first, next) -> new Suspect(first.seen(), true));
        empty = false;
    }

    synchronized List<Suspect> all() {
        return List.copyOf(byName.values());
    }

    synchronized Set<String> names() {
        return Set.copyOf(byName.keySet());
    }

    synchronized @Nullable Suspect find(String name) {
        return byName.get(name);
    }

    /** Nothing is owed of this file any more. */
    synchronized void clear(String name) {
        byName.remove(name);
        empty = byName.isEmpty();
    }

    synchronized void clear() {
        byName.clear();
        empty = true;
    }

    /** Throws when the file of this name, as long as it is not made up for, may hide entries that are asked for. */
    void check(String name, Urgency urgency, long after, long upTo) throws IOException {
        Contents held = replacedContents(name);
        Contents.Part part = held == null ? null : held.part(urgency);
        if (part != null && part.last() > after && part.first() <= upTo) {
            throw underRepair(name);
        }
    }

    /** The same for numbers of a stream. */
    void check(String name, Stream stream, long from, long to) throws IOException {
        Contents held = replacedContents(name);
        Contents.Range range = held == null ? null : held.range(stream);
        if (range != null && range.to() >= from && range.from() <= to) {
            throw underRepair(name);
        }
    }

    private @Nullable Contents replacedContents(String name) {
        Suspect suspect = empty ? null : find(name);
        return suspect == null || !suspect.replaced() ? null : suspect.seen().contents();
    }

    private static IOException underRepair(String name) {
        return new IOException("the store file " + name + " is being repaired");
    }
}
