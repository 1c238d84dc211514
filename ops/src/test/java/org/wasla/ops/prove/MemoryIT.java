package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.wasla.ops.prove.Platform.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.wasla.gateway.command.DesiredReader;
import org.wasla.gateway.health.StatusSocket;
import org.wasla.gateway.uplink.Mosquitto;

/**
 * A card that cannot be written, before the start and while the box runs: what only streams goes on from memory under an epoch
 * of its own, what waits for an answer is told no in its own protocol, and after the repair the card's epoch goes on as if
 * nothing had been in between. A real ext4 file system that the kernel makes read-only.
 */
class MemoryIT {
    private static final long DISK_BYTES = 24L << 20;
    private static final String LOOSE = "errors=remount-ro";
    private static final Pattern STATE = Pattern.compile("\"ep\":\"([0-9a-f]{8})\".*\"s\":\"online\".*");
    private static final Pattern WAITING = Pattern.compile("\"waiting-observation\":([3-9]|\\d\\d)");
    private static final byte[] ASTM_FRAME =
            "\0021H|\\^&|||X|||||||P|1394-97|20260616080000\r\003".getBytes(StandardCharsets.ISO_8859_1);

    private int lab;
    private int astm;
    private int adt;
    private int dicom;

    private static int free() throws IOException {
        try (ServerSocket any = new ServerSocket(0)) {
            return any.getLocalPort();
        }
    }

    private Ward ward(Workbench bench, LoopDisk disk, int broker) throws IOException {
        lab = free();
        astm = free();
        adt = free();
        dicom = free();
        Ward ward = new Ward(bench.path(""), disk.path().resolve("buffer"), broker, Map.of());
        ward.limit("8MiB");
        ward.add("oxi-1", "masimo-ascii1", 1, Set.of());
        ward.addLine("lab-1", "{id: lab-1, profile: hl7-oru, link: \"listen:" + lab + "\"}");
        ward.addLine("lab-2", "{id: lab-2, profile: astm-generic, link: \"listen:" + astm + "\"}");
        ward.section("adt: {listen: " + adt + ", beds: {\"REA1^^B07^CHU\": rea1/b07}}\n" + "dicom: {ae: WASLA, listen: "
                + dicom + ", store: " + disk.path().resolve("dicom") + ", max: 16MiB}");
        return ward;
    }

    private static String mllp(int port, String... segments) throws IOException {
        String message = String.join("\r", segments) + "\r";
        try (Socket line = dial(port)) {
            line.getOutputStream().write(("\013" + message + "\034\r").getBytes(StandardCharsets.ISO_8859_1));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            InputStream in = line.getInputStream();
            for (int octet = in.read(); octet >= 0 && octet != 0x1c; octet = in.read()) {
                answer.write(octet);
            }
            return answer.toString(StandardCharsets.ISO_8859_1);
        }
    }

