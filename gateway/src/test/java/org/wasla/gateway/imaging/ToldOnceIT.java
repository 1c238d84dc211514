package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.agent.Agent;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.ConfigReader;
import org.wasla.gateway.dicom.DataSetBytes;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.uplink.Ear;
import org.wasla.gateway.uplink.Mosquitto;

/** The index of images is synced by the second, their records at once: a power cut in between must not tell a dose twice. */
class ToldOnceIT {
    private static final String CONFIG = """
            gateway: {id: gw-1, region: ma-06, site: chu-1, zone: UTC}
            uplink: {servers: ["mqtt://127.0.0.1:%d"]}
            buffer: {dir: "%s", max: 64MiB, commit: 0ms}
            devices: []
            dicom: {listen: %d, store: "%s", quiet: 60s}
            """;
    private static final String LEAF = "d/dicom-ct1/res";

    @TempDir
    Path folder;

    private final int port = Mosquitto.freePort();

    ToldOnceIT() throws IOException {}

    private Agent agent(int broker) throws IOException {
        Path file = Files.writeString(
                folder.resolve("wasla.yaml"),
                String.format(CONFIG, broker, folder.resolve("buffer"), port, folder.resolve("dicom")));
        Problems problems = new Problems();
        Config config = new ConfigReader(List.of(Path.of("../device-profiles")), problems)
                .read(file)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
        return new Agent(config, "test");
    }

    private void send(String uid) throws IOException {
        DataSetBytes report = Report.report(
                uid, "DCM 113701 Dose", new DataSetBytes[] {Report.number("DCM 113813 Total", "UCUM mGy.cm dose", "3")
                });
        Path file = Objects.file(folder, uid, report.toArray());
        FileHead head = java.util.Objects.requireNonNull(Sender.head(file));
        Sender.Peer peer = new Sender.Peer("127.0.0.1", port, "WASLA", "CT1");
        try (Sender sender = Sender.open(peer, List.of(head), Timing.USUAL)) {
            assertEquals(Optional.of(0), sender.store(file, head));
        }
    }

    @Test
    void whatStandsInTheBufferIsNotToldAgain() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder);
                Ear ear = new Ear(broker.port())) {
            try (Agent agent = agent(broker.port())) {
                agent.start();
                send("2.25.51");
                send("2.25.52");
                Objects.await("two records", () -> ear.texts(LEAF).size() == 2);
            }
            // What a power cut takes from the end of the index: that the objects were read.
            Path index = folder.resolve("dicom/index.log");
            List<String> lines = Files.readAllLines(index);
            Files.write(
                    index, lines.stream().filter(line -> !line.startsWith("R")).toList());
            try (Agent agent = agent(broker.port())) {
                agent.start();
                Objects.await(
                        "both read again",
                        () -> Files.readAllLines(index).stream()
                                        .filter(line -> line.startsWith("R"))
                                        .count()
                                == 2);
                // The same object again, later and with other bytes, is another one.
                send("2.25.53");
                Objects.await("the third", () -> ear.texts(LEAF).size() >= 3);
                assertEquals(3, ear.texts(LEAF).size(), ear.texts(LEAF).toString());
            }
        }
    }
}
