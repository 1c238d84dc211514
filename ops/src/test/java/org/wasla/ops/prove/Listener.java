package org.wasla.ops.prove;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.uplink.Subscriber;

/** A subscriber whose session the broker keeps: what came is before its judge, and how long nothing came. Thread-safe. */
final class Listener implements AutoCloseable, Subscriber.Listener {
    /** Brokers are free in the order: consumers go by numbers. */
    final Judge judge = new Judge(false);

    private final String name;
    private final List<Integer> ports;
    private @Nullable Subscriber subscriber;
    private volatile boolean connected;
    private long lastNs = System.nanoTime();
    private long silenceNs;

    Listener(String name, List<Integer> ports) {
        this.name = name;
        this.ports = List.copyOf(ports);
    }

    void come() {
        Subscriber fresh = new Subscriber(Appender.settings(name, ports), "wasla/1/#", true, this);
        subscriber = fresh;
        fresh.start();
        Platform.await("the session of " + name, () -> connected);
    }

    void go() {
        Subscriber leaving = subscriber;
        subscriber = null;
        if (leaving != null) {
            leaving.close();
        }
        connected = false;
    }

    @Override
    public void message(String topic, byte[] payload) {
        synchronized (this) {
            long nowNs = System.nanoTime();
            silenceNs = Math.max(silenceNs, nowNs - lastNs);
            lastNs = nowNs;
        }
        judge.delivered(payload);
    }

    @Override
    public void connection(String cause) {
        connected = cause.isEmpty();
    }

    /** The longest time without a message since the last call, in ms. */
    synchronized long silenceMs() {
        long ms = silenceNs / 1_000_000L;
        silenceNs = 0;
        return ms;
    }

    @Override
    public void close() {
        go();
    }
}
