package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.dicom.Uids;

/** Deletion is the one act that can lose an image: whatever a power cut leaves, an object is there as a whole or not at all. */
class DeletionTest {
    @TempDir
    Path dir;

    private static Instance store(ObjectStore store, String uid) throws IOException {
        byte[] data = Objects.noise(3_000, uid.hashCode());
        try (Incoming incoming =
                java.util.Objects.requireNonNull(store.begin(Objects.CT, uid, Uids.EXPLICIT_LITTLE, "CT1"))) {
            assertTrue(incoming.write(data, 0, data.length));
            assertEquals(Incoming.Outcome.STORED, incoming.commit());
            return java.util.Objects.requireNonNull(incoming.stored());
        }
    }

    private ObjectStore open() throws IOException {
        return ObjectStore.open(dir, 1L << 30);
    }

    /** A number says to the log of forwarding which object is meant: it must never mean another one. */
    @Test
    void numbersOfDeletedObjectsAreNotUsedAgain() throws IOException {
        int last;
        try (ObjectStore store = open()) {
            Instance one = store(store, "1.2.1");
            Instance other = store(store, "1.2.2");
            last = Math.max(one.number(), other.number());
            store.remove(List.of(one, other));
            assertEquals(new ObjectStore.Figures(0, 0, 1L << 30, false), store.figures());
        }
        try (ObjectStore store = open()) {
            Instance again = store(store, "1.2.1");
            assertTrue(again.number() > last, again.number() + " after " + last);
            assertFalse(again.differs(), "nothing of the deleted one is left to differ from");
        }
        assertEquals(Set.of("1.2.1"), uids());
    }

    private Set<String> uids() throws IOException {
        return Set.copyOf(
                Objects.listed(dir).values().stream().map(Instance::uid).toList());
    }

    @Test
    void aDeletionThatWasCutShortIsFinishedAtTheNextStart() throws IOException {
        try (ObjectStore store = open()) {
            Instance gone = store(store, "1.2.1");
            store(store, "1.2.2");
            store.index().remove(gone.number(), gone.bytes());
        }
        assertEquals(2, Objects.files(dir, ".dcm").size());
        try (ObjectStore store = open()) {
            assertEquals(1, store.figures().instances());
        }
        assertEquals(1, Objects.files(dir, ".dcm").size());
        assertEquals(Set.of("1.2.2"), uids());
    }

    @Test
    void anObjectWhoseFileSomebodyTookAwayIsForgotten() throws IOException {
        try (ObjectStore store = open()) {
            Files.delete(store.file(store(store, "1.2.1")));
            store(store, "1.2.2");
        }
        try (ObjectStore store = open()) {
            assertEquals(1, store.figures().instances());
            assertEquals(3_000, store.figures().bytes());
            assertEquals(List.of(), store.index().find("1.2.1"));
            assertEquals(1, store.index().find("1.2.2").size());
        }
    }

    /** A box runs for years: its log must not hold what came and went in all of them. */
    @Test
    void theLogDoesNotGrowWithWhatIsGone() throws IOException {
        int objects = 9_000;
        try (InstanceIndex index = InstanceIndex.open(dir)) {
            for (int number = 1; number <= objects; number++) {
                index.add(new Instance(number, 1, 10, 7, false, Objects.CT, "1.2." + number, "1.2", "CT1"));
                index.add(new InstanceIndex.Reading(number, "1.2.study" + number, "1.2.3", ""));
                index.addClosed("1.2.study" + number);
            }
            long before = Files.size(dir.resolve("index.log"));
            for (int number = 1; number <= objects; number++) {
                if (number % 1_000 != 0) {
                    index.remove(number, 10);
                }
            }
            index.compact();
            assertTrue(Files.size(dir.resolve("index.log")) < before / 500, "written anew");
            index.add(new Instance(objects + 1, 1, 10, 7, false, Objects.CT, "1.2.new", "1.2", "CT1"));
            assertRemains(index, objects);
        }
        Files.writeString(dir.resolve("index.log.new"), "half a line that a power cut left");
        try (InstanceIndex index = InstanceIndex.open(dir)) {
            assertRemains(index, objects);
        }
    }

    private void assertRemains(InstanceIndex index, int objects) throws IOException {
        assertEquals(10, index.count());
        assertEquals(100, index.bytes());
        assertEquals(9, index.read().cardinality());
        assertEquals(objects + 1, index.last());
        assertTrue(index.isGone(8_999));
        assertEquals(7, index.find("1.2.8000").get(0).crc());
        assertEquals(List.of(), index.find("1.2.8001"));
        assertEquals(1, index.find("1.2.new").size());
        assertEquals(10, Objects.listed(dir).size());
    }
}
