package org.wasla.gateway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.uplink.Ear;
import org.wasla.gateway.uplink.Mosquitto;

/**
 * Late binding, from end to end: a device speaks, later its patient is scanned, later still a registry answers, errs, and
 * merges. The registry is the example of {@code ops/region}, a program of its own on mosquitto's clients that opens what the
 * box has sealed; whose every record is says {@code ops/contract/attribute} by the messages alone.
 */
class RegistryIT {
    private static final int WAIT_MS = 30_000;
    private static final String SECRET = "SECRET4711";
    private static final String ONE = "n:00000000000000a1";
    private static final String TWO = "n:00000000000000b2";
    private static final Path ROOT = Path.of("..");
    private static final String GATEWAY = "wasla/1/ma-06/chu-1/gw-1/";
    private static final String CONFIG = """
            gateway: {id: gw-1, region: ma-06, site: chu-1, zone: UTC}
            uplink: {servers: ["mqtt://127.0.0.1:%d"]}
            buffer: {dir: "%s", max: 64MiB, commit: 200ms}
            devices:
              - {id: vent-1, profile: talker, location: rea1/b07, aliases: [ASSET-9], link: "tcp:127.0.0.1:%d"}
              - {id: scan-1, profile: barcode-scanner, link: "tcp:127.0.0.1:%d"}
            patient: {authority: CHU}
            registry: {ask: 1s, key: "%s", authorities: [CHU]}
            """;

    @TempDir
    Path folder;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Map<Integer, String> expected = new LinkedHashMap<>();

