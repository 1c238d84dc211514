package org.wasla.gateway.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.bridge.link.Direction;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.observation.Condition;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.profile.Codes;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileReader;
import org.wasla.gateway.simulator.IntellivueSimulator;

/** A worker on a real line and a real buffer: the test is the device. */
class DeviceWorkerTest {
    private static final String PROFILE = """
            wasla: 1
            id: talker
            version: 1.0.0
            device: {makers: [Maker], models: [M1], kind: pump}
            frame: {line: {end: LF}}
            dialogue:
              listen: {quiet: 3s}
              init: {step: {send: "HELLO\\n"}}
              keep-alive: {send: "ALIVE\\n", every: 100ms}
              reply:
                - {to: row, send: "ACK {value}\\n", refused: "NAK {value}\\n"}
                - {to: pump, send: "ACK {slot}\\n"}
                - {to: enq, send: "DC4\\n", wait: 50ms}
              unknown: {send: "WHAT\\n"}
            message:
              - {id: row, pattern: 'V=(?<value>\\d+)'}
              - {id: pump, pattern: 'P(?<slot>\\d)=(?<value>\\d+)', part: slot}
              - {id: enq, pattern: 'ENQ', skip: asks whether we live}
            observe: {field: value, name: rate}
            alarms: {field: value, found: '^9', id: rate-high, text: Rate high, source: value, priority: high}
            """;

    private static final LocalDateTime NEW_YEAR = LocalDateTime.of(2026, 1, 1, 0, 0);

    @TempDir
    Path folder;

    private final List<String> told = new CopyOnWriteArrayList<>();

    private Profile profile(String yaml) throws IOException {
        Path home = Files.createDirectories(folder.resolve("talker"));
        Files.writeString(home.resolve(ProfileReader.FILE), yaml);
        Path codes = Files.writeString(folder.resolve("codes.tsv"), "# codes@1\n");
        Problems problems = new Problems();
        Profile profile = new ProfileReader(Codes.read(codes)).read(home, problems);
        assertEquals(List.of(), problems.list());
        return profile;
    }

    private DeviceWorker worker(Outbox outbox, int port, boolean isReadOnly) throws IOException {
        return worker(
                outbox,
                profile(PROFILE),
                LinkSettings.parse("tcp:127.0.0.1:" + port).withReadOnly(isReadOnly));
    }

    private DeviceWorker worker(Outbox outbox, Profile profile, LinkSettings link) {
        return new DeviceWorker(settings(profile, link), outbox, () -> new Clock("synced", null), new Told());
    }

    private static DeviceSettings settings(Profile profile, LinkSettings link) {
        return new DeviceSettings(
                "gw",
                "pump-1",
                null,
                profile,
                link,
                Map.of("2", new DeviceSettings.Part("pump-b", "rea1/b02")),
                "codes@1",
                ZoneId.of("UTC"));
    }

    /** Remembers the open alarms. */
    private final class Told implements Watch {
        @Override
        public void changed(String device, DeviceWorker.Status status) {}

        @Override
        public void alarms(String device, List<Condition> open, long timeMs) {
            told.add(device + " " + open.stream().map(Condition::alarm).toList());
        }
    }

    /** The alarms in the buffer, as "id phase", once there are so many. */
    private static List<String> alarms(Outbox outbox, int count) throws IOException, InterruptedException {
        long endNs = System.nanoTime() + 10_000_000_000L;
        List<Entry> entries = outbox.next(Urgency.ALARM, 0, 100);
        while (entries.size() < count && System.nanoTime() - endNs < 0) {
            TimeUnit.MILLISECONDS.sleep(10);
            entries = outbox.next(Urgency.ALARM, 0, 100);
        }
        List<String> alarms = new ArrayList<>();
        for (Entry entry : entries) {
            String json = new String(entry.payload(), StandardCharsets.UTF_8);
            alarms.add(json.replaceFirst(".*\"a\":\"([^\"]*)\",\"phase\":\"([^\"]*)\".*", "$1 $2"));
        }
        return alarms;
    }

