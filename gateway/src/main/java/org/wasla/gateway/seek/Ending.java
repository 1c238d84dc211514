package org.wasla.gateway.seek;

/** Says when a search is to end before its time. Thread-safe. */
public interface Ending {
    /** Of a search that has a time, and nothing else to end it. */
    Ending NEVER = new Ending() {
        @Override
        public boolean isAsked() {
            return false;
        }

        @Override
        public boolean endsProcess() {
            return false;
        }
    };

    /** Whether it was asked for; comes at once. */
    boolean isAsked() throws InterruptedException;

    /** Whether a line was lost only because the process ends; may wait for that a moment. */
    boolean endsProcess() throws InterruptedException;
}
