package org.wasla.gateway.tls;

/**
 * The time by which certificates are judged. A board without a clock of its own starts in 1970, or where it was switched
 * off. Thread-safe.
 */
public interface TlsClock {
    /** A machine whose clock is kept by somebody else. */
    TlsClock SYSTEM = new TlsClock() {
        @Override
        public long nowMs() {
            return System.currentTimeMillis();
        }

        @Override
        public boolean isConfirmed() {
            return true;
        }
    };

    /** UTC, ms: the latest time that is known to have been. */
    long nowMs();

    /** Whether it is now, else it is this or later. */
    boolean isConfirmed();
}
