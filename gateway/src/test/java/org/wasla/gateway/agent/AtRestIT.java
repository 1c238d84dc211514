package org.wasla.gateway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.backup.AtRest;
import org.wasla.gateway.codec.AstmFrames;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.ConfigReader;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.uplink.Ear;
import org.wasla.gateway.uplink.Mosquitto;

/**
 * What a thief reads on the card of a busy box: a patient admitted by the hospital, values of a device, results half
 * transmitted by an analyser. And what happens when the box is started with the secret of another board.
 */
class AtRestIT {
    /** A number, a name, what stands in each record alone, and a value of a half transmission. */
    private static final List<String> KNOWN = List.of("SECRET4711", "Familyname", "talker@1.0.0", "9.87654");

    private static final int WAIT_MS = Wire.WAIT_MS;
    private static final String PROFILE = """
            wasla: 1
            id: talker
            version: 1.0.0
            device: {makers: [Maker], models: [M1], kind: ventilator}
            frame: {line: {end: CR}}
            dialogue: {listen: {quiet: 60s}}
            message: [{id: row, pattern: '(?<rr>\\d+)'}]
            """;
    private static final String CONFIG = """
            gateway: {id: gw-1, region: ma-06, site: chu-1, zone: UTC}
            uplink: {servers: ["mqtt://127.0.0.1:%d"]}
            buffer: {dir: "%s", max: 64MiB, commit: 0ms%s}
            devices:
              - {id: vent-1, profile: talker, location: rea1/b07, link: "tcp:127.0.0.1:%d"}
              - {id: lab-1, profile: astm-generic, link: "tcp:127.0.0.1:%d"}
            adt: {listen: %d}
            patient: {authority: CHU}
            """;

    @TempDir
    Path folder;

    private static ServerSocket device() throws IOException {
        ServerSocket device = new ServerSocket();
        device.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        device.setSoTimeout(WAIT_MS);
        return device;
    }

    private Config config(Path box, String key, int broker, int device, int lab, int adt) throws IOException {
        Files.writeString(
                Files.createDirectories(box.resolve("profiles/talker")).resolve("profile.yaml"), PROFILE);
        Path file = Files.writeString(
                box.resolve("wasla.yaml"),
                String.format(CONFIG, broker, box.resolve("state/buffer"), key, device, lab, adt));
        Problems problems = new Problems();
        return new ConfigReader(List.of(Path.of("../device-profiles"), box.resolve("profiles")), problems)
                .read(file)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
    }

    private static String admission() {
        String now = DateTimeFormatter.ofPattern("yyyyMMddHHmmss")
                .format(Instant.ofEpochMilli(System.currentTimeMillis()).atOffset(ZoneOffset.UTC));
        return "MSH|^~\\&|HIS|CHU|WASLA|CHU|" + now + "||ADT^A01|c1|P|2.5\rEVN||" + now
                + "\rPID|||SECRET4711^^^CHU^PI||Familyname^Given||19700101|F\rPV1||I|REA1^^B07^CHU\r";
    }

    private static void admit(int port) throws Exception {
        Socket[] socket = new Socket[1];
        Ear.until("the hospital port opens", WAIT_MS, () -> {
            try {
                socket[0] = new Socket(InetAddress.getLoopbackAddress(), port);
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
        try (Socket open = socket[0]) {
            open.setSoTimeout(WAIT_MS);
            open.getOutputStream().write(("\u000b" + admission() + "\u001c\r").getBytes(StandardCharsets.UTF_8));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            for (int octet = open.getInputStream().read(); octet >= 0 && octet != 0x1c; ) {
                answer.write(octet);
                octet = open.getInputStream().read();
            }
            assertTrue(answer.toString(StandardCharsets.UTF_8).contains("MSA|AA"), "not taken");
        }
    }

    /** A transmission of which the end never comes. */
    private static void halfTransmit(Wire lab) throws IOException {
        lab.write("" + Wire.ENQ);
        Wire.assertHeard(Wire.ACK, lab);
        String text =
                "H|\\^&|||analyser\rP|1||SECRET4711||Familyname^Given\rO|1|S88||^^^GLU\rR|1|^^^GLU|9.87654|mmol/L\r";
        lab.write(AstmFrames.frame(1, Bytes.latin1(text), true).latin1());
        Wire.assertHeard(Wire.ACK, lab);
    }

    /** @return what of {@link #KNOWN} is readable in the folders of the box after it */
    private List<String> busyBox(Path box, String key) throws Exception {
        int adt = Mosquitto.freePort();
        try (Mosquitto broker = Mosquitto.start(folder);
                ServerSocket device = device();
                ServerSocket lab = device()) {
            Config config = config(box, key, broker.port(), device.getLocalPort(), lab.getLocalPort(), adt);
            try (Ear ear = new Ear(broker.port());
                    Agent agent = new Agent(config, "test")) {
                agent.start();
                try (Socket line = device.accept();
                        Socket talk = lab.accept()) {
                    admit(adt);
                    halfTransmit(Wire.of(talk));
                    line.getOutputStream().write("17\r".getBytes(StandardCharsets.US_ASCII));
                    Ear.until(
                            "the value is published",
                            WAIT_MS,
                            () -> !ear.texts("d/vent-1/obs").isEmpty());
                }
            }
        }
        assertTrue(Files.size(box.resolve("state/buffer/spool/lab-1.parts")) > 0, "nothing was half transmitted");
        return AtRest.readable(List.of(box.resolve("state")), KNOWN);
    }

    @Test
    void nothingOfAPatientIsReadableOnTheCard() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "the secret that this board offers");
        Path box = Files.createDirectories(folder.resolve("box"));
        String key = ", key: \"file:" + secret + "\"";
        assertEquals(List.of(), busyBox(box, key));
        assertTrue(Files.exists(box.resolve("state/buffer-patients/site.key")), "nobody was admitted");
        // The card in another board: nothing is opened, nothing is replaced.
        Files.writeString(secret, "the secret that another one does");
        Config elsewhere = config(box, key, 1, 1, 2, Mosquitto.freePort());
        IOException refused = assertThrows(IOException.class, () -> new Agent(elsewhere, "test"));
        assertTrue(String.valueOf(refused.getMessage()).contains("does not open this buffer"), refused.getMessage());
    }

    /** The control: without a key the same search finds them, or it could not fail. */
    @Test
    void withoutAKeyItIsReadable() throws Exception {
        Path box = Files.createDirectories(folder.resolve("plain"));
        String found = busyBox(box, "").toString();
        for (String each : List.of("spool/lab-1.parts: SECRET4711", "talker@1.0.0", "9.87654")) {
            assertTrue(found.contains(each), each + " not in " + found);
        }
    }
}
