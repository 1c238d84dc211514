package org.wasla.gateway.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.Shelter;
import org.wasla.gateway.outbox.GapEvents;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxStatus.LaneStatus;
import org.wasla.gateway.uplink.Uplink;

/**
 * What an earlier agent, whose disk could not be written, still had in memory when it ended: sent before the buffer on the
 * disk goes on, then deleted. Devices wait for it, so it does not take long; what is left is tried again at the next start.
 * Stateless.
 */
final class Leftover {
    private static final Logger LOG = LoggerFactory.getLogger(Leftover.class);
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(15);
    private static final long LOOK_MS = 50;

    private Leftover() {}

    /**
     * @param outbox the buffer of now: in memory it goes on by itself
     * @param uplinks makes an uplink on a buffer
     */
    static void send(Config.Buffer buffer, Outbox outbox, GapEvents gaps, Function<Outbox, Uplink> uplinks) {
        if (!outbox.isDurable()) {
            return;
        }
        for (Path folder : Shelter.folders(buffer.dir())) {
            try {
                if (!folder.equals(buffer.dir()) && Shelter.isOurs(folder)) {
                    send(buffer, folder, gaps, uplinks);
                }
            } catch (IOException unusable) {
                LOG.warn("records in memory are left there folder={} cause=\"{}\"", folder, unusable.getMessage());
            }
        }
    }

    private static void send(Config.Buffer buffer, Path folder, GapEvents gaps, Function<Outbox, Uplink> uplinks)
            throws IOException {
        long left;
        try (Outbox outbox = Outbox.open(Shelter.inMemory(buffer, folder), gaps)) {
            left = waiting(outbox);
            if (left > 0) {
                LOG.info("records left in memory are sent first folder={} records={}", folder, left);
                left = drain(outbox, uplinks);
            }
        }
        if (left > 0) {
            throw new IOException(left + " records could not be sent yet");
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private static long drain(Outbox outbox, Function<Outbox, Uplink> uplinks) {
        long endNs = System.nanoTime() + PATIENCE_NS;
        try (Uplink uplink = uplinks.apply(outbox)) {
            uplink.start();
            while (waiting(outbox) > 0 && System.nanoTime() - endNs < 0) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MS);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        return waiting(outbox);
    }

    private static long waiting(Outbox outbox) {
        return outbox.lanes().values().stream().mapToLong(LaneStatus::waiting).sum();
    }
}
