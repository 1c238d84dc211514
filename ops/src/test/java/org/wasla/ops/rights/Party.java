package org.wasla.ops.rights;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    /** Fewer than any broker allows. */
    private static final int UNDER_WAY = 10;

    private final MqttAsyncClient client;
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();

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

    /** Whether the broker granted all of them, which is proof of nothing. */
    boolean subscribe(List<String> filters) {
        boolean granted = true;
        List<IMqttToken> tokens = new ArrayList<>();
        try {
            for (String filter : filters) {
                tokens.add(client.subscribe(filter, 1));
            }
        } catch (MqttException e) {
            granted = false;
        }
        for (IMqttToken token : tokens) {
            granted &= isGranted(token);
        }
        return granted;
    }

    private static boolean isGranted(IMqttToken token) {
        try {
            token.waitForCompletion(WAIT_MS);
            int[] codes = token.getReasonCodes();
            return codes != null && codes.length == 1 && (codes[0] & 0xff) < 0x80;
        } catch (MqttException e) {
            return false;
        }
    }

    /** Publishes the text on every topic, several under way; the reason code of each, -1 where there was none. */
    Map<String, Integer> publish(Collection<String> topics, String text, boolean retained) {
        Map<String, Integer> codes = new LinkedHashMap<>();
        Deque<Map.Entry<String, IMqttToken>> underWay = new ArrayDeque<>();
        for (String topic : topics) {
            codes.put(topic, -1);
            try {
                underWay.add(Map.entry(topic, client.publish(topic, message(text, retained))));
            } catch (MqttException e) {
                faults.add(e.toString());
                continue;
            }
            if (underWay.size() == UNDER_WAY) {
                settle(underWay.remove(), codes);
            }
        }
        underWay.forEach(each -> settle(each, codes));
        return codes;
    }

    private void settle(Map.Entry<String, IMqttToken> sent, Map<String, Integer> codes) {
        try {
            sent.getValue().waitForCompletion(WAIT_MS);
            int[] said = sent.getValue().getReasonCodes();
            codes.put(sent.getKey(), said == null || said.length == 0 ? 0 : said[0] & 0xff);
        } catch (MqttException e) {
            faults.add(e.toString());
        }
    }

    private static MqttMessage message(String text, boolean retained) {
        return new MqttMessage(text.getBytes(StandardCharsets.UTF_8), 1, retained, new MqttProperties());
    }

    /** What went wrong with publishing, for messages. */
    List<String> faults() {
        return faults;
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
            faults.add(e.toString());
        }
        try {
            client.close(true);
        } catch (MqttException e) {
            faults.add(e.toString());
        }
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {}

    @Override
    public void mqttErrorOccurred(MqttException e) {
        faults.add(e.toString());
    }

    @Override
    public void deliveryComplete(IMqttToken token) {}

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {}

    @Override
    public void authPacketArrived(int reason, MqttProperties properties) {}
}
