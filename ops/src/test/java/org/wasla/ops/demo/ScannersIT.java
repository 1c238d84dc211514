package org.wasla.ops.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.imaging.Imaging;
import org.wasla.gateway.imaging.ImagingSettings;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.Result;

/** What the demo shows has to be what scanners send, also where DCMTK cannot be had. */
class ScannersIT {
    private static final Path STORESCU = Path.of("/usr/bin/storescu");
    private static final long PATIENCE_S = 30;
    private static final Path DSRDUMP = Path.of("/usr/bin/dsrdump");

    @TempDir
    Path folder;

    private final ConcurrentLinkedQueue<RecordBody> told = new ConcurrentLinkedQueue<>();

    private Imaging receiver() throws Exception {
        ImagingSettings settings = new ImagingSettings(
                "WASLA",
                false,
                0,
                List.of(),
                folder.resolve("store"),
                1L << 30,
                60_000,
                null,
                ImagingSettings.Limits.USUAL);
        return Imaging.start(settings, Timing.USUAL, news -> told.addAll(news.bodies()));
    }

    private Set<String> names() {
        return told.stream()
                .flatMap(body -> body instanceof RecordBody.Examined of && of.body() instanceof RecordBody.Results all
                        ? all.results().stream()
                        : Stream.<Result>empty())
                .map(result -> String.valueOf(result.what().what().name()))
                .collect(Collectors.toSet());
    }

    private void sends(List<Path> storescu) throws Exception {
        List<String> figures = List.of("ctdi-vol", "dlp-total", "kvp", "bpd", "fetal-weight", "gestational-age");
        try (Imaging imaging = receiver()) {
            Scanners scanners = new Scanners(folder.resolve("scanners"), storescu);
            scanners.send("WASLA", imaging.ports().get(0));
            assertEquals(
                    ScanObjects.SLICES + ScanObjects.FRAMES + 2,
                    imaging.figures().instances());
            // Objects are read after they were acknowledged.
            long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
            while (!names().containsAll(figures) && System.nanoTime() - endNs < 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
        Set<String> names = names();
        figures.forEach(figure -> assertTrue(names.contains(figure), figure + " is missing in " + names));
    }

    @Test
    void theBoxTakesAndTellsWhatStorescuSends() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(STORESCU), "dcmtk is not installed: apt-get install dcmtk");
        sends(List.of(STORESCU));
    }

    @Test
    void withoutDcmtkOurOwnSenderDoes() throws Exception {
        sends(List.of());
    }

    /** A report that DCMTK's own reader does not take would show what no device sends. */
    @Test
    void theReportsHoldToTheirTemplates() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(DSRDUMP), "dcmtk is not installed: apt-get install dcmtk");
        ScanObjects objects = new ScanObjects(LocalDateTime.of(2026, 6, 16, 8, 0));
        objects.chest(folder);
        objects.fetus(folder);
        for (String report : List.of("dose.dcm", "measured.dcm")) {
            Path out = folder.resolve("out");
            Process dump = new ProcessBuilder(
                            DSRDUMP.toString(), folder.resolve(report).toString())
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            assertEquals(0, dump.waitFor(), Files.readString(out));
            assertTrue(!Files.readString(out).contains("\nE: "), Files.readString(out));
        }
    }
}
