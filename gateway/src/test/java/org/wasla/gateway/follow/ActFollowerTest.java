package org.wasla.gateway.follow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.ConfigReader;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.profile.Problems;

/** An act is told once: over restarts, lost states, other buffers, and when the disk refuses it for a while. */
class ActFollowerTest {
    private static final String CONFIG = """
            gateway: {id: gw-1, region: ma-06, site: chu-1, zone: UTC}
            uplink: {servers: ["mqtt://127.0.0.1:1883"]}
            acts: {on: true, quiet: 1min, least: 10s}
            devices:
              - {id: rack, profile: bbraun-space, location: rea1/b07, link: "tcp:127.0.0.1:4001", parts: {1-1: {id: pump-a}}}
            """;
    private static final Pattern ACT = Pattern.compile("\"act\":\"(a-[0-9a-f]{24})\"");

    @TempDir
    Path folder;

    private Config config;
    private Outbox outbox;
    private ActFollower follower;
    private long nowNs = 1;
    private long timeMs = 1_781_596_800_000L;

    @BeforeEach
    void open() throws IOException {
        Problems problems = new Problems();
        Path file = Files.writeString(folder.resolve("wasla.yaml"), CONFIG);
        Optional<Config> read = new ConfigReader(List.of(Path.of("../device-profiles")), problems).read(file);
        config = read.orElseThrow(() -> new AssertionError(problems.list().toString()));
        outbox = Outbox.open(new OutboxSettings(folder.resolve("buffer"), 16L << 20, 0), (d, k, from, to, why) -> {
            throw new AssertionError("nothing is lost here");
        });
        follower = follower();
        follower.tick(nowNs);
    }

    private ActFollower follower() {
        return new ActFollower(config, Objects.requireNonNull(config.acts()), outbox, () -> new Clock("sync", null));
    }

    @AfterEach
    void close() {
        outbox.close();
    }

    private void keep(String device, String kind, String rest) throws IOException {
        long time = timeMs;
        outbox.append(List.of(new Draft(
                device,
                kind,
                Urgency.RESULT,
                time,
                (epoch, seq) -> ("{\"v\":1,\"gw\":\"gw-1\",\"ep\":\"" + epoch + "\",\"dev\":\"" + device + "\",\"k\":\""
                                + kind + "\",\"seq\":" + seq + ",\"prof\":\""
                                + (kind.equals("res") ? "lab" : "bbraun-space")
                                + "@1.0.0\",\"t\":" + time + ',' + rest + '}')
                        .getBytes(StandardCharsets.UTF_8))));
    }

    private void result(String specimen) throws IOException {
        keep("lab", "res", "\"sp\":\"" + specimen + "\",\"res\":[{\"r\":\"WBC\",\"v\":6.80,\"st\":\"F\"}]");
    }

    private void volume(String device, int millilitres) throws IOException {
        timeMs += 5_000;
        nowNs += 5_000_000_000L;
        keep(
                device,
                "obs",
                "\"obs\":[{\"n\":\"volume-infused\",\"r\":\"INVI\",\"v\":" + millilitres + ",\"u\":\"mL\"}]");
    }

    private List<String> acts(String device) throws IOException {
        List<String> acts = new ArrayList<>();
        for (Entry entry : outbox.stream(device, "evt", 1, Long.MAX_VALUE, 1_000)) {
            Matcher act = ACT.matcher(new String(entry.payload(), StandardCharsets.UTF_8));
            if (act.find()) {
                acts.add(act.group(1));
            }
        }
        return acts;
    }

    @Test
    void aResultIsToldOnceOverRestartsAndCrashes() throws IOException {
        result("S-1");
        follower.tick(nowNs);
        assertEquals(1, acts("lab").size());
        // Without a farewell: the state on disk does not know it.
        follower = follower();
        follower.tick(nowNs);
        result("S-1");
        result("S-2");
        follower.tick(nowNs);
        follower.close();
        follower = follower();
        result("S-2");
        follower.tick(nowNs);
        assertEquals(2, acts("lab").size());
    }

    @Test
    void whatWasThereBeforeItWasAskedForIsNotTold() throws IOException {
        Files.delete(folder.resolve("buffer/acts/state.json"));
        result("S-1");
        follower = follower();
        follower.tick(nowNs);
        result("S-2");
        follower.tick(nowNs);
        assertEquals(1, acts("lab").size());
    }

    @Test
    void everyPumpOfARackHasItsPeriods() throws IOException {
        for (int i = 0; i < 10; i++) {
            volume("pump-a", i);
            volume("rack-1-2", i);
            volume("rackety", i);
            follower.tick(nowNs);
        }
        nowNs += 61_000_000_000L;
        follower.tick(nowNs);
        assertEquals(1, acts("pump-a").size());
        assertEquals(1, acts("rack-1-2").size());
        assertEquals(0, acts("rackety").size(), "none of ours");
        Entry act = outbox.stream("pump-a", "evt", 1, 1, 1).get(0);
        String json = new String(act.payload(), StandardCharsets.UTF_8);
        assertTrue(json.contains("\"qty\":120,"), json);
        assertTrue(json.contains("\"kind\":\"infusion pump rack\""), json);
    }

    @Test
    void aDamagedStateIsSetAsideAndActsGoOn() throws IOException {
        Path state = folder.resolve("buffer/acts/state.json");
        Files.writeString(state, Files.readString(state).substring(0, 20));
        follower = follower();
        follower.tick(nowNs);
        assertTrue(Files.exists(folder.resolve("buffer/acts/state.damaged")));
        result("S-1");
        follower.tick(nowNs);
        assertEquals(1, acts("lab").size());
    }

    // The state may be of a moment long before the crash: what the buffer holds since then is enough.
    @Test
    void anOldStateTellsNothingTwice() throws IOException {
        Path state = folder.resolve("buffer/acts/state.json");
        Path old = Files.copy(state, folder.resolve("old"), StandardCopyOption.REPLACE_EXISTING);
        for (int i = 0; i < 20; i++) {
            result("S-" + i);
            volume("pump-a", i);
            follower.tick(nowNs);
        }
        nowNs += 61_000_000_000L;
        follower.close();
        assertEquals(20, acts("lab").size());
        Files.copy(old, state, StandardCopyOption.REPLACE_EXISTING);
        follower = follower();
        result("S-7");
        follower.tick(nowNs);
        nowNs += 61_000_000_000L;
        follower.tick(nowNs);
        assertEquals(20, acts("lab").size());
        assertEquals(1, acts("pump-a").size());
    }

    @Test
    void whileTheDiskRefusesTheActWaits() throws IOException {
        Path acts = folder.resolve("buffer/acts");
        Path away = Files.move(acts, folder.resolve("away"));
        Files.writeString(acts, "no folder");
        follower = follower();
        result("S-1");
        follower.tick(nowNs);
        assertEquals(0, acts("lab").size());
        Files.delete(acts);
        Files.move(away, acts);
        follower.tick(nowNs);
        assertEquals(1, acts("lab").size());
    }
}
