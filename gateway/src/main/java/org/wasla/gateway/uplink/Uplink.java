package org.wasla.gateway.uplink;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.outbox.Outbox;

/**
 * Publishes what the outbox holds, for ever: connects, sends in order, marks what the broker has acknowledged, and
 * connects again. Thread-safe; the work is done by one thread, {@code uplink}.
 */
public final class Uplink implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Uplink.class);
    private static final long CLOSE_MS = 3_000;
    /** A connection that held this long without a refusal was a good one: the next wait is short again. */
    private static final long GOOD_NS = TimeUnit.SECONDS.toNanos(10);

    /** So many connections in a row that did not hold are no accident. */
    private static final int SHORT_LIVED_MANY = 4;

    private final UplinkSettings settings;
    private final Topics topics;
    private final Outbox outbox;
    private final Timing timing;
    private final List<Server> servers;
    private final Publications publications;
    private final LastValues lastValues = new LastValues();
    private final Gauges gauges = new Gauges();
    private final Faults faults = new Faults();
    private final Greeting greeting = new Greeting();
    private final Refusals refusals;
    private final Replays replays;
    private final Backoff backoff;
    private final Backoff takeovers;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private int shortLived;
    private boolean willRetained = true;

    public Uplink(UplinkSettings settings, Topics topics, Outbox outbox) {
        this(settings, topics, outbox, Timing.NORMAL);
    }

    /** With other waits. */
    Uplink(UplinkSettings settings, Topics topics, Outbox outbox, Timing timing) {
        this.settings = settings;
        this.topics = topics;
        this.outbox = outbox;
        this.timing = timing;
        this.servers = settings.servers().stream().map(Server::of).toList();
        this.publications = new Publications(settings, topics, outbox, System::currentTimeMillis);
        this.backoff = new Backoff(timing.backoffMinMs(), timing.backoffMaxMs(), ThreadLocalRandom.current());
        this.takeovers = Backoff.afterTakeover(timing.takenOverMs(), ThreadLocalRandom.current());
        this.refusals = new Refusals(timing);
        this.replays = new Replays(outbox);
        this.thread = new Thread(this::run, "uplink");
        this.thread.setDaemon(true);
    }

    /** Starts the thread; once. */
    public void start() {
        thread.start();
    }

    /** The newest value of a device's retained topic; sent when it changes, on every connection, every 15 minutes. */
    public void snapshot(String device, String leaf, byte[] payload) {
        lastValues.put(topics.device(device, leaf), payload);
    }

    /** The same of a value that no longer counts after {@code untilNs}, monotonic: nor does the broker keep it longer. */
    public void snapshot(String device, String leaf, byte[] payload, long untilNs) {
        lastValues.put(topics.device(device, leaf), payload, untilNs);
    }

    /** The same for a topic of the gateway itself. */
    public void gatewaySnapshot(String leaf, byte[] payload) {
        lastValues.put(topics.own(leaf), payload);
    }

    public UplinkStatus status() {
        return gauges.status(replays.text());
    }

    /** State, meta and health are to be said again. */
    void greet() {
        greeting.ask();
    }

    /** The downlink found that the broker has forgotten what it subscribed to. */
    void sessionLost() {
        gauges.sessionLost();
    }

    Replays replays() {
        return replays;
    }

    private void run() {
        try {
            int attempt = 0;
            while (isWanted()) {
                Ended ended = runOn(servers.get(attempt % servers.size()));
                // A server that worked is tried first again; the wait comes after the last of the list.
                attempt = ended.wasUp() ? attempt : attempt + 1;
                if (isWanted()) {
                    retry(ended, waitMs(ended, attempt));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            gauges.disconnected();
        }
    }

    /** Two boxes with one id must not throw each other out as fast as they can: that wait is a long one. */
    private long waitMs(Ended ended, int attempt) {
        if (ended.takenOver()) {
            return takeovers.nextMs();
        }
        return ended.wasUp() || attempt % servers.size() == 0 ? backoff.nextMs() : 0;
    }

    /** How a connection ended. Immutable. */
    private record Ended(Server server, boolean wasUp, String what, String cause, boolean takenOver) {}

    /** One connection, from its first packet to its end. */
    private Ended runOn(Server server) throws InterruptedException {
        boolean up = false;
        long upSinceNs = 0;
        try (Session session = Session.open(server, settings, timing, will(), this::isWanted)) {
            up = true;
            upSinceNs = System.nanoTime();
            gauges.connected(server.label());
            gauges.retains(session.retains());
            LOG.info("uplink connected server={} window={}", server.label(), session.window());
            new Delivery(session, outbox, shared(), timing).run(this::isWanted);
            return new Ended(server, true, "stopped", "", false);
        } catch (RefusedException e) {
            return new Ended(server, true, "refused", String.valueOf(e.getMessage()), false);
        } catch (IOException | RuntimeException e) {
            if (up && System.nanoTime() - upSinceNs > GOOD_NS) {
                backoff.reset();
                faults.reset();
            }
            willRetained &= !isAboutRetained(e);
            String cause = e instanceof IOException ? String.valueOf(e.getMessage()) : e.toString();
            cause += hint(up, System.nanoTime() - upSinceNs);
            boolean takenOver = e instanceof LostException lost && lost.isTakenOver();
            return new Ended(server, up, up ? "lost" : "cannot connect", cause, takenOver);
        } finally {
            gauges.disconnected();
        }
    }

    /** A broker that keeps no retained messages may refuse a connection for its will alone. */
    private Publication will() {
        Publication will = publications.state("offline");
        return willRetained ? will : will.unretained();
    }

    private static boolean isAboutRetained(Exception e) {
        return e.getCause() instanceof MqttException mqtt && mqtt.getReasonCode() == Reason.NO_RETAIN;
    }

    /** Not every broker says 0x8e when another client takes over: what shows is that no connection lasts. */
    private String hint(boolean up, long lastedNs) {
        shortLived = up && lastedNs < GOOD_NS ? shortLived + 1 : 0;
        return shortLived < SHORT_LIVED_MANY
                ? ""
                : "; no connection lasts: if another box has the same gateway.id, give every gateway its own";
    }

    private Delivery.Shared shared() {
        return new Delivery.Shared(
                settings.flow(), settings.standing(), publications, lastValues, replays, greeting, refusals, gauges);
    }

    private void retry(Ended ended, long waitMs) throws InterruptedException {
        gauges.failed(ended.cause());
        int count = faults.count(ended.what() + ended.cause());
        if (Faults.isDue(count)) {
            LOG.warn(
                    "uplink {} server={} cause=\"{}\" count={} retry_in={}ms",
                    ended.what(),
                    ended.server().label(),
                    ended.cause(),
                    count,
                    waitMs);
        }
        if (stop.await(waitMs, TimeUnit.MILLISECONDS)) {
            LOG.debug("uplink stops");
        }
    }

    private boolean isWanted() {
        return stop.getCount() > 0;
    }

    /**
     * Publishes the state offline and disconnects; takes at most 3 s. What was not acknowledged stays in the outbox.
     */
    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join(CLOSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("uplink did not stop within {} ms", CLOSE_MS);
        }
    }
}
