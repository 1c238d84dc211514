package org.wasla.ops.prove;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.InflaterInputStream;

/**
 * The broker's ledger, taken from the wire: a payload counts once the broker's own PUBACK for it, with a reason below
 * 0x80, has come by (MQTT 5, 3.3 and 3.4). A broker that dies may forget what it acknowledged; this does not. One
 * connection, thread-safe.
 */
final class MqttTap implements Wire.Tap {
    private static final int PUBLISH = 3;
    private static final int PUBACK = 4;
    private static final int FIRST_FAILURE = 0x80;
    private final Listener listener;
    private final Packets out = new Packets();
    private final Packets back = new Packets();
    private final Map<Integer, byte[]> open = new HashMap<>();

    /** Takes what the broker has acknowledged. */
    interface Listener {
        /** @param payload inflated when it was sent deflated */
        void acknowledged(byte[] payload);
    }

    MqttTap(Listener listener) {
        this.listener = listener;
    }

    @Override
    public synchronized void out(byte[] bytes, int length) {
        out.add(bytes, length);
        for (byte[] packet = out.next(); packet != null; packet = out.next()) {
            if ((packet[0] & 0xf0) >> 4 == PUBLISH) {
                published(packet);
            }
        }
    }

    private void published(byte[] packet) {
        ByteBuffer body = Packets.body(packet);
        int qos = packet[0] >> 1 & 3;
        body.position(body.position() + 2 + (body.getShort(body.position()) & 0xffff));
        int id = qos == 0 ? 0 : body.getShort() & 0xffff;
        int properties = Packets.number(body);
        body.position(body.position() + properties);
        byte[] payload = new byte[body.remaining()];
        body.get(payload);
        if (qos > 0) {
            open.put(id, payload);
        }
    }

    @Override
    public synchronized void back(byte[] bytes, int length) {
        back.add(bytes, length);
        for (byte[] packet = back.next(); packet != null; packet = back.next()) {
            if ((packet[0] & 0xf0) >> 4 == PUBACK) {
                ByteBuffer body = Packets.body(packet);
                byte[] payload = open.remove(body.getShort() & 0xffff);
                int reason = body.hasRemaining() ? body.get() & 0xff : 0;
                if (payload != null && reason < FIRST_FAILURE) {
                    listener.acknowledged(plain(payload));
                }
            }
        }
    }

    /** JSON begins with a brace; zlib never does. */
    private static byte[] plain(byte[] payload) {
        if (payload.length == 0 || payload[0] == '{') {
            return payload;
        }
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        try (InflaterInputStream inflater = new InflaterInputStream(new ByteArrayInputStream(payload))) {
            inflater.transferTo(plain);
        } catch (IOException e) {
            throw new IllegalStateException("a payload that is neither JSON nor deflated", e);
        }
        return plain.toByteArray();
    }

    /** Cuts a stream of bytes into MQTT packets. One thread. */
    private static final class Packets {
        private byte[] held = new byte[0];

        void add(byte[] bytes, int length) {
            byte[] all = java.util.Arrays.copyOf(held, held.length + length);
            System.arraycopy(bytes, 0, all, held.length, length);
            held = all;
        }

        /** Null when no whole packet is there. */
        byte @org.jspecify.annotations.Nullable [] next() {
            int end = end();
            if (end < 0 || end > held.length) {
                return null;
            }
            byte[] packet = java.util.Arrays.copyOf(held, end);
            held = java.util.Arrays.copyOfRange(held, end, held.length);
            return packet;
        }

        private int end() {
            int length = 0;
            for (int i = 1; i < held.length && i <= 4; i++) {
                length |= (held[i] & 0x7f) << 7 * (i - 1);
                if (held[i] >= 0) {
                    return 1 + i + length;
                }
            }
            return -1;
        }

        /** Behind the fixed header. */
        static ByteBuffer body(byte[] packet) {
            ByteBuffer body = ByteBuffer.wrap(packet);
            body.get();
            number(body);
            return body;
        }

        static int number(ByteBuffer from) {
            int number = 0;
            int shift = 0;
            byte next = from.get();
            while (next < 0) {
                number |= (next & 0x7f) << shift;
                shift += 7;
                next = from.get();
            }
            return number | next << shift;
        }
    }
}
