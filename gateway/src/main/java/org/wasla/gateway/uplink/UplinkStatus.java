package org.wasla.gateway.uplink;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The uplink in figures, at one moment. Immutable. Counts are since the start.
 *
 * @param connected whether there is a connection now
 * @param server host and port of the newest connection, null before the first
 * @param inFlight published and not yet acknowledged
 * @param sent entries that the broker has acknowledged
 * @param refused entries that the broker has refused; they are sent again
 * @param givenUp entries larger than the broker takes: told by gap events and not sent again
 * @param reconnects connections after the first
 * @param nobodyListens whether the newest acknowledgement said that nobody has subscribed (reason 0x10)
 * @param lastError the newest fault with its remedy where one is known, null when there was none
 * @param recordsPerS entries acknowledged a second, over the last minute
 * @param bytesPerS bytes of the messages acknowledged a second, topic and overhead included, over the last minute
 * @param window messages that may be under way, as the broker allows; 0 before the first connection
 * @param windowBytes bytes that may be under way, as the link carries them
 * @param backlogPosition up to which position of the buffer the backlog has been read on this connection
 * @param replay idle, or the replay that runs and how many wait
 * @param state in a word, how it goes
 * @param held topics that the broker refuses; they wait while the others go on
 * @param retains whether the broker keeps retained values; true until it says no
 * @param sessionsLost how often the broker had forgotten what the box subscribes to
 * @param ackAgeMs how long ago an entry was acknowledged last, by a clock that never steps; -1: none since the start
 */
public record UplinkStatus(
        boolean connected,
        @Nullable String server,
        int inFlight,
        long sent,
        long refused,
        long givenUp,
        long reconnects,
        boolean nobodyListens,
        @Nullable String lastError,
        double recordsPerS,
        double bytesPerS,
        int window,
        long windowBytes,
        long backlogPosition,
        String replay,
        State state,
        List<Held> held,
        boolean retains,
        long sessionsLost,
        long ackAgeMs) {

    /** How it goes. */
    public enum State {
        /** Connected; what is recorded is acknowledged. */
        OK,
        /** There is no connection. */
        AWAY,
        /** Acknowledged, but nobody has subscribed. */
        NOBODY,
        /** An acknowledgement has been waited for a quarter of the time after which the connection counts as dead. */
        SLOW,
        /** Some topic is not taken. */
        REFUSED,
        /** The broker's quota is used up. */
        QUOTA,
        /** A record is larger than the broker takes. */
        TOO_LARGE,
        /** The broker ends connections over some message: one at a time until it is found. */
        SEARCHING
    }

    /**
     * A topic that waits.
     *
     * @param topic whole
     * @param reason of the newest refusal, 0 when the broker only ended the connection
     * @param times how often it was refused
     * @param ends whether the broker ends the connection over it
     */
    public record Held(String topic, int reason, int times, boolean ends) {}
}
