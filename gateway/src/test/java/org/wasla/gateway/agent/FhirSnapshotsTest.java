package org.wasla.gateway.agent;

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
        snapshots = new FhirSnapshots(outbox, 60_000);
        snapshots.add("mon", SOURCE);
    }

    @AfterEach
    void close() {
        outbox.close();
    }

    private void keep(String kind, Urgency urgency, String rest) throws IOException {
        outbox.append(List.of(new Draft(
                "mon",
                kind,
                urgency,
                1_000,
                (epoch, seq) -> ("{\"v\":1,\"id\":\"gw.e.mon." + kind + '.' + seq
                                + "\",\"gw\":\"gw\",\"dev\":\"mon\",\"k\":\"" + kind + "\",\"seq\":" + seq
                                + ",\"t\":1781596804105," + rest + '}')
                        .getBytes(StandardCharsets.UTF_8))));
    }

    private void value(int value) throws IOException {
        keep("obs", Urgency.OBSERVATION, "\"obs\":[{\"r\":\"HR\",\"v\":" + value + "}]");
    }

    private List<String> bundles() throws IOException {
        List<String> bundles = new ArrayList<>();
        for (Entry entry : outbox.stream("mon", FhirSnapshots.KIND, 1, Long.MAX_VALUE, 1_000)) {
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
        FhirSnapshots next = new FhirSnapshots(outbox, 60_000);
        next.add("mon", SOURCE);
        next.tick(3_000);
        List<String> told = bundles();
        assertEquals(4, told.size());
        assertEquals(told.get(0), told.get(2), "the same to the byte: a server keeps it once");
    }
}
