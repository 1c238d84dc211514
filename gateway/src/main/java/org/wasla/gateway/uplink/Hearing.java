package org.wasla.gateway.uplink;

import java.io.IOException;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** What both tools of the platform's side do with what Paho tells; a loss is each one's own. On Paho's thread. */
abstract class Hearing implements MqttCallback {
    private final Subscriber.Listener listener;

    Hearing(Subscriber.Listener listener) {
        this.listener = listener;
    }

    @Override
    public final void messageArrived(String topic, MqttMessage message) {
        byte[] json;
        try {
            json = Payload.json(message);
        } catch (IOException damaged) {
            listener.unreadable(topic, String.valueOf(damaged.getMessage()));
            return;
        }
        listener.message(topic, json);
    }

    @Override
    public final void deliveryComplete(IMqttToken token) {}

    @Override
    public final void connectComplete(boolean reconnect, String serverUri) {}

    @Override
    public final void authPacketArrived(int reasonCode, MqttProperties properties) {}
}
