package org.wasla.gateway.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.gateway.codec.AstmFrames;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.profile.Codes;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileReader;

/** An analyser on a real socket and a real buffer, and what the disk holds when the power fails: the test is both. */
class AnalyserTest {
    private static final String PROFILE = """
            wasla: 1
            id: analyser
            version: 1.0.0
            device: {makers: [Maker], models: [M1], kind: analyser}
            codec: {astm: {}}
            results: {specimen: O.3}
            """;
    private static final String HEAD = "H|\\^&\rP|1\rO|1|S77\r";
    private static final String TAIL = "R|1|^^^GLU|5.40|mmol/L\rL|1|N\r";
    private static final String ENQ = "\5";
    private static final String EOT = "\4";

    @TempDir
    Path folder;

    private Profile profile;
    private int images;

    @BeforeEach
    void readProfile() throws IOException {
        Path home = Files.createDirectories(folder.resolve("analyser"));
        Files.writeString(home.resolve(ProfileReader.FILE), PROFILE);
        Path codes = Files.writeString(folder.resolve("codes.tsv"), "# codes@1\nucum\tmmol/L\t\n");
        Problems problems = new Problems();
        profile = new ProfileReader(Codes.read(codes)).read(home, problems);
        assertEquals(List.of(), problems.list());
    }

    private static String frame(int number, String text) {
        return AstmFrames.frame(number, Bytes.latin1(text), true).latin1();
    }

