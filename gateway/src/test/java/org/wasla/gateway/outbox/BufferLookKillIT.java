package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent leaves that was killed, or that had to give something up, is no damage. */
class BufferLookKillIT {

    /** So much that the budget takes nothing, however far the store is behind the journal on a busy machine. */
    private static final long ROOM_BYTES = 64L << 20;

    @TempDir
    Path dir;

    private Looked looked() {
        return new Looked(dir, ROOM_BYTES);
    }

    /** What a kill -9 leaves is whole: half-written groups and files that were never closed are no findings. */
    @Test
    void whatAKillLeavesIsCleanAndComplete() throws Exception {
        int open = 0;
        for (int round = 2; round <= 8; round += 2) {
            long acknowledged = runAndKill(7 + 5 * round);
            open += looked().files("records-*.mv.db").size()
                    - looked().files("records-*.sum").size();
            Verification found = looked().verify();
            assertEquals(List.of(), found.findings(), "round " + round);
            List<Finding> findings = new ArrayList<>();
            List<Entry> held = looked().export(new BufferLook.Wanted("a.obs", false), findings);
            assertEquals(List.of(), findings);
            assertTrue(held.size() >= acknowledged, held.size() + " of " + acknowledged);
            assertEquals(held.size(), held.get(held.size() - 1).seq(), "no hole");
        }
        assertTrue(open > 0, "no file was open at any kill: the test shows nothing");
    }

    /** A kill may come while H2 makes the next file: whatever it has written of it by then is no damage. */
    @Test
    void aFileCutWhileItWasMadeIsNoFinding() throws Exception {
        looked().fill();
        Path made = dir.resolve("records-000099.mv.db");
        Path elsewhere = Files.createDirectory(dir.resolve("elsewhere"));
        String url = "jdbc:h2:file:" + elsewhere.resolve("made") + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
        Path written = elsewhere.resolve("made.mv.db");
        List<byte[]> stages = new ArrayList<>(List.of(new byte[0]));
        try (Connection connection = DriverManager.getConnection(url, "sa", "");
                Statement statement = connection.createStatement()) {
            byte[] first = Files.readAllBytes(written);
            stages.addAll(List.of(Arrays.copyOf(first, 4_096), Arrays.copyOf(first, 8_192), first));
            statement.execute(
                    "CREATE TABLE block(place BIGINT PRIMARY KEY, after BIGINT NOT NULL, last BIGINT NOT NULL,"
                            + " entries BIGINT NOT NULL, weight BIGINT NOT NULL, ranges VARBINARY(1048576) NOT NULL)");
            statement.execute("CHECKPOINT SYNC");
            stages.add(Files.readAllBytes(written));
        }
        try (java.util.stream.Stream<Path> files = Files.walk(elsewhere)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        for (byte[] stage : stages) {
            Files.write(made, stage);
            assertEquals(List.of(), looked().verify().findings(), stage.length + " bytes");
            Files.delete(made);
        }
    }

    /** Gives how many records of a.obs the child had acknowledged in all its lives. */
    private long runAndKill(int groups) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        dir.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long last = 0;
        try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < groups; i++) {
                String line = out.readLine();
                if (line == null) {
                    throw new AssertionError("the child ended by itself");
                }
                last = Long.parseLong(line);
            }
            child.toHandle().destroyForcibly();
        }
        assertTrue(child.waitFor(10, TimeUnit.SECONDS));
        return last;
    }

    /** Appends until it is killed; a line a group: how many records of a.obs there are. */
    static final class Child {
        private Child() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] args) throws IOException {
            Outbox outbox = new Looked(Path.of(args[0]), ROOM_BYTES).open();
            long[] last = new long[1];
            while (true) {
                List<Draft> drafts = new ArrayList<>();
                for (int i = 0; i < 25; i++) {
                    drafts.add(new Draft("a", "obs", Urgency.OBSERVATION, 0, (epoch, seq) -> {
                        last[0] = seq;
                        return new byte[] {(byte) seq, 1, 2};
                    }));
                    drafts.add(Looked.noise("b", "obs", Urgency.OBSERVATION));
                }
                outbox.append(drafts);
                System.out.println(last[0]);
            }
        }
    }

    /** Numbers that were used up by a loss and told are no hole. */
    @Test
    void whatTheBudgetTookIsNoFinding() throws Exception {
        try (Outbox outbox = Outbox.open(new OutboxSettings(dir, 4L << 20, 0), Gaps::event)) {
            for (int i = 0; i < 100; i++) {
                List<Draft> drafts = new ArrayList<>();
                for (int j = 0; j < 50; j++) {
                    drafts.add(Looked.noise("a", "obs", Urgency.OBSERVATION));
                }
                outbox.append(drafts);
            }
            assertTrue(!Gaps.of(Drafts.all(outbox, Urgency.RESULT)).isEmpty(), "nothing was given up");
        }
        Map<String, String> before = Imprint.of(dir);
        try (BufferLook look = BufferLook.open(new OutboxSettings(dir, 4L << 20, 0))) {
            assertEquals(List.of(), look.verify(Gaps::told, (file, bytes) -> {}).findings());
        }
        assertEquals(before, Imprint.of(dir));
    }
}
