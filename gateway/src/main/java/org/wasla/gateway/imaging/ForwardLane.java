package org.wasla.gateway.imaging;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.Deidentifier;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.imaging.Delivery.Answer;
import org.wasla.gateway.imaging.ForwardSettings.Destination;

/**
 * The queue of one destination and the thread that empties it, {@code forward-NAME}, in the order of arrival. What is sent
 * but not answered is sent again. An object that ends the connection again and again lets the others go first, and is set
 * aside after twelve times. Thread-safe.
 */
final class ForwardLane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ForwardLane.class);
    private static final int AHEAD = 200;
    private static final int TRIES_FIRST = 3;
    private static final int TRIES_MAX = 12;
    private static final long PAUSE_MS = 500;
    private static final int PAUSE_DOUBLINGS = 20;
    private static final long LINGER_MS = 5_000;
    private static final long STUCK_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long STOP_MS = 2_000;

    private final Destination to;
    private final ObjectStore store;
    private final ForwardLog log;
    private final Deidentifier.@Nullable Names names;
    private final Timing timing;
    private final BitSet waiting = new BitSet();
    /** Those that let others go first. */
    private final BitSet postponed = new BitSet();

    private final Map<Integer, Integer> tries = new HashMap<>();
    private final Thread thread;
    private long sent;
    private long warned;
    private long withheld;
    private String lastError = "";
    private int failures;
    /** Whether a pause ends at once. */
    private boolean isHurried;

    private volatile @Nullable Delivery delivery;
    private volatile @Nullable WatchedOutput writing;
    private volatile boolean isStopping;

    /** @param names for a destination that must not learn whose objects are, else null */
    ForwardLane(Destination to, ObjectStore store, ForwardLog log, Deidentifier.@Nullable Names names, Timing timing) {
        this.to = to;
        this.store = store;
        this.log = log;
        this.names = names;
        this.timing = timing;
        this.thread = new Thread(this::run, "forward-" + to.name());
        thread.setDaemon(true);
    }

    void start() {
        BitSet all = store.index().numbers();
        log.removeSettled(to.name(), all);
        synchronized (this) {
            waiting.or(all);
        }
        thread.start();
    }

    Destination to() {
        return to;
    }

    /** Takes objects into the queue. */
    synchronized void add(BitSet numbers) {
        waiting.or(numbers);
        postponed.andNot(numbers);
        isHurried = true;
        notifyAll();
    }

    synchronized void add(int number) {
        waiting.set(number);
        notifyAll();
    }

    synchronized BitSet waiting() {
        return (BitSet) waiting.clone();
    }

    private void run() {
        try {
            while (!isStopping) {
                int number = next();
                if (number < 0) {
                    idle();
                } else if (work(number)) {
                    failures = 0;
                } else {
                    pause();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            hangUp();
        }
    }

    /** The object whose turn it is, -1 when there is none. */
    private synchronized int next() {
        int number = waiting.nextSetBit(0);
        while (number >= 0 && postponed.get(number)) {
            number = waiting.nextSetBit(number + 1);
        }
        if (number < 0) {
            postponed.clear();
        }
        return number < 0 ? waiting.nextSetBit(0) : number;
    }

    private void idle() throws InterruptedException {
        boolean isConnected = delivery != null;
        synchronized (this) {
            long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LINGER_MS);
            long leftMs = LINGER_MS;
            while (waiting.isEmpty() && !isStopping && leftMs > 0) {
                wait(isConnected ? leftMs : 0);
                leftMs = isConnected ? TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime()) : LINGER_MS;
            }
            if (waiting.isEmpty() && isConnected) {
                isConnected = false;
            }
        }
        Delivery line = delivery;
        if (line != null && (!isConnected || !line.isOpen())) {
            hangUp();
        }
    }

    private void pause() throws InterruptedException {
        hangUp();
        long longestMs = Math.min(to.pauseMsMax(), PAUSE_MS << Math.min(failures, PAUSE_DOUBLINGS));
        long pauseMs = longestMs / 2 + ThreadLocalRandom.current().nextLong(longestMs / 2 + 1);
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMs);
        failures++;
        synchronized (this) {
            isHurried = false;
            long leftMs = pauseMs;
            while (leftMs > 0 && !isStopping && !isHurried) {
                wait(leftMs);
                leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
            }
        }
    }

    /** Whether the object is settled; false: a pause is due. */
    private boolean work(int number) {
        Path file = store.files().path(number, ObjectFiles.WHOLE);
        try {
            FileHead head = SealedFile.fileHead(file);
            if (head == null) {
                return aside(number, "unreadable");
            }
            Outgoing object = new Outgoing(file, head, names);
            if (!isTaken(object)) {
                log.unwanted(to.name(), number);
                return settled(number, "");
            }
            if (names != null) {
                object.write(OutputStream.nullOutputStream());
            }
            return send(number, object);
        } catch (Deidentifier.NotUnderstood odd) {
            return aside(number, "not-deidentified-" + odd.getMessage());
        } catch (NoSuchFileException gone) {
            return aside(number, "unreadable");
        } catch (IOException e) {
            return failed(e.getMessage() == null ? e.toString() : e.getMessage());
        } catch (RuntimeException ours) {
            LOG.error("imaging forward to={} object={} stumbled", to.name(), number, ours);
            return aside(number, "fault");
        }
    }

    private boolean isTaken(Outgoing object) throws IOException {
        boolean isAsked = names != null || to.only().asksModality() || to.not().asksModality();
        DataSet facts = isAsked ? object.facts() : DataSet.EMPTY;
        String modality = Outgoing.modality(facts);
        if (!to.only().holds(modality, object.head()) || to.not().names(modality, object.head())) {
            return false;
        }
        boolean isWithheld = names != null && !to.takesBurntIn() && object.mayShowIdentity(facts);
        if (isWithheld) {
            synchronized (this) {
                withheld++;
            }
        }
        return !isWithheld;
    }

    /** A connection that was there before may have ended unseen: then once more over another one. */
    private boolean send(int number, Outgoing object) throws IOException {
        FileHead told = object.told();
        Delivery before = delivery;
        Delivery line = line(number, told);
        try {
            return take(number, line.send(told, out -> write(object, out)));
        } catch (IOException lost) {
            hangUp();
            if (line != before) {
                return lost(number, lost);
            }
        }
        Delivery fresh = line(number, told);
        try {
            return take(number, fresh.send(told, out -> write(object, out)));
        } catch (IOException lost) {
            return lost(number, lost);
        }
    }

    private Delivery line(int number, FileHead told) throws IOException {
        Delivery line = delivery;
        if (line != null && line.takes(told)) {
            return line;
        }
        hangUp();
        Delivery fresh = to.target() instanceof ForwardSettings.Node node
                ? NodeDelivery.open(node, to.calling(), ahead(number, told), timing)
                : new WebDelivery((ForwardSettings.Web) to.target());
        delivery = fresh;
        return fresh;
    }

    /** What will be sent next, this object first. */
    private List<FileHead> ahead(int number, FileHead told) throws IOException {
        List<FileHead> ahead = new ArrayList<>();
        ahead.add(told);
        BitSet queue = waiting();
        int next = queue.nextSetBit(number + 1);
        while (next >= 0 && ahead.size() < AHEAD) {
            Path file = store.files().path(next, ObjectFiles.WHOLE);
            FileHead head = Files.exists(file) ? SealedFile.fileHead(file) : null;
            if (head != null) {
                ahead.add(new Outgoing(file, head, names).told());
            }
            next = queue.nextSetBit(next + 1);
        }
        return ahead;
    }

    private boolean take(int number, Answer answer) throws IOException {
        switch (answer.verdict()) {
            case SENT -> log.sent(to.name(), number);
            case SENT_WITH_WARNING -> {
                log.sent(to.name(), number);
                LOG.info("imaging forward to={} object={} taken with {}", to.name(), number, answer.reason());
                synchronized (this) {
                    warned++;
                }
            }
            case LATER -> {
                postpone(number);
                return failed(answer.reason());
            }
            case REFUSED -> {
                return aside(number, answer.reason());
            }
        }
        synchronized (this) {
            sent++;
        }
        return settled(number, "");
    }

    /** Nobody knows whether the object arrived. */
    private boolean lost(int number, IOException why) {
        if (isStopping) {
            return false;
        }
        return postpone(number) >= TRIES_MAX
                ? aside(number, "association-ended")
                : failed(why.getMessage() == null ? why.toString() : why.getMessage());
    }

    private synchronized int postpone(int number) {
        int times = tries.merge(number, 1, Integer::sum);
        if (times >= TRIES_FIRST) {
            postponed.set(number);
        }
        return times;
    }

    private boolean aside(int number, String reason) {
        LOG.warn("imaging forward to={} object={} set aside reason={}", to.name(), number, reason);
        try {
            log.aside(to.name(), number, reason);
            return settled(number, reason);
        } catch (IOException e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private synchronized boolean settled(int number, String error) {
        waiting.clear(number);
        postponed.clear(number);
        tries.remove(number);
        lastError = error;
        return true;
    }

    private synchronized boolean failed(String error) {
        if (!error.equals(lastError) && !isStopping) {
            LOG.warn("imaging forward to={} waits error=\"{}\"", to.name(), error);
        }
        lastError = error;
        return false;
    }

    private void hangUp() {
        Delivery line = delivery;
        delivery = null;
        if (line != null) {
            try {
                line.close();
            } catch (IOException e) {
                LOG.debug("imaging forward to={} connection not ended error=\"{}\"", to.name(), e.getMessage());
            }
        }
    }

    private void write(Outgoing object, OutputStream out) throws IOException {
        WatchedOutput watched = new WatchedOutput(out);
        writing = watched;
        object.write(watched);
    }

    /** Ends a connection whose other side has taken nothing for too long; to be called now and then. */
    void watch(long nowNs) {
        WatchedOutput watched = writing;
        Delivery line = delivery;
        if (watched != null && line != null && watched.waitsNs(nowNs) > STUCK_NS) {
            LOG.warn("imaging forward to={} takes nothing; the connection is ended", to.name());
            line.abort();
        }
    }

    ForwardProgress progress() throws IOException {
        int oldest;
        synchronized (this) {
            oldest = waiting.nextSetBit(0);
        }
        Path file = store.files().path(Math.max(0, oldest), ObjectFiles.WHOLE);
        Instance first = oldest >= 0 && Files.exists(file) ? SealedFile.head(file, oldest) : null;
        Map<String, Integer> aside = log.reasons(to.name());
        synchronized (this) {
            return new ForwardProgress(
                    to.name(),
                    waiting.cardinality(),
                    first == null ? null : first.receivedMs(),
                    sent,
                    warned,
                    withheld,
                    aside,
                    lastError);
        }
    }

    /** An object under way gets a moment to be answered. */
    @Override
    public void close() {
        isStopping = true;
        synchronized (this) {
            notifyAll();
        }
        try {
            thread.join(STOP_MS);
            Delivery line = delivery;
            if (line != null) {
                line.abort();
            }
            thread.join(STOP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
