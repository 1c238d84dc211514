package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.wasla.ops.prove.Platform.await;

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
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.cli.Main;
import org.wasla.gateway.cli.Workshop;
import org.wasla.gateway.trust.Ed25519;
import org.wasla.gateway.uplink.Mosquitto;

/**
 * A busy box with patients whose names are known to the test, fed right and wrong on every way in, and with secrets that are
 * known too; then everything that it writes for others is searched for them: the log at its finest, all topics and messages,
 * health, and what its commands say.
 */
class NothingLeaksIT {
    private static final String BROKER_PASSWORD = "Sx-broker-9137";
    private static final String STORE_PASSWORD = "Sx-store-5521";
    private static final long WAIT_MS = 60_000;

    @TempDir
    Path folder;

    private final Map<String, String> ports = new LinkedHashMap<>();
    /** What is searched, by where it comes from. */
    private final Map<String, String> said = new TreeMap<>();

    private int port(String name) throws IOException {
        int port = Mosquitto.freePort();
        ports.put(name, Integer.toString(port));
        return port;
    }

    private static ServerSocket device() throws IOException {
        ServerSocket device = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        device.setSoTimeout((int) WAIT_MS);
        return device;
    }

    private Path config(int broker, int oximeter, int scanner) throws Exception {
        KeyPair owner = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        String root = Ed25519.text(owner.getPublic());
        Files.writeString(folder.resolve("keys.jws"), KnownPatient.keys(owner.getPrivate()));
        return Files.writeString(folder.resolve("wasla.yaml"), """
                gateway: {id: gw-leak, region: ma-06, site: proof, zone: Africa/Casablanca}
                uplink: {servers: ["mqtts://gateway:%1$s@localhost:%2$d"], ca: %3$s/ca.pem, key: %3$s/gateway.p12}
                buffer: {dir: %3$s/buffer, max: 64MiB, commit: 0ms}
                patient: {dir: %3$s/patients, authority: CHU}
                adt: {listen: %4$d, beds: {"REA1^^B07^CHU": rea1/b07}}
                dicom:
                  listen: %5$d
                  called: any
                  store: %3$s/dicom
                  quiet: 1s
                  tls: {key: %3$s/gateway.p12, listen: %6$d}
                fhir: {every: 10s}
                indicators: {on: true, minute: true}
                trust: {roots: [%7$s], keys: %3$s/keys.jws}
                devices:
                  - {id: oxi-1, profile: masimo-ascii1, location: rea1/b07, link: "tcp:127.0.0.1:%8$d"}
                  - {id: scan-1, profile: barcode-scanner, link: "tcp:127.0.0.1:%9$d"}
                  - {id: lab-1, profile: hl7-oru, location: lab, link: "listen:%10$d"}
                  - {id: lab-2, profile: astm-generic, location: lab, link: "listen:%11$d"}
                """.formatted(
                        BROKER_PASSWORD,
                        broker,
                        folder,
                        port("adt"),
                        port("dicom"),
                        port("dicom-tls"),
                        root,
                        oximeter,
                        scanner,
                        port("lab-1"),
                        port("lab-2")));
    }

    /** What the commands say beside a running agent, and of files that are wrong. */
    private void ask(Path config) throws Exception {
        String file = config.toString();
        verb("check", 1, "check", "--config", file);
        verb("status", 0, "buffer", "status", "--config", file);
        verb("health", 0, "buffer", "status", "--json", "--config", file);
        verb("imaging", 0, "imaging", "status", "--config", file);
        verb("list", 0, "imaging", "list", "--json", "--config", file);
        verb(
                "bundle",
                1,
                "bundle",
                "show",
                folder.resolve("buffer/trust/box.key").toString());
        String wrong = Files.readString(config)
                .replace("mqtts://gateway", "http://gateway")
                .replace("zone:", "zne:")
                .replace("ca.pem", "no.pem")
                .replace("site: proof", "site: Proof");
        verb(
                "mistakes",
                2,
                "check",
                "--config",
                Files.writeString(folder.resolve("wrong.yaml"), wrong).toString());
        String plain = Files.readString(config)
                .replace("mqtts://gateway", "mqtt://gateway")
                .replace("localhost", "example.org");
        verb(
                "plain",
                2,
                "check",
                "--config",
                Files.writeString(folder.resolve("plain.yaml"), plain).toString());
        String mark = Files.readString(config).replace("@localhost", "@local host");
        verb(
                "uri",
                2,
                "check",
                "--config",
                Files.writeString(folder.resolve("uri.yaml"), mark).toString());
    }

