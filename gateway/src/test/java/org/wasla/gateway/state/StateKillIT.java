package org.wasla.gateway.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.state.StateSteps.Killed;
import org.wasla.gateway.state.StateSteps.State;

/**
 * The process ends at each step on disk of taking a state up, writes half done: the box is on exactly the old or exactly
 * the new state, its revision fits, and the new state can be given again.
 */
class StateKillIT {
    private static final boolean IS_LONG = Boolean.getBoolean("wasla.long");
    private static final StepFiles EVERY = new StepFiles(step -> {});
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final int NEAR_THE_END = 30;
    private static final int MS_OF_A_CHILD = 60_000;

    /** In memory where there is such a place: that is enough for a process that ends, and fast. */
    private Path folder = Path.of("");

    private final StateSteps steps = new StateSteps();
    private final State first = steps.state(1, "first");
    private final State old = steps.state(2, "old");
    private final State next = steps.state(3, "new");
    private int onOld;
    private int onNew;

    @BeforeEach
    void makeFolder(@TempDir Path disk) throws IOException {
        folder = Files.isWritable(MEMORY) ? Files.createTempDirectory(MEMORY, "wasla-kill") : disk;
    }

    @AfterEach
    void delete() throws IOException {
        delete(folder);
    }

    private static void delete(Path all) throws IOException {
        try (Stream<Path> left = Files.walk(all)) {
            for (Path each : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    /** A box that has had two states, so that the third deletes one. */
    private Path box(int step) throws IOException {
        Path buffer = Files.createDirectories(folder.resolve("box-" + step));
        StateSteps.apply(EVERY.of(buffer), first);
        StateSteps.apply(EVERY.of(buffer), old);
        return buffer;
    }

    private static Map<String, String> files(Path profiles) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> all = Files.walk(profiles)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                found.put(profiles.relativize(each).toString(), Files.readString(each));
            }
        }
        return found;
    }

    /** The state that a box is on, all of it. */
    private State standing(Path buffer, String when) throws IOException {
        StateBook book = StateBook.open(EVERY.of(buffer));
        State on = book.current().hash().equals(next.hash()) ? next : old;
        assertEquals(on.hash(), book.current().hash(), when);
        assertEquals(on.revision(), book.current().number(), when);
        assertEquals(on.revision(), book.highest().number(), when);
        assertEquals(on.hash(), book.highest().hash(), when);
        assertEquals(on.signed(), book.store().signed(), when);
        assertEquals(on.devices(), book.store().devices(on.hash()).orElse(""), when);
        assertEquals(on.files(), files(book.store().profiles(on.hash())), when);
        return on;
    }

    private void goesOn(Path buffer, String when) throws IOException {
        if (standing(buffer, when).equals(next)) {
            onNew++;
        } else {
            onOld++;
            StateSteps.apply(EVERY.of(buffer), next);
            assertEquals(next, standing(buffer, when + " and given again"));
        }
        delete(buffer);
    }

    @Test
    void everyStepMayBeTheLast() throws Exception {
        StepFiles dry = new StepFiles(step -> {});
        Path whole = box(0);
        StateSteps.apply(dry.of(whole), next);
        int all = dry.count();
        assertTrue(all > 40, "only " + all + " steps");
        // Most are those of writing the state aside; the last ones are those that matter.
        for (int step = 1; step <= all; step += IS_LONG || step > all - NEAR_THE_END ? 1 : 4) {
            int last = step;
            Path buffer = box(step);
            StepFiles files = new StepFiles(now -> {
                if (now >= last) {
                    throw new Killed();
                }
            });
            try {
                StateSteps.apply(files.of(buffer), next);
                throw new AssertionError("it came to its end before step " + last);
            } catch (Killed here) {
                assertTrue(files.count() >= last, "step " + last);
            }
            goesOn(buffer, "killed at step " + step);
        }
        assertTrue(onOld > 10 && onNew > 5, onOld + " times old, " + onNew + " times new");
    }

    /** The same with a process that really ends. */
    @Test
    void aProcessIsKilled() throws Exception {
        int step = IS_LONG ? 1 : 25;
        int by = IS_LONG ? 1 : 30;
        int code = 137;
        for (; code == 137; step += by) {
            Path buffer = box(step);
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            StateSteps.class.getName(),
                            buffer.toString(),
                            "3",
                            "new",
                            String.valueOf(step))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("child.log").toFile())
                    .start();
            assertTrue(child.waitFor(MS_OF_A_CHILD, TimeUnit.MILLISECONDS));
            code = child.exitValue();
            assertTrue(code == 137 || code == 0, Files.readString(folder.resolve("child.log")));
            // It signed with a key of its own; what it signed is the same.
            StateBook book = StateBook.open(buffer);
            boolean isNew = book.current().hash().equals(next.hash());
            assertEquals(
                    isNew ? next.files() : old.files(),
                    files(book.store().profiles(book.current().hash())));
            assertEquals(isNew ? 3 : 2, book.highest().number(), "killed at step " + step);
            assertTrue(code == 137 || isNew, "it came to its end");
        }
    }
}
