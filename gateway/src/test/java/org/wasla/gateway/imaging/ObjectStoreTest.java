package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.imaging.Incoming.Outcome;

/** A modality deletes what we acknowledged: it must be there after whatever happens, and nothing that was not whole. */
class ObjectStoreTest {
    private static final long MAX = 1L << 30;

    @TempDir
    Path dir;

    private static Incoming begun(ObjectStore store, String uid) throws IOException {
        return java.util.Objects.requireNonNull(store.begin(Objects.CT, uid, Uids.EXPLICIT_LITTLE, "CT1"));
    }

    private static Outcome put(ObjectStore store, String uid, byte[] data) throws IOException {
        try (Incoming incoming = begun(store, uid)) {
            for (int at = 0; at < data.length; at += 10_007) {
                assertTrue(incoming.write(data, at, Math.min(data.length, at + 10_007)));
            }
            return incoming.commit();
        }
    }

    private void assertHolds(Map<String, byte[]> expected) throws IOException {
        Map<Integer, Instance> listed = Objects.listed(dir);
        assertEquals(expected.size(), listed.size(), listed.toString());
        for (Instance instance : listed.values()) {
            byte[] data = java.util.Objects.requireNonNull(expected.get(instance.uid()), instance.uid());
            assertArrayEquals(data, Objects.data(dir.resolve(instance.file())), instance.uid());
        }
    }

    /** Sizes around the 128 KiB that are gathered before the first write. */
    @Test
    void objectsOfAllSizesAreThereByteByByte() throws IOException {
        Map<String, byte[]> expected = new java.util.TreeMap<>();
        try (ObjectStore store = ObjectStore.open(dir, MAX)) {
            int head = 128 << 10;
            for (int bytes : List.of(0, 1, 2, 20_000, head - 400, head - 310, head - 300, head, 3 * head, 1_000_000)) {
                String uid = "1.2." + bytes;
                expected.put(uid, Objects.noise(bytes, bytes));
                assertEquals(Outcome.STORED, put(store, uid, expected.get(uid)));
            }
        }
        assertHolds(expected);
        ObjectStore.open(dir, MAX).close();
        assertHolds(expected);
    }

    @Test
    void theSameBytesAreStoredOnceAndOthersBesideThem() throws IOException {
        byte[] one = Objects.noise(200_000, 1);
        byte[] other = one.clone();
        other[100_000]++;
        try (ObjectStore store = ObjectStore.open(dir, MAX)) {
            assertEquals(Outcome.STORED, put(store, "1.2.3", one));
            assertEquals(Outcome.KNOWN, put(store, "1.2.3", one));
            assertEquals(Outcome.STORED, put(store, "1.2.3", other));
            assertEquals(Outcome.KNOWN, put(store, "1.2.3", other));
        }
        List<Instance> all = List.copyOf(Objects.listed(dir).values());
        assertEquals(List.of(false, true), all.stream().map(Instance::differs).toList());
        assertArrayEquals(one, Objects.data(dir.resolve(all.get(0).file())));
        assertArrayEquals(other, Objects.data(dir.resolve(all.get(1).file())));
        assertEquals(2, Objects.files(dir, ".dcm").size());
        assertEquals(List.of(), Objects.files(dir, ".part"));
    }

    @Test
    void whatIsDroppedLeavesNothing() throws IOException {
        try (ObjectStore store = ObjectStore.open(dir, MAX)) {
            try (Incoming incoming = begun(store, "1.2.3")) {
                assertTrue(incoming.write(Objects.noise(500_000, 2), 0, 500_000));
                assertEquals(1, Objects.files(dir, ".part").size());
            }
            try (Incoming incoming = begun(store, "1.2.4")) {
                assertTrue(incoming.write(new byte[10], 0, 10));
            }
            assertEquals(List.of(), Objects.files(dir, ""));
            assertEquals(0, store.figures().instances());
        }
    }

