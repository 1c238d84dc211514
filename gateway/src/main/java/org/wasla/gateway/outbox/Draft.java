package org.wasla.gateway.outbox;

import java.util.Objects;

/**
 * A record that has no number yet. Immutable when its payload is.
 *
 * @param device the device's id; with the kind it names the stream that the number counts
 * @param kind the record's kind, for instance {@code obs}
 * @param urgency how soon it must leave
 * @param timeMs the record's own time, UTC in ms
 * @param payload gives the bytes once the number is known
 */
public record Draft(String device, String kind, Urgency urgency, long timeMs, Numbered payload) {

    static final int PAYLOAD_BYTES_MAX = 1_000_000;
    static final int DEVICE_CHARS_MAX = 128;
    static final int KIND_CHARS_MAX = 32;

    /** Checks the lengths: they are columns on disk. */
    public Draft {
        Objects.requireNonNull(urgency);
        Objects.requireNonNull(payload);
        checkLength("device", device, DEVICE_CHARS_MAX);
        checkLength("kind", kind, KIND_CHARS_MAX);
    }

    private static void checkLength(String name, String value, int charsMax) {
        if (value.isEmpty() || value.length() > charsMax) {
            throw new IllegalArgumentException(name + " must have 1 to " + charsMax + " characters: " + value);
        }
    }
}
