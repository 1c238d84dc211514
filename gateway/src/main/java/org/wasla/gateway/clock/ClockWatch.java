package org.wasla.gateway.clock;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.RecordJson.Clock;

/**
 * How well the box's clock is known, and whether it was stepped. {@link #look} is for one thread, every second or so;
 * {@link #clock} is thread-safe.
 *
 * <pre>
 * sync      the time service has confirmed the clock within the last 90 minutes
 * holdover  it had in this run, and no longer has: the error bound grows by 50 ppm of monotonic time
 * unsync    otherwise; so too after a step that the time service did not make
 * </pre>
 */
public final class ClockWatch {

    private static final String SYNC = "sync";
    private static final String HOLDOVER = "holdover";
    private static final String UNSYNC = "unsync";
    private static final long STEP_MS = 1_000;
    /** Both services ask at least every 2,048 s by default, and chrony writes its drift about every hour. */
    private static final long FRESH_MS = TimeUnit.MINUTES.toMillis(90);

    private static final long LOOK_EVERY_NS = TimeUnit.SECONDS.toNanos(10);
    /** A step of the service's own is confirmed by it within this time. */
    private static final long CONFIRMED_MS = 3_000;
    /** Two clocks that were not read at once tell nothing of each other. */
    private static final long READ_NS_MAX = TimeUnit.MILLISECONDS.toNanos(200);

    private static final long PPM = 50;
    /** A bound is rounded up to this, so that not each record has another one. */
    private static final long ROUND_MS = 10;

    /**
     * The wall clock was set. Immutable.
     *
     * @param fromMs what it would have shown
     * @param toMs what it shows, UTC
     */
    public record Step(long fromMs, long toMs) {
        public long ms() {
            return toMs - fromMs;
        }
    }

    /** @param sinceNs when the bound was told, monotonic */
    private record Held(String state, @Nullable Long errorMs, long sinceNs) {}

    private final LongSupplier wallMs;
    private final LongSupplier nowNs;
    private final TimeService service;
    private long offsetMs;
    private long lookedNs;
    private @Nullable Long distrustedMs;
    private volatile Held held;

    public ClockWatch() {
        this(System::currentTimeMillis, System::nanoTime, new TimeFiles());
    }

    /** With other clocks. */
    ClockWatch(LongSupplier wallMs, LongSupplier nowNs, TimeService service) {
        this.wallMs = wallMs;
        this.nowNs = nowNs;
        this.service = service;
        this.held = new Held(UNSYNC, null, nowNs.getAsLong());
        long atNs = nowNs.getAsLong();
        offsetMs = wallMs.getAsLong() - toMs(atNs);
        ask(wallMs.getAsLong(), atNs);
    }

    private static long toMs(long ns) {
        return Math.floorDiv(ns, 1_000_000L);
    }

    /** The state, and the bound when it is known. */
    public Clock clock() {
        Held now = held;
        Long errorMs = now.errorMs();
        if (errorMs == null || !now.state().equals(HOLDOVER)) {
            return new Clock(now.state(), errorMs, null);
        }
        long driftMs = Math.max(0, toMs(nowNs.getAsLong() - now.sinceNs())) * PPM / 1_000_000;
        return new Clock(HOLDOVER, (errorMs + driftMs + ROUND_MS) / ROUND_MS * ROUND_MS, null);
    }

    /** Looks at the clocks and at times at the service; gives the step when there was one. */
    @Nullable
    public Step look() {
        long beforeNs = nowNs.getAsLong();
        long shownMs = wallMs.getAsLong();
        long atNs = nowNs.getAsLong();
        if (atNs - beforeNs > READ_NS_MAX) {
            return null;
        }
        long expectedMs = offsetMs + toMs(atNs);
        offsetMs = shownMs - toMs(atNs);
        if (Math.abs(shownMs - expectedMs) > STEP_MS) {
            stepped(shownMs, atNs);
            return new Step(expectedMs, shownMs);
        }
        if (atNs - lookedNs > LOOK_EVERY_NS) {
            ask(shownMs, atNs);
        }
        return null;
    }

    /** What the service said of the clock before counts no more, nor does holdover; unless it was the service. */
    private void stepped(long shownMs, long atNs) {
        TimeService.Word word = service.word();
        boolean isItsOwn = word != null && Math.abs(shownMs - word.atMs()) <= CONFIRMED_MS;
        distrustedMs = word == null || isItsOwn ? null : (Long) word.atMs();
        held = new Held(UNSYNC, null, atNs);
        ask(shownMs, atNs);
    }

    private void ask(long shownMs, long atNs) {
        lookedNs = atNs;
        TimeService.Word word = service.word();
        if (word != null && isFresh(word, shownMs)) {
            held = new Held(SYNC, word.errorMs(), atNs);
        } else if (held.state().equals(SYNC)) {
            held = new Held(HOLDOVER, held.errorMs(), held.sinceNs());
        }
    }

    private boolean isFresh(TimeService.Word word, long shownMs) {
        long ageMs = shownMs - word.atMs();
        Long distrusted = distrustedMs;
        return (distrusted == null || distrusted != word.atMs()) && ageMs >= -STEP_MS && ageMs <= FRESH_MS;
    }
}
