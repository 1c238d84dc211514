package org.wasla.gateway.simulator;

import java.io.IOException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.wasla.bridge.link.Link;
import org.wasla.gateway.frame.Bytes;

/**
 * Lets a simulation speak real bytes on a line, which it opens again whenever it is lost. Owns the thread
 * {@code simulated-<name>}.
 */
public final class SimulatedDevice implements AutoCloseable {
    private static final long MS = 1_000_000;
    private static final long REOPEN_MS = 500;
    private static final int WAIT_MS_MAX = 200;
    private final Opener opener;
    private final Simulator simulator;
    private final Faults faults;
    private final double rate;
    private final Thread thread;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final AtomicLong count = new AtomicLong();
    private final long startNs = System.nanoTime();
    private volatile @Nullable Link link;
    private volatile String lastError = "";

    /** Opens the device's end of the line. */
    @FunctionalInterface
    public interface Opener {
        Link open() throws IOException;
    }

    /**
     * @param rate how many seconds of the device pass in one of ours, 0.01 to 1000
     * @param seed makes the faults repeatable
     */
    public SimulatedDevice(
            String name, Opener opener, Simulator simulator, Set<LineFault> faults, double rate, long seed) {
        this.opener = opener;
        this.simulator = simulator;
        this.faults = new Faults(faults, seed);
        this.rate = rate;
        this.thread = new Thread(this::run, "simulated-" + name);
        this.thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** @return messages sent so far, spoilt ones included */
    public long sent() {
        return count.get();
    }

    /** @return why the line was lost last; empty when it never was */
    public String lastError() {
        return lastError;
    }

    @Override
    public void close() {
        stopping.countDown();
        Link open = link;
        if (open != null) {
            open.close();
        }
        try {
            thread.join(5_000);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isRunning() {
        return stopping.getCount() > 0;
    }

    private void run() {
        Simulated simulation = simulator.start(now());
        try {
            while (isRunning()) {
                if (!faults.isUnplugged(sinceNs())) {
                    session(simulation);
                }
                stopping.await(REOPEN_MS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void session(Simulated simulation) throws InterruptedException {
        try (Link open = opener.open()) {
            link = open;
            byte[] chunk = new byte[1024];
            while (isRunning() && !faults.isUnplugged(sinceNs())) {
                long waitMs = (long) ((double) simulation.waitNs(now()) / MS / rate);
                int length = open.read(chunk, (int) Math.min(WAIT_MS_MAX, waitMs));
                if (faults.breaksNextCheck()) {
                    simulation.breakNextCount();
                }
                if (length > 0) {
                    say(
                            open,
                            simulation,
                            simulation.onBytes(chunk, length, now(), LocalDateTime.now(ZoneId.systemDefault())));
                }
                say(open, simulation, simulation.onTime(now(), LocalDateTime.now(ZoneId.systemDefault())));
            }
        } catch (IOException | RuntimeException lost) {
            if (isRunning()) {
                lastError = String.valueOf(lost.getMessage());
            }
        } finally {
            link = null;
        }
    }

    private void say(Link open, Simulated simulation, List<Bytes> messages) throws IOException, InterruptedException {
        for (Bytes message : messages) {
            if (faults.isSilent(sinceNs())) {
                continue;
            }
            Bytes sent = faults.breaksNextCheck() ? simulation.damaged(message) : message;
            for (Bytes chunk : faults.spoil(sent)) {
                open.write(chunk.toArray());
                if (faults.isSlow()) {
                    stopping.await(20, TimeUnit.MILLISECONDS);
                }
            }
            count.incrementAndGet();
        }
    }

    private long sinceNs() {
        return System.nanoTime() - startNs;
    }

    private long now() {
        return startNs + (long) ((System.nanoTime() - startNs) * rate);
    }
}
