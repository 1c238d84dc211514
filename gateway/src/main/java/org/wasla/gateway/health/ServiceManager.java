package org.wasla.gateway.health;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The word to systemd, when it started the agent and wants to hear of it (sd_notify(3)). Java 17 has no datagram socket of
 * the kind that systemd listens on: {@code systemd-notify} says it, a child of a few milliseconds. Not waited for, so that
 * a slow machine holds nothing up. One thread.
 */
final class ServiceManager {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);
    /** A third of what is allowed: two words may go astray. */
    private static final int PARTS = 3;

    private final String socket;
    private final long everyNs;
    private boolean failed;

    /** @param environment {@code NOTIFY_SOCKET} where somebody listens, {@code WATCHDOG_USEC} how long he is patient */
    ServiceManager(Map<String, String> environment) {
        this.socket = environment.getOrDefault("NOTIFY_SOCKET", "");
        this.everyNs = TimeUnit.MICROSECONDS.toNanos(number(environment.getOrDefault("WATCHDOG_USEC", "0"))) / PARTS;
    }

    private static long number(String text) {
        return text.matches("\\d{1,15}") ? Long.parseLong(text) : 0;
    }

    /** @return how often it wants to be told that all is well, 0: never */
    long everyNs() {
        return socket.isEmpty() ? 0 : everyNs;
    }

    /** @param states such as {@code READY=1} */
    void tell(String... states) {
        if (socket.isEmpty()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("systemd-notify"));
        command.addAll(List.of(states));
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().put("NOTIFY_SOCKET", socket);
            builder.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException absent) {
            if (!failed) {
                failed = true;
                LOG.warn("systemd is not told cause=\"{}\"; install the package systemd", absent.getMessage());
            }
        }
    }
}
