package org.wasla.bridge.gpio;

/** The lines that outputs hang on: those of a board, or what a test looks at. One thread. */
public interface Pins extends AutoCloseable {
    void set(Output output, boolean isOn);

    /** Switches everything off. */
    @Override
    void close();
}
