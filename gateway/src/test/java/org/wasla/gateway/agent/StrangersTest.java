package org.wasla.gateway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.ConfigReader;
import org.wasla.gateway.device.DeviceState;
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.profile.Capture;
import org.wasla.gateway.profile.Problems;

class StrangersTest {
    private static final Path PROFILES = Path.of("../device-profiles");
    private static final long T_MS = 1_781_596_804_105L;
    private static final String CONFIG = """
            gateway: {id: gw-1, region: ma-06, site: chu-1, zone: UTC}
            uplink: {servers: ["mqtt://127.0.0.1:1"]}
            buffer: {dir: "%s", max: 64MiB, commit: 0ms}
            devices:
              - {id: oxi, profile: masimo-ascii1, location: rea1/b07, link: "tcp:127.0.0.1:1"}
            """;

    @TempDir
    Path dir;

    private Outbox outbox;
    private Strangers strangers;

    @BeforeEach
    void open() throws IOException {
        Path file = Files.writeString(dir.resolve("wasla.yaml"), String.format(CONFIG, dir.resolve("buffer")));
        Problems problems = new Problems();
        Config config = new ConfigReader(List.of(PROFILES), problems)
                .read(file)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
        outbox = Outbox.open(new OutboxSettings(config.buffer().dir(), 64L << 20, 0), (d, k, from, to, why) -> {
            throw new AssertionError("nothing is lost here");
        });
        strangers = new Strangers(config, outbox, () -> new RecordJson.Clock("sync", null));
    }

    @AfterEach
    void close() {
        strangers.close();
        outbox.close();
    }

    private void plug(String profile, long startMs) throws IOException {
        try (var captures = Files.list(PROFILES.resolve(profile + "/captures"))) {
            Path capture = captures.filter(each -> each.toString().endsWith(".cap"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
            Capture.read(capture, (timeMs, fromDevice, bytes) -> {
                if (fromDevice) {
                    strangers.heard("oxi", bytes, bytes.length, startMs);
                }
            });
        }
    }

    private List<String> events() throws IOException {
        List<String> events = new ArrayList<>();
        for (Entry entry : outbox.stream("oxi", "evt", 1, Long.MAX_VALUE, 100)) {
            events.add(new String(entry.payload(), StandardCharsets.UTF_8));
        }
        return events;
    }

    private String event() throws IOException {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (events().isEmpty() && System.nanoTime() - endNs < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        assertEquals(1, events().size());
        return events().get(0);
    }

    @Test
    void anotherDeviceOnThePortIsToldOnceByItsProfile() throws Exception {
        plug("nonin-df2", T_MS);
        strangers.tick(T_MS + 9_000);
        strangers.tick(T_MS + 10_000);
        String told = event();
        assertTrue(
                told.contains("\"e\":\"device-unexpected\",\"fits\":\"nonin-df2\",\"link\":\"tcp:127.0.0.1:1\""), told);
        assertTrue(told.contains("\"loc\":\"rea1/b07\""), told);
        plug("nonin-df2", T_MS + 100_000);
        strangers.tick(T_MS + 200_000);
        strangers.close();
        assertEquals(1, events().size());
    }

    /** And after it has spoken the next stranger is told anew. */
    @Test
    void theConfiguredDeviceIsNoStranger() throws Exception {
        plug("masimo-ascii1", T_MS);
        strangers.tick(T_MS + 10_000);
        strangers.changed("oxi", DeviceState.LINKED);
        plug("nonin-df2", T_MS + 20_000);
        strangers.tick(T_MS + 40_000);
        strangers.changed("oxi", DeviceState.SILENT);
        plug("nonin-df2", T_MS + 60_000);
        strangers.tick(T_MS + 70_000);
        assertTrue(event().contains("\"fits\":\"nonin-df2\""));
        assertTrue(event().contains("\"seq\":1,"));
    }

    @Test
    void noiseIsNobody() throws Exception {
        byte[] noise = new byte[4_000];
        new Random(3).nextBytes(noise);
        strangers.heard("oxi", noise, noise.length, T_MS);
        strangers.tick(T_MS + 10_000);
        strangers.changed("oxi", DeviceState.LINKED);
        strangers.changed("oxi", DeviceState.SILENT);
        plug("nonin-df2", T_MS + 20_000);
        strangers.tick(T_MS + 30_000);
        assertTrue(event().contains("nonin-df2"), "the noise was told before");
    }
}
