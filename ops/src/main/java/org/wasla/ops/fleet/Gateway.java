package org.wasla.ops.fleet;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One gateway: an uplink that starts clean, with will and birth, and a downlink whose session is kept, as the real one
 * has. What is not acknowledged when the uplink is lost is sent again, in order. One event loop.
 */
final class Gateway {
    static final String REGION = "ma-06";
    private static final int WINDOW_MAX = 256;
    private static final int SESSION_EXPIRY = 17;
    private static final int SESSION_EXPIRY_S = 86_400;
    /** Extras: what is no observation; the device's number is added to it. */
    private static final int STATE = 1 << 16;

    private static final int HEALTH = 2 << 16;
    private static final int DEVICE_STATE = 3 << 16;
    private static final int DEVICE_META = 4 << 16;
    private static final int ALARMS = 5 << 16;
    private static final int ALARM = 6 << 16;
    private static final int LOW = (1 << 16) - 1;

    private final String name;
    private final String root;
    private final int devices;
    private final Region region;
    private final Traffic traffic;
    private final Line uplink;
    private final Line downlink;
    private @Nullable Wire wire;
    private int window = 1;

    /** Observations are numbered from 1 over all devices; the number says whose it is. */
    private long due;

    private long taken;
    private long alarms;
    private final Deque<Long> again = new ArrayDeque<>();
    private final Deque<Integer> extras = new ArrayDeque<>();
    /** By packet id: what is under way, an observation's number or an extra below 0, and since when; 0 is free. */
    private long[] under = new long[8];

    private long[] sinceNs = new long[8];
    private int underWay;
    private int nextId = 1;

    Gateway(int index, int devices, EventLoop loop, Region region, Traffic traffic, InetSocketAddress self) {
        this.name = name(index);
        this.root = "wasla/1/" + REGION + "/site-" + index / 10 + "/" + name + "/";
        this.devices = devices;
        this.region = region;
        this.traffic = traffic;
        this.uplink = new Line(loop, region, self, upConnect(), new Up());
        this.downlink = new Line(loop, region, self, downConnect(), new Down());
    }

    static String name(int index) {
        return "gw-" + (10_000_000 + index);
    }

    private MqttMessage upConnect() {
        return MqttMessageBuilders.connect()
                .protocolVersion(MqttVersion.MQTT_5)
                .clientId(name + "-up")
                .cleanSession(true)
                .keepAlive(Wire.KEEP_ALIVE_S)
                .willFlag(true)
                .willQoS(MqttQoS.AT_LEAST_ONCE)
                .willRetain(true)
                .willTopic(root + "state")
                .willMessage(Traffic.state(name, "offline", System.currentTimeMillis()))
                .build();
    }

    private MqttMessage downConnect() {
        MqttProperties properties = new MqttProperties();
        properties.add(new MqttProperties.IntegerProperty(SESSION_EXPIRY, SESSION_EXPIRY_S));
        return MqttMessageBuilders.connect()
                .protocolVersion(MqttVersion.MQTT_5)
                .clientId(name + "-down")
                .cleanSession(false)
                .keepAlive(Wire.KEEP_ALIVE_S)
                .properties(properties)
                .build();
    }

    void open() {
        uplink.open();
        downlink.open();
    }

    void cut() {
        uplink.cut();
        downlink.cut();
    }

    void close() {
        uplink.close();
        downlink.close();
    }

    /** A device has something to tell. */
    void observe() {
        due++;
        region.meters().offered.increment();
        region.meters().observed.increment();
        pump();
    }

    void alarm() {
        int device = (int) (alarms++ % devices);
        extra(ALARM + device);
        extra(ALARMS + device);
    }

    void health() {
        extra(HEALTH);
    }

    private void extra(int what) {
        region.meters().offered.increment();
        extras.add(what);
        pump();
    }

    /** Sends what the window allows: the old before the new, alarms and the like before observations. */
    private void pump() {
        Wire open = wire;
        if (open == null) {
            return;
        }
        boolean hasSent = false;
        while (!extras.isEmpty() || !again.isEmpty() || taken < due) {
            if (underWay >= window || !open.isWritable()) {
                region.meters().heldBack.increment();
                break;
            }
            send(open, extras.isEmpty() ? again.isEmpty() ? ++taken : again.poll() : -extras.poll());
            hasSent = true;
        }
        if (hasSent) {
            open.flush();
        }
    }

