package org.wasla.gateway.imaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.dicom.Deidentifier;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.imaging.ForwardSettings.Destination;

/**
 * Sends what is stored to where it belongs, and deletes what has arrived there. One thread a destination, and {@code
 * forward} for what comes by the second: orders, syncs, deletion. Receiving waits for none of them. Thread-safe.
 */
final class Forwarder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);
    private static final long TICK_MS = 1_000;
    private static final long DELETE_EVERY_MS = 60_000;
    private static final int DELETED_AT_ONCE = 200;
    /** Of those that could stay longer; then it is looked again how much room there is. */
    private static final int DELETED_EARLY = 8;

    private static final long STOP_MS = 3_000;
    private final ObjectStore store;
    private final ForwardSettings settings;
    private final ForwardLog log;
    private final List<ForwardLane> lanes = new ArrayList<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "forward");
    private long deletedMs;
    private final AtomicLong deleted = new AtomicLong();

    private Forwarder(ObjectStore store, ForwardSettings settings, ForwardLog log) {
        this.store = store;
        this.settings = settings;
        this.log = log;
        thread.setDaemon(true);
    }

    static Forwarder open(ObjectStore store, ForwardSettings settings, Timing timing) throws IOException {
        Forwarder forwarder = new Forwarder(store, settings, ForwardLog.open(store.dir()));
        boolean isHidden = settings.destinations().stream().anyMatch(Destination::deidentifies);
        Deidentifier.Names names = isHidden ? UidKey.open(store.dir(), store.safe()) : null;
        for (Destination each : settings.destinations()) {
            forwarder.lanes.add(
                    new ForwardLane(each, store, forwarder.log, each.deidentifies() ? names : null, timing));
        }
        // Numbers of objects that only this log remembers are not given to others.
        store.files().usedUpTo(forwarder.log.last());
        return forwarder;
    }

    void start() {
        lanes.forEach(ForwardLane::start);
        thread.start();
    }

    /** Takes a new object; never waits for a destination. */
    void add(Instance instance) {
        lanes.forEach(lane -> lane.add(instance.number()));
    }

    private void run() {
        try {
            while (!stopping.await(TICK_MS, TimeUnit.MILLISECONDS)) {
                step();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void step() {
        try {
            long nowNs = System.nanoTime();
            lanes.forEach(lane -> lane.watch(nowNs));
            log.sync();
            takeOrders();
            long nowMs = TimeUnit.NANOSECONDS.toMillis(nowNs);
            boolean isTight = settings.deletes() && store.isTight();
            if (settings.deletes() && (isTight || nowMs - deletedMs > DELETE_EVERY_MS || deletedMs == 0)) {
                deletedMs = nowMs;
                delete(isTight);
            }
        } catch (IOException e) {
            LOG.warn("imaging forward error=\"{}\"", e.getMessage());
        }
    }

    private void takeOrders() throws IOException {
        for (Path file : ForwardOrders.waiting(store.dir())) {
            BitSet living = store.index().numbers();
            for (ForwardOrders.Order order : ForwardOrders.read(file)) {
                take(order, living);
            }
            log.sync();
            Files.deleteIfExists(file);
        }
    }

    private void take(ForwardOrders.Order order, BitSet living) throws IOException {
        for (ForwardLane lane : lanes) {
            if (lane.to().name().equals(order.destination())) {
                BitSet numbers = order.numbers();
                log.again(order.destination(), numbers.nextSetBit(0), numbers.length() - 1);
                numbers.and(living);
                lane.add(numbers);
                LOG.info("imaging forward to={} objects={} ordered again", order.destination(), numbers.cardinality());
            }
        }
    }

    /** The oldest first: those kept long enough, and where room is short those that are not. */
    private void delete(boolean isTight) throws IOException {
        BitSet ready = ready();
        List<Instance> now = new ArrayList<>();
        long beforeMs = System.currentTimeMillis() - settings.keepMs();
        for (int number = ready.nextSetBit(0); number >= 0; number = ready.nextSetBit(number + 1)) {
            Instance instance = SealedFile.head(store.files().path(number, ObjectFiles.WHOLE), number);
            if (instance == null) {
                continue;
            }
            boolean isOld = instance.receivedMs() <= beforeMs;
            if (!isOld && !isTight || now.size() >= (isOld ? DELETED_AT_ONCE : DELETED_EARLY)) {
                break;
            }
            now.add(instance);
        }
        if (!now.isEmpty()) {
            store.remove(now);
            deleted.addAndGet(now.size());
            // More wait, it may be.
            deletedMs = now.size() == DELETED_AT_ONCE ? 0 : deletedMs;
        }
    }

    /** What was read, is somewhere, and is nowhere wanted or refused. */
    private BitSet ready() {
        BitSet ready = new BitSet();
        lanes.forEach(lane -> ready.or(log.sent(lane.to().name())));
        ready.and(store.index().read());
        for (ForwardLane lane : lanes) {
            ready.andNot(lane.waiting());
            ready.andNot(log.aside(lane.to().name()));
        }
        return ready;
    }

    /** How far each destination is. */
    List<ForwardProgress> progress() throws IOException {
        List<ForwardProgress> all = new ArrayList<>();
        for (ForwardLane lane : lanes) {
            all.add(lane.progress());
        }
        return all;
    }

    /** How many objects were deleted since the start. */
    long deleted() {
        return deleted.get();
    }

    @Override
    public void close() throws IOException {
        stopping.countDown();
        try {
            thread.join(STOP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lanes.parallelStream().forEach(ForwardLane::close);
        log.close();
    }
}
