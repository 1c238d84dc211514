package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code wasla imaging} as the guide tells an engineer to use it, beside a receiver that holds the store. */
class ImagingToolIT {
    private static final int OBJECTS = 3;

    @TempDir
    Path folder;

    @Test
    void listAndDumpShowWhatWasSentAndNeverWhoseItIs() throws Exception {
        Path config = Files.writeString(folder.resolve("wasla.yaml"), """
                gateway: {id: gw-1, region: ma-06, site: chu-1, zone: UTC}
                uplink: {servers: ["mqtt://127.0.0.1:1"]}
                devices: []
                dicom: {store: "%s"}
                """.formatted(ScanBox.store(folder)));
        try (ScanBox box = ScanBox.open(folder);
                Modality modality = new Modality(folder.resolve("modality"))) {
            modality.sendWhile(box.port(), () -> modality.acknowledged().size() < OBJECTS);
            Platform.await("the records", () -> ScanJudge.count(box) >= OBJECTS);
            Tool.Result list = Tool.run(folder, "imaging", "list", "--config", config.toString());
            assertEquals(0, list.exitCode(), list.err());
            String[] lines = list.out().strip().split("\n");
            assertEquals(OBJECTS + 1, lines.length, list.out());
            assertEquals(OBJECTS + " objects", lines[OBJECTS]);
            assertTrue(lines[0].matches("\\S+/objects/000000/001\\.dcm read DX1 2\\.25\\.4711\\.1"), lines[0]);
            Tool.Result dump = Tool.run(folder, "imaging", "dump", lines[0].split(" ")[0]);
            assertEquals(0, dump.exitCode(), dump.err());
            assertTrue(
                    dump.out()
                            .contains("{\"n\":\"dap\",\"r\":\"DICOM:0018115E\","
                                    + "\"txt\":\"ImageAndFluoroscopyAreaDoseProduct\",\"v\":1,\"u\":\"dGy.cm2\""),
                    dump.out());
        }
    }

    @Test
    void whatSaysNothingEndsWithOneAndWhy() throws Exception {
        Path nonsense = Files.writeString(folder.resolve("letter.txt"), "Dear colleague, ".repeat(40));
        Tool.Result dump = Tool.run(folder, "imaging", "dump", nonsense.toString());
        assertEquals(1, dump.exitCode());
        assertEquals("", dump.out());
        assertTrue(dump.err().contains("no-preamble"), dump.err());
    }
}
