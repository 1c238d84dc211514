package org.wasla.gateway.uplink;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;

/** A subscriber for tests: keeps all it hears, in order. Thread-safe. */
public final class Ear implements MqttCallback, AutoCloseable {

    /** One message as it arrived. */
    public record Heard(String topic, String text, boolean retained, String contentType, Map<String, String> user) {}

    private final MqttAsyncClient client;
    private final List<Heard> heard = new CopyOnWriteArrayList<>();

    public Ear(int port) throws MqttException {
        this(port, "wasla/#");
    }

    /** Of these topics. */
    public Ear(int port, String... filters) throws MqttException {
        client = new MqttAsyncClient("tcp://127.0.0.1:" + port, "ear" + System.nanoTime(), new MemoryPersistence());
        client.setCallback(this);
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setAutomaticReconnect(false);
        options.setKeepAliveInterval(30);
        options.setTopicAliasMaximum(0);
        client.connect(options).waitForCompletion(5_000);
        for (String filter : filters) {
            client.subscribe(filter, 1).waitForCompletion(5_000);
        }
    }

    /** Returns once all that the broker had for us has come: what it answers is behind that. */
    void sync() throws MqttException {
        client.subscribe("none/of/these", 1).waitForCompletion(5_000);
    }

    public List<Heard> heard() {
        return heard;
    }

    /** The texts of one topic below the gateway's, in order. */
    public List<String> texts(String leaf) {
        return heard.stream()
                .filter(each -> each.topic().endsWith("/" + leaf))
                .map(Heard::text)
                .toList();
    }

    public static void until(String what, long waitMs, Callable<Boolean> condition) throws Exception {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        while (!condition.call()) {
            if (System.nanoTime() - endNs > 0) {
                throw new AssertionError("not within " + waitMs + " ms: " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        Map<String, String> user = new HashMap<>();
        for (UserProperty property : message.getProperties().getUserProperties()) {
            user.put(property.getKey(), property.getValue());
        }
        String text = "deflate".equals(user.get("enc"))
                ? inflate(message.getPayload())
                : new String(message.getPayload(), StandardCharsets.UTF_8);
        String contentType = message.getProperties().getContentType();
        heard.add(new Heard(topic, text, message.isRetained(), contentType, Map.copyOf(user)));
    }

    private static String inflate(byte[] deflated) {
        try (java.util.zip.InflaterInputStream in =
                new java.util.zip.InflaterInputStream(new java.io.ByteArrayInputStream(deflated))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (java.io.IOException e) {
            return "not zlib: " + e.getMessage();
        }
    }

    @Override
    public void close() {
        try {
            client.disconnectForcibly(10, 10, false);
        } catch (MqttException e) {
            heard.clear();
        }
        try {
            client.close(true);
        } catch (MqttException e) {
            heard.clear();
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
