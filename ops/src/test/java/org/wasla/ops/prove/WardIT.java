package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;
import static org.wasla.ops.prove.Platform.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.wasla.gateway.simulator.LineFault;
import org.wasla.gateway.uplink.Mosquitto;

/** The whole path: serial lines, profiles, buffer, uplink, a real broker; as a process, as it will run in a ward. */
class WardIT {
    @TempDir
    Path folder;

    private static void addFour(Ward ward) throws IOException {
        ward.add("oxi-1", "masimo-ascii1", 1, Set.of());
        ward.add("oxi-2", "nellcor-printout", 1, Set.of());
        ward.add("oxi-3", "nonin-df2", 1, Set.of());
        ward.add("vent-4", "pb840", 1, Set.of());
    }

    private static boolean allSpeak(Platform platform, int records) {
        return platform.records("oxi-1", "obs") >= records
                && platform.records("oxi-2", "obs") >= records
                && platform.records("oxi-3", "obs") >= records
                && platform.records("oxi-3", "wav") >= records
                && platform.records("vent-4", "obs") >= 1;
    }

    private static boolean has(Platform platform, String topicEnd, String part) {
        return platform.messages().stream()
                .anyMatch(message ->
                        message.topic().endsWith(topicEnd) && message.payload().contains(part));
    }

