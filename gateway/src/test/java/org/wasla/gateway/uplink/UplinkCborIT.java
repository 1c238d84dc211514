package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.command.Command;
import org.wasla.gateway.observation.Unnumbered;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.uplink.UplinkSettings.Compression;
import org.wasla.gateway.uplink.UplinkSettings.Encoding;

/** CBOR and the published dictionary over a real broker: a subscriber gets the record that is in the buffer. */
class UplinkCborIT {
    private static final long WAIT_MS = 30_000;
    private static final String DEVICE = "mon-b07";
    private static final Timing QUICK = new Timing(2_000, 3_000, 50, 500, 60_000, 30);
    private static final Pattern NUMBERS = Pattern.compile("\"seq\":(\\d+)(?:,\"n\":(\\d+))?,");

    @TempDir
    Path dir;

    /** What the tool {@code subscribe} is given. Thread-safe. */
    private static final class Listener implements Subscriber.Listener {
        private final List<String> records = new CopyOnWriteArrayList<>();
        private final List<String> late = new CopyOnWriteArrayList<>();
        private final List<String> unreadable = new CopyOnWriteArrayList<>();
        private volatile String connection = "not yet";

        @Override
        public void message(String topic, byte[] payload) {
            if (topic.contains("/d/")) {
                (topic.endsWith("/obs-bf") ? late : records).add(new String(payload, StandardCharsets.UTF_8));
            }
        }

        @Override
        public void unreadable(String topic, String why) {
            unreadable.add(topic + ": " + why);
        }

        @Override
        public void connection(String cause) {
            connection = cause;
        }
    }

    private static UplinkSettings settings(Mosquitto broker, Encoding encoding) {
        return new UplinkSettings(
                List.of(URI.create("mqtt://127.0.0.1:" + broker.port())),
                null,
                null,
                "gw-1",
                "wasla/test",
                encoding,
                UplinkSettings.Flow.FREE);
    }

    private Outbox open() throws IOException {
        return Outbox.open(new OutboxSettings(dir.resolve("buffer"), 64L << 20, 0), Gaps::event);
    }

    private static List<Draft> sets(WardSet ward, int count) {
        List<Draft> drafts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Unnumbered set = ward.unnumbered();
            drafts.add(new Draft(DEVICE, "obs", Urgency.OBSERVATION, System.currentTimeMillis(), set::numbered));
        }
        return drafts;
    }

    private static Subscriber subscriber(Mosquitto broker, Listener listener) {
        return new Subscriber(settings(broker, Encoding.PLAIN), "wasla/1/#", listener);
    }

    private static void start(Subscriber subscriber, Listener listener) throws Exception {
        subscriber.start();
        Ear.until("subscribed", WAIT_MS, () -> listener.connection.isEmpty());
    }

    private static List<String> stored(Outbox outbox, String kind) throws IOException {
        return outbox.stream(DEVICE, kind, 1, 1_000, 1_000).stream()
                .map(Entry::payload)
                .map(payload -> new String(payload, StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void aSubscriberGetsLetterByLetterWhatTheBufferHolds() throws Exception {
        for (Compression compression : List.of(Compression.OFF, Compression.DICTIONARY)) {
            Listener listener = new Listener();
            String enc = compression == Compression.OFF ? "identity" : "deflate-d1";
            try (Mosquitto broker = Mosquitto.start(dir);
                    Ear ear = new Ear(broker.port());
                    Subscriber subscriber = subscriber(broker, listener);
                    Outbox outbox = open();
                    Uplink uplink = new Uplink(
                            settings(broker, new Encoding(true, compression)), UplinkIT.TOPICS, outbox, QUICK)) {
                start(subscriber, listener);
                uplink.start();
                int before = stored(outbox, "obs").size();
                byte[] bundle = "{\"resourceType\":\"Bundle\"}".getBytes(StandardCharsets.UTF_8);
                outbox.append(List.of(new Draft(DEVICE, "fhir", Urgency.RESULT, 1, (epoch, seq) -> bundle)));
                outbox.append(sets(new WardSet(1), 20));
                Ear.until("all there", WAIT_MS, () -> listener.records.size() >= 21);
                List<String> stored = stored(outbox, "obs");
                assertEquals(new String(bundle, StandardCharsets.UTF_8), listener.records.remove(0));
                assertEquals(stored.subList(before, before + 20), listener.records);
                assertEquals(List.of(), listener.unreadable);
                Ear.Heard record = ear.heard().stream()
                        .filter(each -> each.topic().endsWith("/obs"))
                        .findFirst()
                        .orElseThrow();
                assertEquals("application/vnd.wasla.obs+cbor", record.contentType());
                assertEquals(enc, record.user().get("enc"));
                // People and scripts look at these.
                assertEquals(
                        "application/vnd.wasla.state+json", ear.heard().get(0).contentType());
            }
        }
    }

    /** All numbers that these messages hold, rows of a batch each. */
    private static List<Long> numbers(List<String> messages) {
        List<Long> numbers = new ArrayList<>();
        for (String message : messages) {
            Matcher found = NUMBERS.matcher(message);
            assertTrue(found.find(), message);
            long first = Long.parseLong(found.group(1));
            long rows = found.group(2) == null ? 1 : Long.parseLong(found.group(2));
            LongStream.range(first, first + rows).forEach(numbers::add);
        }
        return numbers;
    }

    @Test
    void lateBatchesAndReplaysAreReadLikeAnyOther() throws Exception {
        try (Outbox outbox = open()) {
            outbox.append(sets(new WardSet(2), 100));
        }
        Listener listener = new Listener();
        try (Mosquitto broker = Mosquitto.start(dir);
                Subscriber subscriber = subscriber(broker, listener);
                Outbox outbox = open();
                Uplink uplink = new Uplink(
                        settings(broker, new Encoding(true, Compression.DICTIONARY)), UplinkIT.TOPICS, outbox, QUICK)) {
            start(subscriber, listener);
            uplink.start();
            Ear.until("the backlog", WAIT_MS, () -> numbers(listener.late).size() >= 100);
            assertEquals(LongStream.rangeClosed(1, 100).boxed().toList(), numbers(listener.late));
            int messages = listener.late.size();
            assertTrue(messages < 20, messages + " messages");
            assertTrue(listener.late.stream()
                    .allMatch(each -> each.contains("\"rows\":[[0,") && each.matches(".*,\"late\":\\d+}")));
            uplink.replays().order(new Command.Replay("r-1", "lab", DEVICE, "obs", 11, 50, null));
            Ear.until("the replay", WAIT_MS, () -> numbers(listener.late).size() >= 140);
            assertEquals(
                    LongStream.rangeClosed(11, 50).boxed().toList(),
                    numbers(listener.late.subList(messages, listener.late.size())));
            assertEquals(List.of(), listener.unreadable);
            assertEquals(List.of(), listener.records);
        }
    }
}
