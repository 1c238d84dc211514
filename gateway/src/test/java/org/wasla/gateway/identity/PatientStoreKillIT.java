package org.wasla.gateway.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.patient.Association;

/** What was said to be kept is there after a kill -9, again and again, and the patients can still be read. */
class PatientStoreKillIT {
    private static final int KILLS = 3;

    @TempDir
    Path folder;

    @Test
    void whatWasKeptSurvivesEveryKill() throws IOException, InterruptedException {
        Path dir = folder.resolve("patients");
        int told = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            told = runAndKill(dir, told + 10 * kill);
            try (PatientStore store = PatientStore.open(dir)) {
                List<Association> versions = store.takeVersions();
                assertTrue(versions.size() >= told, "told " + told + ", kept " + versions.size());
                for (int i = 0; i < versions.size(); i++) {
                    assertEquals("a-" + (i + 1), versions.get(i).id());
                }
                assertTrue(store.persons().size() >= versions.size(), "every association has its patient");
                assertEquals(versions.get(0).ref(), store.find("number 1").orElseThrow());
                int orders = store.orders().book().all().size();
                int more = orders - versions.size();
                assertTrue(more == 0 || more == 1, "kept " + versions.size() + ", ordered " + orders);
                for (int i = Math.max(1, orders - 500); i <= orders; i++) {
                    assertTrue(store.orders().knows("lis/" + i), "command " + i + " would count twice");
                }
                told = versions.size();
            }
        }
    }

    /** @return the last number that the child said was kept */
    private int runAndKill(Path dir, int enough) throws IOException, InterruptedException {
        Path said = folder.resolve("said-" + enough);
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KeepingChild.class.getName(),
                        dir.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(said.toFile())
                .start();
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (last(said) < enough) {
            assertTrue(System.nanoTime() - endNs < 0 && child.isAlive(), "the child keeps too little");
            LockSupport.parkNanos(1_000_000);
        }
        child.destroyForcibly();
        assertTrue(child.waitFor(20, TimeUnit.SECONDS), "the child lives");
        return last(said);
    }

    /** The last number that was said whole. */
    private static int last(Path said) throws IOException {
        String text = Files.readString(said);
        int end = text.lastIndexOf('\n');
        int from = end < 0 ? 0 : text.lastIndexOf('\n', end - 1) + 1;
        String line = end < 0 ? "" : text.substring(from, end);
        return line.matches("\\d+") ? Integer.parseInt(line) : 0;
    }
}