    /** A program from outside, and what it wrote. */
    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(WAIT_MS, TimeUnit.MILLISECONDS), command[0]);
        assertEquals(0, process.exitValue(), out);
        return out;
    }

    private static void assumePrograms() throws Exception {
        for (String program :
                List.of("mosquitto_sub --help", "openssl version", "/usr/bin/python3 -c 'import cryptography'")) {
            Process process = new ProcessBuilder("sh", "-c", program + " >/dev/null 2>&1").start();
            boolean isThere = process.waitFor() < 126 && (process.exitValue() == 0 || program.startsWith("mosq"));
            Assumptions.assumeTrue(isThere, "not installed: " + program + "; see ops/need");
        }
    }

    private Config config(int broker, int device, int scanner) throws Exception {
        String key = folder.resolve("registry.key").toString();
        String pem = folder.resolve("registry.pem").toString();
        run("openssl", "genpkey", "-algorithm", "X25519", "-out", key);
        run("openssl", "pkey", "-in", key, "-pubout", "-out", pem);
        BoxFiles.profile(folder, "talker", BoxFiles.TALKER);
        return BoxFiles.config(folder, String.format(CONFIG, broker, folder.resolve("buffer"), device, scanner, pem));
    }

    private static void order(int port, String verb, String json) throws Exception {
        run(
                "mosquitto_pub",
                "-V",
                "5",
                "-p",
                String.valueOf(port),
                "-q",
                "1",
                "-t",
                GATEWAY + "cmd/" + verb,
                "-m",
                json,
                "-D",
                "publish",
                "response-topic",
                GATEWAY + "rsp/tester");
    }

    /** Gives a command and waits for what came of it. */
    private static String answered(Ear ear, int port, String verb, String json) throws Exception {
        int before = ear.texts("rsp/tester").size();
        order(port, verb, json);
        Ear.until("an answer to " + json, WAIT_MS, () -> ear.texts("rsp/tester").size() > before);
        return ear.texts("rsp/tester").get(before);
    }

    private void speak(Ear ear, Socket line, int value) throws Exception {
        line.getOutputStream().write((value + "\r").getBytes(StandardCharsets.US_ASCII));
        record(ear, value);
    }

    private static String record(Ear ear, int value) throws Exception {
        return found(ear, "vent-1/obs", "\"v\":" + value + "}");
    }

    /** The first message of a topic with all of this in it, once it has come. */
    private static String found(Ear ear, String leaf, String... parts) throws Exception {
        String[] found = new String[1];
        Ear.until(leaf + " with " + List.of(parts), WAIT_MS, () -> {
            found[0] = ear.texts(leaf).stream()
                    .filter(text -> Stream.of(parts).allMatch(text::contains))
                    .findFirst()
                    .orElse(null);
            return found[0] != null;
        });
        return found[0];
    }

    private static String field(String json, String name) {
        return json.replaceFirst(".*\"" + name + "\":\"?([^\",}]*).*", "$1");
    }

    private Process registry(int port) throws IOException {
        return new ProcessBuilder(
                        ROOT.resolve("ops/region/registry").toString(),
                        "--port",
                        String.valueOf(port),
                        "--table",
                        folder.resolve("table.tsv").toString(),
                        "--key",
                        folder.resolve("registry.key").toString(),
                        "--state",
                        folder.resolve("state.json").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("registry.log").toFile())
                .start();
    }

    /** With the client of the broker that it started. */
    private static void end(Process registry) throws Exception {
        List<ProcessHandle> clients = registry.children().toList();
        registry.destroy();
        registry.waitFor();
        assertFalse(clients.isEmpty());
        Ear.until(
                "the registry's client ends with it",
                WAIT_MS,
                () -> clients.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** A new file in the place of the old one: the registry must never read half a table. */
    private void table(String... lines) throws IOException {
        Path draft = Files.write(folder.resolve("table.new"), List.of(lines));
        Files.move(draft, folder.resolve("table.tsv"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void aRegistryThatAnswersLateAndMergesMakesEveryRecordTheRightPatients() throws Exception {
        assumePrograms();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        log.start();
        root.addAppender(log);
        try (Mosquitto broker = Mosquitto.start(folder);
                Ear ear = new Ear(broker.port());
                ServerSocket device = BoxFiles.device();
                ServerSocket scanner = BoxFiles.device()) {
            Config config = config(broker.port(), device.getLocalPort(), scanner.getLocalPort());
            table();
            String ref = scannedThenUnknown(config, broker, ear, device, scanner);
            knownThenMerged(config, broker, ear, device, ref);
            judged(ear, ref);
            nothingIsClear(ear);
        } finally {
            root.detachAppender(log);
        }
    }

    private String scannedThenUnknown(
            Config config, Mosquitto broker, Ear ear, ServerSocket device, ServerSocket scanner) throws Exception {
        long beforeMs = System.currentTimeMillis() - 1_000;
        try (Agent agent = new Agent(config, "test")) {
            agent.start();
            try (Socket line = device.accept();
                    Socket codes = scanner.accept()) {
                speak(ear, line, 1001);
                codes.getOutputStream()
                        .write(("wasla:patient:" + SECRET + ";\rASSET-9\r").getBytes(StandardCharsets.US_ASCII));
                String claim = found(ear, "vent-1/evt", "\"e\":\"identity-claim\"", "\"src\":\"scanner\"");
                assertTrue(claim.contains("\"auth\":\"CHU\"") && claim.contains("\"sealed\":\""), claim);
                String ref = field(claim, "ref");
                speak(ear, line, 1002);
                assertFalse(record(ear, 1002).contains("\"reg\""));
                // Nobody listens yet: it is asked again, by the same name.
                String first = found(ear, "gw-1/lookup", "\"n\":1,");
                String second = found(ear, "gw-1/lookup", "\"n\":2,");
                assertEquals(field(first, "rq"), field(second, "rq"));
                earlierToo(ear, broker.port(), beforeMs);
                Process registry = registry(broker.port());
                try {
                    found(ear, "rsp/registry", "\"verb\":\"lookup\"", "\"s\":\"done\"");
                    speak(ear, line, 1003);
                    assertFalse(record(ear, 1003).contains("\"reg\""), "the registry knows nobody");
                    table("id\tCHU\t" + SECRET + "\t" + ONE);
                    String rebind = found(ear, "vent-1/evt", "\"e\":\"rebind\"", "\"why\":\"answer\"");
                    assertTrue(rebind.contains("\"now\":\"" + ONE + "\"") && !rebind.contains("\"was\""), rebind);
                    assertTrue(rebind.contains("{\"of\":\"vent-1.obs\",\"from\":1,\"to\":3}"), rebind);
                    speak(ear, line, 1004);
                    assertTrue(record(ear, 1004).contains("\"reg\":\"" + ONE + "\""));
                } finally {
                    end(registry);
                }
                for (int value = 1001; value <= 1004; value++) {
                    expected.put(value, ref + "\t" + TWO);
                }
                return ref;
            }
        }
    }

    /** What was measured before the scan is the patient's too: that is a correction, and the registry's answer comes on top. */
    private void earlierToo(Ear ear, int port, long beforeMs) throws Exception {
        String put =
                "{\"v\":1,\"jti\":\"w-1\",\"ttl\":600,\"orders\":[{\"id\":\"o-1\",\"op\":\"put\",\"specimen\":\"S77\","
                        + "\"tests\":[\"K\"],\"pat\":{\"id\":\"" + SECRET + "\",\"auth\":\"CHU\"}}]}";
        assertTrue(answered(ear, port, "worklist", put).contains("\"done\""));
        String claim = found(ear, "gw-1/evt", "\"e\":\"identity-claim\"", "\"src\":\"order\"");
        assertTrue(claim.contains("\"sp\":\"S77\""), claim);
        String associate = "{\"v\":1,\"jti\":\"a-1\",\"dev\":\"vent-1\",\"t\":" + beforeMs + ",\"pat\":{\"id\":\""
                + SECRET + "\",\"auth\":\"CHU\"}}";
        assertTrue(answered(ear, port, "associate", associate).contains("\"done\""));
        found(ear, "vent-1/evt", "\"e\":\"association-corrected\"", "{\"of\":\"vent-1.obs\",\"from\":1,\"to\":1}");
    }

    private void knownThenMerged(Config config, Mosquitto broker, Ear ear, ServerSocket device, String ref)
            throws Exception {
        try (Agent agent = new Agent(config, "test")) {
            agent.start();
            try (Socket line = device.accept()) {
                speak(ear, line, 1005);
                assertTrue(record(ear, 1005).contains("\"reg\":\"" + ONE + "\""), "an answer outlives the agent");
                table("id\tCHU\t" + SECRET + "\t" + ONE, "merged\t" + ONE + "\t" + TWO);
                Process registry = registry(broker.port());
                try {
                    String merged = found(ear, "vent-1/evt", "\"e\":\"rebind\"", "\"why\":\"merged\"");
                    assertTrue(merged.contains("\"was\":\"" + ONE + "\"") && merged.contains(TWO), merged);
                    assertTrue(merged.contains("{\"of\":\"vent-1.obs\",\"from\":1,\"to\":5}"), merged);
                } finally {
                    end(registry);
                }
                speak(ear, line, 1006);
                assertTrue(record(ear, 1006).contains("\"reg\":\"" + TWO + "\""));
                found(ear, "vent-1/association", "\"reg\":\"" + TWO + "\"");
                replays(ear, broker.port(), ref);
                expected.put(1005, ref + "\t" + TWO);
                expected.put(1006, ref + "\t" + TWO);
            }
        }
    }

    /** What comes twice, too late, or without having been asked for changes nothing. */
    private static void replays(Ear ear, int port, String ref) throws Exception {
        String rq = "q-" + ref.substring(2);
        long before = rebinds(ear);
        String old =
                "{\"v\":1,\"jti\":\"l-2\",\"rq\":\"" + rq + "\",\"rev\":2,\"s\":\"known\",\"reg\":\"" + ONE + "\"}";
        assertTrue(answered(ear, port, "lookup", old).contains("\"done\""));
        String same = old.replace("\"rev\":2", "\"rev\":3").replace(ONE, TWO);
        assertTrue(answered(ear, port, "lookup", same).contains("\"done\""));
        String other = answered(ear, port, "lookup", same.replace(TWO, ONE));
        assertTrue(other.contains("\"refused\"") && other.contains("write a higher rev"), other);
        String unasked = answered(ear, port, "lookup", same.replace(rq, "q-0000000000000000"));
        assertTrue(unasked.contains("\"refused\"") && unasked.contains("names no question"), unasked);
        assertEquals(before, rebinds(ear));
    }

    private static long rebinds(Ear ear) {
        return ear.heard().stream()
                .filter(each -> each.text().contains("\"rebind\""))
                .count();
    }

    /** Programs that know the contract and nothing of the gateway. */
    private void judged(Ear ear, String ref) throws Exception {
        List<String> lines = ear.heard().stream()
                .filter(each -> each.topic().contains("/gw-1/"))
                .map(each -> each.topic() + "\t" + each.text())
                .toList();
        Path file = Files.write(folder.resolve("heard.tsv"), lines);
        String attributed = run(ROOT.resolve("ops/contract/attribute").toString(), file.toString());
        List<String> records = attributed
                .lines()
                .filter(line -> line.contains(".vent-1.obs."))
                .map(line -> line.substring(line.indexOf('\t') + 1))
                .toList();
        assertEquals(List.copyOf(expected.values()), records);
        assertTrue(ref.matches("p:[0-9a-f]{16}"), ref);
        Process hasSchemas = new ProcessBuilder("/usr/bin/python3", "-c", "import jsonschema").start();
        if (hasSchemas.waitFor() == 0) {
            run("/usr/bin/python3", ROOT.resolve("ops/contract/check").toString(), file.toString());
        }
    }

    /** The number went in, and sealed it went out; in clear it is nowhere. */
    private void nothingIsClear(Ear ear) throws IOException {
        List<String> texts = new ArrayList<>();
        ear.heard().stream()
                .filter(each -> !each.topic().contains("/cmd/"))
                .forEach(each -> texts.add(each.topic() + " " + each.text() + " " + each.user()));
        log.list.forEach(event -> texts.add(event.getFormattedMessage()));
        for (Path dir : List.of(folder.resolve("buffer"), folder.resolve("buffer-patients"))) {
            try (Stream<Path> files = Files.walk(dir)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    texts.add(Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        assertTrue(texts.size() > 40, "too little was heard: " + texts.size());
        assertTrue(texts.stream().noneMatch(text -> text.contains(SECRET)), SECRET + " came out");
    }
}
