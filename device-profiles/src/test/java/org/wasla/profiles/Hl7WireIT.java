package org.wasla.profiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.gateway.device.DeviceSettings;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;

/** Analysers and monitors on a real socket with a real buffer: the test is the device. Bad input is that of issue 5. */
class Hl7WireIT {
    private static final int WAIT_MS = 20_000;

    @TempDir
    Path folder;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String message(int number) {
        return "MSH|^~\\&|CHEM|LAB|||20260616080000||ORU^R01|" + number + "|P|2.3.1\rOBR|1||S" + number
                + "|P^P^L\rOBX|1|NM|GLU^Glucose^L||5.0" + number + "|mmol/L|||||F\r";
    }

    private static byte[] framed(String text) {
        return bytes('\u000b' + text + "\u001c\r");
    }

    private Outbox outbox() throws IOException {
        return outbox(folder.resolve("buffer"));
    }

    private static Outbox outbox(Path buffer) throws IOException {
        return Outbox.open(
                new OutboxSettings(buffer, 8L << 20, 20),
                (device, kind, from, to, why) ->
                        new Draft(device, "evt", Urgency.RESULT, 1, (epoch, seq) -> bytes(why)));
    }

    private static DeviceWorker worker(Outbox outbox, String profile, LinkSettings link) throws IOException {
        DeviceSettings settings = new DeviceSettings(
                "gw", "dev", null, Shelf.profile(profile), link, Map.of(), "wasla-codes@1", ZoneId.of("UTC"));
        DeviceWorker worker = new DeviceWorker(settings, outbox, () -> new Clock("sync", 0L), (device, status) -> {});
        worker.start();
        return worker;
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    /** The worker opens its port on a thread of its own. */
    private static Socket dial(int port) throws IOException, InterruptedException {
        long endNs = System.nanoTime() + WAIT_MS * 1_000_000L;
        while (true) {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
                socket.setSoTimeout(WAIT_MS);
                return socket;
            } catch (IOException notYet) {
                socket.close();
                assertTrue(System.nanoTime() - endNs < 0, "the port does not open");
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    /** @return MSA-1 and MSA-2 of the next answer */
    private static String answer(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int octet;
        while ((octet = in.read()) != 0x1c) {
            assertTrue(octet >= 0, "closed without an answer");
            out.write(octet);
        }
        assertEquals('\r', in.read());
        String text = out.toString(StandardCharsets.UTF_8);
        int at = text.indexOf("\rMSA|") + 5;
        return text.substring(at, text.indexOf('\r', at)).replace('|', ' ');
    }

    private static List<String> kept(Outbox outbox, Urgency urgency, String kind) throws IOException {
        List<String> records = new ArrayList<>();
        for (Entry entry : outbox.next(urgency, 0, 1_000)) {
            String json = new String(entry.payload(), StandardCharsets.UTF_8);
            if (json.contains("\"k\":\"" + kind + '"')) {
                records.add(json);
            }
        }
        return records;
    }

    private static byte[] capture(String name) throws IOException {
        Path file = Shelf.shared().resolve("captures/lab").resolve(name);
        Assumptions.assumeTrue(Files.exists(file), "skipped: no " + file.getFileName() + " beside this checkout");
        return framed(Files.readString(file, StandardCharsets.ISO_8859_1));
    }

    @Test
    void theRealAnalyserMessageIsKeptAndAnsweredByteByByte() throws IOException, InterruptedException {
        byte[] sent = capture("mindray_bc5380/bc5380-c.3.3.hl7");
        int port = freePort();
        try (Outbox outbox = outbox();
                DeviceWorker worker = worker(outbox, "mindray-bc", LinkSettings.parse("listen:" + port));
                Socket socket = dial(port)) {
            socket.setTcpNoDelay(true);
            for (byte octet : sent) {
                socket.getOutputStream().write(octet);
            }
            assertEquals("AA 1", answer(socket));
            List<String> results = kept(outbox, Urgency.RESULT, "res");
            assertEquals(2, results.size());
            String first = results.get(0);
            assertTrue(first.contains("\"sp\":\"20071207011\""), first);
            for (String expected : List.of(
                    "\"r\":\"6690-2\",\"l\":\"6690-2\",\"txt\":\"WBC\",\"v\":9.81,\"u\":\"10*9/L\"",
                    "\"txt\":\"RBC\",\"v\":4.53,\"u\":\"10*12/L\"",
                    "\"txt\":\"HGB\",\"v\":65,\"u\":\"g/L\",\"ref\":\"110-150\",\"fl\":\"L\"",
                    "\"txt\":\"PLT\",\"v\":212",
                    "\"r\":\"10002\",\"txt\":\"PCT\",\"v\":1.40,\"ur\":\"mL/L\"",
                    "\"txt\":\"Anemia\",\"s\":\"T\"")) {
                assertTrue(first.contains(expected), expected + " in " + first);
            }
            assertEquals(3, first.split("\"why\":\"not-sent\"", -1).length - 1, "BAS#, BAS% and *LIC# have no value");
            assertFalse(first.contains("Joan") || first.contains("7393670"), "nothing of the patient leaves");
            assertEquals(Map.of(), worker.tally().bad());
        }
    }

    /** The sample of the framework asks for an application acknowledgement only (MSH-15 NE, MSH-16 AL). */
    @Test
    void theRealMonitorMessagesAreOfTheirBeds() throws IOException, InterruptedException {
        byte[] one = capture("pcd01/valid-pcd01-request.hl7v2");
        byte[] two = capture("pcd01/valid-pcd01-request2.hl7v2");
        try (Outbox outbox = outbox();
                ServerSocket device = new ServerSocket(0);
                DeviceWorker worker =
                        worker(outbox, "pcd01", LinkSettings.parse("tcp:127.0.0.1:" + device.getLocalPort()));
                Socket socket = device.accept()) {
            socket.setSoTimeout(WAIT_MS);
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.writeBytes(one);
            both.writeBytes(two);
            socket.getOutputStream().write(both.toByteArray());
            assertEquals("AA MSGID1234", answer(socket));
            assertEquals("AA 12d15a9:11df9e61347:-7fee:30456965", answer(socket));
            List<String> values = kept(outbox, Urgency.OBSERVATION, "obs");
            assertEquals(2, values.size());
            assertTrue(values.get(0)
                    .contains("\"c\":150021,\"n\":\"nibp-sys\",\"r\":\"150021\",\"v\":120,\"u\":\"mm[Hg]\""));
            assertTrue(values.get(1).contains("\"dev\":\"dev-3-west-icu-3001-1\""), values.get(1));
            assertTrue(values.get(1).contains("\"c\":147842,\"n\":\"heart-rate\",\"r\":\"147842\",\"v\":60"));
            assertEquals(2, worker.tally().frames());
        }
    }

    @Test
    void badInputCostsItselfAndNothingElse() throws IOException, InterruptedException {
        int port = freePort();
        try (Outbox outbox = outbox();
                DeviceWorker worker = worker(outbox, "hl7-oru", LinkSettings.parse("listen:" + port));
                Socket socket = dial(port)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(bytes("\u0005noise"));
            byte[] unended = framed(message(1));
            out.write(unended, 0, unended.length - 1);
            out.writeBytes(framed(message(2)));
            out.writeBytes(framed("MSH||||\rOBX|1\r"));
            out.writeBytes(framed("MSH|^~\\&|HIS||||||ADT^A01|9|P|2.5\r"));
            out.writeBytes(framed(message(3).replace('|', '#').replace('^', '@')));
            out.writeBytes(bytes(message(4).replace('\r', '\n')));
            socket.getOutputStream().write(out.toByteArray());
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                answers.add(answer(socket).strip());
            }
            assertEquals(
                    List.of("AA 1", "AA 2"),
                    answers.stream().filter(text -> text.matches("AA [12]")).toList());
            assertTrue(answers.contains("AR") && answers.contains("AR 9"), answers.toString());
            assertTrue(answers.contains("AA 4"), "bare text: " + answers);
            assertEquals(4, kept(outbox, Urgency.RESULT, "res").size());
            assertEquals(Map.of("garbage", 1L, "format", 2L), worker.tally().bad());
        }
    }

    @Test
    void aMessageOfTwentyMegabytesIsNeverHeldAndTheNextOneIsRead() throws IOException, InterruptedException {
        int port = freePort();
        try (Outbox outbox = outbox();
                DeviceWorker worker = worker(outbox, "hl7-oru", LinkSettings.parse("listen:" + port));
                Socket socket = dial(port)) {
            socket.getOutputStream().write(bytes("\u000bMSH|^~\\&|X\rNTE|1||"));
            byte[] some = bytes("x".repeat(1 << 16));
            for (int i = 0; i < 320; i++) {
                socket.getOutputStream().write(some);
            }
            socket.getOutputStream().write(bytes("\u001c\r"));
            socket.getOutputStream().write(framed(message(1)));
            assertEquals("AA 1", answer(socket));
            assertEquals(Map.of("overlong", 1L), worker.tally().bad());
        }
    }

    /** The acknowledgement was lost with the line: the analyser sends again, and it is told once. */
    @Test
    void whatIsSentAgainIsAnsweredAgainAndKeptOnce() throws IOException, InterruptedException {
        int port = freePort();
        try (Outbox outbox = outbox();
                DeviceWorker worker = worker(outbox, "hl7-oru", LinkSettings.parse("listen:" + port))) {
            for (int i = 0; i < 2; i++) {
                try (Socket socket = dial(port)) {
                    socket.getOutputStream().write(framed(message(1)));
                    assertEquals("AA 1", answer(socket));
                }
            }
            try (Socket socket = dial(port)) {
                socket.getOutputStream().write(framed(message(1).replace("5.01", "5.02")));
                assertEquals("AA 1", answer(socket));
            }
            assertEquals(2, kept(outbox, Urgency.RESULT, "res").size(), "another content is another message");
            assertEquals(Map.of("repeated", 1L), worker.tally().bad());
        }
    }

    /** What the disk holds now, as when the power fails: our answer may not have left. */
    private Path image() throws IOException {
        Path from = folder.resolve("buffer");
        Path image = folder.resolve("image");
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = image.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
        return image;
    }

    /** Records were durable, and we died before the answer: its sender says it again, to the next of us. */
    @Test
    void whatIsSentAgainSinceWeDiedIsKeptOnce() throws IOException, InterruptedException {
        byte[] vitals = framed("MSH|^~\\&|MON||||20260616080000||ORU^R01|7|P|2.6\rPV1||I|^^B1\rOBR|1|||X\r"
                + "OBX|1|NM|147842^MDC_ECG_HEART_RATE^MDC|1.1|60|264864^MDC_DIM_BEAT_PER_MIN^MDC|||||F\r");
        Path image;
        int port = freePort();
        try (Outbox outbox = outbox();
                DeviceWorker worker = worker(outbox, "mindray-egateway", LinkSettings.parse("listen:" + port));
                Socket socket = dial(port)) {
            socket.getOutputStream().write(vitals);
            assertEquals("AA 7", answer(socket));
            socket.getOutputStream().write(framed(message(1).replace("OBR|1||S1|P^P^L", "PV1||I|^^B1\rOBR|1|||X")));
            assertEquals("AA 1", answer(socket));
            assertEquals(Map.of(), worker.tally().bad());
            image = image();
        }
        port = freePort();
        try (Outbox outbox = outbox(image);
                DeviceWorker worker = worker(outbox, "mindray-egateway", LinkSettings.parse("listen:" + port));
                Socket socket = dial(port)) {
            int before = kept(outbox, Urgency.OBSERVATION, "obs").size();
            socket.getOutputStream().write(vitals);
            assertEquals("AA 7", answer(socket));
            socket.getOutputStream().write(framed(message(1).replace("OBR|1||S1|P^P^L", "PV1||I|^^B1\rOBR|1|||X")));
            assertEquals("AA 1", answer(socket));
            assertEquals(before, kept(outbox, Urgency.OBSERVATION, "obs").size());
            assertEquals(Map.of("repeated", 2L), worker.tally().bad());
            socket.getOutputStream()
                    .write(framed(new String(vitals, StandardCharsets.UTF_8)
                            .substring(1)
                            .replace("|60|", "|61|")
                            .replaceFirst("\u001c\r$", "")));
            assertEquals("AA 7", answer(socket));
            assertEquals(
                    before + 1, kept(outbox, Urgency.OBSERVATION, "obs").size(), "another content is another message");
            String record = kept(outbox, Urgency.OBSERVATION, "obs").get(0);
            assertTrue(record.matches(".*\"mid\":\"[0-9a-f]{16}\".*"), record);
        }
    }

    @Test
    void aBufferThatTakesNothingIsNeverAcknowledged() throws IOException, InterruptedException {
        int port = freePort();
        Outbox outbox = outbox();
        try (DeviceWorker worker = worker(outbox, "hl7-oru", LinkSettings.parse("listen:" + port));
                Socket socket = dial(port)) {
            socket.getOutputStream().write(framed(message(1)));
            assertEquals("AA 1", answer(socket));
            outbox.close();
            socket.getOutputStream().write(framed(message(2)));
            assertEquals("AE 2", answer(socket));
            socket.getOutputStream().write(framed(message(2)));
            assertEquals("AE 2", answer(socket), "what was refused is no repeat");
            assertEquals(Map.of(), worker.tally().bad());
        }
    }
}
