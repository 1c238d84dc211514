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
 * The entries that lie in the journal and not yet in the store, in memory. Thread-safe.
 *
 * <p>Bound: {@link #awaitRoom} holds the committer back while more than so many bytes wait for the store.
 */
final class Tail {

    /** Entries of one urgency in order of position. */
    private static final class Run {
        private Entry[] entries = new Entry[64];
        private int start;
        private int end;

        void add(Entry entry) {
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

        long dropUpTo(long position) {
            long bytes = 0;
            while (start < end && entries[start].position() <= position) {
                bytes += entries[start].amount().bytes();
                entries[start++] = null;
            }
            return bytes;
        }
    }

    private final long bytesMax;
    private final long bytesToMove;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final Condition shrunk = lock.newCondition();
    private final Map<Urgency, Run> runs = new EnumMap<>(Urgency.class);
    private long bytes;
    private long last;
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

    /** All there are of one urgency up to a position. */
    List<Entry> upTo(Urgency urgency, long position) {
        lock.lock();
        try {
            Run run = run(urgency);
            return run.list(run.start, run.after(position));
        } finally {
            lock.unlock();
        }
    }

    /** At most so many of one urgency after a position and up to another. */
    List<Entry> after(Urgency urgency, long after, long upTo, int max) {
        lock.lock();
        try {
            Run run = run(urgency);
            int from = run.after(after);
            return run.list(from, Math.max(from, Math.min(run.after(upTo), from + max)));
        } finally {
            lock.unlock();
        }
    }

    /** The oldest of one urgency, null for none. */
    @Nullable
    Entry first(Urgency urgency) {
        lock.lock();
        try {
            Run run = run(urgency);
            return run.size() == 0 ? null : run.entries[run.start];
        } finally {
            lock.unlock();
        }
    }

    /** Everything up to here lies in the store. */
    void dropUpTo(long position) {
        lock.lock();
        try {
            for (Run run : runs.values()) {
                bytes -= run.dropUpTo(position);
            }
            moves++;
            shrunk.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Everything there is. */
    List<Entry> all() {
        lock.lock();
        try {
            List<Entry> all = new ArrayList<>();
            runs.values().forEach(run -> all.addAll(run.list(run.start, run.end)));
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

    long entries() {
        lock.lock();
        try {
            return runs.values().stream().mapToLong(Run::size).sum();
        } finally {
            lock.unlock();
        }
    }

    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }
}
