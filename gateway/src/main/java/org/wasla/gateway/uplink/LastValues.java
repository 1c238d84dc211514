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

    private final Map<String, byte[]> values = new LinkedHashMap<>();
    private final LinkedHashSet<String> due = new LinkedHashSet<>();

    synchronized void put(String topic, byte[] payload) {
        byte[] before = values.put(topic, payload.clone());
        if (before == null || !Arrays.equals(before, payload)) {
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
    synchronized byte[] value(String topic) {
        byte[] value = values.get(topic);
        return value == null ? new byte[0] : value;
    }

    /** This value of the topic has been sent; false when a newer one has come meanwhile, which stays due. */
    synchronized boolean told(String topic, byte[] value) {
        return Arrays.equals(value(topic), value) && due.remove(topic);
    }
}
