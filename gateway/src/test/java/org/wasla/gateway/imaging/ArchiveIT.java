package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.dicom.DataSetBytes;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.imaging.ForwardSettings.Destination;

/** DCMTK's archive takes what we forward, and a viewer finds it there. */
class ArchiveIT {
    private static final String STUDY = "1.2.826.43";

    @TempDir
    Path dir;

    @TempDir
    Path work;

    // A PACS that takes images and does not list them has lost them for the one who looks.
    @Test
    void whatIsForwardedIsFoundInTheArchive() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/dcmqrscp")), "dcmtk is not installed");
        int port = Storescp.freePort();
        Path config = Files.writeString(
                work.resolve("archive.cfg"), """
                NetworkTCPPort = %d
                MaxPDUSize = 16384
                MaxAssociations = 16
                HostTable BEGIN
                HostTable END
                VendorTable BEGIN
                VendorTable END
                AETable BEGIN
                ARCHIVE %s RW (100, 100mb) ANY
                AETable END
                """.formatted(port, Files.createDirectory(work.resolve("images"))));
        Process archive = new ProcessBuilder("dcmqrscp", "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("archive.log").toFile())
                .start();
        try {
            Objects.await("the archive listens", () -> Storescp.isListening(port));
            Destination to = ForwardIT.to("archive", new ForwardSettings.Node("ARCHIVE", "127.0.0.1", port, null));
            try (Receiver receiver = ForwardIT.receiver(dir, false, to)) {
                send(receiver);
                Objects.await(
                        "all are settled",
                        () -> ForwardIT.progress(receiver, "archive").waiting() == 0);
                assertEquals(Map.of(), ForwardIT.progress(receiver, "archive").aside());
            }
            String found = find(port);
            for (int i = 1; i <= 3; i++) {
                assertTrue(found.contains("[" + STUDY + ".1." + i), found);
            }
        } finally {
            archive.destroyForcibly();
            archive.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private static void send(Receiver receiver) throws IOException {
        for (int i = 1; i <= 3; i++) {
            byte[] image = DataSetBytes.explicit()
                    .text(0x0008_0016, "UI", Objects.CT)
                    .text(0x0008_0018, "UI", STUDY + ".1." + i)
                    .text(0x0008_0020, "DA", "20260616")
                    .text(0x0008_0060, "CS", "CT")
                    .text(0x0010_0010, "PN", "Example^Anna")
                    .text(0x0010_0020, "LO", "4711")
                    .text(0x0020_000d, "UI", STUDY)
                    .text(0x0020_000e, "UI", STUDY + ".1")
                    .element(0x7fe0_0010, "OW", Objects.noise(1_000, i))
                    .toArray();
            FileHead head = new FileHead(Objects.CT, STUDY + ".1." + i, Uids.EXPLICIT_LITTLE, "", 0);
            try (Sender sender = receiver.sender(head)) {
                assertEquals(0, sender.store(head, out -> out.write(image)).orElseThrow());
            }
        }
    }

    private String find(int port) throws IOException, InterruptedException {
        Process findscu = new ProcessBuilder(
                        "findscu",
                        "-S",
                        "-aec",
                        "ARCHIVE",
                        "127.0.0.1",
                        Integer.toString(port),
                        "-k",
                        "0008,0052=IMAGE",
                        "-k",
                        "0020,000D=" + STUDY,
                        "-k",
                        "0020,000E=" + STUDY + ".1",
                        "-k",
                        "0008,0018")
                .redirectErrorStream(true)
                .start();
        String said = new String(findscu.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, findscu.waitFor(), said);
        return said;
    }
}
