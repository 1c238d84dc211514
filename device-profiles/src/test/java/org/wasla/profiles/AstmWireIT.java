package org.wasla.profiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.gateway.device.DeviceSettings;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.profile.Trial;

/** Recordings of real analysers over a real socket: the test is the analyser, and waits for each answer as it does. */
class AstmWireIT {
    private static final int WAIT_MS = 20_000;
    private static final int STX = 0x02;
    private static final int ETX = 0x03;
    private static final int EOT = 0x04;
    private static final int ENQ = 0x05;
    private static final int ACK = 0x06;
    private static final int ETB = 0x17;

    @TempDir
    Path folder;

    /** What a file's frames are, without their line ends. */
    private static List<byte[]> frames(byte[] file) {
        List<byte[]> frames = new ArrayList<>();
        int from = -1;
        for (int i = 0; i < file.length; i++) {
            if (file[i] == STX) {
                from = i;
            } else if (from >= 0 && (file[i] == ETX || file[i] == ETB)) {
                frames.add(Arrays.copyOfRange(file, from, i + 3));
                from = -1;
            }
        }
        return frames;
    }

    private static void say(Socket socket, byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        assertEquals(ACK, socket.getInputStream().read());
    }

    // What decode says of a file must be what a ward publishes: the same codec behind another door.
    @ParameterizedTest
    @CsvSource({
        "cobas-c111, cobas_c111/cobas_c111.astm",
        "cobas-c311, cobas_c311/cobas_c311.astm",
        "dca-vantage, dca_vantage/dca_vantage.astm",
        "afinion2, abbott_afinion2/abbott_afinion2.astm",
        "sysmex-xp, sysmex_xp100/sysmex_xp100.astm",
        "pentra-xlr, pentra_xlr/pentra_xlr.astm",
    })
    void arrivesAsItIsDecoded(String profile, String name) throws IOException {
        Path file = Shelf.shared().resolve("captures/lab").resolve(name);
        Assumptions.assumeTrue(Files.exists(file), "skipped: no " + file.getFileName() + " beside this checkout");
        List<String> decoded = new ArrayList<>();
        Trial.run(Shelf.profile(profile), "wasla-codes@1", file, json -> decoded.add(said(json)));
        List<byte[]> frames = frames(Files.readAllBytes(file));
        assertFalse(frames.isEmpty());
        try (ServerSocket analyser = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Outbox outbox = outbox();
                DeviceWorker worker = worker(outbox, profile, analyser.getLocalPort());
                Socket socket = analyser.accept()) {
            socket.setSoTimeout(WAIT_MS);
            say(socket, new byte[] {ENQ});
            for (byte[] frame : frames) {
                socket.getOutputStream().write(frame);
                say(socket, new byte[] {'\r', '\n'});
            }
            socket.getOutputStream().write(EOT);
            // Answered only when what came before it is kept.
            say(socket, new byte[] {ENQ});
            assertEquals(decoded, kept(outbox));
            assertEquals(Map.of(), worker.tally().bad());
        }
    }

    private Outbox outbox() throws IOException {
        return Outbox.open(
                new OutboxSettings(folder.resolve("buffer"), 8L << 20, 20),
                (device, kind, from, to, why) ->
                        new Draft(device, "evt", Urgency.RESULT, 1, (epoch, seq) -> new byte[0]));
    }

    private static DeviceWorker worker(Outbox outbox, String profile, int port) throws IOException {
        LinkSettings link = LinkSettings.parse("tcp:127.0.0.1:" + port);
        DeviceSettings settings = new DeviceSettings(
                "gw", "dev", null, Shelf.profile(profile), link, Map.of(), "wasla-codes@1", ZoneId.of("UTC"));
        DeviceWorker worker = new DeviceWorker(settings, outbox, () -> new Clock("sync", 0L), (device, status) -> {});
        worker.start();
        return worker;
    }

    private static List<String> kept(Outbox outbox) throws IOException {
        List<String> results = new ArrayList<>();
        for (Entry entry : outbox.next(Urgency.RESULT, 0, 100)) {
            if (entry.kind().equals("res")) {
                results.add(said(entry.payload()));
            }
        }
        return results;
    }

    /** What a record says, without when and by whom it was read. */
    private static String said(byte[] record) {
        String json = new String(record, StandardCharsets.UTF_8);
        int from = json.indexOf("\"sp\":");
        assertTrue(from > 0, json);
        return json.substring(from);
    }
}
