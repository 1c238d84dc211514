package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.wasla.ops.prove.Platform.await;

import dev.harrel.jsonschema.SchemaResolver;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.uplink.Mosquitto;

/**
 * What the care sheet gets, through a real broker and over a box whose process dies in the middle: an analyser that sends its
 * results again and measures one again, and an infusion that goes on meanwhile.
 */
class ActsIT {
    private static final int WAIT_MS = 60_000;
    private static final Path TABLE = Tool.ROOT.resolve("ops/contract/acts.example.yaml");
    private static final String PUMP = """
            wasla: 1
            id: test-pump
            version: 1.0.0
            device: {makers: [Maker], models: [M1], kind: syringe pump}
            frame: {line: {end: CR}}
            dialogue: {listen: {quiet: 60s}}
            message: [{id: row, pattern: 'VOL=(?<vol>[0-9.]+) RATE=(?<rate>[0-9.]+)'}]
            observe:
              - {field: vol, name: volume-infused, ucum: mL}
              - {field: rate, name: rate, ucum: mL/h}
            act:
              type: infusion
              runs: [{name: volume-infused, grows: true}]
              stops: [{name: rate, equals: 0}]
            """;

    @TempDir
    Path folder;

    private int volume;

    /** Sends two results of one specimen and waits until they are kept. */
    private static void send(int port, int message, int minute) throws IOException {
        String text = "MSH|^~\\&|CHEM|LAB|||20260616080" + message + "00||ORU^R01|" + message + "|P|2.3.1\r"
                + "OBR|1|ORD1|SP-1001|PANEL^Panel^L|||2026061608" + minute + "00\r" + obx(1, "6690-2", "6.80", minute)
                + obx(2, "2345-7", "5.10", minute);
        try (Socket line = connect(port)) {
            line.setSoTimeout(WAIT_MS);
            line.getOutputStream().write(("\u000b" + text + "\u001c\r").getBytes(StandardCharsets.US_ASCII));
            StringBuilder answer = new StringBuilder();
            for (int octet = line.getInputStream().read(); octet >= 0 && octet != 0x1c; ) {
                answer.append((char) octet);
                octet = line.getInputStream().read();
            }
            assertTrue(answer.toString().contains("MSA|AA|"), answer.toString());
        }
    }

    private static String obx(int number, String loinc, String value, int minute) {
        return "OBX|" + number + "|NM|" + loinc + "^Test^LN||" + value + "|mmol/L|||||F|||2026061608" + minute + "00\r";
    }

    private static Socket connect(int port) throws IOException {
        Socket[] open = new Socket[1];
        await("the analyser's port", () -> {
            try {
                open[0] = new Socket(InetAddress.getLoopbackAddress(), port);
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
        return open[0];
    }

    /** The pump says how much it gave, until so many more of its records have arrived. */
    private void pump(Socket line, Platform platform, int records, String rate) throws IOException {
        long last = platform.records("pump-1", "obs") + records;
        while (platform.records("pump-1", "obs") < last) {
            volume++;
            line.getOutputStream()
                    .write(("VOL=" + volume + " RATE=" + rate + "\r").getBytes(StandardCharsets.US_ASCII));
            LockSupport.parkNanos(200_000_000L);
        }
    }

    private static List<String> acts(Platform platform, String type) {
        return platform.messages().stream()
                .filter(message -> message.topic().endsWith("/evt"))
                .map(Platform.Message::payload)
                .filter(text -> text.contains("\"e\":\"act\"") && text.contains("\"type\":\"" + type + "\""))
                .toList();
    }

    private static void isByTheContract(List<String> acts) throws IOException {
        Validator judge = new ValidatorFactory()
                .withSchemaResolver(uri -> SchemaResolver.Result.empty())
                .createValidator();
        URI schema = URI.create("urn:wasla:contract:1:record");
        judge.registerSchema(schema, Files.readString(Tool.ROOT.resolve("ops/contract/record.schema.json")));
        for (String act : acts) {
            Validator.Result result = judge.validate(schema, act);
            assertTrue(result.isValid(), () -> result.getErrors().toString() + " in " + act);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0)) {
            return any.getLocalPort();
        }
    }

    @Test
    void eachActArrivesOnceOverADeathInTheMiddle() throws Exception {
        Path shelf = Files.createDirectories(folder.resolve("profiles/test-pump"));
        Files.writeString(shelf.resolve("profile.yaml"), PUMP);
        int lab = freePort();
        try (Mosquitto broker = Mosquitto.start(folder);
                Platform platform = new Platform(broker.port());
                ServerSocket pump = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Ward ward = new Ward(folder, broker.port())) {
            pump.setSoTimeout(WAIT_MS);
            ward.profiles(folder.resolve("profiles"));
            ward.section("acts: {on: true, least: 1s, table: " + TABLE + "}");
            ward.addLine("lab", "{id: lab, profile: hl7-oru, location: lab, link: \"listen:" + lab + "\"}");
            ward.addLine(
                    "pump-1",
                    "{id: pump-1, profile: test-pump, location: rea1/b07, link: \"tcp:127.0.0.1:" + pump.getLocalPort()
                            + "\"}");
            ward.startAgent();
            try (Socket line = pump.accept()) {
                send(lab, 1, 10);
                pump(line, platform, 5, "5");
                await("two analyses", () -> acts(platform, "analysis").size() == 2);
                // Acts of these may be made or not when the process dies.
                send(lab, 2, 20);
                ward.killAgent();
            }
            ward.startAgent();
            try (Socket line = pump.accept()) {
                send(lab, 3, 10);
                send(lab, 4, 20);
                pump(line, platform, 5, "5");
                pump(line, platform, 1, "0");
                await("the infusion", () -> !acts(platform, "infusion").isEmpty());
            }
            await(
                    "the analyses that were done again",
                    () -> acts(platform, "analysis").size() >= 4);
            assertEquals(0, ward.stopAgent());
            await(
                    "the farewell",
                    () -> platform.messages().stream()
                            .anyMatch(message -> message.topic().endsWith("/gw-test/state")
                                    && message.payload().contains("offline")));
            judge(platform);
        }
    }

    private static void judge(Platform platform) throws IOException {
        List<String> analyses = acts(platform, "analysis").stream().distinct().toList();
        assertEquals(4, analyses.size(), analyses.toString());
        List<String> names = analyses.stream()
                .map(act -> act.replaceAll(".*\"act\":\"([^\"]+)\".*", "$1"))
                .toList();
        assertEquals(4, new HashSet<>(names).size());
        assertEquals(
                2,
                analyses.stream().filter(act -> act.contains("\"repeat\":true")).count());
        assertEquals(
                2,
                analyses.stream()
                        .filter(act -> act.contains("\"code\":\"EX-001\""))
                        .count());
        assertEquals(
                4,
                analyses.stream()
                        .filter(act -> act.contains("\"sp\":\"SP-1001\""))
                        .count());
        List<String> infusions = acts(platform, "infusion").stream().distinct().toList();
        assertEquals(1, infusions.size(), "the box died, the infusion did not: " + infusions);
        assertTrue(infusions.get(0).contains("\"code\":\"EX-201\""), infusions.get(0));
        assertTrue(infusions.get(0).contains("\"from\":2,\"to\":"), infusions.get(0));
        isByTheContract(analyses);
        isByTheContract(infusions);
        assertEquals(List.of(), platform.holes());
    }
}
