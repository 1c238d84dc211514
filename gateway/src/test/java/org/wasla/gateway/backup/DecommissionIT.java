package org.wasla.gateway.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.identity.PatientStore;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.uplink.Ear;
import org.wasla.gateway.uplink.Mosquitto;
import org.wasla.gateway.vault.KeyFile;

/** A box out of service: the platform has all of it and knows that it ended, and on the card is nothing that can be read. */
class DecommissionIT {
    private static final int RECORDS = 50;
    private static final int WAIT_MS = 20_000;

    @TempDir
    Path dir;

    private AtRest box(int broker) throws IOException {
        AtRest box = new AtRest(dir.resolve("box"), broker);
        box.fill(RECORDS);
        try (Outbox outbox = box.open()) {
            PatientStore.open(box.patients(), outbox.safe("identity")).close();
        }
        return box;
    }

    private Path report() {
        return dir.resolve("report.txt");
    }

    private Decommission decommission(AtRest box) {
        return new Decommission(box.config(), "test", report());
    }

    private static void assertGone(AtRest box) {
        assertFalse(Files.exists(box.buffer()));
        assertFalse(Files.exists(box.patients()));
    }

    @Test
    void allIsSentAndToldAndThenGone() throws Exception {
        try (Mosquitto broker = Mosquitto.start(dir);
                Ear ear = new Ear(broker.port())) {
            AtRest box = box(broker.port());
            Decommission decommission = decommission(box);
            decommission.send(WAIT_MS, false);
            decommission.destroy();
            assertGone(box);
            Ear.until(
                    "the audit has told it",
                    WAIT_MS,
                    () -> ear.texts("audit").stream().anyMatch(text -> text.contains("\"decommission\"")));
            long sent = ear.heard().stream()
                    .filter(each -> each.topic().contains("/d/a/obs"))
                    .count();
            assertTrue(sent >= RECORDS, sent + " of " + RECORDS);
            String report = Files.readString(report());
            assertTrue(report.contains("lost unsent: 0") && report.contains("keys overwritten: "), report);
            assertTrue(report.contains(" done; "), report);
        }
    }

    @Test
    void withoutABrokerNothingIsDeletedUnlessItMayBeLost() throws Exception {
        AtRest box = box(Mosquitto.freePort());
        IOException waits =
                assertThrows(IOException.class, () -> decommission(box).send(200, false));
        assertTrue(String.valueOf(waits.getMessage()).contains(RECORDS + " records wait"), waits.getMessage());
        try (Outbox outbox = box.open()) {
            assertEquals(RECORDS, AtRest.records(outbox).size());
        }
        decommission(box).send(0, true);
        decommission(box).destroy();
        assertGone(box);
    }

    /** Killed after any step: keys gone, some folders gone, all but the last word. */
    @Test
    void whatWasCutOffIsFinished() throws Exception {
        AtRest box = box(Mosquitto.freePort());
        decommission(box).send(0, true);
        Files.delete(box.buffer().resolve(KeyFile.NAME));
        Files.delete(box.buffer().resolve(KeyFile.COPY));
        Files.delete(box.buffer().resolve("journal-0.log"));
        Decommission again = decommission(box);
        again.send(0, false);
        again.destroy();
        assertGone(box);
        again.destroy();
        assertEquals(
                1,
                Files.readAllLines(report()).stream()
                        .filter(line -> line.contains(" done; "))
                        .count());
    }

    @Test
    void aKeyThatIsGoneAlreadyIsNoObstacle() throws Exception {
        AtRest box = box(Mosquitto.freePort());
        Files.delete(box.buffer().resolve(KeyFile.NAME));
        Files.delete(box.buffer().resolve(KeyFile.COPY));
        assertThrows(IOException.class, () -> decommission(box).send(0, false));
        assertTrue(Files.exists(box.buffer()));
        decommission(box).send(0, true);
        decommission(box).destroy();
        assertGone(box);
        assertTrue(Files.readString(report()).contains("could not be read"));
    }

    @Test
    void aRunningAgentAndAReportThatWouldGoTooAreRefused() throws Exception {
        AtRest box = box(Mosquitto.freePort());
        assertThrows(
                IOException.class,
                () -> new Decommission(box.config(), "test", box.buffer().resolve("report.txt")).send(0, true));
        decommission(box).send(0, true);
        try (Outbox running = box.open()) {
            assertThrows(IOException.class, () -> decommission(box).destroy());
            assertEquals(RECORDS, AtRest.records(running).size());
        }
        Files.writeString(report(), "something else\n");
        assertThrows(IOException.class, () -> decommission(box).send(0, true));
    }
}
