package org.wasla.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.enrol.Identity;
import org.wasla.gateway.enrol.IdentityFolder;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.trust.CertificateRequest;
import org.wasla.gateway.trust.TestCertificates;

/** A box that was enrolled needs neither brokers nor files of keys in its configuration. */
class EnrolReaderTest {
    private static final URI BROKER = URI.create("mqtts://broker.example:8883");
    private final Problems problems = new Problems();

    @TempDir
    Path home;

    private Optional<Config> read(String more) throws Exception {
        Path file = Files.writeString(home.resolve("wasla.yaml"), """
                gateway: {id: gw-1, region: ma-06, site: chu, zone: UTC}
                enrol: {dir: "%s"}
                %s
                """.formatted(home.resolve("identity"), more));
        return new ConfigReader(List.of(Path.of("../device-profiles")), problems).read(file);
    }

    private void enrol(String gateway) throws Exception {
        TestCertificates ca = new TestCertificates("ca");
        KeyPair key = CertificateRequest.freshKey();
        long nowMs = System.currentTimeMillis();
        new IdentityFolder(home.resolve("identity"))
                .store(new Identity(
                        key.getPrivate(),
                        List.of(ca.gateway(key, gateway, false, nowMs, nowMs + 100_000), ca.own()),
                        ca.own(),
                        URI.create("https://enrol.example:8443"),
                        List.of(BROKER)));
    }

    @Test
    void theRegionNamesTheBrokers() throws Exception {
        enrol("gw-1");
        Config config = read("").orElseThrow(() -> new AssertionError(problems.list()));
        assertEquals(List.of(BROKER), config.uplink().servers());
        assertEquals(
                home.resolve("identity/current/gateway.p12"), config.uplink().key());
        assertEquals(home.resolve("identity/current/ca.pem"), config.uplink().ca());
    }

    @Test
    void whatIsWrittenWins() throws Exception {
        enrol("gw-1");
        Path own = Files.writeString(home.resolve("own.pem"), "x");
        Config config = read("uplink: {servers: [\"mqtts://other.example\"], ca: \"" + own + "\"}")
                .orElseThrow();
        assertEquals(
                List.of(URI.create("mqtts://other.example")), config.uplink().servers());
        assertEquals(own, config.uplink().ca());
        assertEquals(
                home.resolve("identity/current/gateway.p12"), config.uplink().key());
    }

    @Test
    void aBoxThatIsNotEnrolledNeedsABroker() throws Exception {
        assertFalse(read("").isPresent());
        assertTrue(
                problems.list().toString().contains("no 'uplink'"),
                problems.list().toString());
    }

    /** The devices are read, and what they say waits, until somebody enrols the box. */
    @Test
    void aBoxMayRunBeforeItIsEnrolled() throws Exception {
        Config config = read("uplink: {servers: [\"mqtts://broker.example\"]}").orElseThrow();
        assertEquals(
                home.resolve("identity/current/gateway.p12"), config.uplink().key());
        assertNull(config.enrol().url());
    }

    @Test
    void theIdentityOfAnotherBoxIsAMistake() throws Exception {
        enrol("gw-2");
        assertFalse(read("").isPresent());
        assertTrue(
                problems.list().toString().contains("certificate of 'gw-2'"),
                problems.list().toString());
    }

    @Test
    void anEndpointIsHttps() throws Exception {
        enrol("gw-1");
        Path file = Files.writeString(home.resolve("wasla.yaml"), """
                gateway: {id: gw-1, region: ma-06, site: chu, zone: UTC}
                enrol: {dir: "%s", url: "http://enrol.example"}
                """.formatted(home.resolve("identity")));
        assertFalse(new ConfigReader(List.of(Path.of("../device-profiles")), problems)
                .read(file)
                .isPresent());
        assertTrue(problems.list().toString().contains("enrol.url is 'http://enrol.example'"));
    }
}
