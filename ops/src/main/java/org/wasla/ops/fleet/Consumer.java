package org.wasla.ops.fleet;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The region's subscriber: one session that the broker keeps, everything at QoS 1. Counts observations, doubles apart,
 * and the time from gateway to here. One event loop of its own.
 */
final class Consumer implements Wire.Owner {
    private static final int SESSION_EXPIRY = 17;
    private static final int HEAD_BYTES = 400;
    private final Map<String, BitSet> seen = new HashMap<>();
    private final Meters meters;
    private final int setsPerMessage;
    private final Line line;

    Consumer(EventLoop loop, Region region, int setsPerMessage) {
        this.meters = region.meters();
        this.setsPerMessage = setsPerMessage;
        MqttProperties properties = new MqttProperties();
        properties.add(new MqttProperties.IntegerProperty(SESSION_EXPIRY, 3_600));
        MqttMessage connect = MqttMessageBuilders.connect()
                .protocolVersion(MqttVersion.MQTT_5)
                .clientId("fleet-consumer-" + Long.toHexString(System.nanoTime()))
                .cleanSession(false)
                .keepAlive(Wire.KEEP_ALIVE_S)
                .properties(properties)
                .build();
        line = new Line(loop, region, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), connect, this);
    }

    void open() {
        line.open();
    }

    void close() {
        line.close();
    }

    @Override
    public void up(Wire opened, boolean sessionPresent, int receiveMaximum) {
        if (!sessionPresent) {
            opened.subscribe("wasla/1/#");
        }
    }

    @Override
    public void acknowledged(int packetId, int reason) {}

    @Override
    public void message(String topic, ByteBuf payload) {
        if (!topic.endsWith("/obs")) {
            return;
        }
        String head = payload.toString(
                payload.readerIndex(), Math.min(HEAD_BYTES, payload.readableBytes()), StandardCharsets.US_ASCII);
        long message = (number(head, "\"seq\":") - 1) / setsPerMessage;
        BitSet stream = seen.computeIfAbsent(topic, name -> new BitSet());
        if (stream.get((int) message)) {
            meters.doubles.increment();
            return;
        }
        if (message < stream.length()) {
            meters.outOfOrder.increment();
        }
        stream.set((int) message);
        meters.arrived.increment();
        meters.endToEnd.add(TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis() - number(head, "\"t\":")));
    }

    private static long number(String text, String name) {
        int from = text.indexOf(name) + name.length();
        int to = from;
        while (to < text.length() && Character.isDigit(text.charAt(to))) {
            to++;
        }
        return Long.parseLong(text, from, to, 10);
    }

    @Override
    public void over(String cause) {}
}
