package org.wasla.gateway.uplink;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;
import org.jspecify.annotations.Nullable;

/** The publishing side of one connection. One thread calls it; Paho's threads only put into its landing. */
final class Session implements AutoCloseable {

    private static final int WINDOW_MAX = 256;
    /** What MQTT allows when the broker names no limit. */
    private static final long PACKET_BYTES_MAX = 268_435_455;

    private final Connection connection;
    private final Landing landing;
    private final int window;
    private final long packetBytesMax;
    private final boolean retains;
    private final Map<String, String> contentTypes = new HashMap<>();
    private final Map<String, List<UserProperty>> userProperties = new HashMap<>();

    private Session(Connection connection, Landing landing) throws IOException {
        this.connection = connection;
        this.landing = landing;
        this.window = window(connection.connack());
        MqttProperties connack = connection.connack();
        Long largest = connack == null ? null : connack.getMaximumPacketSize();
        this.packetBytesMax = largest == null ? PACKET_BYTES_MAX : largest;
        Boolean retain = connack == null ? null : connack.isRetainAvailable();
        this.retains = retain == null || retain;
    }

    /** Connects; throws in time, and at once when {@code wanted} no longer holds. */
    static Session open(Server server, UplinkSettings settings, Timing timing, Publication will, BooleanSupplier wanted)
            throws IOException {
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setCleanStart(true);
        options.setSessionExpiryInterval(0L);
        options.setWill(will.topic(), message(will));
        MqttProperties willProperties = new MqttProperties();
        willProperties.setContentType(contentType(will));
        willProperties.setUserProperties(user(will));
        willProperties.setWillDelayInterval(0L);
        options.setWillMessageProperties(willProperties);
        Landing landing = new Landing();
        Connection connection = Connection.open(
                server, settings, timing, settings.gateway() + "-up", options, new Callback(landing), false, wanted);
        try {
            return new Session(connection, landing);
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Paho reads the broker's receive maximum as a signed short, and then refuses every publish. It counts an
     * acknowledgement a moment after it told us, so one place stays free.
     */
    private static int window(@Nullable MqttProperties connack) throws IOException {
        Integer receiveMaximum = connack == null ? null : connack.getReceiveMaximum();
        if (receiveMaximum == null) {
            return WINDOW_MAX;
        }
        if (receiveMaximum < 0) {
            throw new IOException("the broker announces a receive maximum of " + (receiveMaximum & 0xffff)
                    + ", which this client cannot use; set it to at most 32767 there");
        }
        return Math.max(1, Math.min(receiveMaximum - 1, WINDOW_MAX));
    }

    int window() {
        return window;
    }

    long packetBytesMax() {
        return packetBytesMax;
    }

    /** Whether the broker keeps retained messages; one that does not ends the connection over one (MQTT 5, 3.2.2.3.5). */
    boolean retains() {
        return retains;
    }

    Landing landing() {
        return landing;
    }

    /**
     * False when Paho has no place yet; try again after the next acknowledgement. Throws when the broker takes none so
     * large: Paho looks at its own limit there, and the broker would end the connection.
     */
    boolean publish(Publication publication, Flight.Ticket ticket) throws IOException {
        if (packetBytes(publication) > packetBytesMax) {
            throw new RefusedException(Reason.PACKET_TOO_LARGE);
        }
        MqttMessage message = message(publication);
        message.setRetained(publication.retained() && retains);
        message.setProperties(properties(publication));
        try {
            connection.client().publish(publication.topic(), message, null, new Acknowledgement(ticket, landing));
            connection.announce();
            return true;
        } catch (MqttException e) {
            if (e.getReasonCode() == MqttClientException.REASON_CODE_MAX_INFLIGHT) {
                return false;
            }
            throw new IOException(Connection.text(e), e);
        }
    }

    /** With a topic alias beside the topic, as Paho sends it the first time (MQTT 5, 3.3). */
    private static long packetBytes(Publication publication) {
        long properties = 3 + 3L + utf8Bytes(contentType(publication)) + (publication.expiryS() > 0 ? 5 : 0);
        for (UserProperty each : user(publication)) {
            properties += 5L + utf8Bytes(each.getKey()) + utf8Bytes(each.getValue());
        }
        long rest = 2L
                + utf8Bytes(publication.topic())
                + 2
                + varBytes(properties)
                + properties
                + publication.payload().bytes().length;
        return 1 + varBytes(rest) + rest;
    }

    private static int utf8Bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static int varBytes(long value) {
        return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;
    }

    private static MqttMessage message(Publication publication) {
        MqttMessage message = new MqttMessage(publication.payload().bytes());
        message.setQos(1);
        message.setRetained(publication.retained());
        return message;
    }

    /** Fresh ones for every message: Paho writes its topic alias into them. What they hold is made once. */
    private MqttProperties properties(Publication publication) {
        MqttProperties properties = new MqttProperties();
        properties.setContentType(contentTypes.computeIfAbsent(
                publication.kind() + publication.payload().isCbor(), any -> contentType(publication)));
        String encoding = publication.payload().encoding();
        List<UserProperty> user = userProperties.get(publication.cls() + encoding);
        if (user == null) {
            user = user(publication);
            userProperties.put(publication.cls() + encoding, user);
        }
        properties.setUserProperties(user);
        if (publication.expiryS() > 0) {
            properties.setMessageExpiryInterval(publication.expiryS());
        }
        return properties;
    }

    private static String contentType(Publication publication) {
        String kind = publication.kind();
        String form = publication.payload().isCbor() ? "+cbor" : "+json";
        return "fhir".equals(kind) ? "application/fhir+json" : "application/vnd.wasla." + kind + form;
    }

    private static List<UserProperty> user(Publication publication) {
        return List.of(
                new UserProperty("sv", Topics.SCHEMA_MINOR),
                new UserProperty("enc", publication.payload().encoding()),
                new UserProperty("cls", publication.cls()));
    }

    /** Says goodbye, so that the broker does not publish the will. */
    void leave(long waitMs) {
        connection.leave(waitMs);
    }

    @Override
    public void close() {
        connection.close();
    }

    /**
     * Paho gives up a connection when an acknowledgement has a reason that MQTT 5 does not know there (3.4.2.1).
     * Mosquitto's for a message over its limit, 0x95, is one.
     */
    private static void lost(Landing landing, MqttException e) {
        boolean strange = e.getReasonCode() == MqttException.REASON_CODE_INVALID_RETURN_CODE;
        landing.lost(
                strange ? Reason.text(Reason.PACKET_TOO_LARGE) : Connection.text(e),
                strange ? Reason.PACKET_TOO_LARGE : 0);
    }

    /** Hands the fate of one message over: once, whatever Paho says later. */
    private record Acknowledgement(Flight.Ticket ticket, Landing landing) implements MqttActionListener {

        @Override
        public void onSuccess(IMqttToken token) {
            int[] codes = token.getReasonCodes();
            if (ticket.settle()) {
                landing.landed(ticket, codes == null || codes.length == 0 ? 0 : codes[0] & 0xff);
            }
        }

        @Override
        public void onFailure(IMqttToken token, Throwable e) {
            ticket.settle();
            if (e instanceof MqttException mqtt) {
                lost(landing, mqtt);
            } else {
                landing.lost(e.toString());
            }
        }
    }

    /** Hands the end of the connection over. */
    private record Callback(Landing landing) implements MqttCallback {

        @Override
        public void disconnected(MqttDisconnectResponse response) {
            MqttException e = response.getException();
            if (e == null) {
                landing.ended(response.getReturnCode() & 0xff);
            } else {
                lost(landing, e);
                landing.ended(Connection.text(e));
            }
        }

        @Override
        public void mqttErrorOccurred(MqttException e) {
            lost(landing, e);
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) {}

        @Override
        public void deliveryComplete(IMqttToken token) {}

        @Override
        public void connectComplete(boolean reconnect, String serverUri) {}

        @Override
        public void authPacketArrived(int reason, MqttProperties properties) {}
    }
}
