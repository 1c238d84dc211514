package org.wasla.gateway.frame;

import java.util.Locale;

/** What a framer finds in a byte stream: every byte that came in is part of exactly one piece. */
public sealed interface Piece {
    /** A whole frame. {@code body} is what lies inside the delimiters; {@code size} counts all its bytes on the wire. */
    record Frame(Bytes body, int size) implements Piece {}

    /**
     * Bytes that are no frame, and which fault they show.
     *
     * @param count 1 when the fault begins here, 0 when these bytes go on with one told before
     */
    record Noise(Fault fault, int count, int size) implements Piece {}

    /** Why bytes did not become a value. The names are those of the counters. */
    enum Fault {
        /** Bytes between frames. */
        GARBAGE,
        /** A frame that began and did not end, or lost some of its bytes. */
        CUT,
        /** A frame that did not end within the profile's limit. */
        OVERLONG,
        /** A whole frame whose checksum is wrong. */
        CHECKSUM,
        /** A whole frame whose declared counts are wrong. */
        COUNT,
        /** A whole frame that is no message of the profile, or holds an implausible field. */
        FORMAT,
        /** A question that the device did not answer in time. */
        TIMEOUT,
        /** The device refuses a conversation, or breaks it off. */
        REFUSED,
        /** A transmission that ended before its last message was whole: kept aside, never a result. */
        INCOMPLETE,
        /** A transmission that came before, byte for byte: its results are told once. */
        REPEATED,
        /** A code of the device with a wrong check digit: its result is told without it. */
        CODE,
        /** A frame on which a pattern of the profile searches without end. */
        ENDLESS,
        /** An alarm in a good message that is not followed: too many are open. */
        ALARMS;

        public String counter() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
