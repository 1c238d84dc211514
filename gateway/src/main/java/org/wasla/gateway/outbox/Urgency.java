package org.wasla.gateway.outbox;

/** How soon a record must leave, the most urgent first. Immutable. */
public enum Urgency {
    ALARM(0),
    RESULT(1),
    OBSERVATION(2),
    WAVE(3);

    private final int code;

    /** @param code its number on disk: never changed, never used again */
    Urgency(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static Urgency ofCode(int code) {
        for (Urgency urgency : values()) {
            if (urgency.code == code) {
                return urgency;
            }
        }
        throw new IllegalArgumentException("no urgency " + code);
    }

    /** Whether records of this urgency are made durable at once, without waiting for a fuller group. */
    boolean atOnce() {
        return this == ALARM || this == RESULT;
    }

    /** Whether unpublished records of this urgency may go when nothing else makes room; their numbers are told. */
    boolean mayGo() {
        return this == OBSERVATION || this == WAVE;
    }

    /** Waves lie in files of their own, so that they can go without the others. */
    Series series() {
        return this == WAVE ? Series.WAVES : Series.RECORDS;
    }
}
