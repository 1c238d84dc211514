package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.dicom.DataSetBytes;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.dicom.Uids;

/** A film of an angiography is larger than the memory of the box: what receiving takes must not depend on it. */
class ImagingMemoryIT {
    private static final long LARGE_BYTES = Boolean.getBoolean("wasla.long") ? 1L << 30 : 200L << 20;
    private static final long GROWTH_KB_MAX = 16L << 10;
    private static final String FILM = "1.2.840.10008.5.1.4.1.1.12.1";
    private static final int WARM = 5;

    @TempDir
    Path folder;

    @Test
    void aLargeObjectTakesNoMoreMemoryThanASmallOne() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/status")), "there is no /proc here");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReceiverChild.class.getName(),
                        folder.resolve("store").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            int port = Integer.parseInt(String.valueOf(out.readLine()));
            Sender.Peer peer = new Sender.Peer("127.0.0.1", port, "WASLA", "XA1");
            try (Sender sender = Sender.open(peer, java.util.List.of(head("2.25.1")), Timing.USUAL)) {
                for (int i = 1; i <= WARM; i++) {
                    send(sender, "2.25." + i, 1L << 20);
                }
                long before = peakKb(child);
                send(sender, "2.25.99", LARGE_BYTES);
                long growth = peakKb(child) - before;
                assertTrue(growth < GROWTH_KB_MAX, LARGE_BYTES + " bytes took " + growth + " kB more");
            }
        } finally {
            child.destroyForcibly();
            assertTrue(child.waitFor(30, TimeUnit.SECONDS));
        }
    }

    private static FileHead head(String uid) {
        return new FileHead(
                FILM, uid, Uids.EXPLICIT_LITTLE, "", FileHead.write(FILM, uid, Uids.EXPLICIT_LITTLE, "").length);
    }

    /** The pixels are a hole in the file: they are there for whoever reads, and take no room on this side. */
    private void send(Sender sender, String uid, long pixelBytes) throws IOException {
        Path file = folder.resolve("film.dcm");
        byte[] data = DataSetBytes.explicit()
                .text(0x0008_0016, "UI", FILM)
                .text(0x0008_0018, "UI", uid)
                .text(0x0020_000d, "UI", "2.25.7")
                .text(0x0020_000e, "UI", "2.25.8")
                .element(0x7fe0_0010, "OW", new byte[0])
                .toArray();
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(0);
            out.write(FileHead.write(FILM, uid, Uids.EXPLICIT_LITTLE, ""));
            out.write(data, 0, data.length - Integer.BYTES);
            out.writeInt(Integer.reverseBytes((int) pixelBytes));
            out.setLength(out.length() + pixelBytes);
        }
        assertEquals(Optional.of(0), sender.store(file, head(uid)));
        Files.delete(file);
    }

    private static long peakKb(Process process) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("no VmHWM");
    }
}
