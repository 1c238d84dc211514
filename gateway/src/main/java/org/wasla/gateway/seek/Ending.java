package org.wasla.gateway.seek;

/** Says when a search is to end before its time. Thread-safe. */
public interface Ending {
    /** Whether it was asked for; comes at once. */
    boolean isAsked() throws InterruptedException;

    /** Whether a line was lost only because the process ends; may wait for that a moment. */
    boolean endsProcess() throws InterruptedException;
}
