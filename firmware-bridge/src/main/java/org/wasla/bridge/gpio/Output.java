package org.wasla.bridge.gpio;

/** What a box can show: lamps by their colour, and a buzzer that knows one tone. */
public enum Output {
    GREEN,
    AMBER,
    RED,
    BLUE,
    BUZZER
}
