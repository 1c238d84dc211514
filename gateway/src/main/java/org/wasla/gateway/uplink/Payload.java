package org.wasla.gateway.uplink;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.render.Cbor;

/** The bytes of a message and how they are encoded. Immutable as long as nobody writes into the bytes. */
final class Payload {

    private final byte[] bytes;
    private final String encoding;
    private final boolean isCbor;

    private Payload(byte[] bytes, String encoding, boolean isCbor) {
        this.bytes = bytes;
        this.encoding = encoding;
        this.isCbor = isCbor;
    }

    static Payload plain(byte[] bytes) {
        return new Payload(bytes, "identity", false);
    }

    static Payload plain(String text) {
        return plain(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A record as CBOR; as JSON where that is smaller, or what it holds has no CBOR form. */
    static Payload cbor(byte[] json) {
        try {
            byte[] cbor = Cbor.of(json);
            return cbor.length < json.length ? new Payload(cbor, "identity", true) : plain(json);
        } catch (IOException none) {
            return plain(json);
        }
    }

    /** Deflated (RFC 1950), with the published dictionary or without, when that is smaller. */
    Payload smallest(boolean withDictionary) {
        byte[] deflated = Zlib.deflate(bytes, withDictionary);
        String name = withDictionary ? "deflate-d1" : "deflate";
        return deflated.length < bytes.length ? new Payload(deflated, name, isCbor) : this;
    }

    /**
     * What a message says, as JSON: inflated, and turned back from CBOR.
     *
     * @param encoding the user property {@code enc}, empty for none
     * @throws IOException when the bytes are not what the message says that they are
     */
    static byte[] json(byte[] bytes, String contentType, String encoding) throws IOException {
        byte[] whole = encoding.startsWith("deflate") ? Zlib.inflate(bytes) : bytes;
        return contentType.endsWith("+cbor") ? Cbor.json(whole) : whole;
    }

    /** What a message of a gateway says, by its own properties. */
    static byte[] json(MqttMessage message) throws IOException {
        MqttProperties properties = message.getProperties();
        String contentType = properties == null ? null : properties.getContentType();
        return json(message.getPayload(), contentType == null ? "" : contentType, user(properties, "enc"));
    }

    /** Empty when the message has no such property. */
    private static String user(@Nullable MqttProperties properties, String name) {
        List<UserProperty> all = properties == null ? null : properties.getUserProperties();
        for (UserProperty property : all == null ? List.<UserProperty>of() : all) {
            if (property.getKey().equals(name)) {
                return property.getValue();
            }
        }
        return "";
    }

    /** The same JSON object with a last field {@code late}; anything else stays as it is. */
    static byte[] withLate(byte[] json, long lateMs) {
        int end = json.length - 1;
        while (end >= 0 && Character.isWhitespace(json[end])) {
            end--;
        }
        if (end < 1 || json[end] != '}') {
            return json;
        }
        byte[] field =
                ((isEmptyObject(json, end) ? "" : ",") + "\"late\":" + lateMs + "}").getBytes(StandardCharsets.UTF_8);
        byte[] late = new byte[end + field.length];
        System.arraycopy(json, 0, late, 0, end);
        System.arraycopy(field, 0, late, end, field.length);
        return late;
    }

    private static boolean isEmptyObject(byte[] json, int end) {
        int last = end - 1;
        while (last > 0 && Character.isWhitespace(json[last])) {
            last--;
        }
        return json[last] == '{';
    }

    byte[] bytes() {
        return bytes;
    }

    /** As the user property {@code enc} names it. */
    String encoding() {
        return encoding;
    }

    /** Whether it is CBOR, deflated or not; else JSON. */
    boolean isCbor() {
        return isCbor;
    }
}
