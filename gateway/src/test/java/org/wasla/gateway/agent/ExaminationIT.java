package org.wasla.gateway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.ConfigReader;
import org.wasla.gateway.dicom.DataSetBytes;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.uplink.Ear;
import org.wasla.gateway.uplink.Mosquitto;

/** A whole agent between the hospital's messages, its worklist and a scanner, all of DCMTK: whose the images are, and whose not. */
class ExaminationIT {
    private static final String CONFIG = """
            gateway: {id: gw-1, region: ma-06, site: chu-1, zone: UTC}
            uplink: {servers: ["mqtt://127.0.0.1:%d"]}
            buffer: {dir: "%s", max: 64MiB, commit: 0ms}
            devices: []
            dicom:
              {listen: %d, store: "%s", quiet: 1s, worklist: {from: "RIS@127.0.0.1:%d", every: 1s}, charset: {CT1: ISO_IR 100}}
            adt: {listen: %d}
            patient: {authority: CHU}
            registry: {ask: 0s, authorities: [CHU]}
            """;
    private static final long WAIT_MS = 20_000;
    private static final String CT = "1.2.840.10008.5.1.4.1.1.2";
    private static final String WORKLIST = "1.2.840.10008.5.1.4.31";
    private static final Path TOOLS = Path.of("/usr/bin");

    @TempDir
    Path folder;

    private Config config(int broker, int dicom, int ris, int adt) throws IOException {
        Path file = Files.writeString(
                folder.resolve("wasla.yaml"),
                String.format(CONFIG, broker, folder.resolve("buffer"), dicom, folder.resolve("dicom"), ris, adt));
        Problems problems = new Problems();
        return new ConfigReader(List.of(Path.of("../device-profiles")), problems)
                .read(file)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
    }

