package org.wasla.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.agent.Agent;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.command.DesiredReader;
import org.wasla.gateway.command.Release;
import org.wasla.gateway.trust.BundleFile;
import org.wasla.gateway.trust.Ed25519;
import org.wasla.gateway.trust.Jws;
import org.wasla.gateway.trust.Keyring;
import org.wasla.gateway.trust.TestKeys;
import org.wasla.gateway.trust.Vouch;
import org.wasla.gateway.uplink.Ear;
import org.wasla.gateway.uplink.Mosquitto;

/** A stick, a box that no platform reaches, a device that speaks all the time: the same checks as over the network. */
class BundleIT {
    private static final int WAIT_MS = 60_000;
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
    private static final String NEXT = PROFILE.replace("1.0.0", "1.1.0").replace("count}", "messages}");
    private static final String WRONG = NEXT.replace("1.1.0", "1.2.0").replace("ucum: '%'}", "ucum: '%', scale: 0.1}");
    private static final String LAST = NEXT.replace("1.1.0", "1.3.0");

    @TempDir
    Path folder;

    private final KeyPair root = TestKeys.pair();
    private final KeyPair author = TestKeys.pair();
    private final KeyPair approver = TestKeys.pair();
    private final KeyPair releaser = TestKeys.pair();
    private final CountDownLatch over = new CountDownLatch(1);
    private Path config = Path.of("");
    private @org.jspecify.annotations.Nullable String before;

    /** What a verb said, and how it ended. */
    private record Said(int code, String text) {}

    @BeforeEach
    void prepare() throws IOException {
        before = System.setProperty(
                "wasla.profiles", Path.of("../device-profiles").toString());
        write("installed", PROFILE, "");
        long untilS = System.currentTimeMillis() / 1_000 + 86_400;
        String list = "{\"v\":1,\"rev\":1,\"exp\":" + untilS + ",\"keys\":["
                + key("auth-1", author, "m-1", "author", untilS) + ","
                + key("appr-1", approver, "m-2", "approver", untilS) + ","
                + key("appr-2", author, "m-1", "approver", untilS) + ","
                + key("rel-1", releaser, "m-3", "release", untilS) + "]}";
        Files.writeString(folder.resolve("keys.jws"), sign("root", Keyring.TYPE, list, root));
        pem("auth-1", author);
        pem("appr-1", approver);
        pem("rel-1", releaser);
    }

    @AfterEach
    void putBack() {
        over.countDown();
        if (before == null) {
            System.clearProperty("wasla.profiles");
        } else {
            System.setProperty("wasla.profiles", before);
        }
    }

    private static String key(String id, KeyPair pair, String who, String role, long untilS) {
        return TestKeys.entry(id, pair, who, "\"" + role + "\"")
                .replace("\"nbf\":1000,\"exp\":9000", "\"exp\":" + untilS);
    }

    private static String sign(String id, String type, String payload, KeyPair by) {
        return Jws.sign(id, type, payload.getBytes(StandardCharsets.UTF_8), by.getPrivate());
    }

