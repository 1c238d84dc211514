package org.wasla.gateway.hospital;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.render.Pcd;
import org.wasla.gateway.render.Pcd01;
import org.wasla.gateway.render.Pcd04;

/**
 * What waits for one receiver, as messages: every alarm first, then values. Values of one device are gathered over spans
 * of the gateway's time that begin at whole multiples of their length, so that the same records make the same message
 * after a restart. Reads the buffer, published or not. One thread.
 */
final class Letters {
    static final String ALARMS = "alarm";
    static final String OBSERVATIONS = "obs";
    /** A message holds values of at most so many records. */
    static final int RECORDS_MAX = 300;
    /** So long after its end a span is told, for records that are still on their way to the disk. */
    static final long GRACE_MS = 1_000;

    private static final int PAGE = 50;
    /** So far back the beginning of an alarm is looked for. */
    private static final int ALARMS_BACK = 200;
    /** A number is given before its record can be read: what is missing for so long is not there. */
    private static final long MISSING_NS = TimeUnit.SECONDS.toNanos(3);

    private final Outbox outbox;
    private final HospitalSettings.Receiver to;
    private final Cursor cursor;
    private final Function<String, Pcd.Source> sources;
    private final LongSupplier nowMs;
    private final Map<String, Far> streams = new HashMap<>();

    /** How far one stream has been handed out. */
    private static final class Far {
        private long taken;
        private final Deque<Entry> page = new ArrayDeque<>();
        private long dueMs;
        private long missingSinceNs;
        private boolean isMissing;

        private Far(long taken) {
            this.taken = taken;
        }
    }

    /** @param sources what is told of a device */
    Letters(
            Outbox outbox,
            HospitalSettings.Receiver to,
            Cursor cursor,
            Function<String, Pcd.Source> sources,
            LongSupplier nowMs) {
        this.outbox = outbox;
        this.to = to;
        this.cursor = cursor;
        this.sources = sources;
        this.nowMs = nowMs;
    }

    /** The next message that is due, null when there is none. It comes again until it is settled or passed. */
    @Nullable
    Letter next() throws IOException {
        if (to.takesAlarms()) {
            Letter alarm = alarm();
            if (alarm != null) {
                return alarm;
            }
        }
        return to.takesObservations() ? values() : null;
    }

    /** What follows this one comes next, until {@link #rewind}. */
    void pass(Letter letter) {
        Far far = far(letter.device(), letter.kind());
        far.taken = letter.to();
        far.dueMs = 0;
        while (!far.page.isEmpty() && far.page.peekFirst().seq() <= letter.to()) {
            far.page.removeFirst();
        }
    }

    /** What is not settled comes again. */
    void rewind() {
        streams.clear();
    }

    /** The receiver has it, or will never have it. */
    void settle(Letter letter) throws IOException {
        pass(letter);
        cursor.settle(letter.device(), letter.kind(), letter.to());
    }

    /** How many records wait, told or not. */
    long waiting(String kind) {
        long waiting = 0;
        for (String device : outbox.devices(kind)) {
            waiting += Math.max(0, outbox.lastNumber(device, kind) - cursor.settled(device, kind));
        }
        return waiting;
    }

    private Far far(String device, String kind) {
        return streams.computeIfAbsent(
                device + '.' + kind,
                stream -> new Far(Math.min(cursor.settled(device, kind), outbox.lastNumber(device, kind))));
    }

    /** The oldest of those that come first in their streams. */
    private @Nullable Letter alarm() throws IOException {
        Entry oldest = null;
        for (String device : outbox.devices(ALARMS)) {
            Far far = far(device, ALARMS);
            Entry first = first(device, ALARMS, far);
            if (first != null && (oldest == null || first.position() < oldest.position())) {
                oldest = first;
            } else if (first == null && isLost(device, ALARMS, far)) {
                return lost(device, ALARMS, far);
            }
        }
        return oldest == null ? null : alarm(oldest, far(oldest.device(), ALARMS));
    }

    private Letter alarm(Entry entry, Far far) throws IOException {
        Pcd.Alarm alarm = read(entry);
        String start = alarm == null || alarm.isStart() ? "" : start(entry, alarm);
        Pcd.Message message = null;
        int unrendered = 0;
        try {
            message = Pcd04.message(entry.payload(), start, sources.apply(entry.device()), nowMs.getAsLong());
        } catch (IOException | RuntimeException odd) {
            unrendered = 1;
        }
        List<Letter.Span> missing = new ArrayList<>();
        tellMissing(far.taken + 1, entry.seq(), missing);
        return new Letter(entry.device(), ALARMS, far.taken + 1, entry.seq(), missing, unrendered, message);
    }

