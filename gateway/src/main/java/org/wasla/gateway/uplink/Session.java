package org.wasla.gateway.uplink;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a broker, and one Paho client that lives exactly as long: a client that connects again may send
 * topic
 * aliases that the new connection does not know. One thread calls it; Paho's threads only put events into its queue.
 *
 * <p>Whatever happens the client is disconnected by force and closed, or its threads stay for ever.
 */
final class Session implements AutoCloseable {

    private static final int WINDOW_MAX = 64;
    private static final long SLICE_MS = 100;
    private static final long CONNECTOR_WAIT_MS = 2_000;
    /** Paho logs every cut with a stack trace. Held here, because the log manager keeps only a weak reference. */
    private static final Logger PAHO_LOG = Logger.getLogger("org.eclipse.paho");

    static {
        PAHO_LOG.setLevel(Level.OFF);
    }

    private final MqttAsyncClient client;
    private final CalmSockets sockets;
    private final LinkedBlockingQueue<LinkEvent> events = new LinkedBlockingQueue<>();
    private int window;

    private Session(MqttAsyncClient client, CalmSockets sockets) {
        this.client = client;
        this.sockets = sockets;
    }

    /** Connects; throws in time, and at once when {@code wanted} no longer holds. */
    static Session open(Server server, UplinkSettings settings, Timing timing, Publication will, BooleanSupplier wanted)
            throws IOException {
        Session session;
        MqttConnectionOptions options = options(server, timing, will);
        CalmSockets sockets = new CalmSockets(Tls.socketsFor(server, settings));
        options.setSocketFactory(sockets);
        try {
            // TLS too is plain TCP to Paho: our socket does the rest.
            String uri = "tcp://" + server.label();
            session =
                    new Session(new MqttAsyncClient(uri, settings.gateway() + "-up", new MemoryPersistence()), sockets);
        } catch (MqttException e) {
            throw new IOException(text(e), e);
        }
        try {
            session.connect(options, timing.connectWaitMs(), wanted);
            return session;
        } catch (MqttException e) {
            session.abort();
            throw new IOException(text(e), e);
        } catch (IOException | RuntimeException e) {
            session.abort();
            throw e;
        }
    }

    /**
     * A client closed while its connecting thread is still starting others never ends those: that thread goes first.
     */
    private void abort() {
        try {
            sockets.cancel();
        } catch (IOException e) {
            PAHO_LOG.fine("the socket was closed before");
        }
        String connector = "MQTT Con: " + client.getClientId();
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CONNECTOR_WAIT_MS);
        while (isAlive(connector) && System.nanoTime() - endNs < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        close();
    }

    private static boolean isAlive(String name) {
        Thread[] threads = new Thread[Thread.activeCount() + 50];
        int count = Thread.enumerate(threads);
        return Arrays.stream(threads, 0, count)
                .anyMatch(thread -> thread.isAlive() && thread.getName().equals(name));
    }

    private static MqttConnectionOptions options(Server server, Timing timing, Publication will) {
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setAutomaticReconnect(false);
        options.setCleanStart(true);
        options.setSessionExpiryInterval(0L);
        options.setTopicAliasMaximum(0);
        options.setKeepAliveInterval(timing.keepAliveS());
        // For the socket alone, and again for the handshake: both end before our own limit.
        options.setConnectionTimeout((int) Math.max(1, TimeUnit.MILLISECONDS.toSeconds(timing.connectWaitMs()) / 3));
        options.setWill(will.topic(), message(will));
        MqttProperties willProperties = properties(will);
        willProperties.setWillDelayInterval(0L);
        options.setWillMessageProperties(willProperties);
        String user = server.user();
        if (user != null) {
            int colon = user.indexOf(':');
            options.setUserName(colon < 0 ? user : user.substring(0, colon));
            options.setPassword(user.substring(colon + 1).getBytes(StandardCharsets.UTF_8));
        }
        return options;
    }

    /** In slices, so that a stop does not wait for a broker that never answers. */
    private void connect(MqttConnectionOptions options, long waitMs, BooleanSupplier wanted)
            throws MqttException, IOException {
        client.setCallback(new Callback(events));
        IMqttToken token = client.connect(options);
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        while (!token.isComplete()) {
            if (!wanted.getAsBoolean()) {
                throw new IOException("stopped while connecting");
            }
            if (System.nanoTime() - endNs > 0) {
                throw new IOException("no answer to CONNECT within " + waitMs + " ms");
            }
            await(token, SLICE_MS);
        }
        MqttException failure = token.getException();
        if (failure != null) {
            throw failure;
        }
        window = window(token.getResponseProperties());
    }

