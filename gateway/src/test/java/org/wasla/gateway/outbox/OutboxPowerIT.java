package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.vault.DataKey;

/**
 * Design 11: nothing accepted is lost, over simulated power cuts at any moment. Under journal and store lies a file
 * system that drops, tears and reorders everything after the last sync; each image is opened as a fresh process would.
 */
class OutboxPowerIT {

    /** With {@code ops/test --long} ten times as many. */
    private static final int IMAGES = Boolean.getBoolean("wasla.long") ? 3_000 : 100;

    private static final int IMAGES_A_RUN = 15;
    private static final List<String> DEVICES = List.of("a", "b", "c");

    @TempDir
    Path dir;

    /** What was acknowledged to whom: stream, number, content. */
    private static final class Promises {
        private final Map<String, Map<Long, Integer>> kept = new TreeMap<>();

        synchronized void keep(String stream, long number, int content) {
            kept.computeIfAbsent(stream, s -> new TreeMap<>()).put(number, content);
        }

        synchronized Map<String, Map<Long, Integer>> copy() {
            Map<String, Map<Long, Integer>> copy = new TreeMap<>();
            kept.forEach((stream, numbers) -> copy.put(stream, new TreeMap<>(numbers)));
            return copy;
        }
    }

    /** Every other run is encrypted. */
    private @Nullable DataKey key;

    private OutboxSettings settings(Path where) {
        return new OutboxSettings(where, 8L << 20, 0, key);
    }

    private static Draft draft(Random random, String device, long[] number, int content) {
        int choice = random.nextInt(10);
        Urgency urgency = choice == 0 ? Urgency.ALARM : choice < 3 ? Urgency.WAVE : Urgency.OBSERVATION;
        String kind = urgency == Urgency.ALARM ? "alarm" : urgency == Urgency.WAVE ? "wav" : "obs";
        byte[] body = new byte[200 + random.nextInt(2_000)];
        new Random(content).nextBytes(body);
        return new Draft(device, kind, urgency, 1, (epoch, seq) -> {
            number[0] = seq;
            return body;
        });
    }

    /** Appends in small batches until told to stop; every acknowledgement is a promise. */
    private static void load(Outbox outbox, Promises promises, String device, long seed, int batches) {
        Random random = new Random(seed);
        try {
            for (int batch = 0; batch < batches; batch++) {
                List<Draft> drafts = new ArrayList<>();
                List<long[]> numbers = new ArrayList<>();
                List<Integer> contents = new ArrayList<>();
                for (int i = random.nextInt(8); i >= 0; i--) {
                    long[] number = new long[1];
                    int content = random.nextInt();
                    drafts.add(draft(random, device, number, content));
                    numbers.add(number);
                    contents.add(content);
                }
                outbox.append(drafts);
                for (int i = 0; i < drafts.size(); i++) {
                    promises.keep(device + "." + drafts.get(i).kind(), numbers.get(i)[0], contents.get(i));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One run under load, of which images are made while it goes on. */
    private int run(long seed, boolean isSyncLying) throws Exception {
        CutFiles.register(isSyncLying);
        Path where = dir.resolve("run" + seed + isSyncLying);
        Random random = new Random(seed);
        Promises promises = new Promises();
        int lost = 0;
        try (Outbox outbox = Outbox.open(settings(where), Gaps::event, System::nanoTime, CutFiles.SCHEME)) {
            List<Thread> threads = new ArrayList<>();
            for (String device : DEVICES) {
                threads.add(new Thread(() -> load(outbox, promises, device, seed + device.hashCode(), 200)));
            }
            threads.forEach(Thread::start);
            for (int image = 0; image < IMAGES_A_RUN; image++) {
                long target = outbox.position() + 1 + random.nextInt(250);
                Await.until(
                        "load",
                        30_000,
                        () -> outbox.position() > target || threads.stream().noneMatch(Thread::isAlive));
                Map<String, Map<Long, Integer>> promised = promises.copy();
                Path cut = dir.resolve("image");
                CutFiles.cut(where, cut, random);
                String what = "seed " + seed + " image " + image;
                lost += isSyncLying ? missingOrUnreadable(cut, promised, what) : missing(cut, promised, what, false);
                delete(cut);
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        return lost;
    }

    /** For the control: a buffer that cannot be opened or read any more has broken its promises too. */
    private int missingOrUnreadable(Path image, Map<String, Map<Long, Integer>> promised, String what)
            throws Exception {
        try {
            return missing(image, promised, what, true);
        } catch (IOException | AssertionError e) {
            return 1;
        }
    }

    /** Opens an image and gives how many promises it breaks; holes and wrong contents are never allowed. */
    private int missing(Path image, Map<String, Map<Long, Integer>> promised, String what, boolean isControl)
            throws Exception {
        Map<String, TreeMap<Long, byte[]>> there = new TreeMap<>();
        TreeSet<String> told = new TreeSet<>();
        try (Outbox outbox = Outbox.open(settings(image), Gaps::event)) {
            Await.until(what + " can be read", isControl ? 2_000 : 30_000, () -> canRead(outbox));
            for (Urgency urgency : Urgency.values()) {
                for (Entry entry : Drafts.all(outbox, urgency)) {
                    byte[] before = there.computeIfAbsent(entry.stream().toString(), s -> new TreeMap<>())
                            .put(entry.seq(), entry.payload());
                    assertTrue(before == null, what + ": twice " + entry);
                }
            }
            for (Gaps.Gap gap : Gaps.of(Drafts.all(outbox, Urgency.RESULT))) {
                for (long number = gap.from(); number <= gap.to(); number++) {
                    told.add(gap.of() + " " + number);
                }
            }
        }
        int missing = 0;
        for (Map.Entry<String, Map<Long, Integer>> stream : promised.entrySet()) {
            TreeMap<Long, byte[]> held = there.getOrDefault(stream.getKey(), new TreeMap<>());
            for (Map.Entry<Long, Integer> promise : stream.getValue().entrySet()) {
                byte[] payload = held.get(promise.getKey());
                missing += payload == null ? 1 : 0;
                assertTrue(isControl || payload != null, what + ": lost " + stream.getKey() + " " + promise.getKey());
                if (payload != null && !isControl) {
                    byte[] expected = new byte[payload.length];
                    new Random(promise.getValue()).nextBytes(expected);
                    assertTrue(Arrays.equals(expected, payload), what + ": another content");
                }
            }
            for (long number = 1; !held.isEmpty() && number < held.lastKey() && !isControl; number++) {
                assertTrue(
                        held.containsKey(number) || told.contains(stream.getKey() + " " + number),
                        what + ": a hole at " + stream.getKey() + " " + number);
            }
        }
        return missing;
    }

    /** A block that is missed on the way is looked into by the buffer itself. */
    private static boolean canRead(Outbox outbox) throws Exception {
        try {
            for (Urgency urgency : Urgency.values()) {
                Drafts.all(outbox, urgency);
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void delete(Path image) throws IOException {
        try (java.util.stream.Stream<Path> files = Files.walk(image)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void noImageOfAPowerCutLosesWhatWasAcknowledged() throws Exception {
        for (int seed = 0; seed < IMAGES / IMAGES_A_RUN; seed++) {
            key = seed % 2 == 0 ? DataKey.fresh() : null;
            assertEquals(0, run(seed, false));
        }
    }

    /** The control: with a sync that does nothing the same test must see losses, or it could see none at all. */
    @Test
    void withoutSyncsTheSameImagesDoLose() throws Exception {
        assertTrue(run(1, true) > 0, "a disk without syncs lost nothing: this test cannot fail");
    }
}
