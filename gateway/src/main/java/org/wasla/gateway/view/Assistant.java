package org.wasla.gateway.view;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.bridge.link.Flow;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.bridge.link.SerialSettings;
import org.wasla.gateway.page.Box.Refused;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.seek.CaptureFile;
import org.wasla.gateway.seek.Ending;
import org.wasla.gateway.seek.Finding;
import org.wasla.gateway.seek.LineSearch;

/**
 * Looks at one free port at a time for the engineer at the page: which device is this, does it read as its screen says,
 * what does it say. Nothing of that is kept as a record, and no device is told that it were. Thread-safe; each look has a
 * thread of its own, {@code page-port}.
 */
final class Assistant implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Assistant.class);
    private static final long SEEK_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long ASK_AFTER_NS = TimeUnit.SECONDS.toNanos(12);
    /** An engineer who walks away must not keep a device talking. */
    private static final long COMPARE_NS = TimeUnit.MINUTES.toNanos(15);

    private static final long CAPTURE_BYTES_MAX = 1L << 20;
    private static final long STOP_MS = 5_000;
    private static final int HEARD_BYTES_MIN = 1;

    private final Shelf shelf;
    private @Nullable Job job;
    private State state = State.IDLE;
    private byte[] capture = new byte[0];
    private String captureOf = "";

    /** How far a look is. */
    enum Phase {
        IDLE,
        LISTENING,
        FOUND,
        UNKNOWN,
        SILENT,
        COMPARING,
        CAPTURING,
        CAPTURED,
        FAILED
    }

    /**
     * What is known of the port that is looked at.
     *
     * @param told what is being tried, in words
     * @param error why it failed, or empty
     */
    record State(Phase phase, String port, String told, List<Finding> found, String profile, String error) {
        static final State IDLE = new State(Phase.IDLE, "", "", List.of(), "", "");

        State {
            found = List.copyOf(found);
        }

        State in(Phase next) {
            return new State(next, port, told, found, profile, error);
        }

        State telling(String what) {
            return new State(phase, port, what, found, profile, error);
        }

        State failed(String why) {
            return new State(Phase.FAILED, port, told, found, profile, why);
        }

        /** Whether the port is held now. */
        boolean isBusy() {
            return phase == Phase.LISTENING || phase == Phase.COMPARING || phase == Phase.CAPTURING;
        }
    }

    /** Gives all profiles that the box knows; they are too many to hold while nobody asks. */
    @FunctionalInterface
    interface Shelf {
        List<Profile> profiles() throws IOException;
    }

    Assistant(Shelf shelf) {
        this.shelf = shelf;
    }

    synchronized State state() {
        return state;
    }

    /** What the comparison shows and hears; null when none runs. */
    synchronized @Nullable TryOut tryOut() {
        return job == null ? null : job.tryOut;
    }

    synchronized boolean hasCapture() {
        return capture.length > 0;
    }

    synchronized byte[] capture() {
        return capture.clone();
    }

    /** The port that the capture is of. */
    synchronized String captureOf() {
        return captureOf;
    }

    /** One look, and its thread. */
    private final class Job implements Ending {
        private final CountDownLatch asked = new CountDownLatch(1);
        private final Thread thread;
        private final @Nullable TryOut tryOut;

        Job(Work work, @Nullable TryOut tryOut) {
            this.tryOut = tryOut;
            this.thread = new Thread(() -> run(work), "page-port");
            this.thread.setDaemon(true);
        }

        private void run(Work work) {
            try {
                work.on(this);
            } catch (IOException lost) {
                become(this, state().failed(String.valueOf(lost.getMessage())));
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException ourBug) {
                LOG.error("the port could not be looked at by a fault of ours", ourBug);
                become(this, state().failed("internal fault"));
            }
        }

        @Override
        public boolean isAsked() {
            return asked.getCount() == 0;
        }

        @Override
        public boolean endsProcess() {
            return isAsked();
        }
    }

    /** What a look does. */
    @FunctionalInterface
    private interface Work {
        void on(Job job) throws IOException, InterruptedException;
    }

    void identify(String port, boolean probes) throws Refused {
        begin(
                new State(Phase.LISTENING, port, "", List.of(), "", ""),
                job -> seek(job, port, probes, Phase.LISTENING),
                null);
    }

    void capture(String port) throws Refused {
        begin(
                new State(Phase.CAPTURING, port, "", List.of(), "", ""),
                job -> seek(job, port, false, Phase.CAPTURING),
                null);
    }

    void compare(String port, Profile profile, LinkSettings link) throws Refused {
        TryOut tryOut = new TryOut(profile, link);
        List<Finding> found = state().port().equals(port) ? state().found() : List.of();
        begin(
                new State(Phase.COMPARING, port, "", found, profile.id(), ""),
                job -> {
                    tryOut.run(job, COMPARE_NS);
                    become(job, state().in(found.isEmpty() ? Phase.IDLE : Phase.FOUND));
                },
                tryOut);
    }

    private void begin(State first, Work work, @Nullable TryOut tryOut) throws Refused {
        cancel();
        Job next = new Job(work, tryOut);
        synchronized (this) {
            if (job != null) {
                throw new Refused("another port is being looked at; wait a moment, or cancel that");
            }
            job = next;
            state = first;
        }
        next.thread.start();
    }

    private void seek(Job own, String port, boolean probes, Phase phase) throws IOException, InterruptedException {
        SerialSettings line = SerialSettings.of(port, "9600 8N1", Flow.NONE, true);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        List<Finding> found;
        long heard;
        try (CaptureFile file = CaptureFile.create(content, CAPTURE_BYTES_MAX)) {
            LineSearch search =
                    new LineSearch(shelf.profiles(), line, file, own, told -> become(own, state().telling(told)));
            found = search.listen(probes ? ASK_AFTER_NS : SEEK_NS, probes);
            if (found.isEmpty() && file.heard() == 0 && probes) {
                found = search.probe();
            }
            heard = file.heard();
        }
        keep(own, port, content.toByteArray());
        Phase end = phase == Phase.CAPTURING
                ? Phase.CAPTURED
                : !found.isEmpty() ? Phase.FOUND : heard < HEARD_BYTES_MIN ? Phase.SILENT : Phase.UNKNOWN;
        become(own, new State(end, port, "", found, "", ""));
    }

    private synchronized void keep(Job own, String port, byte[] content) {
        if (job == own && !own.isAsked()) {
            capture = content;
            captureOf = port;
        }
    }

    /** A look that was given up says no more. */
    private synchronized void become(Job own, State next) {
        if (job == own && !own.isAsked()) {
            state = next;
        }
    }

    /** Ends the look, and waits until its port is free. */
    void cancel() {
        Job running;
        synchronized (this) {
            running = job;
        }
        if (running != null) {
            running.asked.countDown();
            if (running.tryOut != null) {
                running.tryOut.close();
            }
            try {
                running.thread.join(STOP_MS);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
        synchronized (this) {
            if (job == running && (running == null || !running.thread.isAlive())) {
                job = null;
                state = State.IDLE;
            }
        }
    }

    @Override
    public void close() {
        cancel();
    }
}