    /** In this process: a process each would take longer than all the rest. */
    private void verb(String name, int code, String... args) throws Exception {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        int ended;
        try (PrintStream both = new PrintStream(text, true, StandardCharsets.UTF_8)) {
            System.setOut(both);
            System.setErr(both);
            ended = Main.run(Workshop.NONE, args);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        said.put("wasla " + name, text.toString(StandardCharsets.UTF_8));
        assertEquals(code, ended, name + ": " + text.toString(StandardCharsets.UTF_8));
    }

    /** Keys as they stand in their files, and what of them could stand elsewhere. */
    private Map<String, String> secrets() throws IOException {
        Map<String, String> secrets = new TreeMap<>();
        secrets.put("password of the broker", BROKER_PASSWORD);
        secrets.put("password of the key store", STORE_PASSWORD);
        secrets.put(
                "the box's key",
                Files.readAllLines(folder.resolve("buffer/trust/box.key")).get(0));
        String[] site =
                Files.readString(folder.resolve("patients/site.key")).strip().split(" ");
        secrets.put("the site's key for pseudonyms", site[2]);
        secrets.put("the site's key for names", site[3]);
        secrets.put(
                "the box's TLS key",
                Files.readAllLines(folder.resolve("gateway.key")).get(1));
        return secrets;
    }

    /** Where one of them stands, in clear or in hex, whatever the case. */
    private List<String> found(Map<String, String> wanted) {
        List<String> found = new ArrayList<>();
        wanted.forEach((what, text) -> {
            String small = text.toLowerCase(Locale.ROOT);
            String hex = HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
            said.forEach((where, all) -> {
                String lower = all.toLowerCase(Locale.ROOT);
                int at = Math.max(lower.indexOf(small), lower.indexOf(hex));
                if (at >= 0) {
                    found.add(what + " in " + where + ": ..."
                            + all.substring(Math.max(0, at - 120), Math.min(all.length(), at + 60)));
                }
            });
        });
        return found;
    }

    @Test
    void noPatientAndNoSecretIsToldToWhoeverReadsAlong() throws Exception {
        System.setProperty(
                "wasla.profiles", Tool.ROOT.resolve("device-profiles").toString());
        TlsFiles tls = TlsFiles.make(folder, STORE_PASSWORD);
        int secure = Mosquitto.freePort();
        Process agent = null;
        try (Mosquitto broker = Mosquitto.start(folder, tls.listener(secure));
                Platform platform = new Platform(broker.port());
                ServerSocket oximeter = device();
                ServerSocket scanner = device()) {
            Path config = config(secure, oximeter.getLocalPort(), scanner.getLocalPort());
            Path log = folder.resolve("agent.log");
            agent = Tool.start(log, Map.of("WASLA_LOG", "TRACE"), "run", "--config", config.toString());
            MqttAsyncClient client =
                    new MqttAsyncClient("tcp://127.0.0.1:" + broker.port(), "platform-cmd", new MemoryPersistence());
            client.connect().waitForCompletion(WAIT_MS);
            try (Socket values = oximeter.accept();
                    Socket scans = scanner.accept()) {
                KnownPatient patient = new KnownPatient(folder, ports);
                patient.hospital();
                patient.bedside(values, scans, platform);
                patient.laboratory();
                patient.images();
                await(
                        "the connection downwards",
                        () -> platform.messages().stream()
                                .anyMatch(each -> each.topic().endsWith("/state")));
                patient.orders(client, platform);
                await("results", () -> platform.records("lab-1", "res") > 0 && platform.records("lab-2", "res") > 0);
                await(
                        "images",
                        () -> platform.messages().stream()
                                .anyMatch(each -> each.payload().contains("\"DX\"")));
                ask(config);
            }
            client.disconnect().waitForCompletion(WAIT_MS);
            client.close();
            agent.destroy();
            assertTrue(agent.waitFor(30, TimeUnit.SECONDS));
            said.put("the log", Files.readString(log));
            verb("verify", 0, "audit", "verify", "--config", config.toString());
            verb("buffer", 0, "buffer", "verify", "--config", config.toString());
            platform.messages().forEach(each -> {
                boolean isOurs = each.topic().contains("/cmd/") || each.topic().endsWith("cfg/desired");
                said.merge("topics", each.topic() + "\n", String::concat);
                said.merge(isOurs ? "" : "messages", each.topic() + " " + each.payload() + "\n", String::concat);
            });
        } finally {
            if (agent != null) {
                agent.destroyForcibly();
            }
        }
        said.remove("");
        files();
        try (Stream<Path> all = Files.walk(folder)) {
            assertFalse(all.anyMatch(each -> each.toString().contains("escape")), "files are named by the box");
        }
        Map<String, String> wanted = secrets();
        KnownPatient.IDENTIFIERS.forEach(each -> wanted.put("a patient's " + each, each));
        assertEquals(List.of(), found(wanted));
        assertTrue(said.get("the log").contains(" DEBUG "), "the log at its finest");
        assertFalse(said.get("topics").isEmpty());
        // The search finds what is there.
        said.put("a control", "x " + HexFormat.of().formatHex("Qaxfamily".getBytes(StandardCharsets.UTF_8)) + " x");
        assertEquals(1, found(Map.of("the control", "Qaxfamily")).size());
    }

    /** What lies on the card, but for the images themselves: names only under the site's key. */
    private void files() throws IOException {
        for (String part : List.of("buffer", "patients")) {
            try (Stream<Path> all = Files.walk(folder.resolve(part))) {
                for (Path each : all.filter(Files::isRegularFile).toList()) {
                    String name = each.getFileName().toString();
                    // The last transmission of an analyser, word for word: SECURITY.md says so.
                    boolean isKnown = name.endsWith(".parts") || name.endsWith(".incomplete");
                    if (!isKnown && !name.equals("box.key") && !name.equals("site.key")) {
                        said.put(part + "/" + name, Files.readString(each, StandardCharsets.ISO_8859_1));
                    }
                }
            }
        }
    }
}
