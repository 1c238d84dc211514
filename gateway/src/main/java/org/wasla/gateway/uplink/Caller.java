package org.wasla.gateway.uplink;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;

/**
 * A technician's side of the contract, for the tool {@code remote}: one connection that hears what gateways retain and
 * answer, and publishes orders and states. Methods are called by one thread; the listener is called on Paho's and must not
 * block. A lost connection is not made anew: what was published stays with the broker.
 */
public final class Caller implements AutoCloseable {
    private static final long LEAVE_MS = 1_000;
    private static final int KEEP_ALIVE_S = 30;
    private final Connection connection;
    private final Ear ear;

    private Caller(Connection connection, Ear ear) {
        this.connection = connection;
        this.ear = ear;
    }

    /**
     * One message to publish.
     *
     * @param isRetained whether the broker keeps it for those who come later
     * @param expiryS for how long it counts, 0: for ever
     * @param responseTopic where an answer is wanted, null: nowhere
     */
    public record Letter(
            String topic,
            String text,
            boolean isRetained,
            long expiryS,
            @Nullable String responseTopic) {}

    /**
     * Connects.
     *
     * @param settings its servers are tried in turn; its gateway is the client id
     * @throws IOException when no server lets us in
     */
    public static Caller open(UplinkSettings settings, Subscriber.Listener listener) throws IOException {
        IOException last = new IOException("no server");
        for (URI each : settings.servers()) {
            Ear ear = new Ear(listener);
            MqttConnectionOptions options = new MqttConnectionOptions();
            options.setCleanStart(true);
            options.setKeepAliveInterval(KEEP_ALIVE_S);
            Server server = Server.of(each);
            try {
                Connection connection = Connection.open(
                        server, settings, Timing.NORMAL, settings.gateway(), options, ear, false, () -> true);
                return new Caller(connection, ear);
            } catch (IOException away) {
                last = new IOException(server.label() + ": " + away.getMessage(), away);
            }
        }
        throw last;
    }

    /** Returns once the broker has taken all of them. */
    public void subscribe(List<String> filters) throws IOException {
        try {
            for (String filter : filters) {
                MqttSubscription[] one = {new MqttSubscription(filter, 1)};
                IMqttToken token = connection.client().subscribe(one, null, null, new MqttProperties());
                Connection.await(token, Timing.NORMAL.ackWaitMs(), "SUBSCRIBE", ear::isUp);
                taken(token, "subscribe to " + filter);
            }
        } catch (MqttException failed) {
            throw new IOException(Connection.text(failed), failed);
        }
    }

    /** Returns once the broker has taken it. */
    public void publish(Letter letter) throws IOException {
        MqttMessage message = new MqttMessage(letter.text().getBytes(StandardCharsets.UTF_8));
        message.setQos(1);
        message.setRetained(letter.isRetained());
        MqttProperties properties = new MqttProperties();
        if (letter.expiryS() > 0) {
            properties.setMessageExpiryInterval(letter.expiryS());
        }
        if (letter.responseTopic() != null) {
            properties.setResponseTopic(letter.responseTopic());
        }
        message.setProperties(properties);
        try {
            IMqttToken token = connection.client().publish(letter.topic(), message);
            Connection.await(token, Timing.NORMAL.ackWaitMs(), "PUBLISH", ear::isUp);
            taken(token, "publish on " + letter.topic());
        } catch (MqttException failed) {
            throw new IOException(Connection.text(failed), failed);
        }
    }

    private static void taken(IMqttToken token, String what) throws IOException {
        int[] codes = token.getReasonCodes();
        for (int code : codes == null ? new int[0] : codes) {
            if (code >= Reason.FIRST_FAILURE) {
                throw new IOException("the broker does not let us " + what + ": " + Reason.text(code));
            }
        }
    }

    /** Why the connection is gone, empty while it stands. */
    public String lostBy() {
        return ear.lost;
    }

    @Override
    public void close() {
        connection.leave(LEAVE_MS);
        connection.close();
    }

    private static final class Ear extends Hearing {
        private volatile String lost = "";

        Ear(Subscriber.Listener listener) {
            super(listener);
        }

        /** The first cause tells most. */
        private synchronized void lostBy(String why) {
            lost = lost.isEmpty() ? why : lost;
        }

        boolean isUp() {
            return lost.isEmpty();
        }

        @Override
        public void disconnected(MqttDisconnectResponse response) {
            MqttException cause = response.getException();
            String why = cause == null ? Reason.text(response.getReturnCode() & 0xff) : Connection.text(cause);
            lostBy("the connection was lost: " + why);
        }

        @Override
        public void mqttErrorOccurred(MqttException failed) {
            lostBy(Connection.text(failed));
        }
    }
}
