package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;

/** What goes when: the order in which a ward's records leave the box. */
class FeedTest {

    private static final long MS = 1_000_000;

    @TempDir
    Path dir;

    private final ListSource source = new ListSource();
    private @Nullable Outbox outbox;
    private long nowNs;

    @BeforeEach
    void open() throws IOException {
        outbox = Outbox.open(new OutboxSettings(dir, 64L << 20, 0), Gaps::event);
    }

    @AfterEach
    void close() {
        buffer().close();
    }

    private Outbox buffer() {
        Outbox open = outbox;
        if (open == null) {
            throw new IllegalStateException("not open");
        }
        return open;
    }

    private Feed feed(int backlogPercent, long batchMs) {
        UplinkSettings.Flow flow = new UplinkSettings.Flow(0, batchMs, backlogPercent);
        return new Feed(source, flow, new Replays(buffer()), new Packer(1 << 20));
    }

    private @Nullable Parcel next(Feed feed) throws IOException {
        feed.refresh();
        Parcel alarm = feed.alarm(nowNs);
        return alarm == null ? feed.other() : alarm;
    }

    private List<String> all(Feed feed) throws IOException {
        List<String> all = new ArrayList<>();
        for (Parcel parcel = next(feed); parcel != null; parcel = next(feed)) {
            for (Entry entry : parcel.entries()) {
                all.add((parcel.late() ? "late " : "") + entry.device() + "." + entry.kind() + "." + entry.seq());
            }
        }
        return all;
    }

    @Test
    void liveGoesBeforeBacklogWithinEachUrgency() throws IOException {
        source.add(Urgency.OBSERVATION, "a", "obs", 10);
        source.add(Urgency.RESULT, "a", "evt", 10);
        source.add(Urgency.ALARM, "a", "alarm", 10);
        source.late = 3;
        source.add(Urgency.OBSERVATION, "a", "obs", 10);
        source.add(Urgency.WAVE, "a", "wav", 10);
        source.add(Urgency.RESULT, "a", "evt", 10);
        source.add(Urgency.ALARM, "a", "alarm", 10);
        assertEquals(
                List.of("a.alarm.2", "late a.alarm.1", "a.evt.2", "late a.evt.1", "a.obs.2", "late a.obs.1", "a.wav.1"),
                all(feed(25, 0)));
    }

    @Test
    void anAlarmOvertakesAllThatWaits() throws IOException {
        for (int i = 0; i < 500; i++) {
            source.add(Urgency.OBSERVATION, "a", "obs", 10);
        }
        Feed feed = feed(25, 0);
        next(feed);
        source.add(Urgency.ALARM, "a", "alarm", 10);
        assertEquals("alarm", kind(next(feed)));
    }

    private static String kind(@Nullable Parcel parcel) {
        return parcel == null ? "none" : parcel.first().kind();
    }

    /** Without a look in between, as in a long burst: at most sixteen parcels go ahead of it. */
    @Test
    void anAlarmIsSeenInTheMiddleOfABurst() throws IOException {
        for (int i = 0; i < 500; i++) {
            source.add(Urgency.OBSERVATION, "a", "obs", 10);
        }
        Feed feed = feed(25, 0);
        feed.alarm(nowNs);
        source.add(Urgency.ALARM, "a", "alarm", 10);
        int ahead = 0;
        while (feed.alarm(nowNs) == null && ahead < 100) {
            feed.other();
            ahead++;
        }
        assertTrue(ahead <= 16, ahead + " ahead");
    }

    private double share(int percent) throws IOException {
        source.entries.clear();
        source.numbers.clear();
        for (int i = 0; i < 400; i++) {
            source.add(Urgency.OBSERVATION, "a", "obs", 300);
        }
        source.late = 400;
        for (int i = 0; i < 400; i++) {
            source.add(Urgency.OBSERVATION, "a", "obs", 100);
        }
        Feed feed = feed(percent, 0);
        long live = 0;
        long late = 0;
        for (int i = 0; i < 200; i++) {
            Parcel parcel = next(feed);
            if (parcel != null && parcel.late()) {
                late += parcel.payload().bytes().length;
            } else if (parcel != null) {
                live += parcel.payload().bytes().length;
            }
        }
        return 100.0 * late / (live + late);
    }

    @Test
    void theBacklogHasItsShareOfBytesWhileBothWait() throws IOException {
        for (int percent : new int[] {10, 25, 50, 90}) {
            assertEquals(percent, share(percent), 3, percent + " %");
        }
        assertEquals(0, share(0));
    }

    @Test
    void oneSideTakesAllWhenTheOtherHasNothing() throws IOException {
        for (int i = 0; i < 100; i++) {
            source.add(Urgency.OBSERVATION, "a", "obs", 100);
        }
        source.late = 100;
        assertEquals(100, all(feed(0, 0)).size());
        source.late = 0;
        assertEquals(100, all(feed(90, 0)).size());
    }

    @Test
    void whatTheLiveCursorSkipsBecomesBacklog() throws IOException {
        for (int i = 0; i < 200; i++) {
            source.add(Urgency.OBSERVATION, "a", "obs", 10);
        }
        Feed feed = feed(25, 0);
        for (int i = 0; i < 10; i++) {
            next(feed);
        }
        source.late = 150;
        List<String> rest = all(feed);
        assertEquals(190, rest.size());
        assertEquals("a.obs.151", rest.get(0));
        assertEquals(
                "late a.obs.11",
                rest.stream()
                        .filter(each -> each.startsWith("late"))
                        .findFirst()
                        .orElseThrow());
        assertFalse(rest.contains("late a.obs.10"), "given before as live");
    }

