package org.wasla.gateway.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.config.StateStore;
import org.wasla.gateway.trust.TestKeys;
import org.wasla.gateway.uplink.Ear;

/** A clock that is wrong, a disk that was set back or is full, a state that cannot be read: the box is told and goes on. */
class DeskTimesIT {
    private static final long YEAR_MS = 366L * 86_400_000;
    private static final String ONE = "- {id: oxi-a, profile: oxi, link: \"tcp:127.0.0.1:1\"}\n";

    private static final String TWO = ONE + ONE.replace("oxi-a", "oxi-b").replace(":1\"", ":2\"");

    @TempDir
    Path folder;

    private final TestStates states = new TestStates();

    private DeskBox box(Path buffer) throws IOException {
        return new DeskBox(folder, buffer, states, ONE, 50);
    }

    @Test
    void aClockThatIsWrongByAYearDelaysAStateAndDoesNotLoseIt() throws Exception {
        String state = states.state(1).devices(ONE).sign();
        for (long wrongMs : new long[] {-YEAR_MS, YEAR_MS}) {
            try (DeskBox box = box(folder.resolve("buffer" + wrongMs))) {
                box.clockMs.set(wrongMs);
                assertTrue(box.give(state).contains("it is not valid now"));
                int before = box.reports.size();
                box.clockMs.set(0);
                box.desk.clockStepped();
                assertTrue(box.outcomeAfter(before).contains("\"s\":\"applied\""));
            }
        }
    }

