package org.wasla.gateway.agent;

import java.nio.file.Files;
import java.nio.file.Path;

/** Whether the box's clock is set by a time server, as systemd-timesyncd tells. Thread-safe. */
final class ClockWatch {
    private static final Path SYNCHRONIZED = Path.of("/run/systemd/timesync/synchronized");
    private static final long LOOK_EVERY_NS = 10_000_000_000L;
    private volatile Look last = look();

    private record Look(boolean isSync, long atNs) {}

    private static Look look() {
        return new Look(Files.exists(SYNCHRONIZED), System.nanoTime());
    }

    /** @return sync or unsync; looked up at most every ten seconds */
    String state() {
        if (System.nanoTime() - last.atNs() > LOOK_EVERY_NS) {
            last = look();
        }
        return last.isSync() ? "sync" : "unsync";
    }
}
