package org.wasla.gateway.audit;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * What happens to a box by itself, for its audit: deliveries that stop and go on, a buffer that is full, records that were
 * dropped, associations. Thread-safe; told at once and written by {@link #tick}, so that nobody waits for the disk. Its
 * rate is bounded: what comes too often is told as a count.
 */
public final class AuditTrail {
    /** A connection that is away for less is no outage. */
    public static final long OUTAGE_MS = 30_000;

    static final int WAITING_MAX = 100;
    private static final int WRITTEN_EACH_TICK = 10;
    private static final long FULL_EVERY_NS = TimeUnit.MINUTES.toNanos(1);
    private final long outageNs;
    private final Map<String, Gap> gaps = new LinkedHashMap<>();
    private final Queue<Map<String, String>> associations = new ArrayDeque<>();
    private long associationsPassed;
    private long gapsPassed;
    private long awaySinceNs;
    private boolean isAway;
    private boolean isTold;
    private boolean isFull;
    private long fullAtNs;

    /** Numbers of one stream that were dropped for one cause: a range, and how many of it. */
    private record Gap(long from, long to, long count) {
        Gap with(long from, long to) {
            return new Gap(Math.min(this.from, from), Math.max(this.to, to), count + to - from + 1);
        }
    }

    public AuditTrail(long outageMs, long nowNs) {
        this.outageNs = TimeUnit.MILLISECONDS.toNanos(outageMs);
        this.fullAtNs = nowNs - FULL_EVERY_NS;
    }

    /** Numbers of a stream that will never come; may be called under the buffer's lock. */
    public synchronized void dropped(String stream, long from, long to, String why) {
        String key = stream + " " + why;
        Gap known = gaps.get(key);
        if (known == null && gaps.size() >= WAITING_MAX) {
            gapsPassed += to - from + 1;
        } else {
            gaps.put(key, known == null ? new Gap(from, to, to - from + 1) : known.with(from, to));
        }
    }

    /**
     * An association that is new, or has another state now. Who the patient is stays out of it.
     *
     * @param state as records say it: R, F, C, D or W
     * @param isOpen whether it goes on
     */
    public synchronized void associated(String device, String association, String state, boolean isOpen) {
        if (associations.size() >= WAITING_MAX) {
            associationsPassed++;
        } else {
            associations.add(Map.of("dev", device, "as", association, "st", state, "open", String.valueOf(isOpen)));
        }
    }

    /**
     * To be called every second or so by one thread.
     *
     * @param auditor writes it down
     * @param isConnected whether records leave
     * @param isFull whether the buffer takes no more
     * @param nowNs monotonic
     */
    public void tick(Auditor auditor, boolean isConnected, boolean isFull, long nowNs) {
        delivery(auditor, isConnected, nowNs);
        buffer(auditor, isFull, nowNs);
        boolean hasMore = true;
        for (int i = 0; i < WRITTEN_EACH_TICK && hasMore; i++) {
            hasMore = writeGap(auditor) || writeAssociation(auditor);
        }
    }

    private void delivery(Auditor auditor, boolean isConnected, long nowNs) {
        if (isConnected) {
            if (isTold) {
                long awayS = TimeUnit.NANOSECONDS.toSeconds(nowNs - awaySinceNs);
                auditor.note("delivery-restored", Map.of("s", String.valueOf(awayS)));
            }
            isAway = false;
            isTold = false;
        } else if (!isAway) {
            isAway = true;
            awaySinceNs = nowNs;
        } else if (!isTold && nowNs - awaySinceNs >= outageNs) {
            isTold = true;
            auditor.note("delivery-outage", Map.of());
        }
    }

    private void buffer(Auditor auditor, boolean now, long nowNs) {
        if (now && !isFull && nowNs - fullAtNs >= FULL_EVERY_NS) {
            isFull = true;
            fullAtNs = nowNs;
            auditor.note("buffer-full", Map.of());
        } else if (!now && isFull) {
            isFull = false;
            auditor.note("buffer-room", Map.of());
        }
    }

    private boolean writeGap(Auditor auditor) {
        Map<String, String> fields;
        synchronized (this) {
            if (gaps.isEmpty() && gapsPassed == 0) {
                return false;
            }
            if (gaps.isEmpty()) {
                fields = Map.of("count", String.valueOf(gapsPassed), "why", "more streams");
                gapsPassed = 0;
            } else {
                Map.Entry<String, Gap> first = gaps.entrySet().iterator().next();
                String key = first.getKey();
                Gap gap = first.getValue();
                gaps.remove(key);
                int cut = key.indexOf(' ');
                fields = Map.of(
                        "of", key.substring(0, cut),
                        "why", key.substring(cut + 1),
                        "from", String.valueOf(gap.from()),
                        "to", String.valueOf(gap.to()),
                        "count", String.valueOf(gap.count()));
            }
        }
        auditor.note("data-dropped", fields);
        return true;
    }

    private boolean writeAssociation(Auditor auditor) {
        Map<String, String> fields;
        synchronized (this) {
            fields = associations.poll();
            if (fields == null && associationsPassed > 0) {
                fields = Map.of("count", String.valueOf(associationsPassed));
                associationsPassed = 0;
            }
        }
        if (fields != null) {
            auditor.note("association", fields);
        }
        return fields != null;
    }
}
