package org.wasla.gateway.uplink;

import java.util.concurrent.atomic.AtomicBoolean;

/** Whether the platform has asked for state, meta and health again. Thread-safe. */
final class Greeting {

    private final AtomicBoolean due = new AtomicBoolean();

    void ask() {
        due.set(true);
    }

    boolean isDue() {
        return due.get();
    }

    void done() {
        due.set(false);
    }
}