    private void send(Wire open, long what) {
        int id = freeId();
        under[id] = what;
        sinceNs[id] = System.nanoTime();
        underWay++;
        long nowMs = System.currentTimeMillis();
        byte[] payload;
        if (what > 0) {
            String device = Traffic.device((int) ((what - 1) % devices));
            payload = traffic.observations(name, device, (what - 1) / devices + 1, nowMs);
            open.publish(root + "d/" + device + "/obs", payload, id, false);
        } else {
            payload = sendExtra(open, (int) -what, id, nowMs);
        }
        region.meters().bytes.add(payload.length);
    }

    private byte[] sendExtra(Wire open, int what, int id, long nowMs) {
        String device = Traffic.device(what & LOW);
        String ofDevice = "d/" + device + "/";
        String leaf;
        byte[] payload;
        switch (what & ~LOW) {
            case STATE -> {
                leaf = "state";
                payload = Traffic.state(name, "online", nowMs);
            }
            case HEALTH -> {
                leaf = "health";
                payload = Traffic.health(name, devices, nowMs);
            }
            case DEVICE_STATE -> {
                leaf = ofDevice + "state";
                payload = Traffic.deviceState(device, nowMs);
            }
            case DEVICE_META -> {
                leaf = ofDevice + "meta";
                payload = Traffic.deviceMeta(device);
            }
            case ALARMS -> {
                leaf = ofDevice + "alarms";
                payload = Traffic.alarms(name, device, nowMs);
            }
            default -> {
                leaf = ofDevice + "alarm";
                payload = traffic.alarm(name, device, alarms, nowMs);
            }
        }
        open.publish(root + leaf, payload, id, (what & ~LOW) != ALARM);
        return payload;
    }

    private int freeId() {
        if (underWay + 2 > under.length) {
            under = Arrays.copyOf(under, under.length * 2);
            sinceNs = Arrays.copyOf(sinceNs, under.length);
        }
        do {
            nextId = nextId % (under.length - 1) + 1;
        } while (under[nextId] != 0);
        return nextId;
    }

    private final class Up implements Wire.Owner {
        @Override
        public void up(Wire opened, boolean sessionPresent, int receiveMaximum) {
            wire = opened;
            window = Math.max(1, Math.min(receiveMaximum - 1, WINDOW_MAX));
            // Birth, and all last values, as on every connection.
            extra(STATE);
            extra(HEALTH);
            for (int device = 0; device < devices; device++) {
                extra(DEVICE_STATE + device);
                extra(DEVICE_META + device);
                extra(ALARMS + device);
            }
        }

        @Override
        public void acknowledged(int packetId, int reason) {
            if (packetId >= under.length || under[packetId] == 0) {
                return;
            }
            region.meters().puback.add(System.nanoTime() - sinceNs[packetId]);
            region.meters().reason(reason);
            long what = under[packetId];
            under[packetId] = 0;
            underWay--;
            if (reason < 0x80) {
                region.meters().acknowledged.increment();
            } else if (what > 0) {
                again.add(what);
            } else {
                extras.add((int) -what);
            }
            if (reason < 0x80) {
                pump();
            }
        }

        @Override
        public void message(String topic, ByteBuf payload) {}

        /** What was under way goes again, before what was to go again. */
        @Override
        public void over(String cause) {
            wire = null;
            long[] open =
                    Arrays.stream(under).filter(what -> what != 0).sorted().toArray();
            for (int i = open.length - 1; i >= 0; i--) {
                if (open[i] > 0) {
                    again.addFirst(open[i]);
                } else if ((-open[i] & ~LOW) == ALARM) {
                    extras.addFirst((int) -open[i]);
                } else {
                    // The next birth says it anew.
                    region.meters().offered.decrement();
                }
            }
            Arrays.fill(under, 0);
            underWay = 0;
        }
    }

    private final class Down implements Wire.Owner {
        @Override
        public void up(Wire opened, boolean sessionPresent, int receiveMaximum) {
            if (!sessionPresent) {
                opened.subscribe(root + "cmd/#");
            }
        }

        @Override
        public void acknowledged(int packetId, int reason) {}

        @Override
        public void message(String topic, ByteBuf payload) {}

        @Override
        public void over(String cause) {}
    }
}