    @Test
    @Execution(CONCURRENT)
    void recordsOfFourDevicesArriveAsTheContractSays() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder);
                Platform platform = new Platform(broker.port());
                Ward ward = new Ward(folder, broker.port())) {
            addFour(ward);
            ward.startAgent();
            await("records of all four devices", () -> allSpeak(platform, 3));
            await("the devices' states", () -> has(platform, "/d/vent-4/state", "\"s\":\"linked\""));
            assertTrue(has(platform, "/gw-test/state", "\"s\":\"online\""));
            assertTrue(has(platform, "/d/oxi-1/evt", "\"e\":\"device-found\""));
            assertEquals(0, ward.stopAgent());
            await("the farewell", () -> has(platform, "/gw-test/state", "\"s\":\"offline\""));
            await("the devices' farewell", () -> has(platform, "/d/oxi-1/state", "\"s\":\"removed\""));
            assertFalse(has(platform, "/state", "\"s\":\"fault\""), "stopping is no fault of a line");
            assertFalse(has(platform, "/evt", "\"e\":\"device-lost\""), "stopping is no loss of a device");
            assertEquals(List.of(), platform.holes());
            assertEquals(0, platform.doubles());
            judge(platform);
            keepsTheContract(platform);
        }
    }

    /** Every message of every topic before the schemas, by a validator that is not ours; nothing that they do not name. */
    private void keepsTheContract(Platform platform) throws IOException, InterruptedException {
        Process look = new ProcessBuilder("python3", "-c", "import jsonschema")
                .redirectErrorStream(true)
                .start();
        look.getInputStream().readAllBytes();
        Assumptions.assumeTrue(look.waitFor() == 0, "skipped: no python3-jsonschema");
        StringBuilder lines = new StringBuilder();
        for (Platform.Message message : platform.messages()) {
            lines.append(message.topic()).append('\t').append(message.payload()).append('\n');
        }
        Path messages = Files.writeString(folder.resolve("messages.tsv"), lines);
        String check = Tool.ROOT.resolve("ops/contract/check").toString();
        Process judge = new ProcessBuilder(check, "--closed", messages.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(judge.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, judge.waitFor(), said);
    }

    /** Every record with its topic before the contract's own judge. */
    private void judge(Platform platform) throws IOException, InterruptedException {
        Path shared = Tool.ROOT.resolveSibling("shared").resolve("check");
        Assumptions.assumeTrue(Files.exists(shared.resolve("record.py")), "judge skipped: no " + shared);
        StringBuilder lines = new StringBuilder();
        for (Platform.Message message : platform.messages()) {
            if (message.payload().contains("\"seq\":")) {
                lines.append(message.topic())
                        .append('\t')
                        .append(message.payload())
                        .append('\n');
            }
        }
        Path records = Files.writeString(folder.resolve("records.tsv"), lines);
        String script = "import sys, json; sys.dont_write_bytecode = True; sys.path.insert(0, sys.argv[1])\n"
                + "from decimal import Decimal\nfrom record import problems\n"
                + "bad = [(t, p) for t, r in (l.rstrip('\\n').split('\\t', 1) for l in open(sys.argv[2]))"
                + " for p in problems(json.loads(r, parse_float=Decimal), t)]\n"
                + "print(bad[:5])\nsys.exit(1 if bad else 0)\n";
        Process judge = new ProcessBuilder("python3", "-c", script, shared.toString(), records.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(judge.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, judge.waitFor(), said);
    }

    @Test
    @Execution(CONCURRENT)
    void recordsWaitWhileTheBrokerIsDownAndArriveLate() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder, "max_queued_messages 0");
                Ward ward = new Ward(folder, broker.port())) {
            broker.kill();
            ward.add("oxi-1", "masimo-ascii1", 20, Set.of());
            ward.startAgent();
            // Backlog is what is older than ten seconds: the agent says when it gives up trying for the fourth time.
            long startNs = System.nanoTime();
            await("an outage of 15 s", () -> System.nanoTime() - startNs > 15_000_000_000L);
            assertTrue(ward.isAgentAlive());
            broker.restart();
            try (Platform platform = new Platform(broker.port())) {
                await("the backlog", () -> has(platform, "/d/oxi-1/obs-bf", "\"seq\":1,"));
                await("live records", () -> has(platform, "/d/oxi-1/obs", "\"k\":\"obs\""));
                await("no hole", () -> platform.holes().isEmpty());
                assertTrue(has(platform, "/d/oxi-1/obs-bf", "\"late\":"));
                assertFalse(has(platform, "/d/oxi-1/obs", "\"late\":"));
                assertEquals(0, ward.stopAgent());
            }
        }
    }

    @Test
    @Execution(CONCURRENT)
    void aPulledCableIsToldAndThePortIsTakenUpAgain() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder);
                Platform platform = new Platform(broker.port());
                Ward ward = new Ward(folder, broker.port())) {
            ward.add("oxi-1", "masimo-ascii1", 10, Set.of());
            ward.add("oxi-3", "nonin-df2", 1, Set.of());
            ward.startAgent();
            await("records", () -> platform.records("oxi-1", "obs") > 5);
            ward.unplug("oxi-1");
            await("the loss", () -> has(platform, "/d/oxi-1/evt", "\"e\":\"device-lost\""));
            await("the state", () -> has(platform, "/d/oxi-1/state", "\"s\":\"fault\""));
            long others = platform.records("oxi-3", "obs");
            await("the neighbour's records", () -> platform.records("oxi-3", "obs") > others + 3);
            long before = platform.records("oxi-1", "obs");
            ward.plugIn("oxi-1", "masimo-ascii1", 10, Set.of());
            await("records again", () -> platform.records("oxi-1", "obs") > before + 5);
            assertTrue(platform.records("oxi-1", "evt") >= 3);
            assertEquals(List.of(), platform.holes());
        }
    }

    /** Two adapters pulled and plugged in the other way round swap their device files, and keep their stable paths. */
    @Test
    @Execution(CONCURRENT)
    void adaptersThatSwapTheirDeviceFilesKeepTheirDevices() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder);
                Platform platform = new Platform(broker.port());
                Ward ward = new Ward(folder, broker.port())) {
            ward.add("oxi-1", "masimo-ascii1", 10, Set.of());
            ward.add("oxi-3", "nonin-df2", 1, Set.of());
            ward.startAgent();
            hear(platform);
            Path first = ward.port("oxi-1").toRealPath();
            Path third = ward.port("oxi-3").toRealPath();
            // The kernel gives the lowest free number, unless somebody else takes it.
            for (int round = 1; !isSwapped(ward, first, third); round++) {
                assertTrue(round <= 20, "the device files did not swap");
                long losses = losses(platform);
                ward.unplugAll();
                await("the loss of both", () -> losses(platform) == losses + 2);
                boolean isFirstLower = number(first) < number(third);
                plugIn(ward, isFirstLower ? "oxi-3" : "oxi-1");
                plugIn(ward, isFirstLower ? "oxi-1" : "oxi-3");
                hear(platform);
            }
            assertEquals(0, ward.stopAgent());
            assertEquals(List.of(), platform.holes());
        }
    }

    /** Bytes of one of them are nothing in the other's profile. */
    private static void hear(Platform platform) {
        long ones = platform.records("oxi-1", "obs");
        long threes = platform.records("oxi-3", "obs");
        await(
                "records of both",
                () -> platform.records("oxi-1", "obs") > ones + 2 && platform.records("oxi-3", "obs") > threes + 2);
    }

    private static long losses(Platform platform) {
        return platform.messages().stream()
                .filter(message -> message.payload().contains("\"e\":\"device-lost\""))
                .count();
    }

    private static int number(Path pseudoTerminal) {
        return Integer.parseInt(pseudoTerminal.getFileName().toString());
    }

    private static boolean isSwapped(Ward ward, Path first, Path third) throws IOException {
        return ward.port("oxi-1").toRealPath().equals(third)
                && ward.port("oxi-3").toRealPath().equals(first);
    }

    private static void plugIn(Ward ward, String id) throws IOException {
        boolean isFirst = id.equals("oxi-1");
        ward.plugIn(id, isFirst ? "masimo-ascii1" : "nonin-df2", isFirst ? 10 : 1, Set.of());
    }

    @Test
    @Execution(CONCURRENT)
    void faultsOnTheLineAreCountedAndNoWrongRecordIsPublished() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder);
                Platform platform = new Platform(broker.port());
                Ward ward = new Ward(folder, broker.port())) {
            Set<LineFault> damage = Set.of(LineFault.CHECKSUM, LineFault.CUT, LineFault.GARBAGE, LineFault.SLOW);
            ward.add("oxi-1", "masimo-ascii1", 10, damage);
            ward.add("oxi-3", "nonin-df2", 3, damage);
            ward.startAgent();
            await(
                    "records past the damage",
                    () -> platform.records("oxi-1", "obs") > 20 && platform.records("oxi-3", "obs") > 20);
            await("the checksums in the health", () -> has(platform, "/gw-test/health", "\"checksum\":"));
            assertEquals(List.of(), platform.holes());
            for (Platform.Message message : platform.messages()) {
                assertFalse(message.payload().contains("\"n\":\"spo2\",\"r\":\"SPO2\",\"v\":0"), message.payload());
            }
        }
    }

    @Test
    @Execution(CONCURRENT)
    void whatIsNotThereIsToldOnceAndTheRestRuns() throws Exception {
        ServerSocket busy = new ServerSocket(0);
        try (Mosquitto broker = Mosquitto.start(folder);
                Platform platform = new Platform(broker.port());
                Ward ward = new Ward(folder, broker.port())) {
            ward.add("oxi-1", "masimo-ascii1", 5, Set.of());
            Path missing = folder.resolve("no-such-port");
            ward.addLine("oxi-5", "{id: oxi-5, profile: masimo-ascii1, link: \"serial:" + missing + "\"}");
            ward.addLine("oxi-6", "{id: oxi-6, profile: masimo-ascii1, link: \"listen:" + busy.getLocalPort() + "\"}");
            ward.startAgent();
            await("the missing port", () -> has(platform, "/d/oxi-5/state", "no such port"));
            await("the busy port", () -> has(platform, "/d/oxi-6/state", "in use"));
            await("the neighbour", () -> platform.records("oxi-1", "obs") > 10);
            String log = Files.readString(ward.log());
            int told = log.split("device=oxi-5 state=fault", -1).length - 1;
            assertTrue(told >= 1 && told <= 4, told + " lines on the missing port:\n" + log);
            busy.close();
            await("the freed port", () -> has(platform, "/d/oxi-6/state", "line open"));
        } finally {
            busy.close();
        }
    }

    /** The polled device connects to us, and later than our first question. */
    @Test
    @Execution(CONCURRENT)
    void aDeviceThatDialsInIsAskedOnceItIsThere() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder);
                Platform platform = new Platform(broker.port());
                Ward ward = new Ward(folder, broker.port())) {
            int port = Mosquitto.freePort();
            ward.addLine("vent-4", "{id: vent-4, profile: pb840, link: \"listen:" + port + "\"}");
            ward.startAgent();
            await("the open port", () -> has(platform, "/d/vent-4/state", "line open"));
            Process device = Tool.start(
                    folder.resolve("sim.log"), "simulate", "pb840", "--tcp", "127.0.0.1:" + port, "--rate", "2");
            await("an answer", () -> platform.records("vent-4", "obs") >= 1);
            device.destroy();
            assertEquals(0, device.waitFor());
            await("the loss", () -> has(platform, "/d/vent-4/evt", "\"e\":\"device-lost\""));
        }
    }

    /** What an installer meets most: the wrong speed. To the agent that is bytes of which no frame is whole. */
    @Test
    @Execution(CONCURRENT)
    void bytesThatAreNoMessageAreToldByTheDevicesState() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder);
                Platform platform = new Platform(broker.port());
                Ward ward = new Ward(folder, broker.port())) {
            ward.plugIn("oxi-1", "nonin-df2", 1, Set.of());
            ward.addLine("oxi-1", "{id: oxi-1, profile: masimo-ascii1, link: \"serial:" + ward.port("oxi-1") + "\"}");
            ward.startAgent();
            await(
                    "the cause in the state",
                    () -> has(platform, "/d/oxi-1/state", "bytes arrive, but no whole message"));
            await("the counters", () -> has(platform, "/gw-test/health", "\"bad\":{\"overlong\":"));
            assertEquals(0, platform.records("oxi-1", "obs"));
        }
    }

    @Test
    @Execution(CONCURRENT)
    void aSecondAgentOnTheSameBufferSaysSo() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder);
                Platform platform = new Platform(broker.port());
                Ward ward = new Ward(folder, broker.port())) {
            ward.add("oxi-1", "masimo-ascii1", 1, Set.of());
            ward.startAgent();
            await("records", () -> platform.records("oxi-1", "obs") > 1);
            Tool.Result second =
                    Tool.run(folder, "run", "--config", ward.configuration().toString());
            assertEquals(1, second.exitCode());
            assertTrue(second.err().contains("in use by another wasla"), second.err());
        }
    }
}
