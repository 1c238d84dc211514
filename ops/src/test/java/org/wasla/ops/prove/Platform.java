package org.wasla.ops.prove;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.wasla.gateway.uplink.Subscriber;
import org.wasla.gateway.uplink.UplinkSettings;

/**
 * The regional platform in a proof: subscribes to everything; what came is before the judge. Thread-safe.
 */
final class Platform implements AutoCloseable {
    private static final long PATIENCE_NS = 60_000_000_000L;
    private final Subscriber subscriber;
    private final List<Message> messages = new ArrayList<>();
    private final Judge judge = new Judge();
    private volatile boolean connected;

    /** A message as it came. */
    record Message(String topic, String payload) {}

    Platform(int port) {
        URI server = URI.create("mqtt://127.0.0.1:" + port);
        UplinkSettings settings = new UplinkSettings(List.of(server), null, null, "platform", "test", false);
        subscriber = new Subscriber(settings, "#", new Subscriber.Listener() {
            @Override
            public void message(String topic, byte[] payload) {
                add(new Message(topic, new String(payload, StandardCharsets.UTF_8)), payload);
            }

            @Override
            public void connection(String cause) {
                connected = cause.isEmpty();
            }
        });
        subscriber.start();
        awaitConnection();
    }

    /** Waits for the subscription after the broker was away. */
    void awaitConnection() {
        await("the platform's subscription", () -> connected);
    }

    /** A condition that a proof waits for. */
    interface Condition {
        boolean holds();
    }

    static void await(String what, Condition condition) {
        long endNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.holds()) {
            if (System.nanoTime() - endNs > 0) {
                throw new AssertionError("waited in vain for " + what);
            }
            LockSupport.parkNanos(10_000_000L);
        }
    }

    private void add(Message message, byte[] payload) {
        synchronized (messages) {
            messages.add(message);
        }
        judge.delivered(payload);
    }

    List<Message> messages() {
        synchronized (messages) {
            return List.copyOf(messages);
        }
    }

    long records() {
        return judge.present();
    }

    long records(String device, String kind) {
        return judge.present(device, kind);
    }

    /** @return numbers missing between 1 and the last of each stream, and not declared, as "stream: how many" */
    List<String> holes() {
        return judge.verdict().holes();
    }

    /** What the one invariant says of all that came. */
    Verdict verdict() {
        return judge.verdict();
    }

    long doubles() {
        return judge.verdict().doubles();
    }

    @Override
    public void close() {
        subscriber.close();
    }
}
