package org.wasla.ops.rights;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.uplink.Ear;
import org.wasla.gateway.uplink.Mosquitto;
import org.wasla.gateway.uplink.Topics;
import org.wasla.gateway.uplink.Uplink;
import org.wasla.gateway.uplink.UplinkSettings;

/** The same lists at Apache Artemis, which reads them as its own configuration. */
@EnabledIfSystemProperty(named = "wasla.long", matches = "true")
class ArtemisRightsIT extends RightsProof {

    private final EmbeddedActiveMQ server = new EmbeddedActiveMQ();
    private int port;

    ArtemisRightsIT() throws Exception {}

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        town.make(folder);
        port = Mosquitto.freePort();
        server.setConfigResourcePath(configuration(folder).toUri().toString());
        server.setSecurityManager(users(folder));
        server.start();
    }

    private Path configuration(Path folder) throws IOException {
        return Files.writeString(folder.resolve("broker.xml"), """
                <configuration xmlns="urn:activemq" xmlns:xi="http://www.w3.org/2001/XInclude">
                  <core xmlns="urn:activemq:core">
                    <persistence-enabled>false</persistence-enabled>
                    <acceptors>
                      <acceptor name="mqtt">tcp://127.0.0.1:%d?protocols=MQTT</acceptor>
                    </acceptors>
                    <xi:include href="%s"/>
                  </core>
                </configuration>
                """.formatted(
                        port, folder.resolve("made/artemis-security.xml").toUri()));
    }

    // As it comes, this broker answers MQTT 5 with 0x87 and keeps the connection; the others must not suffer.
    @Test
    void aBoxThatMaySayLessThanItWantsSaysTheRest(@TempDir Path folder) throws Exception {
        UplinkSettings settings = new UplinkSettings(
                List.of(URI.create("mqtt://gw-a1:" + Party.password("gw-a1") + "@127.0.0.1:" + port)),
                null,
                null,
                "gw-a1",
                "wasla/test",
                false);
        try (Party reader = new Party(port, Party.Entry.of("sub-regional"));
                Outbox outbox = Outbox.open(new OutboxSettings(folder, 64L << 20, 0), Gaps::event);
                Uplink uplink = new Uplink(settings, new Topics("ma-06", "chu", "gw-a1"), outbox)) {
            assertTrue(reader.subscribe(List.of("wasla/1/ma-06/+/+/d/+/obs")));
            for (int i = 0; i < 5; i++) {
                outbox.append(List.of(draft("unheard-of"), draft("obs")));
            }
            uplink.start();
            Ear.until("all that may", 60_000, () -> new TreeSet<>(reader.heard()).size() == 5);
            Ear.until("the rest is held", 60_000, () -> uplink.status().held().size() == 1);
            assertTrue(uplink.status().held().get(0).topic().endsWith("/unheard-of"));
            Ear.until("acknowledged", 60_000, () -> uplink.status().sent() == 5);
        }
    }

    private static Draft draft(String kind) {
        return new Draft(
                "oxi",
                kind,
                Urgency.OBSERVATION,
                System.currentTimeMillis(),
                (epoch, seq) -> ("{\"k\":\"" + kind + "\",\"seq\":" + seq + "}").getBytes(StandardCharsets.UTF_8));
    }

    private ActiveMQJAASSecurityManager users(Path folder) throws IOException {
        SecurityConfiguration users = new SecurityConfiguration();
        for (String line : Files.readAllLines(folder.resolve("made/artemis-roles.properties"))) {
            String[] roleAndUser = line.split(" = ");
            users.addUser(roleAndUser[1], Party.password(roleAndUser[1]));
            users.addRole(roleAndUser[1], roleAndUser[0]);
        }
        return new ActiveMQJAASSecurityManager(InVMLoginModule.class.getName(), users);
    }

    @Override
    int port() {
        return port;
    }

    @AfterAll
    void stop() throws Exception {
        server.stop();
    }
}
