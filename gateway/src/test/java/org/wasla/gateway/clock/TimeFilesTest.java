package org.wasla.gateway.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of both time services, as they write them. */
class TimeFilesTest {
    private static final long T = 1_781_596_804_000L;

    @TempDir
    Path root;

    private void write(String name, long atMs, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(java.util.Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.fromMillis(atMs));
    }

    private void tracking(long atMs, String leap, String error) throws IOException {
        write("var/log/chrony/tracking.log", atMs, """
                ==================================================================================================
                   Date (UTC) Time     IP Address   St   Freq ppm   Skew ppm     Offset L Co  Offset sd Rem. corr. ...
                ==================================================================================================
                2026-06-16 08:00:04 192.0.2.15       2     -3.541      0.075 -8.621e-06 %s  2  2.940e-03 -2.084e-04\
                  1.534e-02  3.472e-04  %s
                """.formatted(leap, error));
    }

    @Test
    void nothingThereIsNoWord() {
        assertNull(new TimeFiles(root).word());
    }

    @Test
    void timesyncdTellsWhenAndNoBound() throws Exception {
        write("run/systemd/timesync/synchronized", T, "");
        assertEquals(new TimeService.Word(T, null), new TimeFiles(root).word());
    }

    @Test
    void chronysTrackingTellsItsBoundRoundedUp() throws Exception {
        write("var/lib/chrony/chrony.drift", T - 5_000, "-3.5 0.07\n");
        tracking(T, "N", "8.304e-03");
        assertEquals(new TimeService.Word(T, 9L), new TimeFiles(root).word());
    }

    @Test
    void anUnsynchronisedOrStrangeLineIsNoWord() throws Exception {
        tracking(T, "?", "8.304e-03");
        assertNull(new TimeFiles(root).word());
        write("var/log/chrony/tracking.log", T, "half a li");
        assertNull(new TimeFiles(root).word());
        write("var/log/chrony/tracking.log", T, "");
        assertNull(new TimeFiles(root).word());
    }

    @Test
    void theNewestWordCounts() throws Exception {
        tracking(T - 60_000, "N", "8.304e-03");
        write("run/systemd/timesync/synchronized", T, "");
        assertEquals(new TimeService.Word(T, null), new TimeFiles(root).word());
    }
}
