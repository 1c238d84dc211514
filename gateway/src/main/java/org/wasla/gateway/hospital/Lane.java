package org.wasla.gateway.hospital;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.render.Pcd;

/**
 * One receiver and the thread that serves it, {@code hospital-NAME}: one message at a time, the next when it is answered.
 * A message without an answer is sent again under the same number, with growing pauses, for as long as it takes: unless
 * the receiver answers to the one behind it and then still not to this one. Then that one is set aside. Thread-safe.
 */
final class Lane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final int TRIES_MAX = 3;
    private static final long WAIT_MS = 250;
    private static final long SYNC_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int PAUSE_DOUBLINGS = 10;
    private static final long STOP_MS = 2_000;

    private final HospitalSettings.Receiver to;
    private final Outbox outbox;
    private final Function<String, Pcd.Source> sources;
    private final Pauses pauses;
    private final Counts counts;
    private final Object stop = new Object();
    private final Thread thread;
    private @Nullable Cursor cursor;
    private volatile @Nullable Letters letters;
    private int failures;
    private String suspect = "";
    private int tries;
    /** Numbers of messages that went out and were not settled. */
    private final Set<String> open = new HashSet<>();

    private long syncedNs = System.nanoTime();
    private volatile @Nullable MllpLine line;
    private volatile boolean isStopping;

    /** @param leastMs the first pause, and the longest */
    record Pauses(long leastMs, long mostMs) {
        static final Pauses USUAL = new Pauses(500, 60_000);
    }

    Lane(HospitalSettings.Receiver to, Outbox outbox, Function<String, Pcd.Source> sources, Pauses pauses) {
        this.to = to;
        this.outbox = outbox;
        this.sources = sources;
        this.pauses = pauses;
        this.counts = new Counts(to.name());
        this.thread = new Thread(this::run, "hospital-" + to.name());
        thread.setDaemon(true);
    }

    /** A receiver that is new gets what becomes durable from now on. */
    void start() {
        try {
            letters();
        } catch (IOException notYet) {
            counts.failed("the cursor cannot be read or written");
        }
        thread.start();
    }

    private void run() {
        while (!isStopping) {
            try {
                step();
            } catch (IOException cannot) {
                counts.failed(cannot.getMessage() == null ? "the buffer cannot be read" : cannot.getMessage());
                pause();
            } catch (RuntimeException ourBug) {
                LOG.error("hospital to={} stumbled", to.name(), ourBug);
                counts.failed("fault");
                pause();
            }
        }
        hangUp();
        try {
            if (cursor != null) {
                cursor.close();
            }
        } catch (IOException e) {
            LOG.warn("hospital to={} cursor not closed cleanly error=\"{}\"", to.name(), e.getMessage());
        }
    }

    private void step() throws IOException {
        long seen = outbox.position();
        Letters all = letters();
        sync();
        Letter letter = all.next();
        if (letter == null) {
            idle(seen);
        } else if (letter.message() == null) {
            settle(letter);
        } else {
            deliver(letter, letter.message());
        }
    }

    private Letters letters() throws IOException {
        Letters there = letters;
        if (there != null) {
            return there;
        }
        Path file = outbox.directory().resolve("hospital").resolve(to.name() + ".cursor");
        Cursor own = Cursor.open(file);
        begin(own);
        cursor = own;
        Letters fresh = new Letters(outbox, to, own, sources, System::currentTimeMillis);
        letters = fresh;
        return fresh;
    }

    /** A receiver gets what comes from now on; of another buffer, everything. */
    private void begin(Cursor own) throws IOException {
        if (own.epoch().equals(outbox.epoch())) {
            return;
        }
        boolean isNew = own.epoch().isEmpty();
        own.begin(outbox.epoch(), isNew ? newest() : Map.of());
        if (!isNew) {
            LOG.error("hospital to={} buffer began anew: what waited in the one before is not sent", to.name());
            counts.beganAnew();
        }
    }

    private Map<String, Long> newest() {
        Map<String, Long> newest = new HashMap<>();
        for (String kind : List.of(Letters.ALARMS, Letters.OBSERVATIONS)) {
            for (String device : outbox.devices(kind)) {
                newest.put(device + '.' + kind, outbox.lastNumber(device, kind));
            }
        }
        return newest;
    }

    private void sync() throws IOException {
        long now = System.nanoTime();
        if (cursor != null && now - syncedNs > SYNC_NS) {
            syncedNs = now;
            cursor.sync();
        }
    }

    private void idle(long seen) {
        try {
            outbox.awaitWork(seen, WAIT_MS);
        } catch (InterruptedException e) {
            isStopping = true;
        }
    }

    private void deliver(Letter letter, Pcd.Message message) throws IOException {
        if (tries >= TRIES_MAX && suspect.equals(message.controlId())) {
            if (probe(letter, message)) {
                return;
            }
            pause();
            return;
        }
        Reply reply = exchange(message);
        if (isSettled(letter, reply)) {
            return;
        }
        if (reply.kind() == Reply.Kind.UNANSWERED) {
            tries = suspect.equals(message.controlId()) ? tries + 1 : 1;
            suspect = message.controlId();
        }
        counts.failed(reply.reason());
        pause();
    }

    /** Whether it is the message and not the receiver: the one behind it is answered, and this one still is not. */
    private boolean probe(Letter letter, Pcd.Message message) throws IOException {
        Letters all = letters();
        all.pass(letter);
        Letter other = all.next();
        while (other != null && other.message() == null) {
            all.pass(other);
            other = all.next();
        }
        all.rewind();
        Pcd.Message behind = other == null ? null : other.message();
        if (behind == null) {
            return isSettled(letter, exchange(message));
        }
        Reply first = exchange(behind);
        if (first.kind() != Reply.Kind.TAKEN && first.kind() != Reply.Kind.REFUSED) {
            counts.failed(first.reason());
            return false;
        }
        Reply again = exchange(message);
        if (isSettled(letter, again)) {
            return true;
        }
        if (again.kind() == Reply.Kind.UNREACHABLE) {
            counts.failed(again.reason());
            return false;
        }
        counts.aside(letter, again.reason());
        settle(letter);
        return true;
    }

    private boolean isSettled(Letter letter, Reply reply) throws IOException {
        switch (reply.kind()) {
            case TAKEN -> counts.sent();
            case REFUSED -> counts.refused(letter, reply.reason());
            default -> {
                return false;
            }
        }
        settle(letter);
        return true;
    }

    private void settle(Letter letter) throws IOException {
        Pcd.Message message = letter.message();
        if (message != null) {
            failures = 0;
            open.remove(message.controlId());
            tries = suspect.equals(message.controlId()) ? 0 : tries;
        }
        counts.settled(letter);
        letters().settle(letter);
    }

    /** A connection that was there before may have ended unseen: then once more over another one. */
    private Reply exchange(Pcd.Message message) {
        MllpLine before = line;
        if (!open.add(message.controlId())) {
            counts.again();
        }
        try {
            if (before != null) {
                return answered(before.exchange(message));
            }
        } catch (IOException lost) {
            hangUp();
        }
        MllpLine fresh;
        try {
            fresh = MllpLine.open(to);
            line = fresh;
        } catch (IOException | RuntimeException unreachable) {
            return new Reply(Reply.Kind.UNREACHABLE, "cannot be reached: " + word(unreachable));
        }
        try {
            return answered(fresh.exchange(message));
        } catch (IOException lost) {
            hangUp();
            return new Reply(Reply.Kind.UNANSWERED, "closed");
        }
    }

    /** Nobody knows what a line without an answer will bring next. */
    private Reply answered(Reply reply) {
        if (reply.kind() == Reply.Kind.UNANSWERED) {
            hangUp();
        }
        return reply;
    }

    private static String word(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private void hangUp() {
        MllpLine ended = line;
        line = null;
        if (ended != null) {
            ended.close();
        }
    }

    private void pause() {
        hangUp();
        Letters all = letters;
        if (all != null) {
            all.rewind();
        }
        long ceilingMs = Math.min(pauses.mostMs(), pauses.leastMs() << Math.min(failures, PAUSE_DOUBLINGS));
        failures++;
        long endNs = System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(
                        ceilingMs / 2 + ThreadLocalRandom.current().nextLong(ceilingMs / 2 + 1));
        synchronized (stop) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
            while (leftMs > 0 && !isStopping) {
                try {
                    stop.wait(leftMs);
                } catch (InterruptedException e) {
                    isStopping = true;
                }
                leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
            }
        }
    }

    /** Ends a connection whose other side reads nothing; to be called now and then. */
    void watch(long nowNs) {
        MllpLine current = line;
        if (current != null && current.stuckNs(nowNs) > TimeUnit.MILLISECONDS.toNanos(to.answerMs())) {
            current.abort();
        }
    }

    HospitalProgress progress() {
        return counts.progress(
                line != null,
                waiting(to.takesAlarms(), Letters.ALARMS),
                waiting(to.takesObservations(), Letters.OBSERVATIONS));
    }

    private long waiting(boolean isTaken, String kind) {
        Letters all = letters;
        return all == null || !isTaken ? 0 : all.waiting(kind);
    }

    /** A message under way gets a moment to be answered. */
    @Override
    public void close() {
        isStopping = true;
        synchronized (stop) {
            stop.notifyAll();
        }
        try {
            thread.join(STOP_MS);
            MllpLine current = line;
            if (current != null) {
                current.abort();
            }
            thread.join(STOP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
