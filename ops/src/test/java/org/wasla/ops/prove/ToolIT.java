package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.uplink.Mosquitto;

/** The command line as its users meet it: outputs, messages, exit codes. */
class ToolIT {
    private static final String LINE =
            "06/16/26 08:00:04 SN=0000990002 SPO2=097% BPM=072 PI=03.20% SPCO=--.-% SPMET=--.-%"
                    + " DESAT=-- PIDELTA=+-- ALARM=0000 EXC=000800\r\n";

    @TempDir
    Path folder;

    private Tool.Result run(String... args) throws IOException, InterruptedException {
        return Tool.run(folder, args);
    }

    @Test
    void decodePrintsRecordsAndCounters() throws Exception {
        Path file =
                Files.writeString(folder.resolve("a.txt"), LINE + "garbage\r\n" + LINE, StandardCharsets.ISO_8859_1);
        Tool.Result result = run("decode", "--profile", "masimo-ascii1", file.toString());
        assertEquals(0, result.exitCode(), result.err());
        String[] records = result.out().split("\n");
        assertEquals(2, records.length);
        assertTrue(records[0].startsWith("{\"v\":1,\"id\":\"decode.00000000.masimo-ascii1.obs.1\",\"gw\":\"decode\""));
        assertTrue(
                records[0].contains("{\"c\":150456,\"n\":\"spo2\",\"r\":\"SPO2\",\"v\":97,\"u\":\"%\"}"), records[0]);
        assertEquals("{\"frames\":2,\"bad\":{\"format\":1},\"skippedBytes\":9,\"records\":2}\n", result.err());
    }

    @Test
    void aMegabyteWithoutAnEndIsOneBadFrame() throws Exception {
        Path file = folder.resolve("big.bin");
        Files.writeString(file, "x".repeat(1 << 20) + "\r\n" + LINE, StandardCharsets.ISO_8859_1);
        Tool.Result result = run("decode", "--profile", "masimo-ascii1", file.toString());
        assertEquals(0, result.exitCode(), result.err());
        assertTrue(result.err().startsWith("{\"frames\":1,\"bad\":{\"overlong\":1}"), result.err());
    }

    @Test
    void wrongUsageEndsWithTwo() throws Exception {
        assertEquals(2, run().exitCode());
        assertEquals(2, run("dance").exitCode());
        assertEquals(2, run("decode").exitCode());
        Tool.Result unknown = run("decode", "--profile", "masimo", "x");
        assertEquals(2, unknown.exitCode());
        assertTrue(unknown.err().contains("masimo-ascii1"), unknown.err());
        Tool.Result absent = run(
                "decode",
                "--profile",
                "masimo-ascii1",
                folder.resolve("none.cap").toString());
        assertEquals(1, absent.exitCode());
        assertTrue(absent.err().contains("cannot read"), absent.err());
        assertEquals(0, run("--help").exitCode());
        assertEquals(0, run("run", "--help").exitCode());
    }

    @Test
    void everyMistakeOfAConfigurationIsOneLine() throws Exception {
        Path file = Files.writeString(folder.resolve("wasla.yaml"), """
                gateway: {id: gw-1, region: ma-06, site: chu, zne: Africa/Casablanca}
                uplink: {servers: ["mqtt://broker.example:1883"]}
                devices:
                  - {id: oxi-1, profile: masimo-ascii, link: "serial:/dev/ttyUSB0"}
                """);
        for (String verb : List.of("check", "run")) {
            Tool.Result result = run(verb, "--config", file.toString());
            assertEquals(2, result.exitCode());
            String[] lines = result.err().strip().split("\n");
            assertEquals(3, lines.length, result.err());
            assertTrue(lines[0].startsWith(file + ":1: gateway.zne is not known; did you mean 'zone'?"), lines[0]);
            assertTrue(lines[1].startsWith(file + ":2: "), lines[1]);
            assertTrue(lines[2].startsWith(file + ":4: devices[0].profile is 'masimo-ascii'"), lines[2]);
        }
    }

