package org.wasla.gateway.identify;

import java.util.List;

/**
 * Which setting of a serial line is listened to, and for how long. A device that says something is heard at any speed, if
 * only as garbage: as long as nothing came, the wait is long; once something came, each setting gets one burst, and more
 * where it is understood. Pure; times are monotonic nanoseconds. One thread.
 */
public final class Search {
    private static final long MS = 1_000_000;
    private static final long SILENCE_MS = 10_000;
    private static final long PAUSE_MS = 4_000;
    private static final long QUIET_MS = 400;
    private static final long UNDERSTOOD_MS = 10_000;
    private static final long SETTLE_MS = 2_500;
    private static final long READABLE_MS = 3_000;
    private static final long STREAM_MS = 1_500;
    private static final long BURST_MS_MAX = 6_000;

    /** From here on a candidate needs no more than to go on as it began. */
    private static final double SURE = 0.9;

    private final List<String> settings;
    private final long endNs;
    private int at;
    private boolean everHeard;
    private boolean isFound;

    /** @param settings the usual one first; at least one */
    public Search(List<String> settings, long nowNs, long forNs) {
        this.settings = List.copyOf(settings);
        this.endNs = nowNs + forNs;
    }

    /** What was heard so far at one setting. */
    public static final class Look {
        private final long beginNs;
        private long firstNs;
        private long lastNs;
        private int bursts;
        private double confidence;
        private boolean isReadable;

        public Look(long nowNs) {
            this.beginNs = nowNs;
            this.lastNs = nowNs;
        }

        /** To be told when bytes came. */
        public void heard(long nowNs) {
            if (bursts == 0) {
                firstNs = nowNs;
            }
            bursts += bursts == 0 || nowNs - lastNs >= QUIET_MS * MS ? 1 : 0;
            lastNs = nowNs;
        }

        /** To be told what the bytes heard so far mean. */
        public void judged(double best, List<Chunk> heard) {
            confidence = best;
            isReadable = Chunk.size(heard) >= 16 && Specificity.isText(Chunk.text(heard));
        }

        /** Whether the device was in the middle of something when we came. */
        private boolean cameLate() {
            return firstNs - beginNs < 100 * MS;
        }
    }

    public String setting() {
        return settings.get(at % settings.size());
    }

    public boolean isOver(long nowNs) {
        return isFound || nowNs - endNs >= 0;
    }

    /** @return whether this setting is to be listened to for longer */
    public boolean goesOn(Look look, long nowNs) {
        if (nowNs - endNs >= 0) {
            return false;
        }
        if (look.bursts == 0) {
            long patience = everHeard ? PAUSE_MS : SILENCE_MS;
            return settings.size() == 1 || nowNs - look.beginNs < patience * MS;
        }
        long sinceMs = (nowNs - look.firstNs) / MS;
        int round = 1 + at / settings.size();
        if (look.confidence >= SURE) {
            return sinceMs < SETTLE_MS;
        }
        if (look.confidence > 0) {
            return sinceMs < UNDERSTOOD_MS;
        }
        if (look.isReadable && sinceMs < READABLE_MS * round || settings.size() == 1) {
            return true;
        }
        boolean isOver = nowNs - look.lastNs >= QUIET_MS * MS && look.bursts >= (look.cameLate() ? 2 : round);
        boolean isStream = look.bursts == 1 && sinceMs >= STREAM_MS * round && nowNs - look.lastNs < QUIET_MS * MS;
        return !isOver && !isStream && sinceMs < BURST_MS_MAX * round;
    }

    /** Ends a look: the search is over when it brought an answer, else the next setting is due. */
    public void done(Look look) {
        everHeard |= look.bursts > 0;
        isFound = look.confidence >= Identifier.LEAST;
        at++;
    }

    /** @return whether nothing at all was heard: a device that waits for questions, or none */
    public boolean isSilent() {
        return !everHeard;
    }
}