    private void pem(String id, KeyPair pair) throws IOException {
        String text = Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded());
        Files.writeString(
                folder.resolve(id + ".pem"), "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n");
    }

    /** A profile's folder with the capture that it must pass. */
    private Path write(String where, String profile, String spo2) throws IOException {
        Path home = Files.createDirectories(folder.resolve(where).resolve("oxi"));
        Files.writeString(home.resolve("profile.yaml"), profile);
        files(profile, spo2).forEach((name, text) -> {
            try {
                Path file = home.resolve(name);
                Files.createDirectories(file.getParent());
                Files.writeString(file, text);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        return home;
    }

    private static Map<String, String> files(String profile, String spo2) {
        String count = profile.contains("messages}") ? "messages" : "count";
        String hex = HexFormat.of().formatHex("N=1 S=97\n".getBytes(StandardCharsets.US_ASCII));
        return Map.of(
                "profile.yaml",
                profile,
                "captures/one.cap",
                "0 < " + hex + "\n",
                "captures/one.expected.jsonl",
                "{\"v\":1,\"id\":\"decode.00000000.oxi.obs.1\",\"gw\":\"decode\",\"ep\":\"00000000\",\"dev\":\"oxi\","
                        + "\"k\":\"obs\",\"seq\":1,\"t\":1,\"obs\":[{\"n\":\"" + count
                        + "\",\"r\":\"n\",\"v\":1},{\"n\":\"spo2\",\"r\":\"spo2\",\"v\":"
                        + (spo2.isEmpty() ? "97" : spo2) + ",\"u\":\"%\"}]}\n");
    }

    private static Said wasla(String... args) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        try (PrintStream both = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            System.setOut(both);
            System.setErr(both);
            int code = Main.run(Workshop.NONE, args);
            // The agent of this very process logs there too.
            return new Said(code, said.toString(StandardCharsets.UTF_8).replaceAll("(?m)^\\d{4}-\\d\\d-.*\\R", ""));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    /** From a folder to a bundle, as three persons would. */
    private Path bundle(String name, String profile, String spo2) throws IOException {
        String home = write(name, profile, spo2).toString();
        StringBuilder statements = new StringBuilder();
        for (String as : List.of("author auth-1", "approver appr-1")) {
            String id = as.split(" ")[1];
            Said said = wasla(
                    "bundle",
                    "vouch",
                    "--as",
                    as.split(" ")[0],
                    "--key",
                    path(id + ".pem"),
                    "--key-id",
                    id,
                    "--changes",
                    "n",
                    home);
            assertEquals(0, said.code(), said.text());
            statements.append(said.text());
        }
        Files.writeString(folder.resolve(name + ".jws"), statements);
        Said made = wasla(
                "bundle",
                "make",
                "--out",
                path(name + ".wasla"),
                "--key",
                path("rel-1.pem"),
                "--key-id",
                "rel-1",
                "--name",
                name,
                "--statements",
                path(name + ".jws"),
                home);
        assertEquals(0, made.code(), made.text());
        return folder.resolve(name + ".wasla");
    }

    /** What no tool of ours makes: signed by all who must, and wrong all the same. */
    private Path forged(String name, String profile, String approverId, KeyPair by) throws IOException {
        String hash = DesiredReader.sha256(profile);
        String about = "{\"v\":1,\"id\":\"oxi\",\"version\":\"1.9.0\",\"sha256\":\"" + hash + "\",\"changes\":[]}";
        List<String> statements =
                List.of(sign("auth-1", Vouch.AUTHOR, about, author), sign(approverId, Vouch.APPROVAL, about, by));
        Desired.Bundle carried = new Desired.Bundle("oxi", "1.9.0", hash, statements, files(profile, ""));
        String line = BundleFile.sign(new Release(name, 1, "", List.of(carried)), "rel-1", releaser.getPrivate());
        return Files.writeString(folder.resolve(name + ".wasla"), line);
    }

    private Said install(Path bundle) {
        return wasla("bundle", "install", "--config", config.toString(), bundle.toString());
    }

    private Agent agent() throws Failure, IOException {
        return new Agent(CheckVerb.read(config, new Shared()), "0.1.0");
    }

    private void speak(ServerSocket server) {
        int n = 1;
        while (over.getCount() > 0) {
            try (Socket line = server.accept()) {
                while (!over.await(50, TimeUnit.MILLISECONDS)) {
                    String said = "N=" + n + " S=" + (95 + n % 4) + "\n";
                    line.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII));
                    n++;
                }
            } catch (IOException | InterruptedException closed) {
                if (server.isClosed()) {
                    over.countDown();
                }
            }
        }
    }

    private static String newest(Ear ear, String leaf) {
        List<String> all = ear.texts(leaf);
        return all.isEmpty() ? "" : all.get(all.size() - 1);
    }

    @Test
    void aBundleGoesThroughTheTrialOfAnyChange() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder);
                Ear ear = new Ear(broker.port());
                ServerSocket device = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            new Thread(() -> speak(device), "device").start();
            config = Files.writeString(
                    folder.resolve("wasla.yaml"),
                    String.format(
                            """
                    gateway: {id: gw-1, region: ma-06, site: chu-1, zone: UTC}
                    uplink: {servers: ["mqtt://127.0.0.1:%d"]}
                    buffer: {dir: "%s", max: 64MiB, commit: 0ms}
                    profiles: {dir: "%s"}
                    devices:
                      - {id: oxi-1, profile: oxi, link: "tcp:127.0.0.1:%d"}
                    trust: {roots: ["%s"], keys: "%s", watch: 1s}
                    """,
                            broker.port(),
                            path("b"),
                            path("installed"),
                            device.getLocalPort(),
                            Ed25519.text(root.getPublic()),
                            path("keys.jws")));
            Path next = bundle("next", NEXT, "");
            try (Agent agent = agent()) {
                agent.start();
                Ear.until("records", WAIT_MS, () -> newest(ear, "d/oxi-1/obs").contains("oxi@1.0.0"));
                showsWhatIsInIt(next);
                Said applied = install(next);
                assertEquals(new Said(0, "applied, revision 1\n"), applied);
                Ear.until(
                        "the new profile",
                        WAIT_MS,
                        () -> newest(ear, "d/oxi-1/obs").contains("oxi@1.1.0"));
                assertTrue(newest(ear, "cfg/reported").contains("\"rev\":1,"), newest(ear, "cfg/reported"));
                assertEquals(applied, install(next), "once more it is there already");
                whatIsWrongStaysOut();
                assertTrue(newest(ear, "cfg/reported").contains("\"rev\":1,"), "a refused bundle is no revision");
                Ear.until(
                        "the audit",
                        WAIT_MS,
                        () -> ear.texts("audit").stream().anyMatch(each -> each.contains("local:bundle")));
                Ear.until(
                        "the agent reads on",
                        WAIT_MS,
                        () -> newest(ear, "d/oxi-1/obs").contains("oxi@1.1.0"));
            }
            withoutAnAgentTheNextStartTriesIt(ear);
            over.countDown();
        }
    }

    private void showsWhatIsInIt(Path next) {
        Said shown = wasla("bundle", "show", "--config", config.toString(), next.toString());
        assertEquals(0, shown.code(), shown.text());
        assertTrue(shown.text().contains("signed by rel-1"), shown.text());
        assertTrue(shown.text().contains("3 files; author auth-1, approval appr-1"), shown.text());
        assertTrue(shown.text().contains("ok    every signature holds"), shown.text());
        assertTrue(wasla("bundle", "show", next.toString()).text().contains("no signature was checked"));
    }

    private void whatIsWrongStaysOut() throws Exception {
        Said scale = install(bundle("wrong", WRONG, "9.7"));
        assertEquals(1, scale.code());
        assertTrue(scale.text().startsWith("refused\n  oxi-1: spo2: "), scale.text());
        assertTrue(scale.text().contains("each 0.1 times what it was"), scale.text());

        Said older = install(bundle("older", PROFILE, ""));
        assertEquals(1, older.code());
        assertTrue(older.text().contains("its version 1.0.0 is older than 1.1.0"), older.text());

        Said alone = install(forged("alone", NEXT.replace("1.1.0", "1.9.0"), "appr-2", author));
        assertTrue(alone.text().contains("author and approver are one person"), alone.text());

        // What only the agent sees: signed by all, and made to end it.
        for (String bomb : List.of("wasla: 1\nx: " + "[".repeat(300_000), "wasla: 1\nx: &a [*a, *a]\n")) {
            Said said = install(forged("bomb" + bomb.length(), bomb, "appr-1", approver));
            assertEquals(1, said.code(), said.text());
            assertTrue(said.text().startsWith("refused\n  oxi line "), said.text());
        }
        Said capture = install(forged("capture", WRONG.replace("1.2.0", "1.9.0"), "appr-1", approver));
        assertTrue(capture.text().contains("oxi: capture one.cap does not pass"), capture.text());
        // Whoever may write into the folder of the agent still needs the signatures.
        Path offered = folder.resolve("b/trust/offered");
        Files.writeString(offered.resolve("x.wasla"), "no bundle");
        Ear.until("the outcome", WAIT_MS, () -> Files.exists(offered.resolve("x.outcome")));
        assertTrue(Files.readString(offered.resolve("x.outcome")).contains("it is no bundle"));
        assertFalse(Files.exists(offered.resolve("x.wasla")));
    }

    private void withoutAnAgentTheNextStartTriesIt(Ear ear) throws Exception {
        Said later = install(bundle("last", LAST, ""));
        assertEquals(0, later.code(), later.text());
        assertTrue(later.text().contains("the next start tries it"), later.text());
        Path buffer = folder.resolve("b");
        List<Path> revisions = List.of(buffer.resolve("trust/revision"), buffer.resolve("revision.second"));
        List<byte[]> old = new ArrayList<>();
        for (Path each : revisions) {
            old.add(Files.readAllBytes(each));
        }
        try (Agent agent = agent()) {
            agent.start();
            Ear.until(
                    "applied", WAIT_MS, () -> newest(ear, "cfg/reported").matches(".*\"rev\":2,.*\"s\":\"applied\".*"));
            Ear.until(
                    "the last profile",
                    WAIT_MS,
                    () -> newest(ear, "d/oxi-1/obs").contains("oxi@1.3.0"));
        }
        String hash = newest(ear, "cfg/reported");
        // The plug was pulled between the state and its revision.
        for (int i = 0; i < old.size(); i++) {
            Files.write(revisions.get(i), old.get(i));
        }
        int reports = ear.texts("cfg/reported").size();
        try (Agent agent = agent()) {
            agent.start();
            Ear.until("a report", WAIT_MS, () -> ear.texts("cfg/reported").size() > reports);
            assertEquals(
                    hash.substring(0, hash.indexOf("\"s\"")),
                    newest(ear, "cfg/reported").substring(0, hash.indexOf("\"s\"")));
        }
    }
}
