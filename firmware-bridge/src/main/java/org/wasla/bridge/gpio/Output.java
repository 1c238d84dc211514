package org.wasla.bridge.gpio;

/**
 * What a box can show: lamps by their colour, and a buzzer that knows one tone; and what turns lines of two wires to
 * sending.
 */
public enum Output {
    GREEN,
    AMBER,
    RED,
    BLUE,
    BUZZER,
    DIRECTION_A,
    DIRECTION_B;

    /** Whether it turns a line, and shows nothing. */
    public boolean isDirection() {
        return this == DIRECTION_A || this == DIRECTION_B;
    }
}
