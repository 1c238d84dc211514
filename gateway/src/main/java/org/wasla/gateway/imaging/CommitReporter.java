package org.wasla.gateway.imaging;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.dicom.CommandSet;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.imaging.CommitBook.Asked;

/**
 * Reports what is held to those who asked and left, on associations of our own (PS3.4 annex J.3.3), again and again until
 * they take it: first after seconds, then ever more rarely. One thread, {@code commitment}.
 */
final class CommitReporter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommitReporter.class);
    private static final long TICK_MS = 250;
    /** As long the association that asked may hear it. */
    private static final long FIRST_MS = 700;

    private static final long RETRY_MS = 1_000;
    private static final long RETRY_MS_MAX = 30 * 60_000L;
    private static final long GIVE_UP_MS = TimeUnit.DAYS.toMillis(7);
    private static final int NO_ANSWER = -1;
    private static final long STOP_MS = 5_000;

    private final StepDesk desk;
    private final ImagingSettings settings;
    private final Timing timing;
    private final Map<String, Attempts> attempts = new HashMap<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "commitment");

    /** @param nextMs monotonic */
    private record Attempts(int count, long nextMs) {}

    CommitReporter(StepDesk desk, ImagingSettings settings, Timing timing) {
        this.desk = desk;
        this.settings = settings;
        this.timing = timing;
        thread.setDaemon(true);
    }

    /** The N-EVENT-REPORT of that event. */
    static CommandSet command(int event, int message) {
        return CommandSet.of(CommandSet.N_EVENT_REPORT)
                .with(CommandSet.MESSAGE_ID, message)
                .with(CommandSet.SOP_CLASS, CommitBook.SOP_CLASS)
                .with(CommandSet.INSTANCE, CommitBook.INSTANCE)
                .with(CommandSet.EVENT_TYPE, event)
                .withDataSet();
    }

    void start() {
        thread.start();
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
        List<Asked> open = desk.commits().open();
        attempts.keySet()
                .removeIf(name ->
                        open.stream().noneMatch(each -> each.transaction().equals(name)));
        long nowMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        for (Asked asked : open) {
            Attempts of = attempts.computeIfAbsent(asked.transaction(), name -> new Attempts(0, nowMs + FIRST_MS));
            if (stopping.getCount() > 0 && nowMs - of.nextMs() >= 0) {
                attempts.put(asked.transaction(), new Attempts(of.count() + 1, nowMs + backOffMs(of.count())));
                attempt(asked, of.count());
            }
        }
    }

    private static long backOffMs(int count) {
        return Math.min(RETRY_MS_MAX, RETRY_MS << Math.min(count, 20));
    }

    private void attempt(Asked asked, int count) {
        StepSettings.Address to = settings.steps().reports().get(asked.caller());
        try {
            if (System.currentTimeMillis() - asked.timeMs() > GIVE_UP_MS) {
                LOG.warn("imaging caller={} never took what it asked for; commitment given up", asked.caller());
                desk.commits().done(asked);
            } else if (to == null && count == 0) {
                LOG.warn("imaging caller={} left before the report, and dicom.commit has no address", asked.caller());
            } else if (to != null && desk.commits().claim(asked)) {
                report(asked, to, count);
            }
        } catch (IOException e) {
            LOG.warn("imaging caller={} commitment not noted error=\"{}\"", asked.caller(), e.getMessage());
        }
    }

    private void report(Asked asked, StepSettings.Address to, int count) throws IOException {
        boolean isTaken = false;
        try {
            isTaken = isTaken(asked, to);
        } catch (IOException away) {
            if (Integer.bitCount(count + 1) == 1) {
                LOG.warn(
                        "imaging caller={} commitment not reported tries={} error=\"{}\"",
                        asked.caller(),
                        count + 1,
                        away.getMessage());
            }
        } finally {
            if (!isTaken) {
                desk.commits().release(asked);
            }
        }
        if (isTaken) {
            desk.commits().done(asked);
        }
    }

    private boolean isTaken(Asked asked, StepSettings.Address to) throws IOException {
        String host = to.host().isEmpty() ? asked.address() : to.host();
        Sender.Peer peer = new Sender.Peer(host, to.port(), asked.caller(), settings.title());
        int status = NO_ANSWER;
        try (Requester requester = Requester.open(peer, CommitBook.SOP_CLASS, true, "", timing)) {
            CommitBook.Report report = desk.commits().report(asked, requester.transferSyntax());
            requester.send(command(report.event(), 1), report.data());
            status = requester.receive().set().number(CommandSet.STATUS, -1);
        } catch (IOException ended) {
            // An answer counts, however the association ended after it.
            if (status == NO_ANSWER) {
                throw ended;
            }
        }
        if (status != CommandSet.SUCCESS) {
            throw new IOException("answered with status " + Integer.toHexString(status));
        }
        return true;
    }

    @Override
    public void close() {
        stopping.countDown();
        try {
            thread.join(STOP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