    private static void say(Socket line, String text) throws IOException {
        line.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void assertHeard(Socket line, int code) throws IOException {
        assertEquals(code, line.getInputStream().read());
    }

    private static List<String> records(Outbox outbox) throws IOException {
        return outbox.next(Urgency.RESULT, 0, 100).stream()
                .map(Entry::payload)
                .map(json -> new String(json, StandardCharsets.UTF_8))
                .filter(json -> json.contains("\"res\":") || json.contains("\"e\":\"incomplete\""))
                .map(json -> json.contains("\"res\":") ? "result" : json.replaceFirst(".*\"why\":\"([^\"]*)\".*", "$1"))
                .toList();
    }

    private static void await(Outbox outbox, List<String> expected) throws IOException, InterruptedException {
        long endNs = System.nanoTime() + 20_000_000_000L;
        while (!records(outbox).equals(expected) && System.nanoTime() - endNs < 0) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertEquals(expected, records(outbox));
    }

    private interface Script {
        void play(Socket line, Outbox outbox) throws IOException, InterruptedException;
    }

    private void run(Path buffer, Script script) throws IOException, InterruptedException {
        try (ServerSocket port = new ServerSocket();
                Outbox outbox = Outbox.open(new OutboxSettings(buffer, 8L << 20, 20), Gaps::event)) {
            port.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            port.setSoTimeout(20_000);
            DeviceSettings settings = new DeviceSettings(
                    "gw",
                    "lab-1",
                    null,
                    profile,
                    LinkSettings.parse("tcp:127.0.0.1:" + port.getLocalPort()),
                    Map.of(),
                    "codes@1",
                    ZoneId.of("UTC"));
            try (DeviceWorker worker =
                    new DeviceWorker(settings, outbox, () -> new Clock("sync", null), (device, status) -> {})) {
                worker.start();
                try (Socket line = port.accept()) {
                    line.setSoTimeout(20_000);
                    script.play(line, outbox);
                }
            }
        }
    }

    /** What the disk holds now, as after a power cut. */
    private Path image(Path buffer) throws IOException {
        Path image = folder.resolve("image-" + ++images);
        try (Stream<Path> files = Files.walk(buffer)) {
            for (Path file : files.toList()) {
                Path copy = image.resolve(buffer.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
        return image;
    }

    @Test
    void aMessageIsOneResult() throws Exception {
        run(folder.resolve("buffer"), (line, outbox) -> {
            say(line, ENQ);
            assertHeard(line, AstmFrames.ACK);
            say(line, frame(1, HEAD) + frame(2, TAIL));
            assertHeard(line, AstmFrames.ACK);
            assertHeard(line, AstmFrames.ACK);
            say(line, EOT);
            await(outbox, List.of("result"));
            say(line, ENQ + frame(1, HEAD) + frame(2, TAIL) + EOT + ENQ);
            for (int i = 0; i < 4; i++) {
                assertHeard(line, AstmFrames.ACK);
            }
            assertEquals(List.of("result"), records(outbox), "the same transmission again");
        });
    }

    @Test
    void afterAPowerCutBetweenAckAndEndTheTransmissionIsIncomplete() throws Exception {
        Path[] cut = new Path[1];
        run(folder.resolve("buffer"), (line, outbox) -> {
            say(line, ENQ + frame(1, HEAD));
            assertHeard(line, AstmFrames.ACK);
            assertHeard(line, AstmFrames.ACK);
            cut[0] = image(folder.resolve("buffer"));
        });
        run(cut[0], (line, outbox) -> {
            await(outbox, List.of("restart"));
            say(line, ENQ);
            // Answered once the end of what was cut is settled: its record is seen a moment before.
            assertHeard(line, AstmFrames.ACK);
            assertTrue(Files.exists(cut[0].resolve("spool/lab-1.incomplete")), "kept for whoever looks for it");
            say(line, frame(1, HEAD + TAIL) + EOT);
            await(outbox, List.of("restart", "result"));
        });
    }

    /** The analyser has had all of its acknowledgements, and will not send again. */
    @Test
    void afterAPowerCutAtAnyMomentOfTheEndThereIsOneResult() throws Exception {
        Path[] cut = new Path[2];
        run(folder.resolve("buffer"), (line, outbox) -> {
            say(line, ENQ + frame(1, HEAD + TAIL));
            assertHeard(line, AstmFrames.ACK);
            assertHeard(line, AstmFrames.ACK);
            cut[0] = image(folder.resolve("buffer"));
            say(line, EOT);
            await(outbox, List.of("result"));
            // ENQ is answered once the end is settled.
            say(line, ENQ);
            assertHeard(line, AstmFrames.ACK);
            cut[1] = image(folder.resolve("buffer"));
        });
        for (Path image : cut) {
            run(image, (line, outbox) -> {
                await(outbox, List.of("result"));
                say(line, ENQ + frame(1, HEAD + TAIL) + EOT + ENQ);
                for (int i = 0; i < 3; i++) {
                    assertHeard(line, AstmFrames.ACK);
                }
                assertEquals(List.of("result"), records(outbox), "repeated after the cut");
            });
        }
    }

    /** The file that says that all is settled may be older than the records. */
    @Test
    void recordsThatOutlivedTheirMarkAreNotPublishedTwice() throws Exception {
        Path buffer = folder.resolve("buffer");
        run(buffer, (line, outbox) -> {
            say(line, ENQ + frame(1, HEAD + TAIL) + EOT);
            await(outbox, List.of("result"));
            say(line, ENQ);
            for (int i = 0; i < 3; i++) {
                assertHeard(line, AstmFrames.ACK);
            }
        });
        Path parts = buffer.resolve("spool/lab-1.parts");
        byte[] all = Files.readAllBytes(parts);
        // The last entry says "done with": 9 bytes without content.
        Files.write(parts, Arrays.copyOf(all, all.length - 9));
        run(buffer, (line, outbox) -> {
            say(line, ENQ + EOT + ENQ);
            assertHeard(line, AstmFrames.ACK);
            assertHeard(line, AstmFrames.ACK);
            assertEquals(List.of("result"), records(outbox));
        });
    }

    @Test
    void withoutADiskThereIsNoAck() throws Exception {
        Path buffer = folder.resolve("buffer");
        Files.createDirectories(buffer);
        // A file where the folder should be: nothing can be kept.
        Files.writeString(buffer.resolve("spool"), "");
        run(buffer, (line, outbox) -> {
            say(line, ENQ + frame(1, HEAD + TAIL));
            assertHeard(line, AstmFrames.ACK);
            assertHeard(line, AstmFrames.NAK);
            Files.delete(buffer.resolve("spool"));
            say(line, frame(1, HEAD + TAIL) + EOT);
            assertHeard(line, AstmFrames.ACK);
            await(outbox, List.of("result"));
        });
    }
}
