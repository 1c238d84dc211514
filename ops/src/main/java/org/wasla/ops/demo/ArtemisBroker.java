package org.wasla.ops.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Set;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.wasla.gateway.cli.Workshop;

/** Apache Artemis as an MQTT 5 broker in this process: in memory, on a free port of the loopback interface. */
final class ArtemisBroker implements Workshop.Broker {
    private final EmbeddedActiveMQ server;
    private final int port;

    private ArtemisBroker(EmbeddedActiveMQ server, int port) {
        this.server = server;
        this.port = port;
    }

    static ArtemisBroker start() throws IOException {
        int port = freePort();
        Configuration configuration = new ConfigurationImpl()
                .setPersistenceEnabled(false)
                .setJournalDirectory("memory")
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false);
        configuration.setAcceptorConfigurations(Set.of(new TransportConfiguration(
                NettyAcceptorFactory.class.getName(),
                Map.of("host", "127.0.0.1", "port", Integer.toString(port), "protocols", "MQTT"))));
        EmbeddedActiveMQ server = new EmbeddedActiveMQ().setConfiguration(configuration);
        try {
            server.start();
        } catch (Exception failed) { // its signature
            throw new IOException("the demo's broker does not start: " + failed.getMessage(), failed);
        }
        return new ArtemisBroker(server, port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public String url() {
        return "mqtt://127.0.0.1:" + port;
    }

    @Override
    public String name() {
        return "Apache Artemis, embedded";
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception failed) { // its signature
            System.err.println("the demo's broker does not stop: " + failed.getMessage());
        }
    }
}