    /** The record in which the alarm began, empty when it is not found. */
    private String start(Entry entry, Pcd.Alarm alarm) throws IOException {
        long from = Math.max(1, entry.seq() - ALARMS_BACK);
        String start = "";
        for (Entry before : outbox.stream(entry.device(), ALARMS, from, entry.seq() - 1, ALARMS_BACK)) {
            Pcd.Alarm other = read(before);
            if (other != null && other.isStart() && other.alarm().equals(alarm.alarm())) {
                start = other.id();
            }
        }
        return start;
    }

    /** Null for what is no record. */
    private static Pcd.@Nullable Alarm read(Entry entry) {
        try {
            return Pcd.alarm(entry.payload());
        } catch (IOException odd) {
            return null;
        }
    }

    /** Of the devices whose time it is the one that waits the longest: none waits for another for ever. */
    private @Nullable Letter values() throws IOException {
        Entry oldest = null;
        for (String device : outbox.devices(OBSERVATIONS)) {
            Far far = far(device, OBSERVATIONS);
            if (outbox.lastNumber(device, OBSERVATIONS) > far.taken && isDue(far.dueMs)) {
                Entry first = first(device, OBSERVATIONS, far);
                if (first == null && isLost(device, OBSERVATIONS, far)) {
                    return lost(device, OBSERVATIONS, far);
                }
                if (first != null && isDue(first, far) && (oldest == null || first.position() < oldest.position())) {
                    oldest = first;
                }
            }
        }
        return oldest == null ? null : values(oldest.device(), far(oldest.device(), OBSERVATIONS));
    }

    private boolean isDue(Entry first, Far far) {
        far.dueMs = to.everyMs() == 0 ? 0 : (span(first) + 1) * to.everyMs() + GRACE_MS;
        return isDue(far.dueMs);
    }

    /** A clock that was set back does not hold up what came before. */
    private boolean isDue(long dueMs) {
        long leftMs = dueMs - nowMs.getAsLong();
        return leftMs <= 0 || leftMs > to.everyMs() + GRACE_MS;
    }

    private long span(Entry entry) {
        return Math.floorDiv(entry.timeMs(), to.everyMs());
    }

    /** Of one span, one patient and one place; what is no record stands alone. */
    private Letter values(String device, Far far) throws IOException {
        List<byte[]> records = new ArrayList<>();
        List<Letter.Span> missing = new ArrayList<>();
        Far ahead = new Far(far.taken);
        ahead.page.addAll(far.page);
        Entry first = far.page.getFirst();
        String whose = whose(first);
        Entry entry = first;
        while (entry != null && isOne(first, entry, whose)) {
            records.add(entry.payload());
            tellMissing(ahead.taken + 1, entry.seq(), missing);
            ahead.taken = entry.seq();
            ahead.page.removeFirst();
            boolean isFull = to.everyMs() == 0 || whose == null || records.size() == RECORDS_MAX;
            entry = isFull ? null : first(device, OBSERVATIONS, ahead);
        }
        Pcd.Message message = null;
        int unrendered = 0;
        try {
            message = Pcd01.message(records, sources.apply(device), nowMs.getAsLong());
        } catch (IOException | RuntimeException odd) {
            unrendered = records.size();
        }
        return new Letter(device, OBSERVATIONS, far.taken + 1, ahead.taken, missing, unrendered, message);
    }

    private boolean isOne(Entry first, Entry entry, @Nullable String whose) {
        return entry == first || span(entry) == span(first) && whose != null && whose.equals(whose(entry));
    }

    /** Null for what is no record. */
    private static @Nullable String whose(Entry entry) {
        try {
            return Pcd.whose(entry.payload());
        } catch (IOException odd) {
            return null;
        }
    }

    private static void tellMissing(long expected, long found, List<Letter.Span> missing) {
        if (found > expected) {
            missing.add(new Letter.Span(expected, found - 1));
        }
    }

    private @Nullable Entry first(String device, String kind, Far far) throws IOException {
        long last = outbox.lastNumber(device, kind);
        if (far.page.isEmpty() && last > far.taken) {
            far.page.addAll(outbox.stream(device, kind, far.taken + 1, last, PAGE));
        }
        Entry first = far.page.peekFirst();
        far.isMissing &= first == null;
        return first;
    }

    /** Whether what is numbered has not been there for a while. */
    private boolean isLost(String device, String kind, Far far) {
        if (outbox.lastNumber(device, kind) <= far.taken) {
            return false;
        }
        long now = System.nanoTime();
        if (!far.isMissing) {
            far.isMissing = true;
            far.missingSinceNs = now;
        }
        return now - far.missingSinceNs > MISSING_NS;
    }

    private Letter lost(String device, String kind, Far far) {
        long last = outbox.lastNumber(device, kind);
        return new Letter(device, kind, far.taken + 1, last, List.of(new Letter.Span(far.taken + 1, last)), 0, null);
    }
}
