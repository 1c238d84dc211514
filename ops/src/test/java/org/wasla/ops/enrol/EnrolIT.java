package org.wasla.ops.enrol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.agent.Agent;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.ConfigReader;
import org.wasla.gateway.enrol.Enrolment;
import org.wasla.gateway.enrol.Identity;
import org.wasla.gateway.enrol.IdentityFolder;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.tls.TlsClock;
import org.wasla.gateway.trust.CertificateRequest;
import org.wasla.gateway.trust.EnrolToken;
import org.wasla.gateway.uplink.Ear;

/**
 * A box from its token to its revocation: real agent, real endpoint, Debian's mosquitto with the rights and the list of
 * revocations that the tool makes. Certificates that are late or over are made so, nobody waits for them.
 */
class EnrolIT {
    private static final long WAIT_MS = 30_000;
    private static final String PROFILE = """
            wasla: 1
            id: oxi
            version: 1.0.0
            device: {makers: [Maker], models: [M1], kind: pulse oximeter}
            trust: unverified
            frame: {line: {end: LF}}
            dialogue: {listen: {quiet: 3s}}
            message: {id: row, pattern: 'N=(?<n>\\d+) S=(?<spo2>\\d+)'}
            observe:
              - {field: n, name: count}
              - {field: spo2, name: spo2, ucum: '%'}
            """;

    @TempDir
    static Path home;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static Pilot pilot;

    @BeforeAll
    static void start() throws Exception {
        pilot = new Pilot(home);
    }

    @AfterAll
    static void stop() throws IOException {
        pilot.close();
    }

    /** Says a line ten times a second, to whoever is connected. */
    private static final class Device implements AutoCloseable {
        private final ServerSocket server;
        private final CountDownLatch over = new CountDownLatch(1);
        private final Thread thread = new Thread(this::speak, "device");

        Device() throws IOException {
            server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            thread.start();
        }

        private void speak() {
            while (over.getCount() > 0) {
                try (Socket line = server.accept()) {
                    for (int n = 1; !over.await(100, TimeUnit.MILLISECONDS); n++) {
                        line.getOutputStream().write(("N=" + n + " S=97\n").getBytes(StandardCharsets.US_ASCII));
                    }
                } catch (IOException gone) {
                    // the box has stopped, or the test is over
                } catch (InterruptedException stop) {
                    over.countDown();
                }
            }
        }

        @Override
        public void close() throws IOException {
            over.countDown();
            server.close();
        }
    }

    private static IdentityFolder folder(String gateway) {
        return new IdentityFolder(home.resolve(gateway));
    }

    private static Identity enrol(String gateway, String... more) throws Exception {
        return Enrolment.byToken(EnrolToken.read(pilot.token(gateway, more)), folder(gateway), TlsClock.SYSTEM);
    }

    /** Nothing of brokers or keys stands in it. */
    private static Agent agent(String gateway, int port) throws Exception {
        Path profile = Files.createDirectories(home.resolve("profiles/oxi"));
        Files.writeString(profile.resolve("profile.yaml"), PROFILE);
        Path file = Files.writeString(home.resolve(gateway + ".yaml"), """
                gateway: {id: %1$s, region: ma-06, site: chu, zone: UTC}
                enrol: {dir: "%2$s"}
                buffer: {dir: "%3$s", max: 64MiB, commit: 0ms}
                devices: [{id: oxi-1, profile: oxi, link: "tcp:127.0.0.1:%4$d"}]
                """.formatted(
                        gateway, home.resolve(gateway), home.resolve(gateway + "-buffer"), port));
        Problems problems = new Problems();
        Config config = new ConfigReader(List.of(Path.of("../device-profiles"), home.resolve("profiles")), problems)
                .read(file)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
        Agent agent = new Agent(config, "test");
        agent.start();
        return agent;
    }

    /** The same box with a certificate of another time, as if so much had passed since. */
    private static void age(String gateway, long fromS, long untilS) throws Exception {
        folder(gateway).store(aged(gateway, fromS, untilS));
    }

    private static Identity aged(String gateway, long fromS, long untilS) throws Exception {
        Identity now = folder(gateway).load().orElseThrow();
        byte[] request =
                CertificateRequest.of(now.certificate().getPublicKey().getEncoded(), now.secret(), "chu", gateway);
        long nowS = System.currentTimeMillis() / 1_000;
        X509Certificate aged = new Authority(pilot.dir())
                .gateway(request, gateway, "chu", false, new Authority.Span(nowS + fromS, nowS + untilS));
        return new Identity(
                now.secret(), List.of(aged, now.authority()), now.authority(), now.endpoint(), now.servers());
    }

    private static int records(String gateway) {
        return pilot.heard(gateway + "/d/oxi-1/obs").size()
                + pilot.heard(gateway + "/d/oxi-1/obs-bf").size();
    }

    @Test
    void aBoxFromItsTokenToItsRevocation() throws Exception {
        String box = "gw-a";
        Identity first = enrol(box);
        pilot.admitPlatform();
        assertTrue(pilot.tool("list").out().contains(first.words()), "both sides show the same words");
        try (Device device = new Device()) {
            // Half of its life is over: the agent renews it, without a restart and without losing its connection.
            age(box, -100, 90);
            Agent agent = agent(box, device.server.getLocalPort());
            try {
                Ear.until("records arrive", WAIT_MS, () -> records(box) > 3);
                Ear.until(
                        "it is renewed",
                        WAIT_MS,
                        () -> folder(box).load().orElseThrow().life().untilMs()
                                > System.currentTimeMillis() + 1_000_000);
                assertEquals(first.words(), folder(box).load().orElseThrow().words());
                assertFalse(folder(box).load().orElseThrow().life().quarantined());
            } finally {
                agent.close();
            }
            inQuarantineRecordsWait(box, device);
        }
    }