    @Test
    void checkLooksAtPortsAndBroker() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder);
                Ward ward = new Ward(folder, broker.port())) {
            ward.add("oxi-1", "masimo-ascii1", 1, Set.of());
            Tool.Result good = run("check", "--config", ward.configuration().toString());
            assertEquals(0, good.exitCode(), good.out() + good.err());
            ward.addLine(
                    "oxi-2", "{id: oxi-2, profile: masimo-ascii1, link: \"serial:" + folder.resolve("none") + "\"}");
            broker.kill();
            Tool.Result bad = run("check", "--config", ward.configuration().toString());
            assertEquals(1, bad.exitCode());
            assertTrue(bad.out().contains("FAULT device oxi-2"), bad.out());
            assertTrue(bad.out().contains("FAULT broker mqtt://127.0.0.1"), bad.out());
        }
    }

    /** The README's promise: a fifth ASCII device is one YAML file in a folder of one's own, and no build. */
    @Test
    void aNewDeviceIsOneYamlFile() throws Exception {
        Path profile = Files.createDirectories(folder.resolve("profiles/fennec-t2"));
        Files.writeString(profile.resolve("profile.yaml"), """
                wasla: 1
                id: fennec-t2
                version: 1.0.0
                device: {makers: [Fennec], models: [T2], kind: thermometer}
                link: {serial: {try: ["9600 8N1"]}}
                frame: {line: {end: CRLF, max: 80}}
                dialogue: {listen: {quiet: 6s}}
                message:
                  - id: row
                    pattern: 'T1=(?<t1>\\d\\d\\.\\d|--\\.-) T2=(?<t2>\\d\\d\\.\\d|--\\.-)'
                absent: [{text: '--\\.-', why: no-value}]
                observe:
                  - {field: t1, label: T1, name: temperature-1, mdc: 150344, ucum: Cel}
                  - {field: t2, label: T2, name: temperature-2, ucum: Cel}
                simulator:
                  push: [{every: 100ms, text: "T1={t1} T2=--.-\\r\\n"}]
                  values: {t1: {swing: [36.1, 37.9], digits: 2, decimals: 1}}
                """);
        Path file = Files.writeString(folder.resolve("b.txt"), "T1=36.80 T2=1\r\nT1=36.8 T2=--.-\r\n");
        Tool.Result result = run(
                "decode",
                "--profiles",
                folder.resolve("profiles").toString(),
                "--profile",
                "fennec-t2",
                file.toString());
        assertEquals(0, result.exitCode(), result.err());
        assertTrue(
                result.out()
                        .contains(
                                "\"obs\":[{\"c\":150344,\"n\":\"temperature-1\",\"r\":\"T1\",\"v\":36.8,\"u\":\"Cel\"},"
                                        + "{\"n\":\"temperature-2\",\"r\":\"T2\",\"u\":\"Cel\",\"q\":\"na\",\"why\":\"no-value\"}]"),
                result.out());
        assertTrue(result.err().contains("\"format\":1"), result.err());
        theAgentReadsIt(profile);
    }

    private void theAgentReadsIt(Path profile) throws Exception {
        Path port = folder.resolve("port-t2");
        Process device =
                Tool.start(folder.resolve("sim.log"), "simulate", profile.toString(), "--pty", port.toString());
        try (Mosquitto broker = Mosquitto.start(folder);
                Platform platform = new Platform(broker.port());
                Ward ward = new Ward(folder, broker.port())) {
            Platform.await("the simulator's port", () -> Files.exists(port));
            // What subscribers may be sent in its smallest form is told to them all the same.
            ward.uplink("format: cbor, compress: dict");
            ward.addLine("temp-1", "{id: temp-1, profile: fennec-t2, link: \"serial:" + port + "\"}");
            Path config = ward.configuration("profiles: {dir: [" + folder.resolve("profiles") + "]}");
            Process agent = Tool.start(folder.resolve("agent.log"), "run", "--config", config.toString());
            Platform.await("records of the new device", () -> platform.records("temp-1", "obs") > 3);
            Tool.Result verified =
                    run("subscribe", "--url", "mqtt://127.0.0.1:" + broker.port(), "--seconds", "3", "--verify");
            assertEquals(0, verified.exitCode(), verified.err());
            assertTrue(verified.out().contains("temp-1 obs"), verified.out());
            agent.destroy();
            assertEquals(0, agent.waitFor());
        } finally {
            device.destroy();
            assertEquals(0, device.waitFor());
        }
        assertFalse(Files.exists(port), "the simulator leaves its link behind");
    }

    @Test
    void profilesAreListedShownAndTested() throws Exception {
        Tool.Result list = run("profiles", "list", "--json");
        assertEquals(0, list.exitCode(), list.err());
        assertTrue(
                list.out().contains("{\"id\":\"pb840\",\"version\":\"1.2.0\",\"trust\":\"verified-on-real-bytes\""),
                list.out());
        assertTrue(run("profiles", "show", "nonin-df2").out().contains("nonin-df2@1.1.0"));
        Tool.Result test = run("profiles", "test", "masimo-ascii1");
        assertEquals(0, test.exitCode(), test.out());
        assertTrue(test.out().contains(" passed, 0 failed"), test.out());
    }

    @Test
    void subscribeVerifyEndsWithOneWhereThereIsNothing() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder)) {
            Tool.Result result =
                    run("subscribe", "--url", "mqtt://127.0.0.1:" + broker.port(), "--seconds", "1", "--verify");
            assertEquals(1, result.exitCode(), result.err());
        }
    }
}
