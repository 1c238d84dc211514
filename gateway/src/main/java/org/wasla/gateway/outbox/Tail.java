package org.wasla.gateway.outbox;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The newest entries, in memory: those that lie in the journal and not yet in the store, and those that the last move
 * took there, so that a reader who keeps up need not ask the store. Thread-safe.
 *
 * <p>Bound: {@link #awaitRoom} holds the committer back while more than so many bytes wait for the store.
 */
final class Tail {

    /** Entries of one urgency in order of position. */
    private static final class Run {
        private Entry[] entries = new Entry[64];
        private int start;
        private int end;
        private long newest;

        void add(Entry entry) {
            newest = entry.position();
            if (end == entries.length) {
                Entry[] target = size() * 2 > entries.length ? new Entry[entries.length * 2] : entries;
                System.arraycopy(entries, start, target, 0, size());
                if (target == entries) {
                    Arrays.fill(entries, size(), end, null);
                }
                end = size();
                start = 0;
                entries = target;
            }
            entries[end++] = entry;
        }

        int size() {
            return end - start;
        }

        /** Index of the first entry after this position. */
        int after(long position) {
            int low = start;
            int high = end;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (entries[middle].position() <= position) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }

        List<Entry> list(int from, int to) {
            return new ArrayList<>(Arrays.asList(entries).subList(from, to));
        }

        List<Entry> list(long after, long upTo, int max) {
            int from = after(after);
            return list(from, Math.max(from, Math.min(after(upTo), from + max)));
        }

        /** By what its entries say of those before them; of a run that never had one nothing is known. */
        boolean isWholeAfter(long position) {
            int next = after(position);
            return next < end ? entries[next].after() <= position : newest > 0 && newest <= position;
        }

        /** What lies after one position and up to another, in bytes. */
        long bytes(long after, long upTo) {
            long bytes = 0;
            int last = after(upTo);
            for (int i = after(after); i < last; i++) {
                bytes += entries[i].amount().bytes();
            }
            return bytes;
        }

        void dropUpTo(long position) {
            while (start < end && entries[start].position() <= position) {
                entries[start++] = null;
            }
        }
    }

    private final long bytesMax;
    private final long bytesToMove;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final Condition shrunk = lock.newCondition();
    private final Map<Urgency, Run> runs = new EnumMap<>(Urgency.class);
    /** Of those that wait for the store. */
    private long bytes;

    private long last;
    /** Everything up to here lies in the store. */
    private long stored;

    private long moves;
    private long wakes;
    private boolean unbound;
    private boolean nudged;

    /** @param bytesToMove so much is worth a write to the store; twice as much holds the committer back */
    Tail(long bytesToMove) {
        this.bytesToMove = bytesToMove;
        this.bytesMax = 2 * bytesToMove;
        for (Urgency urgency : Urgency.values()) {
            runs.put(urgency, new Run());
        }
    }

    private Run run(Urgency urgency) {
        Run run = runs.get(urgency);
        if (run == null) {
            throw new IllegalStateException("no run for " + urgency);
        }
        return run;
    }

    void add(List<Entry> entries) {
        lock.lock();
        try {
            for (Entry entry : entries) {
                run(entry.urgency()).add(entry);
                bytes += entry.amount().bytes();
                last = Math.max(last, entry.position());
            }
            if (bytes >= bytesToMove) {
                grown.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isFull() {
        lock.lock();
        try {
            return bytes >= bytesMax && !unbound;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the store has taken some, or somebody wakes us; false when there is no room yet. */
    boolean awaitRoom(long waitMs) throws InterruptedException {
        lock.lock();
        try {
            long leftNs = TimeUnit.MILLISECONDS.toNanos(waitMs);
            long calls = wakes;
            while (bytes >= bytesMax && !unbound && calls == wakes && leftNs > 0) {
                leftNs = shrunk.awaitNanos(leftNs);
            }
            return bytes < bytesMax || unbound;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody takes any more: what still comes is little, and nobody waits for room. */
    void unbind() {
        lock.lock();
        try {
            unbound = true;
            shrunk.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends a wait for room early. */
    void wake() {
        lock.lock();
        try {
            wakes++;
            shrunk.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is enough to move, somebody nudges, or the time is over. */
    void awaitWork(long waitMs) throws InterruptedException {
        lock.lock();
        try {
            long leftNs = TimeUnit.MILLISECONDS.toNanos(waitMs);
            while (bytes < bytesToMove && !nudged && leftNs > 0) {
                leftNs = grown.awaitNanos(leftNs);
            }
            nudged = false;
        } finally {
            lock.unlock();
        }
    }

    void nudge() {
        lock.lock();
        try {
            nudged = true;
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isWorthMoving() {
        lock.lock();
        try {
            return bytes >= bytesToMove;
        } finally {
            lock.unlock();
        }
    }

    /** All that wait for the store, of one urgency and up to a position. */
    List<Entry> upTo(Urgency urgency, long position) {
        lock.lock();
        try {
            Run run = run(urgency);
            int from = run.after(stored);
            return run.list(from, Math.max(from, run.after(position)));
        } finally {
            lock.unlock();
        }
    }

    /** At most so many of one urgency after a position and up to another. */
    List<Entry> after(Urgency urgency, long after, long upTo, int max) {
        lock.lock();
        try {
            return run(urgency).list(after, upTo, max);
        } finally {
            lock.unlock();
        }
    }

    /** The same, but null when there may be others in the store that come first. */
    @Nullable
    List<Entry> afterAllStored(Urgency urgency, long after, long upTo, int max) {
        lock.lock();
        try {
            Run run = run(urgency);
            return run.isWholeAfter(after) ? run.list(after, upTo, max) : null;
        } finally {
            lock.unlock();
        }
    }

    /** The store has everything up to here; what it had before leaves. */
    void moved(long position) {
        lock.lock();
        try {
            for (Run run : runs.values()) {
                bytes -= run.bytes(stored, position);
                run.dropUpTo(stored);
            }
            stored = Math.max(stored, Math.min(position, last));
            moves++;
            shrunk.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Everything that waits for the store. */
    List<Entry> all() {
        lock.lock();
        try {
            List<Entry> all = new ArrayList<>();
            runs.values().forEach(run -> all.addAll(run.list(run.after(stored), run.end)));
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** Rises whenever entries have left: who finds nothing in the store and nothing here looks again when it has. */
    long moves() {
        lock.lock();
        try {
            return moves;
        } finally {
            lock.unlock();
        }
    }

    /** The newest position that was added. */
    long last() {
        lock.lock();
        try {
            return last;
        } finally {
            lock.unlock();
        }
    }

    /** How many wait for the store. */
    long entries() {
        lock.lock();
        try {
            return runs.values().stream()
                    .mapToLong(run -> run.end - run.after(stored))
                    .sum();
        } finally {
            lock.unlock();
        }
    }

    /** How much waits for the store. */
    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }
}
