package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Timing;

/** What was acknowledged is there after kill -9 at any moment, and what was not is whole or not there at all. */
class ImagingKillIT {
    private static final int ROUNDS = Boolean.getBoolean("wasla.long") ? 200 : 6;
    private static final int OBJECTS = 40;
    private final Map<String, byte[]> acknowledged = new HashMap<>();
    private final Map<String, byte[]> sent = new HashMap<>();
    private final List<Path> files = new ArrayList<>();

    @TempDir
    Path dir;

    @TempDir
    Path sources;

    @Test
    void everyAcknowledgedObjectIsReadable() throws Exception {
        Random random = new Random(17);
        for (int i = 0; i < OBJECTS; i++) {
            int bytes = i % 10 == 0 ? 700_000 : 20_000;
            files.add(Objects.file(sources, "1.2." + i, Objects.noise(bytes, i)));
        }
        int cut = 0;
        for (int round = 0; round < ROUNDS; round++) {
            cut += sendUntilKilled(random.nextInt(OBJECTS), random.nextInt(3_000)) ? 1 : 0;
            assertHeld("round " + round);
        }
        assertTrue(cut > 0, "no kill came before the last object");
        assertTrue(acknowledged.size() > 5, "almost nothing was acknowledged: " + acknowledged.size());
    }

    /** Whether the receiver died before all was sent. */
    private boolean sendUntilKilled(int killAt, int spins) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReceiverChild.class.getName(),
                        dir.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            int port = Integer.parseInt(String.valueOf(out.readLine()));
            Sender.Peer peer = new Sender.Peer("127.0.0.1", port, "WASLA", "CT1");
            FileHead head = java.util.Objects.requireNonNull(Sender.head(files.get(0)));
            try (Sender sender = Sender.open(peer, List.of(head), Timing.USUAL)) {
                for (int i = 0; i < OBJECTS; i++) {
                    send(sender, files.get(i));
                    if (i == killAt) {
                        killWithin(child, spins);
                    }
                }
                return false;
            }
        } catch (IOException killed) {
            return true;
        } finally {
            child.destroyForcibly();
            assertTrue(child.waitFor(30, TimeUnit.SECONDS));
        }
    }

    /** At some moment while the next objects are sent. */
    private static void killWithin(Process child, int spins) {
        Thread killer = new Thread(() -> {
            for (int i = 0; i < spins; i++) {
                Thread.onSpinWait();
            }
            child.destroyForcibly();
        });
        killer.setDaemon(true);
        killer.start();
    }

    private void send(Sender sender, Path file) throws IOException {
        FileHead head = java.util.Objects.requireNonNull(Sender.head(file));
        byte[] data = Objects.data(file);
        sent.put(head.instance(), data);
        if (sender.store(file, head).orElse(-1) == 0) {
            acknowledged.put(head.instance(), data);
        }
    }

    private void assertHeld(String when) throws IOException {
        ObjectStore.open(dir, 1L << 32).close();
        Map<String, byte[]> held = new HashMap<>();
        for (Instance instance : Objects.listed(dir).values()) {
            byte[] data = Objects.data(dir.resolve(instance.file()));
            assertArrayEquals(sent.get(instance.uid()), data, when);
            assertEquals(null, held.put(instance.uid(), data), when + ": the same object twice");
        }
        assertTrue(held.keySet().containsAll(acknowledged.keySet()), when + ": an acknowledged object is gone");
        assertEquals(List.of(), Objects.files(dir, ".part"), when);
    }
}
