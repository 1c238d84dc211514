package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Design 11: nothing accepted is lost, 0 of all, over kill -9. */
class OutboxCrashIT {

    private static final int ROUNDS = Integer.getInteger("wasla.kills", 6);
    private static final int LINES_BEFORE_KILL = 400;

    @TempDir
    Path dir;

    @Test
    void killedProcessHasKeptAllThatItAcknowledged() throws Exception {
        Map<String, Long> acknowledged = new HashMap<>();
        for (int round = 1; round <= ROUNDS; round++) {
            runAndKill(acknowledged, LINES_BEFORE_KILL / 2 + round * 37);
            try (Outbox outbox = Outbox.open(CrashingAppender.settings(dir), Gaps::event)) {
                assertEquals(0, outbox.status().quarantined(), "round " + round);
                assertEquals(2L * round, outbox.boot());
                List<Entry> entries = Drafts.all(outbox, Urgency.OBSERVATION);
                for (Map.Entry<String, Long> device : acknowledged.entrySet()) {
                    List<Long> numbers = Drafts.numbers(entries, device.getKey());
                    assertEquals(
                            LongStream.rangeClosed(1, numbers.size()).boxed().toList(), numbers);
                    assertTrue(
                            numbers.size() >= device.getValue(),
                            () -> "lost: " + device + " acknowledged, " + numbers.size() + " there");
                }
                for (Entry entry : entries) {
                    assertEquals(outbox.epoch() + "/" + entry.device() + ".obs." + entry.seq(), Drafts.text(entry));
                }
            }
        }
        assertEquals(CrashingAppender.DEVICES, acknowledged.size());
    }

    private void runAndKill(Map<String, Long> acknowledged, int lines) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(CrashingAppender.class.getName(), dir.toString()));
        Process child = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
            int read = 0;
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("ack ")) {
                    acknowledged.merge(line.substring("ack ".length()), 1L, Long::sum);
                    read++;
                }
                if (read == lines) {
                    child.toHandle().destroyForcibly();
                }
            }
            assertTrue(read >= lines, "the child ended by itself after " + read + " lines");
        }
        assertTrue(child.waitFor(10, TimeUnit.SECONDS));
    }
}
