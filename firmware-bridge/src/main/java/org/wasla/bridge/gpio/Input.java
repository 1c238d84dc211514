package org.wasla.bridge.gpio;

/** What a box can feel: contacts to ground, pulled up; closed when pressed, and while the lid is on. */
public enum Input {
    BUTTON,
    TAMPER
}