    private static Path file(Path to, String sopClass, String uid, DataSetBytes data) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(FileHead.write(sopClass, uid, Uids.EXPLICIT_LITTLE, ""));
        file.writeBytes(data.toArray());
        return Files.write(to, file.toByteArray());
    }

    private Process worklist(int port) throws IOException {
        Path list = Files.createDirectories(folder.resolve("wl/RIS"));
        Files.createFile(list.resolve("lockfile"));
        DataSetBytes step = DataSetBytes.explicit()
                .text(0x0008_0060, "CS", "CT")
                .text(0x0040_0001, "AE", "CT1")
                .text(0x0040_0002, "DA", "20260616")
                .text(0x0040_0003, "TM", "101500")
                .text(0x0040_0006, "PN", "")
                .text(0x0040_0007, "LO", "Thorax")
                .text(0x0040_0009, "SH", "S1");
        DataSetBytes item = DataSetBytes.explicit()
                .text(0x0008_0005, "CS", "ISO_IR 192")
                .text(0x0008_0050, "SH", "ACC-1")
                .text(0x0010_0010, "PN", "FAMILYNAME^Old")
                .text(0x0010_0020, "LO", "SECRET4711")
                .text(0x0010_0030, "DA", "19700101")
                .text(0x0020_000d, "UI", "1.2.826.6.1")
                .text(0x0032_1060, "LO", "Scanner")
                .sequence(0x0040_0100, step)
                .text(0x0040_1001, "SH", "R1");
        file(list.resolve("1.wl"), WORKLIST, "1.2.826.78.1", item);
        return new ProcessBuilder(
                        TOOLS.resolve("wlmscpfs").toString(),
                        "-dfr",
                        "-dfp",
                        folder.resolve("wl").toString(),
                        Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("wl.log").toFile())
                .start();
    }

    private Path image(String uid, String patient, String accession, String study) throws IOException {
        DataSetBytes data = DataSetBytes.explicit()
                .text(0x0008_0005, "CS", "ISO_IR 192")
                .text(0x0008_0016, "UI", CT)
                .text(0x0008_0018, "UI", uid)
                .text(0x0008_0050, "SH", accession)
                .text(0x0008_0060, "CS", "CT")
                .text(0x0010_0010, "PN", "Familyname^Given")
                .text(0x0010_0020, "LO", patient)
                .text(0x0018_0060, "DS", "120")
                .text(0x0020_000d, "UI", study)
                .text(0x0020_000e, "UI", study + ".1")
                .numbers(0x0028_0010, "US", 2, 64)
                .element(0x7fe0_0010, "OW", new byte[8192]);
        return file(folder.resolve(uid + ".dcm"), CT, uid, data);
    }

    private String run(String tool, Object... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(TOOLS.resolve(tool).toString(), "-aec", "WASLA", "-aet", "CT1"));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Path log = folder.resolve(tool + ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), tool + " hangs");
        String said = Files.readString(log, StandardCharsets.ISO_8859_1);
        assertEquals(0, process.exitValue(), said);
        return said;
    }

    private static void admit(int port) throws Exception {
        String message = "\013MSH|^~\\&|HIS|CHU|WASLA|CHU|20260616120000||ADT^A01|c1|P|2.5\rEVN||20260616115900\r"
                + "PID|||SECRET4711^^^CHU^PI||Familyname^Zoé||19700101|F\rPV1||I|REA1^^B07^CHU\r\034\r";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) WAIT_MS);
            socket.getOutputStream().write(message.getBytes(StandardCharsets.UTF_8));
            byte[] answer = new byte[500];
            int read = socket.getInputStream().read(answer);
            String said = new String(answer, 0, Math.max(0, read), StandardCharsets.UTF_8);
            assertTrue(said.contains("MSA|AA"), said);
        }
    }

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

    @Test
    void imagesAreTheirOrdersPatientsAndNobodysWhereThatIsNotSure() throws Exception {
        for (String tool : List.of("storescu", "findscu", "wlmscpfs")) {
            Assumptions.assumeTrue(
                    Files.isExecutable(TOOLS.resolve(tool)), "dcmtk is not installed: apt-get install dcmtk");
        }
        int dicom = Mosquitto.freePort();
        int ris = Mosquitto.freePort();
        int adt = Mosquitto.freePort();
        Process worklist = worklist(ris);
        try (Mosquitto broker = Mosquitto.start(folder);
                Ear ear = new Ear(broker.port());
                Agent agent = new Agent(config(broker.port(), dicom, ris, adt), "test")) {
            agent.start();
            admit(adt);
            String[] answer = {""};
            Ear.until("the worklist is there", WAIT_MS, () -> {
                answer[0] = run("findscu", "-W", "-k", "PatientName", "-k", "StudyInstanceUID", "127.0.0.1", dicom);
                return answer[0].contains("1.2.826.6.1");
            });
            assertTrue(answer[0].contains("Familyname^Zo\u00e9"), "not as the hospital has it: " + answer[0]);
            run(
                    "storescu",
                    "-R",
                    "127.0.0.1",
                    dicom,
                    image("1.2.826.6.1.1", "SECRET4711", "", "1.2.826.6.1"),
                    image("1.2.826.6.2.1", "SECRET9999", "", "1.2.826.6.2"),
                    image("1.2.826.6.3.1", "SECRET9999", "ACC-1", "1.2.826.6.3"));
            String leaf = "d/dicom-ct1/res";
            String mine = heard(ear, leaf, "\"study\":\"1.2.826.6.1\"");
            assertTrue(mine.matches(".*\"pat\":\\{\"ref\":\"p:[0-9a-f]{16}\",\"how\":\"study\",\"st\":\"F\"}.*"), mine);
            String nobodys = heard(ear, leaf, "\"study\":\"1.2.826.6.2\"", "\"unmatched\"");
            String doubtful = heard(ear, leaf, "\"study\":\"1.2.826.6.3\"", "\"patient-conflict\"");
            assertFalse((nobodys + doubtful).contains("\"pat\""), nobodys + doubtful);
            heard(
                    ear,
                    "d/dicom-ct1/evt",
                    "study-closed",
                    "\"study\":\"1.2.826.6.1\"",
                    "\"match\":\"study\"",
                    "\"pat\"");
            heard(ear, "d/dicom-ct1/evt", "study-closed", "\"study\":\"1.2.826.6.2\"", "\"match\":\"unmatched\"");
            String claim = heard(ear, "d/dicom-ct1/evt", "identity-claim", "\"how\":\"study\"", "\"src\":\"order\"");
            assertTrue(claim.contains("\"auth\":\"CHU\"") && !claim.contains("\"as\""), claim);
            assertEquals(List.of(), ear.texts("gw-1/lookup"), "nothing is asked");
            for (Ear.Heard each : ear.heard()) {
                String all = each.topic() + each.text() + each.user();
                assertFalse(
                        all.contains("SECRET")
                                || all.toLowerCase(java.util.Locale.ROOT).contains("family"),
                        all);
            }
        } finally {
            worklist.destroyForcibly();
        }
    }
}
