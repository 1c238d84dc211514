package org.wasla.gateway.uplink;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The newest value of every retained topic, and which of them the broker has yet to be told. Thread-safe; never blocks
 * for long. One value a topic, so its size is bounded by the number of devices.
 */
final class LastValues {

    private static final Value NONE = new Value(new byte[0], null);

    private final Map<String, Value> values = new LinkedHashMap<>();
    private final LinkedHashSet<String> due = new LinkedHashSet<>();

    /** A value, and until when it counts by monotonic time; null: until the next. Immutable as its bytes. */
    static final class Value {
        private final byte[] bytes;
        private final @Nullable Long untilNs;

        private Value(byte[] bytes, @Nullable Long untilNs) {
            this.bytes = bytes;
            this.untilNs = untilNs;
        }

        byte[] bytes() {
            return bytes;
        }

        /** How long it still counts, in ns; not above 0 when no longer, null for as long as there is no other. */
        @Nullable
        Long leftNs(long nowNs) {
            return untilNs == null ? null : (Long) (untilNs - nowNs);
        }
    }

    void put(String topic, byte[] payload) {
        put(topic, payload, null);
    }

    /** @param untilNs monotonic; after it the value is told no more. Null: it counts until the next */
    synchronized void put(String topic, byte[] payload, @Nullable Long untilNs) {
        Value before = values.put(topic, new Value(payload.clone(), untilNs));
        if (before == null || !Arrays.equals(before.bytes, payload)) {
            due.add(topic);
        }
    }

    /** All are to be told again. */
    synchronized void refresh() {
        due.addAll(values.keySet());
    }

    /** The next topic to tell, null when none is due. */
    synchronized @Nullable String nextDue() {
        return due.isEmpty() ? null : due.iterator().next();
    }

    /** The newest value of a topic. */
    synchronized Value value(String topic) {
        return values.getOrDefault(topic, NONE);
    }

    /** This value of the topic has been sent; false when a newer one has come meanwhile, which stays due. */
    synchronized boolean told(String topic, Value value) {
        return Arrays.equals(value(topic).bytes, value.bytes) && due.remove(topic);
    }
}
