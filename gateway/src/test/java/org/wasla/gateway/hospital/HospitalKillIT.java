package org.wasla.gateway.hospital;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.outbox.Outbox;

/**
 * With HAPI as the receiver: whoever dies, it or the box, nothing is lost, and what comes twice comes under the number that
 * it had. Kills are those of the system (signal 9).
 */
class HospitalKillIT {
    private static final int DEVICES = 4;
    private static final boolean IS_LONG = Boolean.getBoolean("wasla.long");
    private static final int RECEIVER_KILLS = IS_LONG ? 20 : 2;
    private static final int BOX_KILLS = IS_LONG ? 10 : 1;

    @TempDir
    Path folder;

    private final List<Process> children = new ArrayList<>();

    @AfterEach
    void endChildren() throws InterruptedException {
        for (Process child : children) {
            child.destroyForcibly().waitFor();
        }
    }

    private Process child(Class<?> main, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(args));
        Process child = new ProcessBuilder(command)
                .redirectError(folder.resolve(main.getSimpleName() + ".err").toFile())
                .start();
        children.add(child);
        return child;
    }

    private static BufferedReader output(Process child) {
        return new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII));
    }

    private Process receiver(int port) throws IOException {
        Process child = child(HapiChild.class, Integer.toString(port), book().toString());
        assertEquals("ready", output(child).readLine());
        return child;
    }

    private Path book() {
        return folder.resolve("received");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The records that came, each with the number of its message; a record under two numbers is a failure. */
    private Map<String, String> received() throws IOException {
        Map<String, String> received = new HashMap<>();
        for (String line : Files.readAllLines(book())) {
            String[] words = line.split(" ");
            for (String record : Arrays.copyOfRange(words, 1, words.length)) {
                String before = received.put(record, words[0]);
                assertTrue(before == null || before.equals(words[0]), record + " under two numbers");
            }
        }
        return received;
    }

    private int lines() throws IOException {
        return Files.exists(book()) ? Files.readAllLines(book()).size() : 0;
    }

    private static void awaitNothingWaits(Hospital hospital) throws Exception {
        Buffer.await("nothing waits", () -> {
            HospitalProgress progress = hospital.progress().get(0);
            return progress.waitingAlarms() + progress.waitingObservations() == 0;
        });
    }

    @Test
    void aReceiverThatIsKilledUnderLoadMissesNothing() throws Exception {
        int port = freePort();
        Process receiver = receiver(port);
        Set<String> sent = new HashSet<>();
        try (Outbox outbox = Buffer.open(folder.resolve("buffer"));
                Hospital hospital = new Hospital(
                        Buffer.settings(Buffer.to(port, 0, 2_000)), outbox, device -> "", new Lane.Pauses(20, 200))) {
            hospital.start();
            for (int kill = 0; kill < RECEIVER_KILLS; kill++) {
                load(outbox, 120, sent);
                int before = lines();
                Buffer.await("it receives", () -> lines() > before + 20);
                receiver.destroyForcibly().waitFor();
                load(outbox, 40, sent);
                receiver = receiver(port);
            }
            awaitNothingWaits(hospital);
            HospitalProgress progress = hospital.progress().get(0);
            assertEquals(sent.size(), progress.sent());
            assertEquals(0, progress.missed());
            assertEquals(Map.of(), progress.aside());
        }
        assertEquals(sent, received().keySet());
    }

    private static void load(Outbox outbox, int rounds, Set<String> sent) throws IOException {
        for (int i = 0; i < rounds; i++) {
            String device = "dev-" + i % DEVICES;
            String kind = i % 10 == 0 ? "alarm" : "obs";
            outbox.append(List.of(
                    kind.equals("alarm")
                            ? Buffer.alarm(device, Buffer.T0_MS + i, "low", i % 20 == 0 ? "start" : "end")
                            : Buffer.value(device, Buffer.T0_MS + i, "147842", 60 + i % 40)));
            sent.add("gw-1." + outbox.epoch() + '.' + device + '.' + kind + '.' + outbox.lastNumber(device, kind));
        }
    }

    @Test
    void aBoxThatIsKilledLosesNothingAndRepeatsByNumberAlone() throws Exception {
        int port = freePort();
        receiver(port);
        Path buffer = folder.resolve("buffer");
        Path said = folder.resolve("said");
        for (int kill = 0; kill < BOX_KILLS; kill++) {
            int before = lines();
            Process box = child(SenderChild.class, buffer.toString(), Integer.toString(port), said.toString());
            Buffer.await("it sends", () -> lines() >= before + 6);
            box.destroyForcibly().waitFor();
        }
        String[] ids = Files.readString(said).split("\n");
        // A line that a kill has cut names another record.
        Set<String> durable = new HashSet<>(
                Arrays.asList(ids).subList(0, Files.readString(said).endsWith("\n") ? ids.length : ids.length - 1));
        try (Outbox outbox = Buffer.open(buffer);
                Hospital hospital = new Hospital(
                        Buffer.settings(Buffer.to(port, 1_000, 2_000)), outbox, device -> "", Lane.Pauses.USUAL)) {
            hospital.start();
            Buffer.await("all is there", () -> received().keySet().containsAll(durable));
            awaitNothingWaits(hospital);
        }
        assertTrue(received().keySet().containsAll(durable));
        assertTrue(durable.size() > 100, durable.size() + " records");
    }
}