    /** Nothing twice on one connection, nothing left out, order kept among live and among backlog. */
    @Test
    void everyEntryIsGivenOnceInOrderWhateverBecomesLate() throws IOException {
        for (long seed = 1; seed <= 60; seed++) {
            source.entries.clear();
            source.numbers.clear();
            source.late = 0;
            Random random = new Random(seed);
            Feed feed = feed(random.nextInt(91), seed % 3 == 0 ? 20 : 0);
            Set<String> given = new HashSet<>();
            Map<String, Long> last = new HashMap<>();
            for (int i = 0; i < 400; i++) {
                step(random, feed, given, last, seed);
            }
            nowNs += 100 * MS;
            next(feed, given, last, seed);
            nowNs += 100 * MS;
            while (next(feed, given, last, seed)) {
                nowNs += MS;
            }
            assertEquals(source.entries.size(), given.size(), "seed " + seed);
        }
    }

    private void step(Random random, Feed feed, Set<String> given, Map<String, Long> last, long seed)
            throws IOException {
        nowNs += MS;
        int choice = random.nextInt(10);
        if (choice < 4) {
            int pick = random.nextInt(4);
            Urgency urgency = List.of(Urgency.values()).get(pick);
            String kind = List.of("alarm", "evt", "obs", "wav").get(pick);
            for (int i = random.nextInt(20); i >= 0; i--) {
                source.add(urgency, "d" + random.nextInt(3), kind, random.nextInt(200));
            }
        } else if (choice < 5) {
            source.late += random.nextLong(Math.max(1, source.entries.size() - source.late + 1));
        } else {
            next(feed, given, last, seed);
        }
    }

    private boolean next(Feed feed, Set<String> given, Map<String, Long> last, long seed) throws IOException {
        Parcel parcel = next(feed);
        if (parcel == null) {
            return feed.gatherWaitMs(nowNs) > 0;
        }
        for (Entry entry : parcel.entries()) {
            String what = "seed " + seed + ": " + entry;
            assertTrue(given.add(entry.toString()), what + " twice");
            assertEquals(entry.position() <= source.late, parcel.late(), what);
            String line = entry.device() + entry.kind() + parcel.late();
            assertTrue(last.getOrDefault(line, 0L) < entry.seq(), what + " after " + last.get(line));
            last.put(line, entry.seq());
        }
        return true;
    }

    @Test
    void liveObservationsAreGatheredForAsLongAsTold() throws IOException {
        Feed feed = feed(25, 100);
        for (int i = 1; i <= 5; i++) {
            source.obs("a", record("a", i));
        }
        assertNull(next(feed));
        assertEquals(100, feed.gatherWaitMs(nowNs));
        source.add(Urgency.ALARM, "a", "alarm", 10);
        assertEquals("alarm", kind(next(feed)));
        nowNs += 100 * MS;
        Parcel parcel = next(feed);
        assertEquals(5, parcel == null ? 0 : parcel.entries().size());
        assertFalse(parcel != null && parcel.late());
        assertNull(next(feed));
    }

    /** More than can be under way: then they share messages, each once and in order, until few wait again. */
    @Test
    void aCrowdOfLiveSetsSharesMessages() throws IOException {
        Feed feed = feed(25, 0);
        Map<String, Long> last = new HashMap<>();
        int parcels = 0;
        for (int burst = 0; burst < 3; burst++) {
            for (int i = 0; i < 1_500; i++) {
                source.obs("a", record("a", burst * 1_500 + i + 1));
                source.obs("b", record("b", burst * 1_500 + i + 1));
            }
            for (Parcel parcel = next(feed); parcel != null; parcel = next(feed)) {
                parcels++;
                assertFalse(parcel.late());
                for (Entry entry : parcel.entries()) {
                    assertEquals(last.getOrDefault(entry.device(), 0L) + 1, entry.seq());
                    last.put(entry.device(), entry.seq());
                }
            }
            source.obs("a", record("a", burst));
            Parcel alone = next(feed);
            assertEquals(1, alone == null ? 0 : alone.entries().size());
            last.merge("a", 1L, Long::sum);
        }
        assertEquals(Map.of("a", 4_503L, "b", 4_500L), last);
        assertTrue(parcels < 1_000, parcels + " messages for 9,000 sets");
        source.late = source.entries.size();
        assertNull(next(feed));
    }

    @Test
    void backlogObservationsShareMessagesStreamByStream() throws IOException {
        for (int i = 1; i <= 100; i++) {
            source.obs("a", record("a", i));
            source.obs("b", record("b", i));
        }
        source.late = 200;
        Feed feed = feed(25, 0);
        List<Integer> sizes = new ArrayList<>();
        for (Parcel parcel = next(feed); parcel != null; parcel = next(feed)) {
            sizes.add(parcel.entries().size());
            assertTrue(parcel.payload().bytes().length <= 32 << 10);
        }
        assertEquals(200, sizes.stream().mapToInt(Integer::intValue).sum());
        assertTrue(sizes.size() <= 8, sizes.toString());
    }

    static String record(String device, int seq) {
        return "{\"v\":1,\"id\":\"g.e." + device + ".obs." + seq + "\",\"dev\":\"" + device
                + "\",\"k\":\"obs\",\"seq\":" + seq + ",\"t\":" + 1_000L * seq + ",\"obs\":[{\"r\":\"HR\",\"v\":"
                + (60 + seq % 9) + "}]}";
    }
}
