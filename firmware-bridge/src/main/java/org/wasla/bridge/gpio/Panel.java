package org.wasla.bridge.gpio;

import java.io.IOException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lamps and buzzer of the box, and what turns its lines of two wires. Thread-safe; callers never wait for lamps, which the
 * thread {@code panel} sets. A panel without lines takes everything and shows nothing, and turns no line.
 */
public final class Panel implements AutoCloseable {
    private static final long STOP_MS = 1_000;
    private static final Set<Output> SHOWN = EnumSet.range(Output.GREEN, Output.BUZZER);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Timeline timeline = new Timeline();
    private final Map<Output, Boolean> levels = new EnumMap<>(Output.class);
    private final @Nullable Pins pins;
    private final Thread thread = new Thread(this::run, "panel");
    private boolean isStopping;

    /** @param pins null: there are none */
    public Panel(@Nullable Pins pins) {
        this.pins = pins;
        if (pins != null) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    /**
     * The panel of a board.
     *
     * @param contacts is told of the board's button and tamper switch
     * @throws IOException when this machine has no such lines
     */
    public static Panel open(Board board, Contacts contacts) throws IOException {
        return new Panel(Pi4jPins.open(board, contacts));
    }

    /** What is shown from now on. */
    public void show(Show state) {
        change(() -> timeline.show(state, nowMs()));
    }

    /**
     * Something that happened, on top of what is shown.
     *
     * @param lastsMs 0: until the next signal
     */
    public void signal(Show signal, long lastsMs) {
        change(() -> timeline.signal(signal, lastsMs, nowMs()));
    }

    /**
     * Turns a line of two wires to sending, or lets it go. Done when it returns; any thread, one an output.
     *
     * @throws IOException when the box has no such output, or it cannot be set
     */
    public void turn(Output direction, boolean isSending) throws IOException {
        try {
            if (pins != null && pins.set(direction, isSending)) {
                return;
            }
        } catch (RuntimeException ofPi4j) {
            throw new IOException("the direction output cannot be set: " + ofPi4j.getMessage(), ofPi4j);
        }
        throw new IOException(
                "this box has no such direction output; see gpio in the configuration, and the first lines"
                        + " of the journal");
    }

    private void change(Runnable what) {
        lock.lock();
        try {
            what.run();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        lock.lock();
        try {
            while (!isStopping) {
                set();
                long quiet = timeline.quietMs(nowMs());
                changed.await(quiet, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** A line is written only when its level changes. */
    private void set() {
        Pins lines = pins;
        long now = nowMs();
        for (Output output : SHOWN) {
            boolean isOn = timeline.isOn(output, now);
            if (lines != null && !Boolean.valueOf(isOn).equals(levels.put(output, isOn))) {
                lines.set(output, isOn);
            }
        }
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public void close() {
        if (pins == null) {
            return;
        }
        change(() -> isStopping = true);
        try {
            thread.join(STOP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        pins.close();
    }
}
