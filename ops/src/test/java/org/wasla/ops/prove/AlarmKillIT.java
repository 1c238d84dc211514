package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.wasla.ops.prove.Platform.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.uplink.Mosquitto;

/**
 * Alarms under kill -9: one that was open is told once, ends when the device no longer tells of it, and is unknown when
 * the device is not there any more. The set of current alarms is said again while it holds, and goes when the agent dies.
 */
class AlarmKillIT {
    private static final String PROFILE = """
            wasla: 1
            id: talker
            version: 1.0.0
            device: {makers: [Maker], models: [M1], kind: pump}
            frame: {line: {end: LF}}
            dialogue: {listen: {quiet: 3s}}
            message: {id: row, pattern: 'V=(?<value>\\d+)'}
            observe: {field: value, name: rate}
            alarms: {field: value, found: '^9', id: rate-high, text: Rate high, source: value, priority: high}
            """;

    @TempDir
    Path folder;

    /** Each alarm record once, in the order of its number, as its phase. */
    private static List<String> phases(Platform platform) {
        List<String> phases = new ArrayList<>();
        for (int seq = 1; ; seq++) {
            String number = "\"k\":\"alarm\",\"seq\":" + seq + ",";
            List<String> found = platform.messages().stream()
                    .map(Platform.Message::payload)
                    .filter(payload -> payload.contains(number))
                    .toList();
            if (found.isEmpty()) {
                return phases;
            }
            phases.add(found.get(0).replaceFirst(".*\"phase\":\"([a-z]*)\".*", "$1"));
        }
    }

    /** The sets that were said of the device, in order, each with this in it. */
    private static List<String> sets(Platform platform, String... parts) {
        return platform.messages().stream()
                .filter(message -> message.topic().endsWith("/d/pump-1/alarms"))
                .map(Platform.Message::payload)
                .filter(payload -> Arrays.stream(parts).allMatch(payload::contains))
                .toList();
    }

    private static void assertLast(Platform platform, String part) {
        await("a set with " + part, () -> {
            List<String> all = sets(platform);
            return !all.isEmpty() && all.get(all.size() - 1).contains(part);
        });
    }

    /** What a subscriber who comes now is given: by another program, which asks the broker alone. */
    private static boolean isRetained(int port) throws Exception {
        Process late = new ProcessBuilder(
                        "mosquitto_sub",
                        "-V",
                        "5",
                        "-p",
                        String.valueOf(port),
                        "-t",
                        "wasla/1/#",
                        "-W",
                        "1",
                        "-v",
                        "--retained-only")
                .start();
        String heard = new String(late.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        late.waitFor();
        assertTrue(heard.contains("/gw-test/state"), "the broker has nothing: " + heard);
        return heard.contains("/d/pump-1/alarms");
    }

    /** Said anew before it ends, and no longer there for anybody once it has ended. */
    private static void setIsSaidAgainAndGoes(Platform platform, Ward ward, Socket line, int port) throws Exception {
        String known = "\"s\":\"known\"";
        String open = "\"a\":\"rate-high\"";
        while (sets(platform, known, open).size() < 2) {
            // Silence would end it.
            say(line, "V=90\n");
            LockSupport.parkNanos(50_000_000L);
        }
        ward.killAgent();
        List<String> all = sets(platform, known, open);
        String last = all.get(all.size() - 1);
        long untilMs = Long.parseLong(last.replaceFirst(".*\"until\":(\\d+).*", "$1"));
        while (isRetained(port)) {
            assertTrue(System.currentTimeMillis() < untilMs + 30_000, "the set outlives its end: " + last);
        }
    }

    private static void say(Socket line, String text) throws IOException {
        line.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void anOpenAlarmIsKnownAgainAfterAKill() throws Exception {
        Path profiles = Files.createDirectories(folder.resolve("profiles/talker"));
        Files.writeString(profiles.resolve("profile.yaml"), PROFILE);
        ServerSocket device = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        try (Mosquitto broker = Mosquitto.start(folder, "max_queued_messages 0");
                Platform platform = new Platform(broker.port());
                Ward ward = new Ward(folder, broker.port())) {
            ward.addLine(
                    "pump-1", "{id: pump-1, profile: talker, link: \"tcp:127.0.0.1:" + device.getLocalPort() + "\"}");
            ward.profiles(folder.resolve("profiles"));
            ward.section("alarms: {valid: 3s}");
            List<String> expected = new ArrayList<>(List.of("start"));
            ward.startAgent();
            try (Socket line = device.accept()) {
                say(line, "V=90\n");
                await("the start", () -> phases(platform).equals(expected));
                setIsSaidAgainAndGoes(platform, ward, line, broker.port());
            }
            for (int kill = 0; kill < 3; kill++) {
                ward.startAgent();
                try (Socket line = device.accept()) {
                    long before = platform.records("pump-1", "obs");
                    say(line, "V=91\n");
                    await("a value", () -> platform.records("pump-1", "obs") > before);
                    assertEquals(expected, phases(platform), "it was told before the kill");
                    LockSupport.parkNanos(kill * 20_000_000L);
                    ward.killAgent();
                }
            }
            ward.startAgent();
            try (Socket line = device.accept()) {
                say(line, "V=1\n");
                expected.add("end");
                await("the end", () -> phases(platform).equals(expected));
                say(line, "V=92\n");
                expected.add("start");
                await("the next start", () -> phases(platform).equals(expected));
                assertLast(platform, "\"s\":\"known\"");
                // The line is open and the device says nothing any more.
                expected.add("unknown");
                await("silence", () -> phases(platform).equals(expected));
                assertLast(platform, "\"s\":\"unknown\"");
                say(line, "V=93\n");
                expected.add("start");
                await("a start after silence", () -> phases(platform).equals(expected));
                ward.killAgent();
            }
            device.close();
            ward.startAgent();
            expected.add("unknown");
            await("that it is unknown", () -> phases(platform).equals(expected));
            assertLast(platform, "\"s\":\"unknown\"");
            assertEquals(0, ward.stopAgent());
            await("the last acknowledgements", () -> platform.holes().isEmpty());
            assertTrue(platform.verdict().holds(), () -> platform.verdict().summary());
        } finally {
            device.close();
        }
    }
}
