package org.wasla.ops.bench;

import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;

/** The smallest publisher with Paho: QoS 1 and a window, nothing else. One thread calls {@link #publish}. */
final class PahoSender {
    private static final int IN_USE = 32_202;
    private final MqttAsyncClient client;
    private final Semaphore window;
    private final MqttActionListener landing = new MqttActionListener() {
        @Override
        public void onSuccess(IMqttToken token) {
            window.release();
        }

        @Override
        public void onFailure(IMqttToken token, Throwable cause) {
            window.release();
        }
    };

    /** Connects. */
    PahoSender(int brokerPort, int window) throws MqttException {
        this.window = new Semaphore(window);
        client = new MqttAsyncClient(
                "tcp://127.0.0.1:" + brokerPort, "bench-paho-" + System.nanoTime(), new MemoryPersistence());
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setKeepAliveInterval(60);
        client.connect(options).waitForCompletion(10_000);
    }

    void publish(byte[] payload) throws MqttException {
        window.acquireUninterruptibly();
        MqttMessage message = new MqttMessage(payload);
        message.setQos(1);
        while (true) {
            try {
                client.publish(PeerRecord.TOPIC, message, null, landing);
                return;
            } catch (MqttException busy) {
                if (busy.getReasonCode() != IN_USE) {
                    throw busy;
                }
                // Paho tells of an acknowledgement before it counts it.
                LockSupport.parkNanos(20_000);
            }
        }
    }
}
