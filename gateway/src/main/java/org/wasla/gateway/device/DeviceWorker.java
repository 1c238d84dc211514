package org.wasla.gateway.device;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.bridge.link.Direction;
import org.wasla.bridge.link.Link;
import org.wasla.gateway.device.Intake.Taken;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Talk;
import org.wasla.gateway.message.TalkSpec;
import org.wasla.gateway.message.Tally;
import org.wasla.gateway.observation.Mapped;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.outbox.Outbox;

/**
 * Keeps one device: opens its line and opens it again whenever it is lost, reads it, keeps what was read, and only then
 * answers. Owns the thread {@code device-<id>}; everything but {@link #close}, {@link #status}, {@link #tally} and
 * {@link #recordAgeMs} runs on it. The thread is never interrupted: an interrupt would close the buffer's file under it.
 */
public final class DeviceWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceWorker.class);
    private static final long MS = 1_000_000;
    private static final int CHUNK_BYTES = 4096;
    /** A silent line takes up another profile after this at the latest. */
    private static final int READ_WAIT_MS_MAX = 5_000;

    private static final long STOP_MS = 300;
    /** How long a line whose device is to be told goodbye is read before a stop is seen. */
    private static final int STOP_SEEN_MS = 250;
    /** How long the last words, and what the device answers, may be under way. */
    private static final int ANSWER_MS = 400;

    private static final long PARTING_MS = 1_500;
    /** A line that is open for this long is told as open: one that is lost at once again is not. */
    private static final long HOLDS_NS = 1_000_000_000L;

    private static final long RETRY_MS_MIN = 250;
    private static final long RETRY_MS_MAX = 5_000;

    private final Watch watch;
    private final Outbox outbox;
    private final Supplier<Clock> clock;
    private final Direction direction;
    private final boolean tellsEvents;
    private final Spool spool;
    private final Tally tally = new Tally();
    private final AtomicReference<@Nullable DeviceSettings> next = new AtomicReference<>();
    private final Thread thread;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Standing standing;
    private volatile @Nullable Link link;
    /** Whether the device is to be told goodbye. */
    private volatile boolean parts;

    /** When its last record was kept, monotonic; null: none yet. */
    private volatile @Nullable Long recordNs;

    private volatile DeviceSettings settings;
    private Keeper keeper;
    private Intake intake;
    private boolean found;
    private boolean heardOnce;
    private long startedNs;
    private long retryMs = RETRY_MS_MIN;
    private long readAtMs;
    private long skippedAtGood;
    private long openedNs;

    /**
     * @param why a cause in words, without anything of a patient
     * @param sinceMs UTC
     */
    public record Status(DeviceState state, String why, long sinceMs) {}

    /** On a box whose outputs turn no line. */
    public DeviceWorker(DeviceSettings settings, Outbox outbox, Supplier<Clock> clock, Watch watch) {
        this(settings, outbox, clock, watch, Direction.NONE);
    }

    /**
     * @param clock how well the gateway's clock is known now
     * @param direction turns a line of two wires
     */
    public DeviceWorker(
            DeviceSettings settings, Outbox outbox, Supplier<Clock> clock, Watch watch, Direction direction) {
        this(settings, outbox, clock, watch, direction, true);
    }

    /** A further line of a device: whether the device is there is told by its first line alone. */
    public static DeviceWorker further(
            DeviceSettings settings, Outbox outbox, Supplier<Clock> clock, Watch watch, Direction direction) {
        return new DeviceWorker(settings, outbox, clock, watch.ofFurtherLine(), direction, false);
    }

    private DeviceWorker(
            DeviceSettings settings,
            Outbox outbox,
            Supplier<Clock> clock,
            Watch watch,
            Direction direction,
            boolean tellsEvents) {
        this.direction = direction;
        this.tellsEvents = tellsEvents;
        this.settings = settings;
        this.watch = watch;
        this.standing = new Standing(watch);
        this.outbox = outbox;
        this.clock = clock;
        this.keeper = new Keeper(settings, outbox, clock, watch::patient);
        this.intake = intake(settings, keeper);
        this.spool = new Spool(outbox, settings.id());
        this.thread = new Thread(this::run, "device-" + settings.id());
        this.thread.setDaemon(true);
    }

    private Intake intake(DeviceSettings of, Keeper drafts) {
        AlarmMemory memory = new AlarmMemory(of, outbox, tellsEvents);
        return new Intake(of, drafts, memory, new Marks(of.id(), outbox), watch, tally);
    }

    public void start() {
        thread.start();
    }

    /**
     * Goes on under another profile; the line stays open when it is the same. What was read before is kept under the old
     * one, but for a frame that was not whole yet. Returns at once.
     *
     * @param to of the same device
     */
    public void adopt(DeviceSettings to) {
        if (!to.id().equals(settings.id())) {
            throw new IllegalArgumentException("other device: " + to.id());
        }
        next.set(to);
    }

    public DeviceSettings settings() {
        return settings;
    }

    public Status status() {
        return standing.status();
    }

    public Tally.Counts tally() {
        return tally.counts();
    }

    /** How long ago its last record was kept, in ms of a clock that never steps; -1: none since the start. */
    public long recordAgeMs() {
        Long lastNs = recordNs;
        return lastNs == null ? -1 : (System.nanoTime() - lastNs) / MS;
    }

    /** Asks the worker to stop; {@link #close} waits for it. */
    public void stop() {
        stopping.countDown();
    }

    /** Stops the worker and waits for it, at most five seconds; its device may be told goodbye in the first of them. */
    @Override
    public void close() {
        stop();
        if (parts && thread.isAlive()) {
            joinWithin(PARTING_MS);
        }
        Link open = link;
        if (open != null) {
            open.close();
        }
        joinWithin(5_000);
    }

    private void joinWithin(long waitMs) {
        try {
            thread.join(waitMs);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        startedNs = System.nanoTime();
        boolean remembers = false;
        while (isRunning()) {
            try {
                if (!remembers) {
                    remembers = true;
                    intake.remember();
                }
                session();
            } catch (IOException lost) {
                // At the end of the process the serial library closes its ports by itself: that is no loss.
                if (!stopsWithin(STOP_MS)) {
                    lost(String.valueOf(lost.getMessage()));
                }
            } catch (RuntimeException ourBug) {
                LOG.error("device={} failed by a fault of ours; starting it anew", settings.id(), ourBug);
                lost("internal fault");
            }
            pause();
        }
        intake.endAlarms();
        spool.close();
    }

    private boolean isRunning() {
        return stopping.getCount() > 0;
    }

    private void pause() {
        if (!stopsWithin(retryMs)) {
            retryMs = Math.min(2 * retryMs, RETRY_MS_MAX);
        }
    }

    private boolean stopsWithin(long waitMs) {
        try {
            return stopping.await(waitMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** From the opening of the line to its loss. */
    private void session() throws IOException {
        isSameLine();
        try (Link open = settings.link().open(direction)) {
            link = open;
            openedNs = System.nanoTime();
            talk(open);
        } finally {
            link = null;
            parts = false;
        }
    }

    private void talk(Link open) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        Talk talk = newTalk(open);
        try {
            while (isRunning()) {
                if (next.get() != null) {
                    perform(talk.onEnd(), talk, open);
                    if (!isSameLine()) {
                        return;
                    }
                    talk = newTalk(open);
                }
                int length = open.read(chunk, waitMs(talk));
                readAtMs = System.currentTimeMillis();
                if (length == Link.PEER_GONE) {
                    perform(talk.onEnd(), talk, open);
                    lost("peer closed");
                    talk = newTalk(open);
                    continue;
                }
                long nowNs = System.nanoTime();
                if (standing.status().state() == DeviceState.FAULT && nowNs - openedNs >= HOLDS_NS) {
                    become(DeviceState.SILENT, "line open, nothing heard yet");
                }
                perform(length > 0 ? talk.onBytes(chunk, length, nowNs) : talk.onTime(nowNs), talk, open);
                watch.heard(settings.id(), chunk, length, readAtMs);
                if (talk.isSilent(nowNs)) {
                    silent();
                }
            }
            part(talk, open);
        } catch (IOException lineLost) {
            // What was being put together is kept; an answer would fail as the line did.
            perform(talk.onEnd(), talk, open);
            throw lineLost;
        }
    }

    /** Takes up the profile that was ordered; whether the line can stay as it is. */
    private boolean isSameLine() {
        DeviceSettings other = next.getAndSet(null);
        if (other == null) {
            return true;
        }
        boolean isSame = other.link().equals(settings.link());
        settings = other;
        keeper = new Keeper(other, outbox, clock, watch::patient);
        intake = intake(other, keeper);
        intake.remember();
        LOG.info(
                "device={} profile={} hash={}",
                other.id(),
                other.profile().name(),
                other.profile().hash());
        return isSame;
    }

    /** Nothing is read any more: an answer only shows that the last words have left. */
    private void part(Talk talk, Link open) throws IOException {
        List<Action.Send> lastWords = talk.onStop(System.nanoTime());
        for (Action.Send words : lastWords) {
            open.write(words.bytes().toArray());
        }
        if (!lastWords.isEmpty()) {
            open.read(new byte[CHUNK_BYTES], ANSWER_MS);
        }
    }

    private void silent() {
        boolean hears = tally.skippedBytes() > skippedAtGood;
        // Before its alarms end: a set without alarms must not look like one that is known.
        become(
                DeviceState.SILENT,
                hears
                        ? "bytes arrive, but no whole message: speed, parity or profile is probably wrong"
                        : "no good message for too long");
        intake.endAlarms();
        if (found) {
            found = false;
            event("device-lost", "silent");
        }
    }

    private Talk newTalk(Link open) throws IOException {
        intake.reopen();
        TalkSpec spec =
                settings.profile().talk().over(settings.link().isDatagrams()).with(watch.orders(settings.id()));
        Talk talk = (settings.link().readOnly() ? spec.listening() : spec).open(System.nanoTime());
        parts = talk.hasLastWords();
        readAtMs = System.currentTimeMillis();
        perform(spool.restart(talk, keeper.lastResult()), talk, open);
        return talk;
    }

    private int waitMs(Talk talk) {
        long most = parts
                ? STOP_SEEN_MS
                : standing.status().state() == DeviceState.FAULT ? HOLDS_NS / MS : READ_WAIT_MS_MAX;
        return (int) Math.min(most, talk.waitNs(System.nanoTime()) / MS + 1);
    }

    /** What is kept in parts ends its list: the talk says how to go on. */
    private void perform(List<Action> actions, Talk talk, Link open) throws IOException {
        for (List<Action> next = actions; !next.isEmpty(); ) {
            Action last = next.get(next.size() - 1);
            spool.before(last, keeper.lastResult());
            boolean kept = performAll(next, last instanceof Action.Settle, open);
            next = spool.then(last, kept, talk);
        }
    }

    /** Messages that came together are kept together, or none is: one wait for the disk, then the answers in order. */
    private boolean performAll(List<Action> actions, boolean isWaitedFor, Link open) throws IOException {
        boolean kept = true;
        List<Taken> taken = new ArrayList<>();
        List<Action.Send> sends = new ArrayList<>();
        for (Action action : actions) {
            if (action instanceof Action.Report report) {
                tally.bad(report.fault(), report.count(), report.size());
            } else if (action instanceof Action.Send send) {
                sends.add(send);
            } else if (action instanceof Action.Deliver deliver) {
                take(deliver, taken, open);
            }
        }
        if (!taken.isEmpty()) {
            long before = tally.records();
            kept = intake.keepTaken(readAtMs, taken, isWaitedFor);
            if (tally.records() > before) {
                recordNs = System.nanoTime();
            }
            for (Taken each : taken) {
                Action.Deliver deliver = each.deliver();
                answer(open, kept ? deliver.ifKept() : deliver.ifRefused(), deliver.answerAfterNs());
            }
        }
        // Last, since a line that is lost while we ask must not cost what came before.
        for (Action.Send send : sends) {
            open.write(send.bytes().toArray());
        }
        return kept;
    }

    private void take(Action.Deliver deliver, List<Taken> taken, Link open) throws IOException {
        Taken message = intake.take(deliver);
        if (message.mapped().refused() != null) {
            tally.bad(message.mapped().fault(), 1, deliver.size());
            answer(open, deliver.ifRefused(), deliver.answerAfterNs());
            return;
        }
        heard();
        if (deliver.size() > 0) {
            tally.frame();
        }
        taken.add(message);
    }

    /** The pause, at most a second by the profile's rules, counts from now: the device needs it before it listens. */
    private void answer(Link open, Bytes answer, long afterNs) throws IOException {
        if (answer.size() > 0 && (afterNs == 0 || !stopsWithin(afterNs / MS))) {
            open.write(answer.toArray());
        }
    }

    private void heard() {
        heardOnce = true;
        retryMs = RETRY_MS_MIN;
        standing.speaks();
        skippedAtGood = tally.skippedBytes();
        if (!found) {
            found = true;
            event("device-found", "speaks");
        }
        if (standing.status().state() != DeviceState.LINKED) {
            become(DeviceState.LINKED, "good messages arrive");
        }
    }

    private void lost(String why) {
        if (!isRunning()) {
            return;
        }
        become(DeviceState.FAULT, why);
        if (heardOnce
                || System.nanoTime() - startedNs >= settings.profile().talk().quietNs()) {
            intake.endAlarms();
        }
        if (found) {
            found = false;
            event("device-lost", "line-lost");
        }
    }

    private void become(DeviceState state, String why) {
        standing.become(settings, state, why);
    }

    private void event(String name, String why) {
        if (tellsEvents) {
            Map<String, Object> fields =
                    Map.of("why", why, "link", settings.link().text());
            Mapped told = Mapped.of(new RecordBody.Event(name, fields));
            keeper.keep(keeper.drafts(System.currentTimeMillis(), told), false);
        }
    }
}
