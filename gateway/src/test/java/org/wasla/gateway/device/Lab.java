package org.wasla.gateway.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.wasla.bridge.link.LinkSettings;
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

/** An analyser on a real line with a real buffer, for the tests that play one. */
final class Lab {
    static final int WAIT_MS = 20_000;

    private Lab() {}

    static Profile profile(Path folder, String codec, String results) throws IOException {
        Path home = Files.createDirectories(folder.resolve("analyser"));
        Files.writeString(
                home.resolve(ProfileReader.FILE), """
                wasla: 1
                id: analyser
                version: 1.0.0
                device: {makers: [Maker], models: [M1], kind: analyser}
                link: {serial: {try: ["9600 8N1"]}}
                codec: {CODEC: {}}
                results: {RESULTS}
                """.replace("CODEC", codec).replace("RESULTS", results));
        Path codes = Files.writeString(folder.resolve("codes.tsv"), "# codes@1\nucum\tmmol/L\t\n");
        Problems problems = new Problems();
        Profile profile = new ProfileReader(Codes.read(codes)).read(home, problems);
        assertEquals(List.of(), problems.list());
        return profile;
    }

    static DeviceWorker worker(Outbox outbox, Profile profile, String link) {
        DeviceSettings settings = new DeviceSettings(
                "gw", "lab-1", null, profile, LinkSettings.parse(link), Map.of(), "codes@1", ZoneId.of("UTC"));
        DeviceWorker worker = new DeviceWorker(settings, outbox, () -> new Clock("sync", null), (device, status) -> {});
        worker.start();
        return worker;
    }

    static Outbox outbox(Path buffer) throws IOException {
        return Outbox.open(new OutboxSettings(buffer, 8L << 20, 20), Gaps::event);
    }

    static ServerSocket port() throws IOException {
        ServerSocket port = new ServerSocket();
        port.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        port.setSoTimeout(WAIT_MS);
        return port;
    }

    static List<String> results(Outbox outbox) throws IOException {
        List<String> results = new ArrayList<>();
        long position = 0;
        List<Entry> page = outbox.next(Urgency.RESULT, position, 500);
        while (!page.isEmpty()) {
            for (Entry entry : page) {
                String json = new String(entry.payload(), StandardCharsets.UTF_8);
                if (json.contains("\"k\":\"res\"") || json.contains("\"e\":\"incomplete\"")) {
                    results.add(json);
                }
            }
            position = page.get(page.size() - 1).position();
            page = outbox.next(Urgency.RESULT, position, 500);
        }
        return results;
    }

    static void awaitResults(Outbox outbox, int count) throws IOException, InterruptedException {
        long endNs = System.nanoTime() + WAIT_MS * 1_000_000L;
        while (results(outbox).size() < count && System.nanoTime() - endNs < 0) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertEquals(count, results(outbox).size(), () -> "results");
    }
}