    /** A power cut between the sync and the new name, and one that takes the index. */
    @Test
    void aWholePartIsFoundAndTheIndexMadeAgain() throws IOException {
        Map<String, byte[]> expected = Map.of("1.2.1", Objects.noise(300_000, 1), "1.2.2", Objects.noise(500, 2));
        try (ObjectStore store = ObjectStore.open(dir, MAX)) {
            for (Map.Entry<String, byte[]> each : expected.entrySet()) {
                put(store, each.getKey(), each.getValue());
            }
        }
        for (Path file : Objects.files(dir, ".dcm")) {
            Files.move(file, Path.of(file.toString().replace(".dcm", ".part")));
        }
        Files.delete(dir.resolve("index.log"));
        ObjectStore.open(dir, MAX).close();
        assertHolds(expected);
        assertEquals(2, Objects.files(dir, ".dcm").size());
    }

    @Test
    void aPartThatIsCutAnywhereIsRemoved() throws IOException {
        byte[] data = Objects.noise(1_000, 3);
        try (ObjectStore store = ObjectStore.open(dir, MAX)) {
            put(store, "1.2.1", data);
        }
        Path file = Objects.files(dir, ".dcm").get(0);
        byte[] whole = Files.readAllBytes(file);
        Files.delete(file);
        Path part = Path.of(file.toString().replace(".dcm", ".part"));
        for (int cut = 0; cut < whole.length; cut += 37) {
            Files.deleteIfExists(dir.resolve("index.log"));
            Files.write(part, Arrays.copyOf(whole, cut));
            ObjectStore.open(dir, MAX).close();
            assertEquals(0, Objects.listed(dir).size(), "cut at " + cut);
            assertFalse(Files.exists(part), "cut at " + cut);
        }
        byte[] flipped = whole.clone();
        flipped[whole.length - 1] ^= 1;
        Files.write(part, flipped);
        ObjectStore.open(dir, MAX).close();
        assertEquals(0, Objects.listed(dir).size());
    }

    @Test
    void anIndexThatIsCutAnywhereLosesNoObject() throws IOException {
        Map<String, byte[]> expected =
                Map.of("1.2.1", Objects.noise(10, 1), "1.2.2", Objects.noise(20, 2), "1.2.3", Objects.noise(30, 3));
        try (ObjectStore store = ObjectStore.open(dir, MAX)) {
            for (Map.Entry<String, byte[]> each : expected.entrySet()) {
                put(store, each.getKey(), each.getValue());
            }
        }
        byte[] index = Files.readAllBytes(dir.resolve("index.log"));
        for (int cut = 0; cut <= index.length; cut += 7) {
            Files.write(dir.resolve("index.log"), Arrays.copyOf(index, cut));
            try (ObjectStore store = ObjectStore.open(dir, MAX)) {
                assertEquals(3, store.figures().instances(), "cut at " + cut);
                assertEquals(Outcome.KNOWN, put(store, "1.2.2", Objects.noise(20, 2)), "cut at " + cut);
            }
            assertHolds(expected);
        }
    }

    @Test
    void aFullStoreTakesNoMoreAndKeepsWhatItHas() throws IOException {
        try (ObjectStore store = ObjectStore.open(dir, 1_000_000)) {
            assertEquals(Outcome.STORED, put(store, "1.2.1", new byte[600_000]));
            try (Incoming incoming = begun(store, "1.2.2")) {
                boolean hasRoom = true;
                for (int i = 0; i < 60; i++) {
                    hasRoom &= incoming.write(new byte[10_000], 0, 10_000);
                }
                assertFalse(hasRoom);
            }
            assertEquals(Outcome.STORED, put(store, "1.2.3", new byte[300_000]));
            assertEquals(Outcome.STORED, put(store, "1.2.4", new byte[90_000]));
            assertEquals(3, store.figures().instances());
        }
        try (ObjectStore full = ObjectStore.open(dir, 900_000)) {
            @Nullable Incoming refused = full.begin(Objects.CT, "1.2.5", Uids.EXPLICIT_LITTLE, "CT1");
            assertNull(refused);
            assertTrue(full.figures().isFull());
        }
    }

    @Test
    void oneProcessAtATime() throws IOException {
        try (ObjectStore store = ObjectStore.open(dir, MAX)) {
            assertNotNull(store);
            IOException told = assertThrows(IOException.class, () -> ObjectStore.open(dir, MAX));
            assertTrue(String.valueOf(told.getMessage()).contains("in use"), told.getMessage());
        }
    }
}
