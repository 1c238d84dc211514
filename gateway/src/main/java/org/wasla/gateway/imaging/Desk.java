package org.wasla.gateway.imaging;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.imaging.InstanceIndex.Reading;
import org.wasla.gateway.imaging.Studies.News;

/**
 * Reads objects after they were acknowledged, keeps the studies and syncs the index: one thread, {@code imaging}. What it
 * has not read when the box stops it reads at the next start.
 */
final class Desk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);
    /** When so many wait, receiving waits too. */
    private static final int QUEUED_MAX = 4_096;

    private static final long TICK_MS = 1_000;
    private static final long STOP_MS = 5_000;
    private final ObjectStore store;
    private final ObjectReader reader;
    private final Bulletin bulletin;
    private final Studies studies;
    private final BlockingQueue<Instance> queue = new LinkedBlockingQueue<>(QUEUED_MAX);
    private final Thread thread = new Thread(this::run, "imaging");
    private volatile boolean isStopping;

    Desk(ObjectStore store, long quietMs, ObjectReader reader, Bulletin bulletin) {
        this.store = store;
        this.reader = reader;
        this.bulletin = bulletin;
        this.studies = new Studies(quietMs);
        thread.setDaemon(true);
    }

    /** Reads the data set of a whole object, and what is in it. */
    @FunctionalInterface
    interface ObjectReader {
        Reading read(Path file, Instance instance) throws IOException;
    }

    /** Tells the platform; returns once that is durable. */
    @FunctionalInterface
    interface Bulletin {
        void tell(News news) throws IOException;
    }

    void start() {
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
        try {
            for (Earlier each : earlier()) {
                if (each.reading() == null) {
                    read(each.instance());
                } else {
                    // What was told of it before the start is told again: a subscriber has seen it, or has not.
                    tell(studies.add(each.reading().study(), each.reading().series(), each.instance(), nowMs()));
                }
            }
        } catch (IOException e) {
            LOG.warn("imaging objects of earlier runs not looked at error=\"{}\"", e.getMessage());
        }
    }

    private record Earlier(Instance instance, @Nullable Reading reading) {}

    /** Objects that nobody has read, and those of studies that were open. */
    private List<Earlier> earlier() throws IOException {
        Map<Integer, Earlier> left = new HashMap<>();
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
        if (next != null) {
            read(next);
        }
        tell(studies.tick(nowMs()));
        try {
            store.index().sync();
        } catch (IOException e) {
            LOG.warn("imaging index not synced error=\"{}\"", e.getMessage());
        }
    }

    private void read(Instance instance) {
        try {
            Reading reading = reader.read(store.file(instance), instance);
            store.index().add(reading);
            if (!reading.study().isEmpty()) {
                tell(studies.add(reading.study(), reading.series(), instance, nowMs()));
            }
        } catch (IOException e) {
            LOG.warn("imaging object={} not read error=\"{}\"", instance.number(), e.getMessage());
        }
    }

    private void tell(List<News> all) {
        for (News news : all) {
            try {
                bulletin.tell(news);
                if (news.step() == Studies.Step.CLOSED) {
                    store.index().addClosed(news.study());
                }
            } catch (IOException refused) {
                LOG.warn("imaging {} not recorded error=\"{}\"", news.step().wire(), refused.getMessage());
            }
        }
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public void close() {
        isStopping = true;
        try {
            thread.join(STOP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