    /** Waits a little; the token knows better than the exception whether it has failed. */
    private static void await(IMqttToken token, long waitMs) throws MqttException {
        try {
            token.waitForCompletion(waitMs);
        } catch (MqttException e) {
            if (e.getReasonCode() != MqttClientException.REASON_CODE_CLIENT_TIMEOUT) {
                throw e;
            }
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

    /** False when Paho has no place yet; try again after the next event. */
    boolean publish(Publication publication, Flight.Ticket ticket) throws IOException {
        MqttMessage message = message(publication);
        message.setProperties(properties(publication));
        try {
            client.publish(publication.topic(), message, null, new Acknowledgement(ticket, events));
            return true;
        } catch (MqttException e) {
            if (e.getReasonCode() == MqttClientException.REASON_CODE_MAX_INFLIGHT) {
                return false;
            }
            if (e.getReasonCode() == MqttClientException.REASON_CODE_OUTGOING_PACKET_TOO_LARGE) {
                throw new RefusedException(Reason.text(0x95));
            }
            throw new IOException(text(e), e);
        }
    }

    private static MqttMessage message(Publication publication) {
        MqttMessage message = new MqttMessage(publication.payload().bytes());
        message.setQos(1);
        message.setRetained(publication.retained());
        return message;
    }

    /** Fresh ones for every message: Paho writes its topic alias into them. */
    private static MqttProperties properties(Publication publication) {
        MqttProperties properties = new MqttProperties();
        properties.setContentType("application/vnd.wasla." + publication.kind() + "+json");
        properties.setUserProperties(List.of(
                new UserProperty("sv", "0"),
                new UserProperty("enc", publication.payload().encoding()),
                new UserProperty("cls", publication.cls())));
        if (publication.expiryS() > 0) {
            properties.setMessageExpiryInterval(publication.expiryS());
        }
        return properties;
    }

    /** The next event, null when none came in time. */
    @Nullable
    LinkEvent poll(long waitMs) throws InterruptedException {
        return waitMs > 0 ? events.poll(waitMs, TimeUnit.MILLISECONDS) : events.poll();
    }

    /** Says goodbye, so that the broker does not publish the will. */
    void leave(long waitMs) {
        try {
            client.disconnect(0).waitForCompletion(waitMs);
        } catch (MqttException e) {
            // Then the broker publishes the will, which says the same.
            return;
        }
    }

    @Override
    public void close() {
        try {
            client.disconnectForcibly(1, 1, false);
        } catch (MqttException | RuntimeException e) {
            events.add(new LinkEvent.Lost(String.valueOf(e.getMessage())));
        }
        try {
            client.close(true);
        } catch (MqttException | RuntimeException e) {
            events.add(new LinkEvent.Lost(String.valueOf(e.getMessage())));
        }
    }

    private static String text(MqttException e) {
        int code = e.getReasonCode();
        if (code >= Reason.FIRST_FAILURE && code <= 0xff) {
            return Reason.text(code);
        }
        Throwable cause = e.getCause();
        return cause == null ? e.toString() : cause.toString();
    }

    /** Hands the fate of one message over. */
    private record Acknowledgement(Flight.Ticket ticket, LinkedBlockingQueue<LinkEvent> events)
            implements MqttActionListener {

        @Override
        public void onSuccess(IMqttToken token) {
            int[] codes = token.getReasonCodes();
            events.add(new LinkEvent.Acknowledged(ticket, codes == null || codes.length == 0 ? 0 : codes[0] & 0xff));
        }

        @Override
        public void onFailure(IMqttToken token, Throwable e) {
            events.add(new LinkEvent.Lost(e instanceof MqttException mqtt ? text(mqtt) : e.toString()));
        }
    }

    /** Hands the end of the connection over. */
    private record Callback(LinkedBlockingQueue<LinkEvent> events) implements MqttCallback {

        @Override
        public void disconnected(MqttDisconnectResponse response) {
            MqttException e = response.getException();
            events.add(new LinkEvent.Lost(e != null ? text(e) : Reason.text(response.getReturnCode() & 0xff)));
        }

        @Override
        public void mqttErrorOccurred(MqttException e) {
            events.add(new LinkEvent.Lost(text(e)));
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
