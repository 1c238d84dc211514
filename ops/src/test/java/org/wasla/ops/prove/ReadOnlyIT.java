package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.wasla.ops.prove.Platform.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.bridge.link.Pty;
import org.wasla.gateway.device.DeviceSettings;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.device.GapRecord;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Talk;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;
import org.wasla.gateway.simulator.Simulated;

/**
 * Read-only means no byte at the other end of the line: every profile, through the worker that runs in a ward, over a real
 * terminal, from the opening to the farewell, while the device says all that it would say to somebody who answers.
 */
class ReadOnlyIT {
    private static final LocalDateTime NOON = LocalDateTime.of(2026, 6, 16, 12, 0, 0);
    private static final long MINUTE_NS = 60_000_000_000L;
    private static final long STEP_NS = 100_000_000L;
    private static final int SAID_BYTES_MAX = 6_000;
    /** Enough for what is due each second, each three seconds, and for what silence restarts. */
    private static final long LISTEN_NS = 3_500_000_000L;

    @TempDir
    Path folder;

    /** One profile's line: the test is the device. */
    private static final class Line implements AutoCloseable {
        private final Profile profile;
        private final Pty pty;
        private final DeviceWorker worker;
        private final byte[] buffer = new byte[4096];
        private int heard;

        Line(Profile profile, Pty pty, Outbox outbox, boolean isReadOnly) {
            this.profile = profile;
            this.pty = pty;
            LinkSettings link = LinkSettings.parse("serial:" + pty.path()).withReadOnly(isReadOnly);
            DeviceSettings settings =
                    new DeviceSettings("gw", profile.id(), null, profile, link, Map.of(), "codes@1", ZoneId.of("UTC"));
            this.worker = new DeviceWorker(settings, outbox, () -> new Clock("sync", null), (device, status) -> {});
        }

        void listen() throws IOException {
            heard += Math.max(0, pty.read(buffer, 1));
        }

        @Override
        public void close() {
            worker.close();
            pty.close();
        }
    }

    private static List<Profile> profiles() throws IOException {
        ProfileStore store = ProfileStore.open(List.of(Tool.ROOT.resolve("device-profiles")));
        List<Profile> profiles = new ArrayList<>();
        for (Path home : store.all()) {
            Problems problems = new Problems();
            profiles.add(store.read(home, problems));
            assertTrue(problems.isEmpty(), problems.list().toString());
        }
        return profiles;
    }

    /** What the device says in a minute to somebody who asks, answers and acknowledges. */
    private static List<Bytes> said(Profile profile) {
        Simulated device = Objects.requireNonNull(profile.simulator()).start(0);
        Talk talk = profile.talk().open(0);
        List<Bytes> said = new ArrayList<>();
        for (long nowNs = 0; nowNs < MINUTE_NS; nowNs += STEP_NS) {
            LocalDateTime now = NOON.plusNanos(nowNs);
            List<Bytes> heard = new ArrayList<>(device.onTime(nowNs, now));
            answer(device, talk, talk.onTime(nowNs), nowNs, heard);
            for (int i = 0; i < heard.size(); i++) {
                byte[] bytes = heard.get(i).toArray();
                answer(device, talk, talk.onBytes(bytes, bytes.length, nowNs), nowNs, heard);
            }
            said.addAll(heard);
        }
        return said;
    }

    /** All is kept at once. */
    private static void answer(Simulated device, Talk talk, List<Action> first, long nowNs, List<Bytes> heard) {
        List<Action> actions = first;
        while (!actions.isEmpty()) {
            for (Action action : actions) {
                Bytes bytes = action instanceof Action.Send send
                        ? send.bytes()
                        : action instanceof Action.Deliver deliver ? deliver.ifKept() : Bytes.NONE;
                heard.addAll(device.onBytes(bytes.toArray(), bytes.size(), nowNs, NOON.plusNanos(nowNs)));
            }
            Action last = actions.get(actions.size() - 1);
            boolean waits = last instanceof Action.Keep || last instanceof Action.Settle;
            actions = waits ? talk.onKept(true, nowNs) : List.of();
        }
    }

    private static void speak(Line line) throws IOException {
        int bytes = 0;
        for (Bytes message : said(line.profile)) {
            if (bytes + message.size() <= SAID_BYTES_MAX) {
                bytes += message.size();
                line.pty.write(message.toArray());
                line.listen();
            }
        }
        // A damaged frame asks for a complaint.
        line.pty.write(new byte[] {2, 3, 1, 0x1b, 0x7e, 0x0d, 0x0a, 5, 0x7e, 3, 4});
    }

    private List<Line> lines(Outbox outbox, boolean isReadOnly) throws IOException {
        List<Line> lines = new ArrayList<>();
        for (Profile profile : profiles()) {
            lines.add(new Line(profile, Pty.open(), outbox, isReadOnly));
        }
        return lines;
    }

    private Outbox outbox() throws IOException {
        return Outbox.open(
                new OutboxSettings(folder.resolve("buffer"), 64L << 20, 0),
                (device, kind, from, to, why) -> new GapRecord(device + "." + kind, from, to, why)
                        .draft("gw", device, null, new Clock("sync", null)));
    }

    @Test
    void theOtherEndHearsNothing() throws Exception {
        try (Outbox outbox = outbox()) {
            List<Line> lines = lines(outbox, true);
            try {
                lines.forEach(line -> line.worker.start());
                for (Line line : lines) {
                    speak(line);
                }
                long endNs = System.nanoTime() + LISTEN_NS;
                while (System.nanoTime() < endNs) {
                    for (Line line : lines) {
                        line.listen();
                    }
                }
                atOnce(lines, line -> line.worker.close());
                for (Line line : lines) {
                    String id = line.profile.id();
                    assertTrue(line.worker.tally().frames() > 0, id + " was not heard: the test shows nothing of it");
                    line.listen();
                    assertEquals(0, line.heard, id + " was told something");
                }
            } finally {
                atOnce(lines, Line::close);
            }
        }
    }

    /** The same lines when they may be written to: a profile that speaks is heard, or the test above could not fail. */
    @Test
    void theOtherEndHearsWhoeverMaySpeak() throws Exception {
        try (Outbox outbox = outbox()) {
            List<Line> lines = lines(outbox, false);
            try {
                List<Line> speakers = new ArrayList<>();
                for (Line line : lines) {
                    Talk talk = line.profile.talk().open(0);
                    boolean speaks = talk.onTime(0).stream().anyMatch(Action.Send.class::isInstance);
                    if (speaks) {
                        speakers.add(line);
                        line.worker.start();
                    }
                }
                assertTrue(speakers.size() >= 10, "profiles with a dialogue");
                for (Line line : speakers) {
                    await("a word of " + line.profile.id(), () -> isHeard(line));
                }
            } finally {
                atOnce(lines, Line::close);
            }
            assertFalse(lines.isEmpty());
        }
    }

    /** A serial port takes its time to be closed. */
    private static void atOnce(List<Line> lines, Consumer<Line> what) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (Line line : lines) {
            Thread thread = new Thread(() -> what.accept(line));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static boolean isHeard(Line line) {
        try {
            line.listen();
        } catch (IOException lost) {
            return false;
        }
        return line.heard > 0;
    }
}