    private static void inQuarantineRecordsWait(String box, Device device) throws Exception {
        // Since the box was enrolled: what ran out before that is of a box before it.
        age(box, -200, -1);
        int before = records(box);
        int states = pilot.heard(box + "/state").size();
        Agent agent = agent(box, device.server.getLocalPort());
        try {
            Ear.until(
                    "it says how it is",
                    WAIT_MS,
                    () -> pilot.heard(box + "/state").size() > states);
            assertTrue(folder(box).load().orElseThrow().life().quarantined());
            assertTrue(pilot.tool("list").out().contains("quarantine"));
            assertEquals(before, records(box), "a record left the box in quarantine");
            assertFalse(pilot.brokerLog().contains("Denied PUBLISH"), "it has tried");

            Identity held = folder(box).load().orElseThrow();
            assertEquals(1, pilot.tool("confirm", box, "bababa", "bababa").code());
            assertTrue(folder(box).load().orElseThrow().life().quarantined());
            assertEquals(0, pilot.tool("confirm", box, held.words()).code());
            Ear.until("what waited arrives", WAIT_MS, () -> records(box) > before + 3);
            assertFalse(folder(box).load().orElseThrow().life().quarantined());

            revoked(box);
        } finally {
            agent.close();
        }
        String audit = audit(box);
        for (String event : List.of("enrol", "renew", "quarantine", "confirm", "revoke")) {
            assertTrue(audit.contains("\"e\":\"" + event + "\""), event + " is not in " + audit);
        }
    }

    private static void revoked(String box) throws Exception {
        Identity due = aged(box, -100, 60);
        Pilot.Done done = pilot.tool("revoke", box);
        assertEquals(0, done.code(), done.err());
        int records = records(box);
        int states = pilot.heard(box + "/state").size();
        // Neither the certificate that it has nor one that it had lets it in, and it is given no other.
        folder(box).store(due);
        Ear.until("the audit tells it", WAIT_MS, () -> audit(box).contains("\"e\":\"revoke\""));
        assertTrue(pilot.refuses(folder(box)), "the broker lets it in");
        assertEquals(records, records(box));
        assertEquals(states, pilot.heard(box + "/state").size());
    }

    private static String audit(String box) throws IOException {
        StringBuilder all = new StringBuilder();
        Path folder = home.resolve(box + "-buffer/trust/audit");
        try (var files = Files.list(folder)) {
            for (Path each : files.toList()) {
                all.append(Files.readString(each, StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }

    private static String refused(String token) {
        return String.valueOf(assertThrows(
                        IOException.class,
                        () -> Enrolment.byToken(EnrolToken.read(token), folder("gw-none"), TlsClock.SYSTEM))
                .getMessage());
    }

    private static void assertRefused(String token, String why) {
        String told = refused(token);
        assertTrue(told.contains(why), told);
    }

    @Test
    void aTokenIsGoodOnce() throws Exception {
        String token = pilot.token("gw-b");
        Enrolment.byToken(EnrolToken.read(token), folder("gw-b"), TlsClock.SYSTEM);
        String told = refused(token);
        assertTrue(told.contains("used") && told.contains("tell the region at once"), told);
        assertFalse(Files.exists(home.resolve("gw-none")));
    }

    @Test
    void aTokenThatWasReplacedOrRanOutIsNoneAnyMore() {
        String replaced = pilot.token("gw-c");
        String over = pilot.token("gw-c", "--life", "0s");
        assertRefused(replaced, "unknown");
        assertRefused(over, "has run out");
    }

    /** Somebody stands between the box and the region: nothing is sent to him, not even the secret. */
    @Test
    void anotherAuthorityIsRefused() throws Exception {
        EnrolToken good = EnrolToken.read(pilot.token("gw-d"));
        EnrolToken wrong = new EnrolToken(
                good.gateway(), good.site(), good.endpoint(), good.secret(), "00".repeat(32), good.expiresS());
        assertRefused(wrong.text(), "not the region that the token is of");
        // The secret was not spent.
        Enrolment.byToken(good, folder("gw-d"), TlsClock.SYSTEM);
    }

    @Test
    void whoGuessesIsStopped() throws Exception {
        EnrolToken good = EnrolToken.read(pilot.token("gw-e"));
        for (int i = 0; i < 5; i++) {
            EnrolToken guess = new EnrolToken(
                    good.gateway(),
                    good.site(),
                    good.endpoint(),
                    EnrolToken.freshSecret(),
                    good.pin(),
                    good.expiresS());
            assertRefused(guess.text(), "refuses the token");
        }
        assertRefused(good.text(), "too many wrong secrets");
    }

    /** {@code --hold}: where a token may have been seen by others, the words come before the data. */
    @Test
    void aHeldBoxBeginsInQuarantine() throws Exception {
        assertTrue(enrol("gw-f", "--hold").life().quarantined());
    }
}
