package org.wasla.gateway.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;

class AuditTrailTest {
    private static final long S = TimeUnit.SECONDS.toNanos(1);

    @TempDir
    Path buffer;

    private final AuditTrail trail = new AuditTrail(30_000, 0);

    private List<String> events(Auditor auditor) throws IOException {
        auditor.close();
        try (Stream<Path> files = Files.list(Auditor.folder(buffer))) {
            Path file = files.findFirst().orElseThrow();
            return Files.readAllLines(file).stream()
                    .map(line ->
                            line.replaceFirst(".*\"e\":\"(.*),\"p\":.*", "$1").replace("\"", ""))
                    .filter(event -> !event.startsWith("head"))
                    .toList();
        }
    }

    private Outbox outbox() throws IOException {
        return Outbox.open(new OutboxSettings(buffer, 64 << 20, 0), Gaps::event);
    }

    @Test
    void outagesAndAFullBufferAreTheirBeginningAndTheirEnd() throws Exception {
        try (Outbox outbox = outbox()) {
            Auditor auditor = Auditor.open("gw-1", buffer, outbox);
            trail.tick(auditor, true, false, S);
            // Away for a moment is no outage.
            trail.tick(auditor, false, false, 2 * S);
            trail.tick(auditor, false, false, 31 * S);
            trail.tick(auditor, true, false, 31 * S);
            trail.tick(auditor, false, false, 40 * S);
            trail.tick(auditor, false, true, 70 * S);
            trail.tick(auditor, false, true, 90 * S);
            trail.tick(auditor, false, false, 91 * S);
            trail.tick(auditor, false, true, 92 * S);
            trail.tick(auditor, false, false, 93 * S);
            trail.tick(auditor, true, false, 100 * S);
            assertEquals(
                    List.of("delivery-outage", "buffer-full", "buffer-room", "delivery-restored,s:60"),
                    events(auditor));
        }
    }

    @Test
    void whatIsDroppedIsTheRangeOfItsNumbersAndTheRateIsBounded() throws Exception {
        try (Outbox outbox = outbox()) {
            Auditor auditor = Auditor.open("gw-1", buffer, outbox);
            trail.dropped("vent-1.wav", 5, 9, "quota");
            trail.dropped("vent-1.wav", 20, 29, "quota");
            trail.dropped("vent-1.wav", 10, 10, "damage");
            trail.associated("oxi-1", "a-81", "F", true);
            trail.tick(auditor, true, false, S);
            for (int i = 0; i < 1_000; i++) {
                trail.dropped("dev-" + i + ".wav", 1, 1, "quota");
                trail.associated("oxi-1", "a-" + i, "D", false);
            }
            trail.tick(auditor, true, false, 2 * S);
            List<String> events = events(auditor);
            assertEquals(13, events.size(), "three, and ten in a tick");
            assertEquals(
                    List.of(
                            "data-dropped,count:15,from:5,of:vent-1.wav,to:29,why:quota",
                            "data-dropped,count:1,from:10,of:vent-1.wav,to:10,why:damage",
                            "association,as:a-81,dev:oxi-1,open:true,st:F"),
                    events.subList(0, 3));
            auditor = Auditor.open("gw-1", buffer, outbox);
            for (int i = 3; i < 40; i++) {
                trail.tick(auditor, true, false, i * S);
            }
            events = events(auditor);
            assertTrue(events.contains("data-dropped,count:900,why:more streams"), events.toString());
            assertTrue(events.contains("association,count:900"), events.toString());
        }
    }
}
