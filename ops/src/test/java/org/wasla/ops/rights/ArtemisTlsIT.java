package org.wasla.ops.rights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.tls.TestPki;
import org.wasla.gateway.uplink.Ear;
import org.wasla.gateway.uplink.Mosquitto;
import org.wasla.gateway.uplink.Topics;
import org.wasla.gateway.uplink.Uplink;
import org.wasla.gateway.uplink.UplinkSettings;

/** Apache Artemis with TLS 1.3 and certificates on both sides, as production is to have it: see ops/region/CLUSTER.md. */
@EnabledIfSystemProperty(named = "wasla.long", matches = "true")
class ArtemisTlsIT {
    private static final long WAIT_MS = 60_000;

    @TempDir
    Path folder;

    private final EmbeddedActiveMQ server = new EmbeddedActiveMQ();
    private int port;

    @BeforeEach
    void start() throws Exception {
        TestPki pki = TestPki.make(folder, "ca", "other");
        for (String name : List.of("broker", "gw-1", "gw-2")) {
            pki.signed(name, "ca");
        }
        pki.signed("gw-3", "other");
        Path revoked = pki.revoked("gw-2", "ca");
        port = Mosquitto.freePort();
        String tls = "sslEnabled=true;needClientAuth=true;enabledProtocols=TLSv1.3;keyStoreType=PKCS12;keyStorePath="
                + pki.p12("broker") + ";keyStorePassword=" + TestPki.PASSWORD + ";trustStoreType=PKCS12;trustStorePath="
                + pki.trust("ca") + ";trustStorePassword=" + TestPki.PASSWORD + ";crlPath=" + revoked;
        Path file = Files.writeString(folder.resolve("broker.xml"), """
                <configuration xmlns="urn:activemq">
                  <core xmlns="urn:activemq:core">
                    <persistence-enabled>false</persistence-enabled>
                    <security-enabled>false</security-enabled>
                    <acceptors>
                      <acceptor name="mqtt">tcp://127.0.0.1:%d?protocols=MQTT;%s</acceptor>
                    </acceptors>
                  </core>
                </configuration>
                """.formatted(port, tls));
        server.setConfigResourcePath(file.toUri().toString());
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @Test
    void onlyABoxWithACertificateOfTheRegionThatStillCountsIsLetIn() throws Exception {
        try (Outbox outbox = Outbox.open(new OutboxSettings(folder.resolve("buffer"), 64L << 20, 0), Gaps::event)) {
            byte[] record = "{}".getBytes(StandardCharsets.UTF_8);
            outbox.append(List.of(new Draft("oxi", "obs", Urgency.OBSERVATION, 0, (epoch, seq) -> record)));
            refused(outbox, null);
            refused(outbox, "gw-3");
            refused(outbox, "gw-2");
            try (Uplink uplink = uplink(outbox, "gw-1")) {
                uplink.start();
                Ear.until("sent", WAIT_MS, () -> uplink.status().sent() == 1);
            }
        }
    }

    private Uplink uplink(Outbox outbox, @Nullable String who) throws IOException {
        Path key = who == null ? null : folder.resolve(who + ".p12");
        List<URI> servers = List.of(URI.create("mqtts://localhost:" + port));
        UplinkSettings settings =
                new UplinkSettings(servers, folder.resolve("ca.pem"), key, "gw-1", "wasla/test", false);
        return new Uplink(settings, new Topics("ma-06", "chu", "gw-1"), outbox);
    }

    private void refused(Outbox outbox, @Nullable String who) throws Exception {
        try (Uplink uplink = uplink(outbox, who)) {
            uplink.start();
            Ear.until(
                    "told why " + who + " is refused",
                    WAIT_MS,
                    () -> uplink.status().lastError() != null);
            assertFalse(uplink.status().connected(), String.valueOf(who));
            assertEquals(0, uplink.status().sent(), String.valueOf(who));
        }
    }
}
