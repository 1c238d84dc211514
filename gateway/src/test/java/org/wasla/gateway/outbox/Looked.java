package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A stopped buffer in a directory, and looks at it that must not change a byte. */
final class Looked {

    static final int RECORDS = 5_000;

    private final Path dir;
    private final long maxBytes;

    Looked(Path dir) {
        this(dir, 16L << 20);
    }

    Looked(Path dir, long maxBytes) {
        this.dir = dir;
        this.maxBytes = maxBytes;
    }

    OutboxSettings settings() {
        return new OutboxSettings(dir, maxBytes, 0);
    }

    Outbox open() throws IOException {
        return Outbox.open(settings(), Gaps::event);
    }

    static Draft noise(String device, String kind, Urgency urgency) {
        return new Draft(device, kind, urgency, System.currentTimeMillis(), (epoch, seq) -> {
            byte[] bytes = new byte[1_500];
            new Random(seq).nextBytes(bytes);
            return bytes;
        });
    }

    void fill() throws IOException {
        try (Outbox outbox = open()) {
            for (int i = 0; i < RECORDS; i += 100) {
                List<Draft> drafts = new ArrayList<>();
                for (int j = 0; j < 50; j++) {
                    drafts.add(noise("a", "obs", Urgency.OBSERVATION));
                    drafts.add(noise("a", "wav", Urgency.WAVE));
                }
                drafts.add(Drafts.alarm("b"));
                outbox.append(drafts);
            }
        }
    }

    List<Path> files(String glob) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, glob)) {
            files.forEach(found::add);
        }
        found.sort(null);
        return found;
    }

    /** Looks at everything, and at that the directory is afterwards what it was. */
    Verification verify() throws IOException {
        Map<String, String> before = Imprint.of(dir);
        try (BufferLook look = BufferLook.open(settings())) {
            Verification found = look.verify(Gaps::told, (file, bytes) -> {});
            look.figures();
            look.export(new BufferLook.Wanted(null, false), Gaps::told, entry -> {}, finding -> {});
            assertEquals(before, Imprint.of(dir), "a look changes nothing");
            return found;
        }
    }

    List<Entry> export(BufferLook.Wanted wanted, List<Finding> findings) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (BufferLook look = BufferLook.open(settings())) {
            long count = look.export(wanted, Gaps::told, entries::add, findings::add);
            assertEquals(entries.size(), count);
        }
        for (int i = 1; i < entries.size(); i++) {
            assertTrue(entries.get(i - 1).position() < entries.get(i).position(), "in order, and each once");
        }
        return entries;
    }

    static void assertRed(Verification found, String file, String what) {
        assertTrue(
                found.findings().stream()
                        .anyMatch(each ->
                                each.file().contains(file) && each.what().contains(what)),
                found.findings().toString());
        assertTrue(found.findings().stream().noneMatch(each -> each.remedy().isEmpty()));
    }
}
