package org.wasla.gateway.imaging;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.imaging.Imaging.Told;
import org.wasla.gateway.imaging.InstanceIndex.Reading;
import org.wasla.gateway.imaging.Studies.Known;
import org.wasla.gateway.imaging.Studies.News;
import org.wasla.gateway.imaging.StudyReader.ReadObject;
import org.wasla.gateway.observation.RecordBody;

/**
 * Reads objects after they were acknowledged, tells what they say, keeps the studies and syncs the index: one thread, {@code
 * imaging}. An object counts as read once its records are durable; what is not read when the box stops is read at the next
 * start, so that its records are told at least once.
 */
final class Desk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);
    /** When so many wait, receiving waits too. */
    private static final int QUEUED_MAX = 4_096;

    private static final long TICK_MS = 250;
    /** No object: it ends the wait for one. */
    private static final Instance NONE = new Instance(0, 0, 0, 0, false, "", "", "", "");

    private static final long SYNC_EVERY_MS = 1_000;
    private static final long RETRY_EVERY_MS = 1_000;
    private static final long STOP_MS = 5_000;
    private final ObjectStore store;
    private final Imaging.Outlet outlet;
    private final Studies studies;
    private final StepTeller steps;
    private final Headers headers = new Headers();
    private final BlockingQueue<Instance> queue = new LinkedBlockingQueue<>(QUEUED_MAX);
    /** Objects whose records the buffer has refused. */
    private final Deque<Instance> refused = new ArrayDeque<>();

    /** Steps of studies that the buffer has refused. */
    private final Deque<News> untold = new ArrayDeque<>();

    private List<Earlier> earlier = List.of();
    private long retryMs;
    private long syncedMs;
    private boolean isFull;
    private boolean isHeldUp;
    private final Thread thread = new Thread(this::run, "imaging");
    private volatile boolean isStopping;

    /** @param steps tells of performed steps and whose an examination is */
    Desk(ObjectStore store, long quietMs, Imaging.Outlet outlet, StepDesk steps) {
        this.store = store;
        this.steps = new StepTeller(store, steps, outlet);
        this.outlet = outlet;
        this.studies = new Studies(quietMs);
        thread.setDaemon(true);
    }

    /** Looks for what earlier runs left to be read, before anything new is stored, and begins. */
    void start() throws IOException {
        earlier = earlier();
        thread.start();
    }

    /** Takes a new object; waits while too many wait. */
    void add(Instance instance) {
        try {
            while (!isStopping && !queue.offer(instance, TICK_MS, TimeUnit.MILLISECONDS)) {
                LOG.debug("imaging {} objects wait to be read", queue.size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            resume();
            while (!isStopping) {
                step();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void resume() {
        for (Earlier each : earlier) {
            if (isStopping) {
                return;
            }
            if (each.reading() == null) {
                take(each.instance());
            } else {
                // What was told of it before the start is told again: a subscriber has seen it, or has not.
                again(each.instance(), each.reading());
            }
        }
        earlier = List.of();
    }

    /** Counts an object that was read by an earlier run; of each series one says again what it is. */
    private void again(Instance instance, Reading reading) {
        Known known = Known.NOTHING;
        Whose whose = Whose.UNASKED;
        if (!studies.knows(reading.study(), reading.series())) {
            try {
                ReadObject read = StudyReader.read(store.file(instance), instance);
                headers.tell(read.file().data());
                known = ObjectRecords.known(read.extract());
                whose = steps.whose(read.extract(), reading.study());
            } catch (IOException e) {
                LOG.warn("imaging object={} not read again error=\"{}\"", instance.number(), e.getMessage());
            }
        }
        tell(studies.add(reading.study(), reading.series(), instance, known, whose, nowMs()));
    }

    private record Earlier(Instance instance, @Nullable Reading reading) {}

    /** Objects that nobody has read, and those of studies that were open. */
    private List<Earlier> earlier() throws IOException {
        Map<Integer, Earlier> left = new TreeMap<>();
        store.list(new InstanceIndex.Visitor() {
            @Override
            public void instance(Instance instance) {
                left.put(instance.number(), new Earlier(instance, null));
            }

            @Override
            public void reading(Reading reading) {
                Earlier of = left.remove(reading.number());
                if (of != null && !reading.study().isEmpty()) {
                    left.put(reading.number(), new Earlier(of.instance(), reading));
                }
            }

            @Override
            public void closed(String study) {
                left.values()
                        .removeIf(each ->
                                each.reading() != null && each.reading().study().equals(study));
            }
        });
        return new ArrayList<>(left.values());
    }

    private void step() throws InterruptedException {
        Instance next = queue.poll(TICK_MS, TimeUnit.MILLISECONDS);
        if (next != null && !next.equals(NONE)) {
            take(next);
        }
        retry();
        if (queue.isEmpty() && refused.isEmpty()) {
            // Objects that were acknowledged before a step was ended are counted before it.
            tell(steps.news(studies, nowMs()));
        }
        tell(studies.tick(nowMs()));
        if (untold.isEmpty()) {
            steps.forget(studies);
        }
        if (nowMs() - syncedMs >= SYNC_EVERY_MS) {
            sync();
        }
    }

    /** By the second and not by the object: a sync costs more than reading, and wears the card. */
    private void sync() {
        syncedMs = nowMs();
        try {
            store.index().sync();
        } catch (IOException e) {
            LOG.warn("imaging index not synced error=\"{}\"", e.getMessage());
        }
    }

    /** Behind one that was refused, so that they are told in order. What does not fit here is read at the next start. */
    private void take(Instance instance) {
        boolean isRead = refused.isEmpty() && read(instance);
        if (!isRead && refused.size() < QUEUED_MAX) {
            refused.add(instance);
        }
    }

    /** Whether nothing more is to be done with it: false while the buffer refuses its records. */
    private boolean read(Instance instance) {
        try {
            ReadObject read = StudyReader.read(store.file(instance), instance);
            Reading reading = read.reading();
            DataSet data = read.file().data();
            Known known;
            Whose whose = Whose.UNASKED;
            if (headers.isTold(data) && studies.knows(reading.study(), reading.series())) {
                // One slice more of a series that is known: they come by the thousand, and say nothing new.
                known = new Known(Map.of(), Map.of(), Extract.marks(read.file(), false));
            } else {
                Extract extract = read.extract();
                whose = steps.whose(extract, reading.study());
                if (!headers.isTold(data) && !publish(instance, extract, whose)) {
                    return false;
                }
                headers.tell(data);
                known = ObjectRecords.known(extract);
            }
            store.index().add(reading);
            if (!reading.study().isEmpty()) {
                tell(studies.add(reading.study(), reading.series(), instance, known, whose, nowMs()));
            }
        } catch (IOException e) {
            LOG.warn("imaging object={} not read error=\"{}\"", instance.number(), e.getMessage());
        }
        return true;
    }

    /** Whether its records are durable; only then it counts as read. */
    private boolean publish(Instance instance, Extract extract, Whose whose) {
        List<RecordBody> bodies = ObjectRecords.of(extract.marked(whose.mark()), instance.file(), instance.differs());
        Map<String, String> facts = extract.instance();
        String deviceTime = facts.getOrDefault("t", facts.get("content-t"));
        try {
            if (!bodies.isEmpty()) {
                outlet.tell(new Told(instance.caller(), instance.receivedMs(), deviceTime, bodies, whose));
            }
            isFull = false;
            return true;
        } catch (IOException full) {
            if (!isFull) {
                LOG.warn("imaging object={} not recorded yet error=\"{}\"", instance.number(), full.getMessage());
            }
            isFull = true;
            return false;
        }
    }

    /** Tries again what the buffer has refused, the oldest first, until it refuses again. */
    private void retry() {
        if (nowMs() - retryMs < RETRY_EVERY_MS) {
            return;
        }
        retryMs = nowMs();
        Instance next = refused.peek();
        while (next != null && !isStopping && read(next)) {
            refused.remove();
            next = refused.peek();
        }
    }

    /** What the buffer refuses is told later, in order; what is more than fits here is told after the next start. */
    private void tell(List<News> all) {
        all.stream().filter(news -> untold.size() < QUEUED_MAX).forEach(untold::add);
        boolean isTaken = true;
        while (isTaken && !untold.isEmpty()) {
            isTaken = isTold(untold.element());
            if (isTaken) {
                untold.remove();
            }
        }
    }

    private boolean isTold(News news) {
        try {
            outlet.tell(new Told(news.caller(), System.currentTimeMillis(), null, List.of(news.event()), news.whose()));
            if (news.step() == Studies.Step.CLOSED) {
                store.index().addClosed(news.study());
            }
            isHeldUp = false;
            return true;
        } catch (IOException e) {
            if (!isHeldUp) {
                LOG.warn("imaging {} not recorded yet error=\"{}\"", news.step().wire(), e.getMessage());
            }
            isHeldUp = true;
            return false;
        }
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public void close() {
        isStopping = true;
        // Where it is full there is something to do, and nobody waits.
        boolean isWoken = queue.offer(NONE);
        LOG.debug("imaging desk stops woken={}", isWoken);
        try {
            thread.join(STOP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
