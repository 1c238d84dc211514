package org.wasla.bridge.gpio;

/** The lines that outputs hang on: those of a board, or what a test looks at. Each output is set by one thread at a time. */
public interface Pins extends AutoCloseable {
    /** @return false where nothing hangs on that output */
    boolean set(Output output, boolean isOn);

    /** Switches everything off. */
    @Override
    void close();
}
