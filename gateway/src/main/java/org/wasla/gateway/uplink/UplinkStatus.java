package org.wasla.gateway.uplink;

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
        String replay) {}
