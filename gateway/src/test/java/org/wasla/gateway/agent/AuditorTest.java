package org.wasla.gateway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.audit.Auditor;
import org.wasla.gateway.observation.JsonText;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;

class AuditorTest {
    private static final String FIRST = "a".repeat(64);

    @TempDir
    Path dir;

    private Path buffer() {
        return dir.resolve("buffer");
    }

    private Outbox outbox() throws IOException {
        return Outbox.open(new OutboxSettings(buffer(), 64 << 20, 0), Gaps::event);
    }

    /** Names and fields of the events so far. */
    private List<String> events() throws IOException {
        List<String> events = new ArrayList<>();
        try (Stream<Path> files = Files.list(Auditor.folder(buffer()))) {
            for (Path file : files.toList()) {
                for (String line : Files.readAllLines(file)) {
                    events.add(
                            line.replaceFirst(".*\"e\":\"(.*),\"p\":.*", "$1").replace("\"", ""));
                }
            }
        }
        return events.stream().filter(event -> !event.startsWith("head")).toList();
    }

    /** An audit that silently lacks a record proves nothing: it must be seen from afar. */
    @Test
    void whatCannotBeWrittenIsCountedInHealth() throws Exception {
        Files.createDirectories(Auditor.folder(buffer()));
        // The file is full, and the name of the next one is taken.
        Files.writeString(Auditor.folder(buffer()).resolve("audit-1.log"), "-".repeat(5 << 20) + "\n");
        try (Outbox outbox = outbox();
                Auditor auditor = Auditor.open("gw-1", buffer(), outbox)) {
            assertEquals("{\"audit\":{\"missed\":0}}", JsonText.write(auditor::health));
            auditor.note("command", Map.of());
            auditor.note("command", Map.of());
            assertEquals("{\"audit\":{\"missed\":2}}", JsonText.write(auditor::health));
        }
    }

    private void start(Path file) throws IOException {
        ConfigMark mark = ConfigMark.of(file);
        try (Outbox outbox = outbox();
                Auditor auditor = Auditor.open("gw-1", buffer(), outbox)) {
            mark.tell(buffer(), auditor);
        }
    }

    /** Fact sheet of the contract, 6.4: whoever changes what the box does is seen, also with an editor. */
    @Test
    void aConfigurationFileThatWasEditedBetweenTwoStartsIsTold() throws Exception {
        Path file = Files.writeString(dir.resolve("wasla.yaml"), "one");
        String one = org.wasla.gateway.command.DesiredReader.sha256("one");
        String two = org.wasla.gateway.command.DesiredReader.sha256("two");
        start(file);
        assertEquals(List.of("config-file,after:" + one), events());
        start(file);
        assertEquals(1, events().size(), "nothing was edited");
        Files.writeString(file, "two");
        start(file);
        assertEquals("config-file,after:" + two + ",before:" + one, events().get(1));
        Files.delete(file);
        start(file);
        assertEquals("config-file,after:unreadable,before:" + two, events().get(2));
        // Whoever takes the mark away is seen, too; what stands there is no way into the audit.
        Files.writeString(buffer().resolve("trust/config-file"), FIRST + "\",\"x\":\"");
        start(Files.writeString(file, "two"));
        assertEquals(
                List.of("config-file,after:" + two), events().stream().skip(3).toList());
    }
}
