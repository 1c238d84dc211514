package org.wasla.gateway.follow;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.render.Tree;

/**
 * Follows the streams of all devices in the buffer, each record once, over restarts too: where it has come to is kept by its owner
 * together with what was made of the records. One thread.
 */
final class StreamReader {
    /** Of each stream at one call, so that a long backlog does not hold up the keeper. */
    private static final int PAGE = 500;

    private final Outbox outbox;
    private final List<String> counted;
    private final Set<String> read;
    private final Map<String, Long> at = new HashMap<>();
    private String epoch;

    /** What becomes of the records. */
    interface Taker {
        /** So many numbers of this stream are new. */
        void numbers(String device, String kind, long count);

        /** A record of a kind that is read, in the order of its stream. */
        void record(Tree record);
    }

    /**
     * Begins with what comes from now on.
     *
     * @param counted kinds whose numbers are told
     * @param read those of them whose records are read as well
     */
    StreamReader(Outbox outbox, List<String> counted, Set<String> read) {
        this.outbox = outbox;
        this.counted = List.copyOf(counted);
        this.read = Set.copyOf(read);
        this.epoch = outbox.epoch();
        for (String kind : counted) {
            outbox.devices(kind).forEach(device -> at.put(name(device, kind), outbox.lastNumber(device, kind)));
        }
    }

    private static String name(String device, String kind) {
        return device + '.' + kind;
    }

    /**
     * Goes on from where {@link #write} says that it was in the run before; what came in other runs, in which nobody asked for it,
     * is left out. Another buffer is read from its beginning.
     */
    void restore(Tree saved) {
        Tree places = saved.tree("at");
        if (places == null || saved.whole("boot") < outbox.boot() - 1) {
            return;
        }
        at.clear();
        if (!saved.text("ep").equals(epoch)) {
            return;
        }
        for (String kind : counted) {
            for (String device : outbox.devices(kind)) {
                if (places.has(name(device, kind))) {
                    at.put(name(device, kind), places.whole(name(device, kind)));
                }
            }
        }
    }

    /** Fields of an object that says where it has come to. */
    void write(JsonGenerator json) throws IOException {
        json.writeStringField("ep", epoch);
        json.writeNumberField("boot", outbox.boot());
        json.writeObjectFieldStart("at");
        for (Map.Entry<String, Long> each : at.entrySet()) {
            json.writeNumberField(each.getKey(), each.getValue());
        }
        json.writeEndObject();
    }

    /**
     * Reads on. What it has given before it throws is not given again.
     *
     * @return whether there was anything new
     */
    boolean read(Taker taker) throws IOException {
        if (!epoch.equals(outbox.epoch())) {
            epoch = outbox.epoch();
            at.clear();
        }
        boolean hasMore = false;
        for (String kind : counted) {
            for (String device : outbox.devices(kind)) {
                hasMore |= read(device, kind, taker);
            }
        }
        return hasMore;
    }

    /** What the reader of JSON says of a fault may quote the record. */
    private static Tree tree(Entry entry) throws IOException {
        try {
            return Tree.read(entry.payload());
        } catch (IOException unreadable) {
            throw new IOException("the record " + entry + " cannot be read");
        }
    }

    private boolean read(String device, String kind, Taker taker) throws IOException {
        String name = name(device, kind);
        @Nullable Long place = at.get(name);
        long from = place == null ? 0 : place;
        long newest = outbox.lastNumber(device, kind);
        if (newest <= from) {
            return false;
        }
        if (!read.contains(kind)) {
            at.put(name, newest);
            taker.numbers(device, kind, newest - from);
            return true;
        }
        long to = Math.min(newest, from + PAGE);
        long told = from;
        for (Entry entry : outbox.stream(device, kind, from + 1, to, PAGE)) {
            at.put(name, entry.seq());
            taker.numbers(device, kind, entry.seq() - told);
            told = entry.seq();
            taker.record(tree(entry));
        }
        at.put(name, to);
        taker.numbers(device, kind, to - told);
        return true;
    }
}
