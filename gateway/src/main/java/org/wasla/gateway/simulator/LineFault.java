package org.wasla.gateway.simulator;

/** What a simulated device or its cable does wrong, on request. */
public enum LineFault {
    /** One message in five has a wrong checksum or count, or a damaged byte where the format has neither. */
    CHECKSUM,
    /** One message in five ends after two thirds. */
    CUT,
    /** Five seconds of silence in every fifteen. */
    SILENCE,
    /** Random bytes before one message in three. */
    GARBAGE,
    /** Bytes come eight at a time, with pauses. */
    SLOW,
    /** The cable is out for three seconds in every twelve. */
    UNPLUG
}
