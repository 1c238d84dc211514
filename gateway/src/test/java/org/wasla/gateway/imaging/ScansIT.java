package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.agent.Agent;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.ConfigReader;
import org.wasla.gateway.dicom.DataSetBytes;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Samples;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.uplink.Ear;
import org.wasla.gateway.uplink.Mosquitto;

/** From DCMTK's sender to a subscriber, through a whole agent. */
class ScansIT {
    private static final String CONFIG = """
            gateway: {id: gw-1, region: ma-06, site: chu-1, zone: UTC}
            uplink: {servers: ["mqtt://127.0.0.1:%d"]}
            buffer: {dir: "%s", max: 64MiB, commit: 0ms}
            devices: []
            dicom: {listen: %d, store: "%s", quiet: 1s}
            """;
    private static final long WAIT_MS = 20_000;
    private static final Path SENDER = Path.of("/usr/bin/storescu");
    private static final String CT = "1.2.840.10008.5.1.4.1.1.2";
    private static final String DOSE = "1.2.840.10008.5.1.4.1.1.88.67";
    private static final String REPORT = "1.2.840.10008.5.1.4.1.1.88.33";
    private static final String PDF = "1.2.840.10008.5.1.4.1.1.104.1";
    private static final String CAPTURE = "1.2.840.10008.5.1.4.1.1.7";

    @TempDir
    Path folder;

    private int port;

    @BeforeEach
    void needsDcmtk() {
        Assumptions.assumeTrue(Files.isExecutable(SENDER), "dcmtk is not installed: apt-get install dcmtk");
    }

    private Config config(int broker) throws IOException {
        port = Mosquitto.freePort();
        Path file = Files.writeString(
                folder.resolve("wasla.yaml"),
                String.format(CONFIG, broker, folder.resolve("buffer"), port, folder.resolve("dicom")));
        Problems problems = new Problems();
        return new ConfigReader(List.of(Path.of("../device-profiles")), problems)
                .read(file)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
    }

