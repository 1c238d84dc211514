package org.wasla.gateway.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.device.DeviceState;
import org.wasla.gateway.identify.Candidate;
import org.wasla.gateway.identify.Chunk;
import org.wasla.gateway.identify.Identifier;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.observation.RecordJson.Envelope;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.profile.LiveBytes;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;

/**
 * Notices another device on a line than the one that is configured: its bytes are none of the configured one's, and
 * another profile fits them. That is the event {@code device-unexpected}; nothing is made of the bytes, and the port stays
 * its bed's. What a line that is not linked brings is kept in memory for it, 8 KiB at most. Thread-safe; profiles are read
 * and bytes judged on a thread of its own, {@code strangers}, so that no line waits.
 */
final class Strangers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Strangers.class);
    private static final int BYTES_MAX = 8_192;
    private static final int BYTES_MIN = 64;
    private static final long AGE_MS = 120_000;
    /** So long a device may need to say enough. */
    private static final long FIRST_MS = 10_000;

    private static final long AGAIN_MS = 60_000;
    private static final int TRIES_MAX = 5;

    private final Config config;
    private final Outbox outbox;
    private final Supplier<RecordJson.Clock> clock;
    private final Map<String, Line> lines = new HashMap<>();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread made = new Thread(work, "strangers");
        made.setDaemon(true);
        return made;
    });

    /** What is known of a line that is not linked. */
    private static final class Line {
        private final LiveBytes kept = new LiveBytes(BYTES_MAX, AGE_MS);
        private final Config.Device device;
        private boolean isLinked;
        private long sinceMs;
        private long judgedMs;
        private int tries;

        Line(Config.Device device) {
            this.device = device;
        }

        void begin() {
            kept.clear();
            sinceMs = 0;
            judgedMs = 0;
            tries = 0;
        }
    }

    Strangers(Config config, Outbox outbox, Supplier<RecordJson.Clock> clock) {
        this.config = config;
        this.outbox = outbox;
        this.clock = clock;
        expect(config);
    }

    /** The devices that belong on the lines from now on. */
    synchronized void expect(Config now) {
        Map<String, Line> before = Map.copyOf(lines);
        lines.clear();
        for (Config.Device device : now.devices()) {
            Line old = before.get(device.id());
            boolean isSame = old != null
                    && old.device.link().equals(device.link())
                    && old.device.profile().id().equals(device.profile().id());
            lines.put(device.id(), isSame ? old : new Line(device));
        }
        // What comes over several lines of one device is not told apart here.
        now.further().forEach(line -> lines.remove(line.id()));
    }

    synchronized void changed(String device, DeviceState state) {
        Line line = lines.get(device);
        if (line != null && (state == DeviceState.LINKED) != line.isLinked) {
            line.isLinked = state == DeviceState.LINKED;
            line.begin();
        }
    }

    synchronized void heard(String device, byte[] bytes, int length, long timeMs) {
        Line line = lines.get(device);
        if (line != null && !line.isLinked && length > 0) {
            line.kept.add(bytes, length, timeMs);
            line.sinceMs = line.sinceMs == 0 ? timeMs : line.sinceMs;
        }
    }

    /** Looks at once at all that are not linked, and tells again what was told. */
    synchronized void again() {
        for (Line line : lines.values()) {
            line.judgedMs = 0;
            line.tries = 0;
            line.sinceMs = Math.min(line.sinceMs, 1);
        }
    }

    /** Looks at the lines that are due; once a second or so. */
    synchronized void tick(long nowMs) {
        for (Line line : lines.values()) {
            List<LiveBytes.Chunk> kept = line.kept.chunks();
            int size = kept.stream().mapToInt(chunk -> chunk.bytes().size()).sum();
            boolean isDue = line.tries < TRIES_MAX
                    && line.sinceMs > 0
                    && nowMs - line.sinceMs >= FIRST_MS
                    && Math.abs(nowMs - line.judgedMs) >= AGAIN_MS;
            if (!line.isLinked && size >= BYTES_MIN && isDue) {
                line.judgedMs = nowMs;
                line.tries++;
                judge(line, kept);
            }
        }
    }

    private void judge(Line line, List<LiveBytes.Chunk> kept) {
        try {
            thread.execute(() -> {
                try {
                    look(line, kept);
                } catch (IOException | RuntimeException unread) {
                    LOG.warn(
                            "device={} cannot be compared with other profiles cause=\"{}\"",
                            line.device.id(),
                            unread.toString());
                }
            });
        } catch (RejectedExecutionException closed) {
            LOG.debug("device={} is not judged any more", line.device.id());
        }
    }

    private void look(Line line, List<LiveBytes.Chunk> kept) throws IOException {
        List<Chunk> heard = kept.stream()
                .map(chunk -> new Chunk(chunk.timeMs(), chunk.bytes()))
                .toList();
        List<Candidate> known = Identifier.known(Identifier.rank(profiles(), heard));
        String own = line.device.profile().id();
        if (known.isEmpty()
                || known.stream().anyMatch(each -> each.profile().id().equals(own))) {
            return;
        }
        synchronized (this) {
            if (line.isLinked || line.tries > TRIES_MAX) {
                return;
            }
            line.tries = TRIES_MAX + 1;
        }
        tell(line.device, known.get(0).profile().id());
    }

    private void tell(Config.Device device, String fits) throws IOException {
        LOG.warn(
                "device={} is another one than configured profile={} fits={}",
                device.id(),
                device.profile().id(),
                fits);
        long nowMs = System.currentTimeMillis();
        Envelope envelope = new Envelope(
                config.gateway().id(), device.id(), device.location(), null, null, null, nowMs, null, clock.get());
        RecordBody event = new RecordBody.Event(
                "device-unexpected", Map.of("fits", fits, "link", device.link().text()));
        outbox.offer(List.of(new Draft(
                device.id(),
                "evt",
                Urgency.RESULT,
                nowMs,
                (epoch, seq) -> RecordJson.write(envelope, event, epoch, seq))));
    }

    /** Read for the occasion and forgotten: all of them would take megabytes. */
    private List<Profile> profiles() throws IOException {
        ProfileStore store = ProfileStore.open(config.profileFolders());
        List<Profile> profiles = new ArrayList<>();
        for (Path folder : store.all()) {
            Problems problems = new Problems();
            Profile profile = store.read(folder, problems);
            if (problems.isEmpty()) {
                profiles.add(profile);
            }
        }
        return profiles;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
