package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A technician is told which step of the way fails, not that it fails. {@code UplinkTlsIT} has those of TLS. */
class KnockIT {
    @TempDir
    Path folder;

    private static Knock.Answer at(String server) {
        URI uri = URI.create(server);
        return Knock.at(uri, new UplinkSettings(List.of(uri), null, null, "gw-1", "test", false));
    }

    @Test
    void anOpenBrokerIsOpen() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder)) {
            assertEquals(new Knock.Answer(Knock.Step.OPEN, ""), at("mqtt://127.0.0.1:" + broker.port()));
            assertEquals(
                    new Knock.Answer(Knock.Step.OPEN, ""),
                    at("mqtt://anybody:with%20words@127.0.0.1:" + broker.port()),
                    "user and password are sent as MQTT wants them");
        }
    }

    @Test
    void aBrokerThatKnowsUsNotSaysSo() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder, "allow_anonymous false")) {
            Knock.Answer answer = at("mqtt://127.0.0.1:" + broker.port());
            assertEquals(Knock.Step.MQTT, answer.step());
            assertTrue(answer.cause().startsWith("0x87 "), answer.cause());
        }
    }

    @Test
    void aNameWithoutAnAddressIsToldByName() {
        assertEquals(
                new Knock.Answer(Knock.Step.NAME, "no address for broker.invalid: Name or service not known"),
                at("mqtt://broker.invalid"));
    }

    @Test
    void aClosedPortAndAMutePeerAreDifferent() throws Exception {
        assertEquals(
                Knock.Step.PORT, at("mqtt://127.0.0.1:" + Mosquitto.freePort()).step());
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread other = new Thread(() -> {
                try {
                    server.accept().close();
                } catch (java.io.IOException gone) {
                    return;
                }
            });
            other.start();
            Knock.Answer answer = at("mqtt://127.0.0.1:" + server.getLocalPort());
            assertEquals(Knock.Step.MQTT, answer.step());
            other.join();
        }
    }
}