    private Path object(String sopClass, String uid, DataSetBytes data) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(FileHead.write(sopClass, uid, Uids.EXPLICIT_LITTLE, ""));
        file.writeBytes(data.toArray());
        return Files.write(folder.resolve(uid + ".dcm"), file.toByteArray());
    }

    private void send(String title, List<Path> files) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(SENDER.toString(), "-R", "-aec", "WASLA", "-aet", title, "127.0.0.1", Integer.toString(port)));
        files.forEach(file -> command.add(file.toString()));
        Path log = folder.resolve("storescu.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "storescu hangs");
        assertEquals(0, process.exitValue(), Files.readString(log));
    }

    private static DataSetBytes head(String sopClass, String uid, String modality) {
        return DataSetBytes.explicit()
                .text(0x0008_0005, "CS", "ISO_IR 192")
                .text(0x0008_0016, "UI", sopClass)
                .text(0x0008_0018, "UI", uid)
                .text(0x0008_0050, "SH", "ACC-9")
                .text(0x0008_0060, "CS", modality)
                .text(0x0008_1030, "LO", "Thorax")
                .text(0x0010_0010, "PN", "Familyname^Given")
                .text(0x0010_0020, "LO", "SECRET4711");
    }

    private Path image(String sopClass, String uid, String modality, String series, String kvp) throws IOException {
        DataSetBytes data = head(sopClass, uid, modality)
                .text(0x0018_0060, "DS", kvp)
                .text(0x0018_1030, "LO", "THX 5mm")
                .text(0x0020_000d, "UI", "1.2.826.8")
                .text(0x0020_000e, "UI", series)
                .numbers(0x0028_0010, "US", 2, 64)
                .element(0x7fe0_0010, "OW", new byte[8192]);
        return object(sopClass, uid, data);
    }

    private Path report(String sopClass, String uid, String concept, DataSetBytes... children) throws IOException {
        DataSetBytes data = head(sopClass, uid, "SR")
                .text(0x0020_000d, "UI", "1.2.826.8")
                .text(0x0020_000e, "UI", "1.2.826.8.9")
                .text(0x0040_a040, "CS", "CONTAINER")
                .sequence(0x0040_a043, Report.coded(concept))
                .sequence(0x0040_a730, children);
        return object(sopClass, uid, data);
    }

    private Path document(String uid) throws IOException {
        DataSetBytes data = head(PDF, uid, "DOC")
                .text(0x0020_000d, "UI", "1.2.826.8")
                .text(0x0020_000e, "UI", "1.2.826.8.7")
                .element(0x0042_0011, "OB", "%PDF-1.4".getBytes(StandardCharsets.US_ASCII))
                .text(0x0042_0012, "LO", "application/pdf");
        return object(PDF, uid, data);
    }

    /** The first message of that topic that has all these parts, once it has come. */
    private static String heard(Ear ear, String leaf, String... parts) throws Exception {
        List<String> found = new ArrayList<>();
        Ear.until(leaf + " " + List.of(parts), WAIT_MS, () -> {
            found.addAll(ear.texts(leaf).stream()
                    .filter(text -> List.of(parts).stream().allMatch(text::contains))
                    .toList());
            return !found.isEmpty();
        });
        return found.get(0);
    }

    /** One examination: slices, dose, measurements, a document, a screen. Structure comes out, pixels and persons do not. */
    @Test
    void anExaminationAsStructure() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder);
                Ear ear = new Ear(broker.port());
                Agent agent = new Agent(config(broker.port()), "test")) {
            agent.start();
            send(
                    "CT1",
                    List.of(
                            image(CT, "1.2.826.8.1.1", "CT", "1.2.826.8.1", "120"),
                            image(CT, "1.2.826.8.1.2", "CT", "1.2.826.8.1", "120"),
                            image(CT, "1.2.826.8.2.1", "CT", "1.2.826.8.2", "100"),
                            image(CAPTURE, "1.2.826.8.3.1", "OT", "1.2.826.8.3", ""),
                            report(
                                    DOSE,
                                    "1.2.826.8.9.1",
                                    "DCM 113701 Dose",
                                    Report.number("DCM 113813 DLP", "UCUM mGy.cm DLP", "724.50")),
                            report(
                                    REPORT,
                                    "1.2.826.8.9.2",
                                    "DCM 125000 OB",
                                    Report.number("LN 11820-8 BPD", "UCUM cm length", "5.10"),
                                    Report.text("TEXT", "DCM 121106 C", 0x0040_a160, "UT", "SECRET4711 moved")),
                            document("1.2.826.8.7.1")));
            String leaf = "d/dicom-ct1/res";
            heard(ear, leaf, "\"n\":\"kvp\"", "\"v\":120", "\"uid\":\"1.2.826.8.1\"", "\"acc\":\"ACC-9\"");
            heard(ear, leaf, "\"n\":\"kvp\"", "\"v\":100", "\"uid\":\"1.2.826.8.2\"");
            heard(ear, leaf, "\"n\":\"dlp-total\"", "\"v\":724.50", "\"u\":\"mGy.cm\"", "\"k\":\"res\"");
            heard(ear, leaf, "\"l\":\"11820-8\"", "\"v\":5.10", "\"q\":\"na\",\"why\":\"identity\"");
            heard(ear, leaf, "\"doc\":{\"type\":\"application/pdf\",\"file\":\"objects/");
            heard(ear, "d/dicom-ct1/evt", "study-opened", "\"study\":\"1.2.826.8\"", "\"mod\":\"CT\"");
            String closed = heard(ear, "d/dicom-ct1/evt", "study-closed", "\"instances\":7,");
            assertTrue(closed.contains("\"desc\":\"Thorax\""), closed);
            assertTrue(closed.contains("\"mod\":\"CT OT SR DOC\""), closed);
            assertTrue(
                    closed.contains("{\"uid\":\"1.2.826.8.1\",\"mod\":\"CT\",\"protocol\":\"THX 5mm\",\"n\":2}"),
                    closed);
            assertTrue(closed.contains("\"n\":1,\"marks\":\"secondary-capture\"}"), closed);
            assertEquals(5, ear.texts(leaf).size(), "the second slice was told again: " + ear.texts(leaf));
            for (Ear.Heard each : ear.heard()) {
                String all = each.topic() + each.text() + each.user();
                assertFalse(all.contains("SECRET") || all.contains("Familyname"), all);
            }
        }
    }

    /** Reports and waveforms of real devices. */
    @Test
    void objectsOfRealDevices() throws Exception {
        List<Path> files = List.of(
                Samples.file("dose/CT-RDSR-Siemens_Flash-TAP-SS.dcm"),
                Samples.file("dose/RF-RDSR-Siemens-Zee.dcm"),
                Samples.file("sr/syn_us_echo_tid5200.dcm"),
                Samples.file("ecg/waveform_ecg.dcm"));
        try (Mosquitto broker = Mosquitto.start(folder);
                Ear ear = new Ear(broker.port());
                Agent agent = new Agent(config(broker.port()), "test")) {
            agent.start();
            send("US 2", files);
            String leaf = "d/dicom-us-2/res";
            heard(ear, leaf, "\"n\":\"dlp-total\"", "\"v\":724.52", "\"u\":\"mGy.cm\",\"ur\":\"mGycm\"");
            heard(ear, leaf, "\"n\":\"fluoro-time-total\"", "\"v\":28,");
            heard(ear, leaf, "\"n\":\"lvef\"", "\"v\":38,\"u\":\"%\"");
            String lead = heard(ear, "d/dicom-us-2/wav", "\"n\":\"ecg-avr\"", "\"ch\":{\"group\":\"1\"");
            assertTrue(lead.contains("\"hz\":\"") && lead.contains("\"u\":\"uV\""), lead.substring(0, 700));
            for (String record : ear.texts(leaf)) {
                assertFalse(record.contains("\"pat\""), record);
            }
        }
    }
}
