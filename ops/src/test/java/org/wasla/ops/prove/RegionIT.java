package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.wasla.ops.prove.Platform.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.uplink.Mosquitto;

/**
 * The subscriber that a region starts from, against mosquitto and PostgreSQL as processes; both are the judges too. What it
 * acknowledged must be in the database, once, whatever is killed.
 */
class RegionIT {
    private static Region region;

    @TempDir
    Path folder;

    @BeforeAll
    static void startPostgres() throws Exception {
        region = Region.start();
    }

    @AfterEach
    void stopSubscribers() {
        region.stopSubscribers();
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        if (region != null) {
            region.close();
        }
    }

    /** The device's line; the agent reads it, so that what is kept can be compared with what was sent. */
    private static byte[] line(int second, int spo2, String pi) {
        return String.format(
                        Locale.ROOT,
                        "06/16/26 08:00:%02d SN=0000990001 SPO2=%03d%% BPM=072%% PI=%s%% SPCO=--.-%% SPMET=--.-%% DESAT=--"
                                + " PIDELTA=+-- ALARM=0000 EXC=000800\r\n",
                        second,
                        spo2,
                        pi)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Sends lines numbered so, each once the one before was published. */
    private static void send(OutputStream device, Platform platform, int from, int to) throws IOException {
        for (int i = from; i <= to; i++) {
            device.write(line(i, 80 + i, "0" + i % 10 + ".50"));
            device.flush();
            int number = i;
            await("line " + number, () -> platform.records("oxi-1", "obs") >= number);
        }
    }

    /** Nobody listened at first, then the subscriber was killed, then PostgreSQL was away: the answer is the same. */
    @Test
    void whatADeviceSentIsKeptOnceThroughEveryStop() throws Exception {
        String database = region.database("ward");
        Path log = folder.resolve("subscriber.log");
        try (Mosquitto broker = Mosquitto.start(folder, "max_queued_messages 0");
                Platform platform = new Platform(broker.port())) {
            int devicePort = Mosquitto.freePort();
            Process agent = startAgent(broker.port(), devicePort);
            try (Socket device = dial(devicePort)) {
                OutputStream out = device.getOutputStream();
                send(out, platform, 1, 3);
                Process first = region.subscribe(log, broker.port(), database, "--patience", "1");
                order(broker.port());
                Region.awaitRows(database, "t", "select count(*) = 1 from association where validated");
                send(out, platform, 4, 4);
                Region.awaitRows(
                        database,
                        "4|{}",
                        "select count(*), max(missing::text) from record r, numbering n"
                                + " where (n.dev, n.k) = ('oxi-1', 'obs') and r.body->>'dev' = n.dev and r.body->>'k' = n.k");
                first.destroyForcibly().waitFor();
                send(out, platform, 5, 8);
                Process second = region.subscribe(log, broker.port(), database, "--patience", "1");
                send(out, platform, 9, 9);
                region.stopPostgres();
                send(out, platform, 10, 14);
                await("that it left", () -> Region.count(log, " away cause=") > 0);
                assertTrue(second.isAlive());
                region.startPostgres();
                Region.awaitRows(database, "14", "select count(distinct seq) from measurement where n = 'spo2'");
            } finally {
                agent.destroy();
                assertTrue(agent.waitFor(30, TimeUnit.SECONDS));
            }
            judge(database, platform);
        }
    }

    private Process startAgent(int broker, int devicePort) throws IOException {
        Path file = Files.write(
                folder.resolve("wasla.yaml"),
                List.of(
                        "gateway: {id: gw-test, region: ma-06, site: proof, zone: Africa/Casablanca}",
                        "uplink: {servers: [\"mqtt://127.0.0.1:" + broker + "\"]}",
                        "buffer: {dir: " + folder.resolve("buffer") + ", max: 64MiB}",
                        "patient: {authority: CHU}",
                        "devices:",
                        "  - {id: oxi-1, profile: masimo-ascii1, location: rea1/b07, link: \"listen:" + devicePort
                                + "\"}"));
        return Tool.start(folder.resolve("agent.log"), "run", "--config", file.toString());
    }

    private static Socket dial(int port) {
        Socket[] open = new Socket[1];
        await("the agent's port", () -> {
            try {
                open[0] = new Socket(InetAddress.getLoopbackAddress(), port);
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
        return open[0];
    }

    /** The platform tells of a patient and puts the device on that one, as an outside program. */
    private void order(int broker) throws IOException, InterruptedException {
        await("the agent's ear", () -> Region.count(folder.resolve("agent.log"), "downlink connected") > 0);
        String patient = "\"pat\":{\"id\":\"4711\",\"auth\":\"CHU\"}}";
        String known =
                "{\"v\":1,\"jti\":\"w-1\",\"ttl\":3600,\"orders\":[{\"id\":\"o-1\",\"op\":\"put\",\"specimen\":\"S1\","
                        + "\"tests\":[\"GLU\"]," + patient + "]}";
        Region.publish(broker, RegionRecords.GATEWAY + "cmd/worklist", List.of(known));
        String on = "{\"v\":1,\"jti\":\"a-1\",\"dev\":\"oxi-1\"," + patient;
        Region.publish(broker, RegionRecords.GATEWAY + "cmd/associate", List.of(on));
    }

    private static void judge(String database, Platform platform) throws Exception {
        String sent = IntStream.rangeClosed(1, 14)
                .mapToObj(i -> (80 + i) + "|" + i % 10 + ".50")
                .collect(Collectors.joining("\n"));
        assertEquals(
                sent,
                Region.psql(
                        database,
                        "select max(v) filter (where n = 'spo2'), max(v) filter (where n = 'pi')"
                                + " from measurement where dev = 'oxi-1' and k = 'obs' group by seq order by seq"));
        assertEquals(
                "3",
                Region.psql(database, "select count(*) from record where late is not null and body->>'k' = 'obs'"),
                "what nobody heard came by replay");
        assertEquals(
                "0|0", Region.psql(database, "select (select count(*) from hole), (select count(*) from rejected)"));
        assertEquals(platform.records("oxi-1", "obs"), 14);
        String patient = Region.psql(database, "select ref from association");
        String answer = Region.question(database, "patient=" + patient, "since=-infinity", "until=infinity");
        assertTrue(answer.contains("No number is missing."), answer);
        // 1 to 3 came before the patient was known, so they are nobody's. A minute may end in between.
        List<String[]> minutes = answer.lines()
                .map(row -> row.split(" *\\| *", -1))
                .filter(row -> row.length == 10 && row[1].equals("oxi-1") && row[2].equals("spo2"))
                .toList();
        assertEquals(
                11, minutes.stream().mapToInt(row -> Integer.parseInt(row[4])).sum(), answer);
        assertEquals("84", minutes.get(0)[5], answer);
        assertEquals("94", minutes.get(minutes.size() - 1)[6], answer);
        assertTrue(
                answer.lines()
                        .anyMatch(row ->
                                row.matches(" oxi-1 +\\| obs +\\| 1 to 14 +\\| +14 \\| +3 \\| none +\\| none *")),
                answer);
    }

    /** One of the two dies in the middle and comes back; what it had not acknowledged waits or goes to the other. */
    @Test
    void twoShareTheLoadAndOneIsKilled() throws Exception {
        String database = region.database("shared");
        Path one = folder.resolve("one.log");
        Path two = folder.resolve("two.log");
        try (Mosquitto broker = Mosquitto.start(folder, "max_queued_messages 0")) {
            Process first = region.subscribe(one, broker.port(), database, "--group", "region", "--name", "region-1");
            Process second = region.subscribe(two, broker.port(), database, "--group", "region", "--name", "region-2");
            for (int device = 1; device <= 4; device++) {
                Region.publish(
                        broker.port(),
                        RegionRecords.GATEWAY + "d/oxi-" + device + "/obs",
                        RegionRecords.records("aaaaaaaa", "oxi-" + device, 1, 100));
            }
            first.destroyForcibly().waitFor();
            long early = Long.parseLong(Region.psql(database, "select count(*) from record"));
            region.subscribe(one, broker.port(), database, "--group", "region", "--name", "region-1");
            // PostgreSQL goes in the middle of a burst. No gateway is here that could send again what is acknowledged
            // too early.
            Process stopping = region.stoppingPostgres();
            Region.publish(
                    broker.port(),
                    RegionRecords.GATEWAY + "d/oxi-5/obs",
                    RegionRecords.records("aaaaaaaa", "oxi-5", 1, 1000));
            assertEquals(0, stopping.waitFor());
            await("that one left", () -> Region.count(one, " away ") + Region.count(two, " away ") > 0);
            region.startPostgres();
            // Everything again, as a broker may.
            Region.publish(
                    broker.port(),
                    RegionRecords.GATEWAY + "d/oxi-1/obs",
                    RegionRecords.records("aaaaaaaa", "oxi-1", 1, 100));
            Region.awaitRows(
                    database,
                    "1400|0|0",
                    "select (select count(*) from record), (select sum(missing_count) from numbering),"
                            + " (select count(*) from rejected)");
            second.destroy();
            assertTrue(second.waitFor(30, TimeUnit.SECONDS));
            String said = Files.readString(two);
            long its = Long.parseLong(said.replaceAll("(?s).*stopped .*new=(\\d+).*", "$1"));
            assertTrue(its > 0 && its < 1400, "both worked: " + its + " of 1400, " + early + " before the kill");
            assertEquals(
                    "520700.00",
                    Region.psql(database, "select sum(v) - 1400 * 0.5 from measurement where n = 'spo2'"),
                    "4 times 1 to 100 and 1 to 1000, with digits");
        }
    }
}
