package org.wasla.gateway.trust;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * When a box asks for its next certificate: from half life on, and again after each failure, later and later but often
 * enough within what is left. It asks on after the certificate has expired, and even when the region will want a new
 * token: the box's clock may be wrong, and the region's is not. No I/O, no clock; one thread.
 */
public final class Renewal {
    /** For so long an expired certificate still gets another one, into quarantine. */
    public static final long GRACE_MS = TimeUnit.DAYS.toMillis(90);

    private static final long FIRST_MS = TimeUnit.MINUTES.toMillis(1);
    private static final long LEAST_MS = 1_000;
    private static final long MOST_MS = TimeUnit.HOURS.toMillis(6);
    /** So many tries at least fit into the life of a certificate. */
    private static final long TRIES = 16;

    private final RandomGenerator random;
    private int failures;
    private long notBeforeNs;

    /** @param random spreads the tries of many boxes */
    public Renewal(RandomGenerator random) {
        this.random = random;
    }

    /** How much it matters. */
    public enum Urgency {
        /** Before half life. */
        FINE,
        /** After half life. */
        DUE,
        /** Less than a quarter of its life is left: somebody should look. */
        LATE,
        /** Over: the region gives another one, into quarantine. */
        EXPIRED,
        /** Over for more than {@link #GRACE_MS}: the region wants a new token. */
        GONE
    }

    /**
     * What a certificate says.
     *
     * @param fromMs UTC
     * @param untilMs UTC
     * @param quarantined whether somebody is still to confirm the box
     */
    public record Life(long fromMs, long untilMs, boolean quarantined) {
        /** Checks the order. */
        public Life {
            if (untilMs <= fromMs) {
                throw new IllegalArgumentException("a certificate ends after it begins");
            }
        }

        /** From when on it is to be renewed. */
        public long halfMs() {
            return fromMs + (untilMs - fromMs) / 2;
        }

        /** @param nowMs a time before its begin is that of a clock that is wrong, and says nothing */
        public Urgency at(long nowMs) {
            if (nowMs < halfMs()) {
                return Urgency.FINE;
            }
            if (nowMs < untilMs) {
                return untilMs - nowMs < (untilMs - fromMs) / 4 ? Urgency.LATE : Urgency.DUE;
            }
            return nowMs - untilMs < GRACE_MS ? Urgency.EXPIRED : Urgency.GONE;
        }
    }

    /**
     * Whether to ask now. In quarantine the box asks at all times: that is how it learns that it was confirmed.
     *
     * @param nowMs UTC, as well as it is known
     * @param nowNs monotonic
     */
    public boolean isDue(Life life, long nowMs, long nowNs) {
        boolean wants = life.quarantined() || life.at(nowMs) != Urgency.FINE;
        return wants && (failures == 0 || nowNs - notBeforeNs >= 0);
    }

    /**
     * It was not given one.
     *
     * @param askedMs for how long the region asked to wait, 0 when it did not
     */
    public void failed(Life life, long askedMs, long nowNs) {
        failures = Math.min(failures + 1, 30);
        long mostMs = Math.min(MOST_MS, Math.max(LEAST_MS, (life.untilMs() - life.fromMs()) / TRIES));
        long waitMs = Math.min(mostMs, Math.min(FIRST_MS, mostMs) << Math.min(failures - 1, 10));
        long spreadMs = waitMs / 2 + random.nextLong(waitMs / 2 + 1);
        long chosenMs = askedMs > 0 ? Math.max(LEAST_MS, Math.min(askedMs, MOST_MS)) : spreadMs;
        notBeforeNs = nowNs + TimeUnit.MILLISECONDS.toNanos(chosenMs);
    }

    /** It has another one. */
    public void succeeded() {
        failures = 0;
    }

    /** How often in a row it was not given one. */
    public int failures() {
        return failures;
    }
}