    private static Socket dial(int port) {
        Socket[] line = new Socket[1];
        await("port " + port, () -> {
            try {
                line[0] = new Socket(InetAddress.getLoopbackAddress(), port);
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
        return line[0];
    }

    private String result(String id) throws IOException {
        return mllp(
                lab,
                "MSH|^~\\&|CHEM|LAB|||20260616080100||ORU^R01|" + id + "|P|2.3.1",
                "PID|1||Q4711883^^^CHU^PI",
                "OBR|1|ORD1|SP-" + id + "|PANEL^Panel^L|||20260616081000",
                "OBX|1|NM|6690-2^Test^LN||6.80|mmol/L|||||F|||20260616081000");
    }

    private String admission() throws IOException {
        return mllp(
                adt,
                "MSH|^~\\&|HIS|CHU|WASLA|CHU|20260616080000||ADT^A01|c1|P|2.5",
                "EVN||20260616080000",
                "PID|1||Q4711883^^^CHU^PI||Qaxfamily^Qaxgiven||19521103|F",
                "PV1||I|REA1^^B07^CHU");
    }

    /** @return what the box says to the first frame of a transmission */
    private int frame() throws IOException {
        int sum = 0;
        for (int i = 1; i < ASTM_FRAME.length; i++) {
            sum += ASTM_FRAME[i];
        }
        try (Socket line = dial(astm)) {
            line.getOutputStream().write(5);
            assertEquals(6, line.getInputStream().read(), "who asks may send");
            line.getOutputStream().write(ASTM_FRAME);
            line.getOutputStream().write(String.format("%02X\r\n", sum & 0xff).getBytes(StandardCharsets.US_ASCII));
            return line.getInputStream().read();
        }
    }

    private int stored(Path folder) throws IOException {
        Modality scanner = new Modality(folder);
        scanner.sendWhile(
                dicom, () -> scanner.refused() + scanner.acknowledged().size() < 1);
        return scanner.acknowledged().size() - scanner.refused();
    }

    /** The epoch under which the box said last that it is there. */
    private static String epoch(Platform platform) {
        String epoch = "";
        for (Platform.Message message : platform.messages()) {
            Matcher state = STATE.matcher(message.payload());
            if (message.topic().endsWith("/gw-test/state") && state.find()) {
                epoch = state.group(1);
            }
        }
        return epoch;
    }

    private static long values(Platform platform, String epoch) {
        return platform.messages().stream()
                .filter(message -> message.payload().contains("gw-test." + epoch + ".oxi-1.obs."))
                .count();
    }

    private static boolean says(Platform platform, String topic, String part) {
        return platform.messages().stream()
                .anyMatch(message ->
                        message.topic().endsWith(topic) && message.payload().contains(part));
    }

    private static Path memory(Ward ward) {
        String path = ward.buffer().toAbsolutePath().normalize().toString();
        return Path.of("/dev/shm", "wasla-" + DesiredReader.sha256(path).substring(0, 12));
    }

    private static boolean hasWaiting(Ward ward) {
        try {
            return StatusSocket.ask(ward.buffer())
                    .map(health -> new String(health, StandardCharsets.UTF_8))
                    .filter(health -> WAITING.matcher(health).find())
                    .isPresent();
        } catch (IOException notNow) {
            return false;
        }
    }

    private static void clear(Ward ward) throws IOException, InterruptedException {
        if (ward.isAgentAlive()) {
            ward.killAgent();
        }
        Path memory = memory(ward);
        if (Files.exists(memory)) {
            try (Stream<Path> all = Files.walk(memory)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    /** What the agent in memory does, whatever made the card read-only. */
    private void forwardsAndConfirmsNothing(Workbench bench, Ward ward, Platform platform) throws Exception {
        await("a state in memory", () -> says(platform, "/gw-test/state", "\"buffer\":\"memory\""));
        await("values from memory", () -> values(platform, epoch(platform)) >= 3);
        assertTrue(says(platform, "/d/gw-test/evt", "\"e\":\"buffer-volatile\""), "the stream says what its epoch is");
        assertTrue(result("m2").contains("MSA|AE|m2"), "a result is not kept");
        assertEquals(0x15, frame(), "nor is a part of one");
        String answer = admission();
        assertTrue(answer.contains("MSA|AE|c1"), answer);
        assertTrue(stored(bench.path("scanner")) < 0, "nor an image");
        Tool.Result doctor = Tool.run(
                bench.path(""), "doctor", "--config", ward.configuration().toString(), "--json");
        assertEquals(1, doctor.exitCode(), doctor.err());
        assertTrue(doctor.out().contains("\"buffer.volatile\""), doctor.out());
        assertTrue(doctor.out().contains("\"volatile\":true"), doctor.out());
    }

    @Test
    void aBoxOnAReadOnlyCardForwardsFromMemory() throws Exception {
        String missing = Workbench.missing("mosquitto", "mkfs.ext4", "losetup");
        Assumptions.assumeTrue(missing.isEmpty(), missing);
        try (Workbench bench = new Workbench("memory-it")) {
            Path image = bench.path("card.img");
            LoopDisk.format(image, DISK_BYTES);
            try (LoopDisk disk = LoopDisk.mount(image, bench.path("card"), "ro");
                    Mosquitto broker = Mosquitto.start(bench.path(""));
                    Platform platform = new Platform(broker.port());
                    Ward ward = ward(bench, disk, broker.port())) {
                try {
                    ward.startAgent();
                    forwardsAndConfirmsNothing(bench, ward, platform);
                    assertEquals(0, ward.stopAgent());
                    assertEquals(List.of(), platform.holes());
                } finally {
                    clear(ward);
                }
            }
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "wasla.long", matches = "true")
    void aCardThatFailsCostsNothingThatWasConfirmed() throws Exception {
        String missing = Workbench.missing("mosquitto", "mkfs.ext4", "losetup", "e2fsck");
        Assumptions.assumeTrue(missing.isEmpty(), missing);
        try (Workbench bench = new Workbench("memory-it")) {
            Path image = bench.path("card.img");
            LoopDisk.format(image, DISK_BYTES);
            try (LoopDisk disk = LoopDisk.mount(image, bench.path("card"), LOOSE);
                    Mosquitto broker = Mosquitto.start(bench.path(""));
                    Ward ward = ward(bench, disk, broker.port())) {
                broker.kill();
                try {
                    failsAndIsRepaired(bench, image, disk, broker, ward);
                } finally {
                    clear(ward);
                }
            }
        }
    }

    private void failsAndIsRepaired(Workbench bench, Path image, LoopDisk disk, Mosquitto broker, Ward ward)
            throws Exception {
        ward.startAgent();
        assertTrue(result("m1").contains("MSA|AA|m1"), "a result is kept while nobody is there to take it");
        disk.breakDown();
        await("the end of an agent whose card is lost", () -> !ward.isAgentAlive());
        broker.restart();
        try (Platform platform = new Platform(broker.port())) {
            ward.startAgent();
            forwardsAndConfirmsNothing(bench, ward, platform);
            String inMemory = epoch(platform);
            assertFalse(says(platform, "/d/lab-1/res", "SP-m1"), "it waits on the card");
            broker.kill();
            await("values that wait in memory", () -> hasWaiting(ward));
            assertEquals(0, ward.stopAgent());
            broker.restart();
            platform.awaitConnection();
            long sent = values(platform, inMemory);
            disk.unmount();
            LoopDisk.check(image);
            disk.mount();
            ward.startAgent();
            await("what waited in memory", () -> values(platform, inMemory) > sent + 2);
            await("what waited on the card", () -> says(platform, "/d/lab-1/res", "SP-m1"));
            await("the card's epoch", () -> !epoch(platform).equals(inMemory));
            await("values of the card", () -> values(platform, epoch(platform)) >= 3);
            assertTrue(result("m2").contains("MSA|AA|m2"), "what was refused is taken");
            assertEquals(0, frame() - 6, "and parts are");
            assertTrue(admission().contains("MSA|AA|c1"), "and patients");
            assertTrue(stored(bench.path("scanner")) > 0, "and images");
            await("the result", () -> says(platform, "/d/lab-1/res", "SP-m2"));
            assertEquals(0, ward.stopAgent());
            assertTrue(platform.verdict().holds(), platform.verdict().summary());
            assertFalse(Files.exists(memory(ward)), "nothing is left in memory");
            disk.unmount();
        }
    }
}
