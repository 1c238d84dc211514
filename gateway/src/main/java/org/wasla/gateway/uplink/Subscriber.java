package org.wasla.gateway.uplink;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.jspecify.annotations.Nullable;

/**
 * The platform's side of the contract, for the tool {@code subscribe} and for tests: reads topics and connects again
 * whenever the connection is lost. Owns the thread {@code subscriber}; the listener is called on Paho's thread and must
 * not block.
 */
public final class Subscriber implements AutoCloseable {
    private static final long CONNECT_MS = 5_000;
    private static final long RETRY_MS = 1_000;
    private final UplinkSettings settings;
    private final String filter;
    private final boolean keepsSession;
    private final Listener listener;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "subscriber");

    /** Takes what arrives. */
    public interface Listener {
        /** @param payload JSON: inflated when it was sent deflated, turned back when it was sent as CBOR */
        void message(String topic, byte[] payload);

        /**
         * A message whose bytes are not what it says that they are.
         *
         * @param why in words, without any of its content
         */
        default void unreadable(String topic, String why) {}

        /** @param cause empty when the connection stands; else why it does not */
        void connection(String cause);
    }

    /** @param settings its servers, ca and key are used; its gateway is the client id */
    public Subscriber(UplinkSettings settings, String filter, Listener listener) {
        this(settings, filter, false, listener);
    }

    /** @param keepsSession whether the broker is to keep, for 24 h, what comes while we are away */
    public Subscriber(UplinkSettings settings, String filter, boolean keepsSession, Listener listener) {
        this.settings = settings;
        this.filter = filter;
        this.keepsSession = keepsSession;
        this.listener = listener;
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        stopping.countDown();
        try {
            thread.join(CONNECT_MS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            do {
                for (URI server : settings.servers()) {
                    if (stopping.getCount() > 0) {
                        session(server);
                    }
                }
            } while (!stopping.await(RETRY_MS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** One connection, on a client object of its own, from connect to loss. */
    private void session(URI server) throws InterruptedException {
        CountDownLatch lost = new CountDownLatch(1);
        MqttAsyncClient client = null;
        try {
            Server broker = Server.of(server);
            // TLS too is plain TCP to Paho: our socket does the rest, and keeps Paho from leaking its threads.
            client = new MqttAsyncClient("tcp://" + broker.label(), settings.gateway(), new MemoryPersistence());
            client.setCallback(new Inbox(lost));
            MqttConnectionOptions options = new MqttConnectionOptions();
            options.setAutomaticReconnect(false);
            options.setCleanStart(!keepsSession);
            options.setSessionExpiryInterval(keepsSession ? Downlink.SESSION_EXPIRY_S : 0L);
            options.setKeepAliveInterval(30);
            options.setTopicAliasMaximum(0);
            options.setSocketFactory(new CalmSockets(Tls.socketsFor(broker, settings)));
            client.connect(options).waitForCompletion(CONNECT_MS);
            client.subscribe(filter, 1).waitForCompletion(CONNECT_MS);
            listener.connection("");
            while (!lost.await(200, TimeUnit.MILLISECONDS) && stopping.getCount() > 0) {
                // waits for whichever comes first
            }
        } catch (MqttException | IOException failed) {
            listener.connection(String.valueOf(failed.getMessage()));
        } finally {
            end(client);
        }
    }

    private static void end(@Nullable MqttAsyncClient client) {
        if (client == null) {
            return;
        }
        try {
            client.disconnectForcibly(10, 500, true);
        } catch (MqttException gone) {
            // the connection was lost before; what follows frees the threads
        }
        try {
            client.close(true);
        } catch (MqttException gone) {
            // closed already
        }
    }

    private final class Inbox extends Hearing {
        private final CountDownLatch lost;

        Inbox(CountDownLatch lost) {
            super(listener);
            this.lost = lost;
        }

        @Override
        public void disconnected(MqttDisconnectResponse response) {
            listener.connection("connection lost");
            lost.countDown();
        }

        @Override
        public void mqttErrorOccurred(MqttException exception) {
            listener.connection(String.valueOf(exception.getMessage()));
        }
    }
}
