package org.wasla.gateway.uplink;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;

/**
 * One Paho client that lives exactly as long as its connection: a client that connects again may send topic aliases
 * that the new connection does not know, or make tokens good that have failed. One thread calls it.
 *
 * <p>Whatever happens the client is disconnected by force and closed, or its threads stay for ever.
 */
final class Connection implements AutoCloseable {

    private static final long SLICE_MS = 100;
    private static final long CONNECTOR_WAIT_MS = 2_000;
    /** Paho logs every cut with a stack trace. Held here, because the log manager keeps only a weak reference. */
    private static final Logger PAHO_LOG = Logger.getLogger("org.eclipse.paho");

    static {
        PAHO_LOG.setLevel(Level.OFF);
    }

    private final MqttAsyncClient client;
    private final CalmSockets sockets;
    private @Nullable MqttProperties connack;
    private boolean sessionPresent;

    private Connection(MqttAsyncClient client, CalmSockets sockets) {
        this.client = client;
        this.sockets = sockets;
    }

    /**
     * Connects; throws in time, and at once when {@code wanted} no longer holds.
     *
     * @param options clean start, expiry, will and limits; the rest is set here
     * @param manualAcks whether a message is acknowledged only when the callback's owner says so
     */
    static Connection open(
            Server server,
            UplinkSettings settings,
            Timing timing,
            String clientId,
            MqttConnectionOptions options,
            MqttCallback callback,
            boolean manualAcks,
            BooleanSupplier wanted)
            throws IOException {
        CalmSockets sockets = new CalmSockets(Tls.socketsFor(server, settings));
        complete(options, server, timing);
        options.setSocketFactory(sockets);
        Connection connection;
        try {
            // TLS too is plain TCP to Paho: our socket does the rest.
            connection =
                    new Connection(new MqttAsyncClient("tcp://" + server.label(), clientId, new Forgetful()), sockets);
        } catch (MqttException e) {
            throw new IOException(text(e), e);
        }
        try {
            connection.client.setManualAcks(manualAcks);
            connection.client.setCallback(callback);
            connection.connect(options, timing.connectWaitMs(), wanted);
            return connection;
        } catch (MqttException e) {
            connection.abort();
            throw new IOException(text(e), e);
        } catch (IOException | RuntimeException e) {
            connection.abort();
            throw e;
        }
    }

    private static void complete(MqttConnectionOptions options, Server server, Timing timing) {
        options.setAutomaticReconnect(false);
        options.setTopicAliasMaximum(0);
        options.setKeepAliveInterval(timing.keepAliveS());
        // For the socket alone, and again for the handshake: both end before our own limit.
        options.setConnectionTimeout((int) Math.max(1, TimeUnit.MILLISECONDS.toSeconds(timing.connectWaitMs()) / 3));
        String user = server.user();
        if (user != null) {
            int colon = user.indexOf(':');
            options.setUserName(colon < 0 ? user : user.substring(0, colon));
            options.setPassword(user.substring(colon + 1).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** In slices, so that a stop does not wait for a broker that never answers. */
    private void connect(MqttConnectionOptions options, long waitMs, BooleanSupplier wanted)
            throws MqttException, IOException {
        IMqttToken token = client.connect(options);
        await(token, waitMs, "CONNECT", wanted);
        connack = token.getResponseProperties();
        sessionPresent = token.getSessionPresent();
    }

    /** Waits for an answer of the broker; the token knows better than its exception whether it has failed. */
    static void await(IMqttToken token, long waitMs, String what, BooleanSupplier wanted)
            throws MqttException, IOException {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        while (!token.isComplete()) {
            if (!wanted.getAsBoolean()) {
                throw new IOException("stopped while waiting for the answer to " + what);
            }
            if (System.nanoTime() - endNs > 0) {
                throw new IOException("no answer to " + what + " within " + waitMs + " ms");
            }
            try {
                token.waitForCompletion(SLICE_MS);
            } catch (MqttException e) {
                if (e.getReasonCode() != MqttClientException.REASON_CODE_CLIENT_TIMEOUT) {
                    throw e;
                }
            }
        }
        MqttException failure = token.getException();
        if (failure != null) {
            throw failure;
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

    MqttAsyncClient client() {
        return client;
    }

    /** The client has taken one more message to publish. */
    void announce() {
        sockets.announce();
    }

    /** What the broker said about itself when it accepted, null when nothing. */
    @Nullable
    MqttProperties connack() {
        return connack;
    }

    /** Whether the broker still has what this client id subscribed to before. */
    boolean isSessionPresent() {
        return sessionPresent;
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
            PAHO_LOG.fine("the connection was gone before");
        }
        try {
            client.close(true);
        } catch (MqttException | RuntimeException e) {
            PAHO_LOG.fine("the client was closed before");
        }
    }

    static String text(MqttException e) {
        int code = e.getReasonCode();
        if (code >= Reason.FIRST_FAILURE && code <= 0xff) {
            return Reason.text(code);
        }
        Throwable cause = e.getCause();
        return cause == null ? e.toString() : cause.toString();
    }
}
