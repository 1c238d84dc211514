package org.wasla.bridge.link;

/** Who may hold whom on a serial line: nobody, the wires RTS and CTS, or the bytes XON and XOFF. Immutable. */
public enum Flow {
    NONE,
    RTS_CTS,
    XON_XOFF
}
