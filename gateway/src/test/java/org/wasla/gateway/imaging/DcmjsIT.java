package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.imaging.ImagingSettings.Limits;
import org.wasla.gateway.uplink.Mosquitto;

/**
 * The one independent peer for performed steps and storage commitment that can be had (DCMTK and Orthanc play neither). Skips
 * where it is not installed.
 */
class DcmjsIT {
    private static final Path MODULES = Path.of(Optional.ofNullable(System.getenv("WASLA_DCMJS"))
            .orElse(System.getProperty("user.home") + "/.cache/wasla/dcmjs/node_modules"));
    private static final Path NODE = Path.of("/usr/bin/node");

    @TempDir
    Path dir;

    @TempDir
    Path work;

    @Test
    void anotherToolkitsModalityIsUnderstood() throws Exception {
        Assumptions.assumeTrue(
                Files.isDirectory(MODULES.resolve("dcmjs-dimse")) && Files.isExecutable(NODE),
                "skipped: dcmjs-dimse is not installed: npm install --prefix ~/.cache/wasla/dcmjs dcmjs-dimse@0.3.3");
        int listens = Mosquitto.freePort();
        StepSettings steps = new StepSettings(Map.of("DX1", new StepSettings.Address("", listens)), Map.of(), null);
        ImagingSettings settings = Receiver.settings(dir, Limits.USUAL, null).with(steps);
        try (Receiver receiver = new Receiver(dir, settings, Timing.USUAL)) {
            Path image = Objects.file(work, "1.2.826.9.2", Objects.dataSet("1.2.826.9.2", "1.9", "1.9.1", 1_000));
            FileHead head = java.util.Objects.requireNonNull(Sender.head(image));
            try (Sender sender = receiver.sender(head)) {
                assertEquals(Optional.of(0), sender.store(image, head));
            }
            assertEquals(
                    List.of(
                            "{\"create\":0}",
                            "{\"create-again\":273}",
                            "{\"set\":0}",
                            "{\"set-late\":272}",
                            "{\"action\":0}",
                            "{\"report\":2,\"transaction\":\"1.2.826.9.7\",\"held\":1,\"failed\":1}"),
                    modality(receiver.port(), listens, "1.2.826.9.2"));
            Objects.await("closed", () -> receiver.told.contains("study-closed 1.9 1 1"));
        }
    }

    private List<String> modality(int port, int listens, String instance) throws Exception {
        Path script = work.resolve("modality.js");
        try (InputStream in = java.util.Objects.requireNonNull(DcmjsIT.class.getResourceAsStream("modality.js"))) {
            Files.copy(in, script);
        }
        File out = work.resolve("out").toFile();
        ProcessBuilder builder = new ProcessBuilder(
                NODE.toString(), script.toString(), MODULES.toString(), Integer.toString(port), instance);
        builder.environment().put("LISTEN", Integer.toString(listens));
        Process process = builder.redirectErrorStream(true).redirectOutput(out).start();
        try {
            assertTrue(process.waitFor(30, TimeUnit.SECONDS), Files.readString(out.toPath()));
        } finally {
            process.destroyForcibly();
        }
        return Files.readAllLines(out.toPath(), StandardCharsets.UTF_8).stream()
                .filter(line -> line.startsWith("{"))
                .toList();
    }
}