    private static ServerSocket device() throws IOException {
        ServerSocket device = new ServerSocket();
        device.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        device.setSoTimeout(10_000);
        return device;
    }

    private static void say(Socket line, String text) throws IOException {
        line.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads on until the line ends in this. */
    private static String hear(Socket line, String end) throws IOException {
        StringBuilder heard = new StringBuilder();
        while (!heard.toString().endsWith(end)) {
            int next = line.getInputStream().read();
            assertTrue(next >= 0, "the line was lost after " + heard);
            heard.append((char) next);
        }
        return heard.toString();
    }

    /** On a LAN each unit is a datagram, and nothing frames it but that. */
    @Test
    void aMonitorOnTheLanIsRead() throws Exception {
        String yaml = PROFILE.replaceAll("(?s)frame:.*", "codec: {intellivue: {}}\n");
        try (Outbox outbox = Outbox.open(new OutboxSettings(folder.resolve("buffer"), 8L << 20, 20), Gaps::event);
                DatagramSocket device = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DeviceWorker worker =
                        worker(outbox, profile(yaml), LinkSettings.parse("udp:127.0.0.1:" + device.getLocalPort()))) {
            worker.start();
            IntellivueSimulator monitor = new IntellivueSimulator(System.nanoTime());
            device.setSoTimeout(20);
            SocketAddress client = null;
            long endNs = System.nanoTime() + 10_000_000_000L;
            while (System.nanoTime() < endNs
                    && outbox.next(Urgency.OBSERVATION, 0, 100).size() < 3) {
                DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
                List<Bytes> said = new ArrayList<>(monitor.onTime(System.nanoTime(), NEW_YEAR));
                try {
                    device.receive(packet);
                    client = packet.getSocketAddress();
                    said.addAll(monitor.onBytes(packet.getData(), packet.getLength(), System.nanoTime(), NEW_YEAR));
                } catch (SocketTimeoutException quiet) {
                    // the monitor speaks by itself too
                }
                for (Bytes unit : said) {
                    device.send(new DatagramPacket(unit.toArray(), unit.size(), Objects.requireNonNull(client)));
                }
            }
            assertEquals(DeviceState.LINKED, worker.status().state());
            assertTrue(outbox.next(Urgency.OBSERVATION, 0, 100).size() >= 3, "the model and two parts of the numerics");
            assertEquals(Map.of(), worker.tally().bad());
        }
    }

    /** The acknowledgement lets the device forget: what it acknowledges must be on the disk by then. */
    @Test
    void whatIsAcknowledgedIsInTheBuffer() throws Exception {
        try (Outbox outbox = Outbox.open(new OutboxSettings(folder.resolve("buffer"), 8L << 20, 20), Gaps::event);
                ServerSocket device = device();
                DeviceWorker worker = worker(outbox, device.getLocalPort(), false)) {
            worker.start();
            try (Socket line = device.accept()) {
                line.setSoTimeout(10_000);
                assertTrue(hear(line, "ALIVE\n").startsWith("HELLO\n"));
                for (int i = 1; i <= 5; i++) {
                    say(line, "V=" + i + "\n");
                    hear(line, "ACK " + i + "\n");
                    assertEquals(i, outbox.next(Urgency.OBSERVATION, 0, 100).size());
                }
                say(line, "ENQ\nwhat\n");
                hear(line, "DC4\n");
                hear(line, "WHAT\n");
            }
        }
    }

    /** The device would go on speaking to nobody; the wait for it is short, and the last words are the last. */
    @Test
    void aDeviceIsToldGoodbye() throws Exception {
        String yaml =
                PROFILE.replace("  unknown:", "  farewell: [{send: \"STOP\\n\"}, {send: \"BYE\\n\"}]\n  unknown:");
        try (Outbox outbox = Outbox.open(new OutboxSettings(folder.resolve("buffer"), 8L << 20, 20), Gaps::event);
                ServerSocket device = device();
                DeviceWorker worker =
                        worker(outbox, profile(yaml), LinkSettings.parse("tcp:127.0.0.1:" + device.getLocalPort()))) {
            worker.start();
            try (Socket line = device.accept()) {
                line.setSoTimeout(10_000);
                hear(line, "ALIVE\n");
                worker.stop();
                assertTrue(hear(line, "STOP\nBYE\n").matches("(ALIVE\n)*STOP\nBYE\n"));
                say(line, "V=1\n");
                assertEquals(-1, line.getInputStream().read(), "then the line is closed");
            }
            assertEquals(0, outbox.next(Urgency.OBSERVATION, 0, 100).size(), "nobody takes that any more");
        }
    }

    /** One port, several pumps: a part has the name and the place of the configuration, or the port's with its number. */
    @Test
    void partsPublishUnderTheirOwnNames() throws Exception {
        try (Outbox outbox = Outbox.open(new OutboxSettings(folder.resolve("buffer"), 8L << 20, 20), Gaps::event);
                ServerSocket device = device();
                DeviceWorker worker = worker(outbox, device.getLocalPort(), false)) {
            worker.start();
            try (Socket line = device.accept()) {
                line.setSoTimeout(10_000);
                say(line, "P1=5\nP2=6\n");
                hear(line, "ACK 1\n");
                hear(line, "ACK 2\n");
                List<String> records = outbox.next(Urgency.OBSERVATION, 0, 100).stream()
                        .map(entry -> new String(entry.payload(), StandardCharsets.UTF_8))
                        .toList();
                assertEquals(2, records.size());
                assertTrue(records.get(0).contains("\"dev\":\"pump-1-1\""), records.get(0));
                assertTrue(records.get(1).contains("\"dev\":\"pump-b\""), records.get(1));
                assertTrue(records.get(1).contains("\"loc\":\"rea1/b02\""), records.get(1));
            }
        }
    }

    /** Bar of facts section 4: the other end of a read-only line receives no byte, whatever the profile says. */
    @Test
    void onAReadOnlyLineTheDeviceHearsNothing() throws Exception {
        try (Outbox outbox = Outbox.open(new OutboxSettings(folder.resolve("buffer"), 8L << 20, 0), Gaps::event);
                ServerSocket device = device();
                DeviceWorker worker = worker(outbox, device.getLocalPort(), true)) {
            worker.start();
            try (Socket line = device.accept()) {
                line.setSoTimeout(300);
                say(line, "ENQ\nV=1\nwhat\n");
                long endNs = System.nanoTime() + 10_000_000_000L;
                // At least one wait after the record came: by then the worker would have answered.
                boolean isKept = false;
                while (!isKept && System.nanoTime() - endNs < 0) {
                    isKept = !outbox.next(Urgency.OBSERVATION, 0, 100).isEmpty();
                    assertThrows(
                            SocketTimeoutException.class,
                            () -> line.getInputStream().read());
                }
                assertTrue(isKept, "the record did not arrive");
            }
        }
    }

    /** Nobody knows how an alarm goes on that is not heard any more; met again, it is told anew. */
    @Test
    void aLostLineMakesOpenAlarmsUnknownAndDoesNotEndThem() throws Exception {
        List<String> all = new ArrayList<>(List.of("rate-high start", "rate-high unknown"));
        try (Outbox outbox = Outbox.open(new OutboxSettings(folder.resolve("buffer"), 8L << 20, 0), Gaps::event);
                ServerSocket device = device()) {
            Socket line;
            try (DeviceWorker worker = worker(outbox, device.getLocalPort(), true)) {
                worker.start();
                try (Socket first = device.accept()) {
                    say(first, "V=90\nV=91\n");
                    assertEquals(all.subList(0, 1), alarms(outbox, 1));
                }
                assertEquals(all, alarms(outbox, 2));
                line = device.accept();
                say(line, "V=92\nV=1\nV=93\n");
                all.addAll(List.of("rate-high start", "rate-high end", "rate-high start"));
                assertEquals(all, alarms(outbox, 5));
            }
            all.add("rate-high unknown");
            assertEquals(all, alarms(outbox, 6), "a gateway that stops hears the device no more");
            line.close();
        }
        String open = "pump-1 [rate-high]";
        assertEquals(List.of(open, "pump-1 []", open, "pump-1 []", open, "pump-1 []"), told);
    }

    /** A line that is open and says nothing is a loss too; the alarm is told unknown before the device is told lost. */
    @Test
    void aSilentDevicesAlarmsAreUnknownBeforeItIsLost() throws Exception {
        try (Outbox outbox = Outbox.open(new OutboxSettings(folder.resolve("buffer"), 8L << 20, 0), Gaps::event);
                ServerSocket device = device();
                DeviceWorker worker = worker(outbox, device.getLocalPort(), true)) {
            worker.start();
            try (Socket line = device.accept()) {
                say(line, "V=90\n");
                assertEquals(List.of("rate-high start", "rate-high unknown"), alarms(outbox, 2));
                String events = "";
                while (!events.contains("device-lost")) {
                    events = outbox.next(Urgency.RESULT, 0, 100).stream()
                            .map(entry -> new String(entry.payload(), StandardCharsets.UTF_8))
                            .toList()
                            .toString();
                }
                assertTrue(outbox.next(Urgency.ALARM, 0, 100).get(1).position()
                        < outbox.next(Urgency.RESULT, 0, 100).get(1).position());
            }
        }
    }

    /** Two lines of one ventilator: when only the wave port is unplugged, the ventilator is not lost. */
    @Test
    void aFurtherLineTellsItsRecordsAndNotThatTheDeviceIsThere() throws Exception {
        try (Outbox outbox = Outbox.open(new OutboxSettings(folder.resolve("buffer"), 8L << 20, 0), Gaps::event);
                ServerSocket device = device();
                DeviceWorker worker = DeviceWorker.further(
                        settings(profile(PROFILE), LinkSettings.parse("tcp:127.0.0.1:" + device.getLocalPort())),
                        outbox,
                        () -> new Clock("synced", null),
                        new Told(),
                        Direction.NONE)) {
            worker.start();
            try (Socket line = device.accept()) {
                line.setSoTimeout(10_000);
                say(line, "V=1\n");
                hear(line, "ACK 1\n");
            }
            device.accept().close();
            assertEquals(1, outbox.next(Urgency.OBSERVATION, 0, 100).size());
            assertEquals(0, outbox.next(Urgency.RESULT, 0, 100).size());
        }
    }

    /** The line stays open, what came before stays as it was, and the numbers go on. */
    @Test
    void anotherProfileIsTakenUpOnTheOpenLine() throws Exception {
        try (Outbox outbox = Outbox.open(new OutboxSettings(folder.resolve("buffer"), 8L << 20, 0), Gaps::event);
                ServerSocket device = device();
                DeviceWorker worker = worker(outbox, device.getLocalPort(), false)) {
            worker.start();
            try (Socket line = device.accept()) {
                line.setSoTimeout(10_000);
                say(line, "V=1\nV=92\n");
                hear(line, "ACK 92\n");
                String scaled = PROFILE.replace("1.0.0", "1.1.0").replace("name: rate}", "name: rate, scale: 0.1}");
                worker.adopt(settings(profile(scaled), worker.settings().link()));
                while (!worker.settings().profile().version().equals("1.1.0")) {
                    TimeUnit.MILLISECONDS.sleep(10);
                }
                say(line, "V=93\nV=4\n");
                hear(line, "ACK 4\n");
            }
            List<String> records = outbox.next(Urgency.OBSERVATION, 0, 100).stream()
                    .map(entry -> new String(entry.payload(), StandardCharsets.UTF_8))
                    .toList();
            assertEquals(4, records.size());
            for (int i = 0; i < 4; i++) {
                String version = i < 2 ? "talker@1.0.0" : "talker@1.1.0";
                assertTrue(records.get(i).contains(version), records.get(i));
                assertTrue(records.get(i).contains("\"seq\":" + (i + 1)), records.get(i));
            }
            assertTrue(records.get(3).contains("\"v\":0.4"), records.get(3));
            assertEquals(
                    List.of("rate-high start", "rate-high end"),
                    alarms(outbox, 2).subList(0, 2),
                    "it stayed open");
        }
    }
}
