package org.wasla.ops.rights;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;

/** One user at a broker, who keeps all that is delivered to it. Thread-safe. */
final class Party implements MqttCallback, AutoCloseable {

    private static final long WAIT_MS = 30_000;

    private final MqttAsyncClient client;
    private final List<String> heard = new CopyOnWriteArrayList<>();

    /** How to connect; null for none. */
    record Entry(
            String id,
            @Nullable String user,
            boolean keepsSession,
            @Nullable String willTopic) {

        static Entry of(String user) {
            return new Entry(user + "-" + System.nanoTime(), user, false, null);
        }

        Entry withWill(String topic) {
            return new Entry(id, user, keepsSession, topic);
        }
    }

    Party(int port, Entry entry) throws MqttException {
        client = new MqttAsyncClient("tcp://127.0.0.1:" + port, entry.id(), new MemoryPersistence());
        client.setCallback(this);
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setAutomaticReconnect(false);
        options.setTopicAliasMaximum(0);
        options.setKeepAliveInterval(60);
        options.setCleanStart(!entry.keepsSession());
        options.setSessionExpiryInterval(entry.keepsSession() ? 3_600L : 0L);
        if (entry.user() != null) {
            options.setUserName(entry.user());
            options.setPassword(password(entry.user()).getBytes(StandardCharsets.UTF_8));
        }
        if (entry.willTopic() != null) {
            options.setWill(entry.willTopic(), message("will " + entry.user() + " " + entry.willTopic(), false));
        }
        IMqttToken token = client.connect(options);
        token.waitForCompletion(WAIT_MS);
    }

    static String password(String user) {
        return user + "-password";
    }

    /** False where the broker said no, or ended the connection: neither is proof of anything. */
    boolean subscribe(String filter) {
        try {
            IMqttToken token = client.subscribe(filter, 1);
            token.waitForCompletion(WAIT_MS);
            int[] codes = token.getReasonCodes();
            return codes != null && codes.length == 1 && (codes[0] & 0xff) < 0x80;
        } catch (MqttException e) {
            return false;
        }
    }

    /** The reason code of the acknowledgement, -1 where the connection was ended. */
    int publish(String topic, String text, boolean retained) {
        try {
            IMqttToken token = client.publish(topic, message(text, retained));
            token.waitForCompletion(WAIT_MS);
            int[] codes = token.getReasonCodes();
            return codes == null || codes.length == 0 ? 0 : codes[0] & 0xff;
        } catch (MqttException e) {
            return -1;
        }
    }

    private static MqttMessage message(String text, boolean retained) {
        return new MqttMessage(text.getBytes(StandardCharsets.UTF_8), 1, retained, new MqttProperties());
    }

    boolean isConnected() {
        return client.isConnected();
    }

    /** {@code topic TAB text} of all that came. */
    List<String> heard() {
        return heard;
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        heard.add(topic + "\t" + new String(message.getPayload(), StandardCharsets.UTF_8));
    }

    /** Goes without a word, so that its will is published. */
    @Override
    public void close() {
        try {
            client.disconnectForcibly(1, 1, false);
        } catch (MqttException e) {
            heard.add("\tnot connected any more");
        }
        try {
            client.close(true);
        } catch (MqttException e) {
            heard.add("\tnot open any more");
        }
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {}

    @Override
    public void mqttErrorOccurred(MqttException e) {}

    @Override
    public void deliveryComplete(IMqttToken token) {}

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {}

    @Override
    public void authPacketArrived(int reason, MqttProperties properties) {}
}
