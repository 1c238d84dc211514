package org.wasla.ops.rights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.uplink.Mosquitto;

/** The same lists at Apache Artemis, which reads them as its own configuration. */
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
                      <acceptor name="mqtt">%s</acceptor>
                    </acceptors>
                    <xi:include href="%s"/>
                  </core>
                </configuration>
                """.formatted(
                "tcp://127.0.0.1:" + port + "?protocols=MQTT;closeMqttConnectionOnPublishAuthorizationFailure=false",
                folder.resolve("made/artemis-security.xml").toUri()));
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
