package org.wasla.gateway.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.hospital.HospitalProgress;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.outbox.BufferLook;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.uplink.UplinkStatus;

/** What is not known is not in the document: a reader would take a 0 for a figure. */
class HealthTest {
    private static final UplinkStatus NEVER_CONNECTED = new UplinkStatus(
            false,
            null,
            0,
            0,
            0,
            0,
            0,
            false,
            null,
            0,
            0,
            0,
            0,
            0,
            "idle",
            UplinkStatus.State.AWAY,
            List.of(),
            true,
            0,
            -1);

    @TempDir
    Path dir;

    private static Draft draft(Urgency urgency, String kind) {
        return new Draft(
                "a",
                kind,
                urgency,
                System.currentTimeMillis(),
                (epoch, seq) -> "{\"secret\":1}".getBytes(StandardCharsets.UTF_8));
    }

    private static String running(Outbox outbox) {
        return new Health("gw-1")
                .running(outbox, NEVER_CONNECTED, List.of(), new Clock("unsync", null), null, List.of());
    }

    @Test
    void anEmptyBufferHasNoAgesNoBoundAndNoEnd() throws Exception {
        OutboxSettings settings = new OutboxSettings(dir, 8L << 20, 0);
        try (Outbox outbox = Outbox.open(settings, Gaps::event)) {
            String health = running(outbox);
            assertTrue(health.contains("\"running\":true"), health);
            assertTrue(health.contains("\"lanes\":{\"alarm\":{\"waiting\":0,\"waitingBytes\":0}"), health);
            assertTrue(health.contains("\"secondsToDrained\":0.00"), "nothing waits: that is known; " + health);
            assertTrue(health.contains("\"clk\":{\"s\":\"unsync\"}"), health);
            for (String unknown : List.of("oldestMs", "hoursToFull", "lastError", "server", "window", ":-1", "null")) {
                assertFalse(health.contains(unknown), unknown + " in " + health);
            }
        }
    }

    @Test
    void receiversOfTheHospitalAreToldWhereThereAreSome() throws Exception {
        HospitalProgress his = new HospitalProgress(
                "his", true, 1, 14, 1_440, 2, Map.of("AE-101", 3L), Map.of("closed", 1L), 0, 12, "oxi.obs 5-16", null);
        OutboxSettings settings = new OutboxSettings(dir, 8L << 20, 0);
        try (Outbox outbox = Outbox.open(settings, Gaps::event)) {
            String health = new Health("gw-1")
                    .running(outbox, NEVER_CONNECTED, List.of(), new Clock("unsync", null), null, List.of(his));
            assertTrue(
                    health.endsWith(
                            "\"hospital\":[{\"to\":\"his\",\"connected\":true,\"waiting-alarm\":1,"
                                    + "\"waiting-observation\":14,\"sent\":1440,\"again\":2,\"refused\":{\"AE-101\":3},"
                                    + "\"aside\":{\"closed\":1},\"unrendered\":0,\"missed\":12,\"lastMissed\":\"oxi.obs 5-16\"}]}"),
                    health);
            assertFalse(running(outbox).contains("hospital"));
        }
    }

    @Test
    void whatWaitsIsToldByUrgencyUnderOldNamesAndNew() throws Exception {
        OutboxSettings settings = new OutboxSettings(dir, 8L << 20, 0);
        try (Outbox outbox = Outbox.open(settings, Gaps::event)) {
            outbox.append(
                    List.of(draft(Urgency.ALARM, "alarm"), draft(Urgency.WAVE, "wav"), draft(Urgency.WAVE, "wav")));
            String health = running(outbox);
            assertTrue(health.contains("\"waiting-alarm\":1,\"waiting-result\":0"), health);
            assertTrue(health.contains("\"wave\":{\"waiting\":2,\"waitingBytes\":152,\"oldestMs\":"), health);
            assertTrue(health.contains("\"accepted\":3,\"refused\":0,\"lost\":0"), health);
            assertTrue(health.contains("\"maxBytes\":8388608"), health);
            assertFalse(health.contains("secondsToDrained"), "nothing is sent, so no end is in sight: " + health);
            assertFalse(health.contains("secret"), "never a value of a record");
        }
        try (BufferLook look = BufferLook.open(settings)) {
            String health = Health.stopped("gw-1", look.figures());
            assertTrue(health.contains("\"running\":false"), health);
            assertTrue(health.contains("\"waiting-alarm\":1,\"waiting-result\":0"), health);
            assertTrue(health.contains("\"wave\":{\"waiting\":2,\"waitingBytes\":152,\"oldestMs\":"), health);
            assertFalse(health.contains("accepted"), "only a running agent counts that: " + health);
        }
    }

    @Test
    void theLongestSyncStaysForTenMinutesWhoeverAsks() {
        SyncMax longest = new SyncMax();
        long second = 1_000_000_000L;
        assertEquals(7.0, longest.with(7.0, 0));
        assertEquals(7.0, longest.with(0.5, second));
        assertEquals(9.0, longest.with(9.0, 300 * second));
        assertEquals(9.0, longest.with(0, 800 * second));
        assertEquals(0.25, longest.with(0.25, 1_000 * second));
    }

    /** A topic that waits shows with its reason; one over which a broker only hangs up has none to show. */
    @Test
    void whatTheBrokerDoesNotTakeIsNamed() throws Exception {
        UplinkStatus status = new UplinkStatus(
                true,
                "broker:8883",
                0,
                0,
                3,
                0,
                0,
                false,
                null,
                0,
                0,
                0,
                0,
                0,
                "idle",
                UplinkStatus.State.TOO_LARGE,
                List.of(
                        new UplinkStatus.Held("wasla/1/r/s/gw-1/d/a/obs", 0x95, 2, false),
                        new UplinkStatus.Held("wasla/1/r/s/gw-1/d/b/obs", 0, 5, true)),
                false,
                1,
                5_000);
        try (Outbox outbox = Outbox.open(new OutboxSettings(dir, 64L << 20, 0), Gaps::event)) {
            String json =
                    new Health("gw-1").running(outbox, status, List.of(), new Clock("unsync", null), null, List.of());
            assertTrue(
                    json.contains("\"state\":\"too-large\",\"held\":["
                            + "{\"topic\":\"wasla/1/r/s/gw-1/d/a/obs\",\"reason\":\"0x95\",\"times\":2,\"ends\":false},"
                            + "{\"topic\":\"wasla/1/r/s/gw-1/d/b/obs\",\"times\":5,\"ends\":true}],"
                            + "\"retains\":false,\"sessionsLost\":1"),
                    json);
            long told = Long.parseLong(json.replaceAll(".*\"t\":(\\d+).*", "$1"));
            long last = Long.parseLong(json.replaceAll(".*\"sent\":0,\"last\":(\\d+).*", "$1"));
            assertTrue(last >= told - 5_000, "five seconds before the document or what it took to write it: " + json);
        }
    }
}
