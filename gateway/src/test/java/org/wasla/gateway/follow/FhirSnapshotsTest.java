package org.wasla.gateway.follow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.config.FhirReader;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.render.Fhir;

/** A shared record is no monitor: it gets what is new now and then, and every result. */
class FhirSnapshotsTest {
    private static final Fhir.Source SOURCE = new Fhir.Source("monitor", "");

    @TempDir
    Path folder;

    private Outbox outbox;
    private FhirSnapshots snapshots;

    @BeforeEach
    void open() throws IOException {
        outbox = Outbox.open(new OutboxSettings(folder.resolve("buffer"), 16L << 20, 0), (d, k, from, to, why) -> {
            throw new AssertionError("nothing is lost here");
        });
        snapshots = new FhirSnapshots(outbox, new FhirReader.Rates(60_000, 2));
        snapshots.addPort("mon", SOURCE);
    }

    @AfterEach
    void close() {
        outbox.close();
    }

    private void keep(String kind, Urgency urgency, String rest) throws IOException {
        keep("mon", kind, urgency, 1_781_596_804_105L, rest);
    }

    private void keep(String device, String kind, Urgency urgency, long timeMs, String rest) throws IOException {
        outbox.append(List.of(new Draft(
                device,
                kind,
                urgency,
                timeMs,
                (epoch, seq) -> ("{\"v\":1,\"id\":\"gw.e." + device + '.' + kind + '.' + seq
                                + "\",\"gw\":\"gw\",\"dev\":\"" + device + "\",\"k\":\"" + kind + "\",\"seq\":" + seq
                                + ",\"t\":" + timeMs + ',' + rest + '}')
                        .getBytes(StandardCharsets.UTF_8))));
    }

    /** Half a second of four samples, as long after the first. */
    private void wave(int nth) throws IOException {
        String samples = 4 * nth + "," + (4 * nth + 1) + "," + (4 * nth + 2) + "," + (4 * nth + 3);
        String rest = "\"r\":\"PLETH\",\"hz\":\"8\",\"n0\":" + 4 * nth + ",\"lo\":0,\"hi\":255,\"d\":[" + samples + "]";
        keep("mon", "wav", Urgency.WAVE, 1_781_596_804_000L + 500L * nth, rest);
    }

    private void value(int value) throws IOException {
        keep("obs", Urgency.OBSERVATION, "\"obs\":[{\"r\":\"HR\",\"v\":" + value + "}]");
    }

    private List<String> bundles() throws IOException {
        return bundles("mon");
    }

    private List<String> bundles(String device) throws IOException {
        List<String> bundles = new ArrayList<>();
        for (Entry entry : outbox.stream(device, FhirSnapshots.KIND, 1, Long.MAX_VALUE, 1_000)) {
            bundles.add(new String(entry.payload(), StandardCharsets.UTF_8));
        }
        return bundles;
    }

    @Test
    void valuesComeOnceInAWhileAndThenTheNewest() throws IOException {
        value(70);
        snapshots.tick(100_000);
        value(71);
        value(72);
        snapshots.tick(130_000);
        assertEquals(1, bundles().size());
        snapshots.tick(160_000);
        snapshots.tick(230_000);
        List<String> told = bundles();
        assertEquals(2, told.size(), "nothing new, nothing told");
        assertTrue(told.get(1).contains("\"value\":72"), told.get(1));
    }

    @Test
    void anAlarmBringsTheValuesAtOnce() throws IOException {
        value(70);
        snapshots.tick(100_000);
        value(140);
        keep(
                "alarm",
                Urgency.ALARM,
                "\"a\":\"hr-high\",\"phase\":\"start\",\"kind\":\"phys\",\"prio\":\"high\",\"r\":\"1\"");
        snapshots.tick(101_000);
        assertTrue(bundles().get(1).contains("\"value\":140"));
    }

    @Test
    void everyResultComesAndAfterARestartTheNewestAgain() throws IOException {
        keep("res", Urgency.RESULT, "\"res\":[{\"r\":\"WBC\",\"v\":6.80}]");
        keep("res", Urgency.RESULT, "\"res\":[{\"r\":\"RBC\",\"v\":4.1}]");
        snapshots.tick(1_000);
        snapshots.tick(2_000);
        assertEquals(2, bundles().size());
        FhirSnapshots next = new FhirSnapshots(outbox, new FhirReader.Rates(60_000, 0));
        next.addPort("mon", SOURCE);
        next.tick(3_000);
        List<String> told = bundles();
        assertEquals(4, told.size());
        assertEquals(told.get(0), told.get(2), "the same to the byte: a server keeps it once");
    }

    // A central station tells its beds one by one: the box meets them while it runs.
    @Test
    void aPartThatIsMetLaterIsRenderedFromItsFirstRecord() throws IOException {
        snapshots.addPort("mon-2", new Fhir.Source("pump", ""));
        snapshots.tick(100_000);
        keep("mon-b07", "obs", Urgency.OBSERVATION, 1_000, "\"obs\":[{\"r\":\"HR\",\"v\":71}]");
        keep("mon-2-s1", "res", Urgency.RESULT, 1_000, "\"res\":[{\"r\":\"K\",\"v\":4.1}]");
        keep("other-1", "obs", Urgency.OBSERVATION, 1_000, "\"obs\":[{\"r\":\"HR\",\"v\":71}]");
        snapshots.tick(101_000);
        assertTrue(bundles("mon-b07").get(0).contains("\"type\":{\"text\":\"monitor\"}"));
        assertTrue(bundles("mon-2-s1").get(0).contains("\"type\":{\"text\":\"pump\"}"));
        assertEquals(List.of(), bundles("other-1"));
        FhirSnapshots next = new FhirSnapshots(outbox, new FhirReader.Rates(60_000, 0));
        next.addPort("mon", SOURCE);
        next.tick(300_000);
        assertEquals(1, bundles("mon-b07").size(), "after a restart only what is new");
    }

    @Test
    void theLastSecondsOfAWaveComeWithTheValues() throws IOException {
        for (int i = 0; i < 9; i++) {
            wave(i);
        }
        snapshots.tick(100_000);
        List<String> told = bundles();
        assertEquals(1, told.size());
        assertTrue(told.get(0).contains("\"data\":\"20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35\""), told.get(0));
        wave(9);
        snapshots.tick(130_000);
        assertEquals(1, bundles().size(), "not yet");
        snapshots.tick(160_000);
        snapshots.tick(230_000);
        assertEquals(2, bundles().size(), "nothing new, nothing told");
    }
}
