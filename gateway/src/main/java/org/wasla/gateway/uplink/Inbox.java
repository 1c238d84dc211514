package org.wasla.gateway.uplink;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;

/** Where the downlink's client puts orders and the end of its connection; it does nothing else. Thread-safe. */
final class Inbox implements MqttCallback {

    private final ArrayBlockingQueue<Order> orders;
    private final AtomicReference<@Nullable LostException> lost = new AtomicReference<>();

    /**
     * One order as it arrived. Immutable as its payload.
     *
     * @param responseTopic where the answer is wanted, null when nothing was said
     */
    record Order(String topic, Payload payload, @Nullable String responseTopic, int messageId, int qos) {}

    Inbox(ArrayBlockingQueue<Order> orders) {
        this.orders = orders;
    }

    ArrayBlockingQueue<Order> orders() {
        return orders;
    }

    @Nullable
    LostException lostBy() {
        return lost.get();
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        MqttProperties properties = message.getProperties();
        String response = properties == null ? null : properties.getResponseTopic();
        Order order =
                new Order(topic, Payload.plain(message.getPayload()), response, message.getId(), message.getQos());
        // Full only when the broker sends more than we allow, or QoS 0: the connection then begins again.
        if (!orders.offer(order)) {
            lost.compareAndSet(null, new LostException("more orders than the broker may send at a time", 0));
        }
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
        MqttException e = response.getException();
        if (e == null) {
            int code = response.getReturnCode() & 0xff;
            lost.set(new LostException(Reason.text(code), code));
        } else {
            lost.compareAndSet(null, new LostException(Connection.text(e), 0));
        }
    }

    @Override
    public void mqttErrorOccurred(MqttException e) {
        lost.compareAndSet(null, new LostException(Connection.text(e), 0));
    }

    @Override
    public void deliveryComplete(IMqttToken token) {}

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {}

    @Override
    public void authPacketArrived(int reason, MqttProperties properties) {}
}
