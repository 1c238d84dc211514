package org.wasla.ops.fleet;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Thousands of gateways on one event loop, their subscriber on another. Messages come by the clock, whether the broker
 * keeps up or not. The public part is called by one thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the loops run until close
final class Fleet implements AutoCloseable {
    private static final long TICK_MS = 10;
    private static final int LINES_AN_ADDRESS = 8_000;
    private static final int CONNECTS_A_SECOND = 1_000;
    /** In seconds: a device alarms every ten minutes, health comes every minute. */
    private static final int ALARM_S = 600;

    private static final int HEALTH_S = 60;
    private final Region region;
    private final int devices;
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final EventLoop loop = loops.next();
    private final List<Gateway> gateways = new ArrayList<>();
    private final Consumer consumer;
    /** Observations a second, of all; written by the caller's thread. */
    private volatile double rate;

    private double owed;
    private double owedAlarms;
    private double owedHealth;
    private int cursor;
    private int alarmCursor;
    private int healthCursor;
    private long lastNs;

    /** @param count of gateways; devices of each */
    Fleet(Region region, int count, int devices, int setsPerMessage) {
        this.region = region;
        this.devices = devices;
        this.consumer = new Consumer(loops.next(), region, setsPerMessage);
        Traffic traffic = new Traffic(setsPerMessage);
        for (int i = 0; i < count; i++) {
            // So many source addresses that the ports of each suffice.
            InetSocketAddress self = new InetSocketAddress("127.0.0." + (2 + 2 * i / LINES_AN_ADDRESS), 0);
            gateways.add(new Gateway(i, devices, loop, region, traffic, self));
        }
    }

    /** Connects all, so many a second, and the subscriber first. @return whether all are there in time */
    boolean open(double patienceS) {
        consumer.open();
        await(10, () -> region.meters().sessions.get() == 1);
        for (int i = 0; i < gateways.size(); i++) {
            Gateway gateway = gateways.get(i);
            loop.schedule(gateway::open, i * 1_000L / CONNECTS_A_SECOND, TimeUnit.MILLISECONDS);
        }
        lastNs = System.nanoTime();
        loop.scheduleAtFixedRate(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
        return await(gateways.size() / (double) CONNECTS_A_SECOND + patienceS, this::areAllUp);
    }

    private boolean areAllUp() {
        return region.meters().sessions.get() == lines();
    }

    /** Two a gateway, and the subscriber's. */
    int lines() {
        return 2 * gateways.size() + 1;
    }

    static boolean await(double seconds, BooleanSupplier condition) {
        long endNs = System.nanoTime() + (long) (seconds * 1e9);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - endNs > 0) {
                return false;
            }
            LockSupport.parkNanos(5_000_000L);
        }
        return true;
    }

    /** @param messagesPerSecond observations of all gateways together */
    void rate(double messagesPerSecond) {
        rate = messagesPerSecond;
    }

    private void tick() {
        long nowNs = System.nanoTime();
        double seconds = (nowNs - lastNs) / 1e9;
        lastNs = nowNs;
        boolean works = rate > 0;
        owed += rate * seconds;
        owedAlarms += works ? gateways.size() * devices * seconds / ALARM_S : 0;
        owedHealth += works ? gateways.size() * seconds / HEALTH_S : 0;
        for (; owed >= 1; owed--) {
            gateways.get(cursor++ % gateways.size()).observe();
        }
        for (; owedAlarms >= 1; owedAlarms--) {
            gateways.get(alarmCursor++ % gateways.size()).alarm();
        }
        for (; owedHealth >= 1; owedHealth--) {
            gateways.get(healthCursor++ % gateways.size()).health();
        }
        cursor %= gateways.size();
    }

    /**
     * The network of all gateways goes and comes back; the subscriber's stays.
     *
     * @return seconds from its return until all are there again, NaN when they are not within {@code patienceS}
     */
    double outage(double seconds, boolean jitter, double patienceS) {
        region.setJitter(jitter);
        region.setDown(true);
        loop.execute(() -> gateways.forEach(Gateway::cut));
        await(seconds, () -> false);
        long backNs = System.nanoTime();
        region.setDown(false);
        boolean allBack = watchConnects(patienceS);
        return allBack ? (System.nanoTime() - backNs) / 1e9 : Double.NaN;
    }

    private boolean watchConnects(double patienceS) {
        long[] last = {System.nanoTime(), region.meters().attempts.sum()};
        region.meters().mostConnects.set(0);
        return await(patienceS, () -> {
            long nowNs = System.nanoTime();
            if (nowNs - last[0] >= 1_000_000_000L) {
                long attempts = region.meters().attempts.sum();
                region.meters().mostConnects.accumulateAndGet(attempts - last[1], Math::max);
                last[0] = nowNs;
                last[1] = attempts;
            }
            return areAllUp();
        });
    }

    @Override
    public void close() {
        rate = 0;
        loop.execute(() -> gateways.forEach(Gateway::close));
        await(10, () -> region.meters().sessions.get() <= 1);
        consumer.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }
}
