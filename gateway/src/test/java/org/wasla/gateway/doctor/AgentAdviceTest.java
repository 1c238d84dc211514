package org.wasla.gateway.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a technician is told follows from the figures; the same state has different causes. */
class AgentAdviceTest {
    private static final Map<String, Object> UP = Map.of("connected", "true", "state", "ok", "server", "broker:8883");

    private static List<Advice> of(Map<String, @Nullable Object> health) {
        return AgentAdvice.of(health);
    }

    private static List<Advice> ofDevice(String state, int frames, int bad, int skipped) {
        return of(Map.of(
                "uplink",
                UP,
                "devices",
                List.of(Map.of(
                        "dev",
                        "oxi-1",
                        "prof",
                        "masimo-ascii1@1.0.0",
                        "s",
                        state,
                        "why",
                        "no such port",
                        "frames",
                        String.valueOf(frames),
                        "skippedBytes",
                        String.valueOf(skipped),
                        "bad",
                        Map.of("checksum", String.valueOf(bad))))));
    }

    private static List<Advice> ofBuffer(boolean connected, Map<String, Object> figures) {
        return of(Map.of("buffer", figures, "uplink", Map.of("connected", String.valueOf(connected), "state", "ok")));
    }

    @Test
    void anAuditThatLacksRecordsIsTold() {
        assertEquals(List.of(), of(Map.of("audit", Map.of("missed", "0"))));
        assertEquals(List.of(Advice.wrong("audit.missed", "3")), of(Map.of("audit", Map.of("missed", "3"))));
    }

    @Test
    void anEmptyDocumentAndAHealthyOneSayNothing() {
        assertEquals(List.of(), of(Map.of()));
        assertEquals(List.of(), ofDevice("linked", 1_000, 50, 0));
    }

    @Test
    void silenceHasThreeCauses() {
        assertEquals(List.of(Advice.wrong("device.gone", "oxi-1", "12")), ofDevice("silent", 12, 0, 3));
        assertEquals(
                List.of(Advice.wrong("device.settings", "oxi-1", "400", "masimo-ascii1")),
                ofDevice("silent", 0, 0, 400));
        assertEquals(
                List.of(Advice.wrong("device.settings", "oxi-1", "0", "masimo-ascii1")), ofDevice("silent", 0, 1, 0));
        assertEquals(List.of(Advice.wrong("device.unheard", "oxi-1", "masimo-ascii1")), ofDevice("silent", 0, 0, 0));
        assertEquals(List.of(Advice.wrong("device.fault", "oxi-1", "no such port")), ofDevice("fault", 9, 0, 0));
    }

    private static List<Advice> ofLast(String state, long nowMs, String name, long thenMs) {
        return of(Map.of(
                "t",
                String.valueOf(nowMs),
                "uplink",
                UP,
                "devices",
                List.of(Map.of("dev", "oxi-1", "s", state, "frames", "12", name, String.valueOf(thenMs)))));
    }

    /** A short silence is a device in standby; a long one is a device that somebody has to ask for. */
    @Test
    void aDayWithoutARecordIsAFindingOfItsOwn() {
        long dayMs = 86_400_000L;
        long nowMs = 100 * dayMs;
        assertEquals(
                List.of(Advice.wrong("device.gone", "oxi-1", "12")),
                ofLast("silent", nowMs, "last", nowMs - dayMs + 1_000));
        assertEquals(
                List.of(Advice.wrong("device.long", "oxi-1", "86400")), ofLast("silent", nowMs, "last", nowMs - dayMs));
        assertEquals(
                List.of(Advice.wrong("device.long", "oxi-1", "172800")),
                ofLast("silent", nowMs, "t", nowMs - 2 * dayMs),
                "no record at all: as old as the silence");
        assertEquals(
                List.of(Advice.note("device.idle", "oxi-1", "86400")), ofLast("linked", nowMs, "last", nowMs - dayMs));
        assertEquals(List.of(), ofLast("linked", nowMs, "last", nowMs - dayMs + 1_000));
        assertEquals(List.of(), ofLast("linked", nowMs, "t", nowMs - 9 * dayMs), "not every device gives records");
    }

    @Test
    void moreThanOneDamagedFrameInTwentyIsWorthALook() {
        assertEquals(List.of(), ofDevice("linked", 95, 5, 0));
        assertEquals(List.of(Advice.note("device.damaged", "oxi-1", "6", "100")), ofDevice("linked", 94, 6, 0));
        assertEquals(List.of(), ofDevice("linked", 10, 10, 0), "too few to say");
    }

    @Test
    void aBufferThatFillsIsOnlyWrongWithoutAPlatform() {
        Map<String, Object> soon = Map.of("hoursToFull", "3.40", "full", "false");
        assertEquals(List.of(Advice.wrong("buffer.filling", "3")), ofBuffer(false, soon));
        assertEquals(List.of(), ofBuffer(true, soon));
        assertEquals(List.of(), ofBuffer(false, Map.of("hoursToFull", "24.00")));
        assertEquals(List.of(Advice.wrong("buffer.full")), ofBuffer(true, Map.of("full", "true")));
        assertEquals(List.of(Advice.wrong("buffer.volatile")), ofBuffer(true, Map.of("volatile", "true")));
        assertEquals(List.of(Advice.wrong("buffer.lost", "7")), ofBuffer(true, Map.of("lost", "7")));
    }

    @Test
    void everyStateOfTheUplinkIsTold() {
        assertEquals(
                List.of(Advice.wrong("uplink.refused", "b:1", "wasla/1/x/y/z/d/oxi/obs")),
                of(Map.of(
                        "uplink",
                        Map.of(
                                "state", "refused",
                                "server", "b:1",
                                "held", List.of(Map.of("topic", "wasla/1/x/y/z/d/oxi/obs"))))));
        for (String state : List.of("away", "nobody", "quota", "too-large", "searching")) {
            List<Advice> found = of(Map.of("uplink", Map.of("state", state)));
            assertEquals("uplink." + state, found.get(0).id());
            assertEquals(Advice.Level.WRONG, found.get(0).level());
        }
        assertEquals(List.of(Advice.note("uplink.slow", "")), of(Map.of("uplink", Map.of("state", "slow"))));
    }

    @Test
    void receiversThatAreBehindAreNamed() {
        assertEquals(
                List.of(Advice.wrong("imaging.forward", "pacs", "3", "refused")),
                of(Map.of(
                        "imaging",
                        Map.of("forward", List.of(Map.of("to", "pacs", "waiting", "3", "lastError", "refused"))))));
        assertEquals(
                List.of(Advice.wrong("hospital.behind", "his", "5", "away")),
                of(Map.of(
                        "hospital",
                        List.of(Map.of(
                                "to", "his",
                                "connected", "false",
                                "waiting-alarm", "2",
                                "waiting-observation", "3",
                                "lastError", "away")))));
    }
}
