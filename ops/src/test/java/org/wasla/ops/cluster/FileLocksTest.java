package org.wasla.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that both believe to be active publish two histories: only one may ever hold the lock. */
class FileLocksTest {
    @TempDir
    Path folder;

    private FileLocks one;
    private FileLocks other;

    @BeforeEach
    void start() {
        one = locks();
        other = locks();
    }

    private FileLocks locks() {
        FileLocks locks = new FileLocks(Map.of("folder", folder.toString()));
        locks.start();
        return locks;
    }

    @Test
    void onlyOneHoldsIt() throws Exception {
        assertTrue(one.getDistributedLock("region").tryLock());
        assertFalse(other.getDistributedLock("region").tryLock());
        assertTrue(other.getDistributedLock("another").tryLock());
        one.getDistributedLock("region").unlock();
        assertFalse(one.getDistributedLock("region").isHeldByCaller());
        assertTrue(other.getDistributedLock("region").tryLock());
    }

    @Test
    void whoStopsGivesItBack() throws Exception {
        assertTrue(one.getDistributedLock("region").tryLock());
        one.stop();
        assertFalse(one.isStarted());
        assertTrue(other.getDistributedLock("region").tryLock());
    }

    // By this number a node knows that its copy is not the newest.
    @Test
    void theNumberIsSeenByBothAndStays() throws Exception {
        assertEquals(0, one.getMutableLong("region").get());
        one.getMutableLong("region").set(7);
        assertEquals(7, other.getMutableLong("region").get());
        assertTrue(other.getMutableLong("region").compareAndSet(7, 8));
        assertEquals(8, locks().getMutableLong("region").get());
    }

    @Test
    void withoutAFolderItSaysSo() {
        assertThrows(IllegalArgumentException.class, () -> new FileLocks(Map.of()));
    }
}