    @Test
    void aStateThatIsTooEarlyIsTriedOnceItsTimeHasCome() throws Exception {
        try (DeskBox box = box(folder.resolve("buffer"))) {
            String state = states.state(1)
                    .between(states.nowS + 500, states.nowS + 5_000)
                    .devices(ONE)
                    .sign();
            assertTrue(box.give(state).contains("it is not valid now"));
            int before = box.reports.size();
            box.clockMs.set(1_000_000);
            assertTrue(box.outcomeAfter(before).contains("\"s\":\"applied\""));
        }
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target);
                }
            }
        }
    }

    @Test
    void aDiskThatWasSetBackTakesNoStateThatItHad() throws Exception {
        Path buffer = folder.resolve("buffer");
        Path image = folder.resolve("image");
        String first = states.state(1).devices(ONE).sign();
        String second = states.state(2).after(first).devices("[]").sign();
        String retained;
        try (DeskBox box = box(buffer)) {
            box.give(first);
            copy(buffer.resolve("trust"), image.resolve("trust"));
            Files.copy(buffer.resolve("revision.second"), image.resolve("revision.second"));
            retained = box.give(second);
            assertTrue(retained.contains("\"s\":\"applied\""), retained);
        }
        try (DeskBox box = box(image)) {
            int before = box.reports.size();
            box.desk.reported(retained.getBytes(StandardCharsets.UTF_8));
            String told = box.outcomeAfter(before);
            assertTrue(told.contains("\"rev\":2,\"hash\":\"" + TestStates.hash(first) + "\",\"s\":\"reverted\""), told);
            assertTrue(told.contains("its disk was set back to rev 1"), told);
            assertTrue(box.audit().contains("\"e\":\"revision-behind\""));
            // Somebody else's word is none.
            String forged = retained.replaceFirst(
                    "\"proof\":\"[^\"]*",
                    "\"proof\":\""
                            + TestStates.sign(
                                    "gw-1",
                                    "wasla-revision+jws",
                                    "{\"gw\":\"gw-1\",\"rev\":900,\"hash\":\"" + "a".repeat(64) + "\"}",
                                    TestKeys.pair()));
            box.desk.reported(forged.getBytes(StandardCharsets.UTF_8));
            box.desk.reported("{".getBytes(StandardCharsets.UTF_8));
            // Another one of the same number, and what follows on what the box no longer has.
            String other = states.state(2).after(first).devices(ONE).sign();
            assertTrue(box.give(other).contains("and the box has had 2"));
            String third = states.state(3).after(second).devices(ONE).sign();
            assertTrue(box.give(third).contains("prev does not name the state that the box is in"));
            // The very state that it had, or a newer one on what it has.
            assertTrue(box.give(second).contains("\"s\":\"applied\""));
            assertTrue(box.give(third).contains("\"s\":\"applied\""));
        }
        assertEquals(3, StateBook.open(image).highest().number());
    }

    @Test
    void aFullDiskLeavesTheBoxOnWhatItHas() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        int code = run("mount", "-t", "tmpfs", "-o", "size=24m,nr_inodes=400", "tmpfs", disk.toString());
        Assumptions.assumeTrue(code == 0, "no file system can be mounted here: run as root");
        try (DeskBox box = box(disk.resolve("buffer"))) {
            String first = states.state(1).devices(ONE).sign();
            assertTrue(box.give(first).contains("\"s\":\"applied\""));
            Path filler = disk.resolve("filler");
            fill(filler, 0);
            String second = states.state(2).after(first).devices(TWO).sign();
            String report = box.give(second);
            assertTrue(report.contains("\"s\":\"refused\"") && report.contains("it cannot be kept: "), report);
            // Room for the state itself, and none for the name of the one in force.
            StateStore store = new StateStore(disk.resolve("buffer"));
            Path taken = Files.createDirectories(disk.resolve("buffer/trust/states/current.new/taken"));
            fill(filler, 64 << 10);
            report = box.give(states.state(3).after(first).devices(TWO).sign());
            assertTrue(report.contains("\"s\":\"reverted\"") && report.contains("it cannot be kept: "), report);
            assertEquals(TestStates.hash(first), store.current().orElse(""));
            assertEquals(1, box.devices.workers().size(), "what was added is gone again");
            assertEquals(List.of("oxi-b removed"), box.removed);
            Files.delete(taken);
            Files.delete(taken.resolveSibling(""));
            Files.delete(filler);
            assertTrue(
                    box.give(states.state(4).after(first).devices(TWO).sign()).contains("\"s\":\"applied\""));
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    /** Writes until nothing more fits, and gives so much back. */
    private static void fill(Path filler, int leave) throws IOException {
        byte[] block = new byte[4_096];
        try (java.nio.channels.FileChannel out = java.nio.channels.FileChannel.open(
                filler,
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.WRITE,
                java.nio.file.StandardOpenOption.APPEND)) {
            try {
                while (true) {
                    out.write(java.nio.ByteBuffer.wrap(block));
                }
            } catch (IOException full) {
                out.truncate(out.size() - Math.min(out.size(), leave));
            }
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    }

    @Test
    void aStateThatTheSoftwareCannotReadLeavesItOnTheOneBefore() throws Exception {
        Path buffer = folder.resolve("buffer");
        String first =
                states.state(1).devices(ONE.replace("oxi-a", "oxi-first")).sign();
        String second = states.state(2).after(first).devices(ONE).sign();
        try (DeskBox box = box(buffer)) {
            box.give(first);
            assertTrue(box.give(second).contains("\"s\":\"applied\""));
        }
        Path states2 = buffer.resolve("trust/states");
        Files.writeString(states2.resolve(TestStates.hash(second)).resolve("devices.yaml"), ONE + "  newer: key\n");
        try (DeskBox box = box(buffer)) {
            Ear.until("the report", DeskBox.WAIT_MS, () -> !box.reports.isEmpty());
            String report = box.reports.get(0);
            assertTrue(report.contains("\"rev\":2,") && report.contains("\"s\":\"reverted\""), report);
            assertTrue(report.contains("devices line"), report);
            assertEquals(List.of("oxi-first"), List.copyOf(box.profiles().keySet()));
            assertTrue(box.audit().contains("\"e\":\"config-reverted\""));
        }
        Files.writeString(states2.resolve(TestStates.hash(first)).resolve("devices.yaml"), "newer\n");
        try (DeskBox box = box(buffer)) {
            assertEquals(List.of("oxi-a"), List.copyOf(box.profiles().keySet()), "what was installed");
            String third = states.state(3).after(second).devices(ONE).sign();
            assertTrue(box.give(third).contains("\"s\":\"applied\""), box.reports.toString());
        }
    }
}
