package org.wasla.gateway.outbox;

/**
 * One numbered, durable record of the outbox. Immutable as long as nobody writes into {@link #payload()}, which is not
 * copied.
 */
public final class Entry {

    /** What a row costs on disk beside its payload, roughly, in bytes. */
    private static final int ROW_BYTES = 64;

    private final long position;
    private final long after;
    private final Urgency urgency;
    private final Stream stream;
    private final long seq;
    private final long timeMs;
    private final byte[] payload;

    /** @param after no entry of this urgency lies between this position and the entry's own */
    Entry(long position, long after, Urgency urgency, Stream stream, long seq, long timeMs, byte[] payload) {
        this.position = position;
        this.after = after;
        this.urgency = urgency;
        this.stream = stream;
        this.seq = seq;
        this.timeMs = timeMs;
        this.payload = payload;
    }

    /** Its place in the buffer: global over urgencies, rising in commit order. */
    public long position() {
        return position;
    }

    public Urgency urgency() {
        return urgency;
    }

    public String device() {
        return stream.device();
    }

    public String kind() {
        return stream.kind();
    }

    /** Its number in the stream of its device and kind, from 1. */
    public long seq() {
        return seq;
    }

    /** The record's own time, UTC in ms. */
    public long timeMs() {
        return timeMs;
    }

    /** The bytes as they were stored; not to be written to. */
    public byte[] payload() {
        return payload;
    }

    long after() {
        return after;
    }

    Stream stream() {
        return stream;
    }

    Amount amount() {
        return amount(payload.length);
    }

    static Amount amount(int payloadBytes) {
        return amounts(1, payloadBytes);
    }

    static Amount amounts(long entries, long payloadBytes) {
        return new Amount(entries, payloadBytes + entries * ROW_BYTES);
    }

    /** Never the payload: it may hold patient data. */
    @Override
    public String toString() {
        return stream.device() + "." + stream.kind() + "." + seq + "@" + position;
    }
}
