package org.wasla.bridge.link;

/** The parity bit of a serial line. Immutable. */
public enum Parity {
    NONE,
    EVEN,
    ODD
}
