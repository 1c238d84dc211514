package org.wasla.ops.fleet;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.mqtt.MqttMessage;
import java.net.InetSocketAddress;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One of a gateway's two connections, made again whenever it is lost, by the rules of the real one: the server that
 * worked first, the wait after the last of the list, random below a ceiling that doubles from 0.5 s to 60 s. One event
 * loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // an attempt tells by itself how it ended
final class Line implements Wire.Owner {
    private static final long CEILING_MIN_MS = 500;
    private static final long CEILING_MAX_MS = 60_000;
    private static final int DOUBLINGS_MAX = 7;
    private final EventLoop loop;
    private final Region region;
    private final InetSocketAddress self;
    private final MqttMessage connect;
    private final Wire.Owner owner;
    private @Nullable Wire wire;
    private boolean isWanted;
    private boolean wasUp;
    private int server;
    private int attempts;

    /** @param owner hears all but the attempts that fail */
    Line(EventLoop loop, Region region, InetSocketAddress self, MqttMessage connect, Wire.Owner owner) {
        this.loop = loop;
        this.region = region;
        this.self = self;
        this.connect = connect;
        this.owner = owner;
    }

    void open() {
        isWanted = true;
        attempt();
    }

    private void attempt() {
        if (!isWanted) {
            return;
        }
        wasUp = false;
        region.meters().attempts.increment();
        if (region.isDown()) {
            over("no network");
        } else {
            Wire.open(loop, region.servers().get(server % region.servers().size()), self, connect, this);
        }
    }

    @Override
    public void up(Wire opened, boolean sessionPresent, int receiveMaximum) {
        wire = opened;
        wasUp = true;
        attempts = 0;
        region.meters().sessions.incrementAndGet();
        owner.up(opened, sessionPresent, receiveMaximum);
    }

    @Override
    public void acknowledged(int packetId, int reason) {
        owner.acknowledged(packetId, reason);
    }

    @Override
    public void message(String topic, ByteBuf payload) {
        owner.message(topic, payload);
    }

    @Override
    public void over(String cause) {
        wire = null;
        if (wasUp) {
            region.meters().sessions.decrementAndGet();
            owner.over(cause);
        } else {
            server++;
        }
        if (!isWanted) {
            return;
        }
        region.meters().failed(cause);
        boolean isWaitDue = wasUp || server % region.servers().size() == 0 || region.isDown();
        loop.schedule(this::attempt, isWaitDue ? waitMs() : 0, TimeUnit.MILLISECONDS);
    }

    private long waitMs() {
        long ceilingMs = Math.min(CEILING_MAX_MS, CEILING_MIN_MS << Math.min(attempts, DOUBLINGS_MAX));
        attempts++;
        return region.hasJitter() ? ThreadLocalRandom.current().nextLong(ceilingMs + 1) : ceilingMs;
    }

    /** The network goes: the line tries again by its rules. */
    void cut() {
        Wire open = wire;
        if (open != null) {
            open.cut();
        }
    }

    void close() {
        isWanted = false;
        cut();
    }
}
