package org.wasla.gateway.indicators;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.render.Tree;

/** What a ministry adds up must be what happened: each thing once, in its period, and honest about what was not seen. */
class IndicatorsTest {
    private static final long START_MS = Instant.parse("2026-06-16T08:00:00Z").toEpochMilli();
    private static final long S = 1_000;
    private static final long MINUTE = 60 * S;
    private static final long HOUR = 60 * MINUTE;
    private static final long NS = 1_000_000_000L;
    private static final Map<String, Place> PLACES = Map.of(
            "oxi-1", Place.of("Réa 1/b07", "pulse oximeter"),
            "oxi-2", Place.of("Réa 1/b08", "pulse oximeter"),
            "lab-1", Place.of("lab", "laboratory analyser"));

    private final Turnarounds turnarounds = new Turnarounds();
    private final Indicators indicators = open(Set.of(Grain.HOUR, Grain.DAY));
    private long nowMs = START_MS;

    private Indicators open(Set<Grain> wanted) {
        return new Indicators(
                ZoneId.of("UTC"),
                wanted,
                PLACES.keySet(),
                device -> Optional.ofNullable(PLACES.get(device)),
                turnarounds);
    }

    private void look(Indicators of, long elapsedMs, String clock, boolean stepped, long waiting) {
        of.look(new Indicators.Look(
                nowMs, elapsedMs, clock, stepped, Map.of("oxi-1", true, "oxi-2", false), waiting, waiting * 10_000));
    }

    /** Looks every ten seconds until this time has passed. */
    private void pass(Indicators of, long forMs) {
        for (long passed = 0; passed < forMs; passed += 10 * S) {
            nowMs += 10 * S;
            look(of, 10 * S, "sync", false, 0);
        }
    }

    private static void record(Indicators of, String json, long atS) throws IOException {
        of.record(Tree.read(json.getBytes(StandardCharsets.UTF_8)), atS * NS);
    }

    private static List<String> documents(Indicators of) {
        List<String> documents = new ArrayList<>();
        for (Report report = of.next(); report != null; report = of.next()) {
            documents.add(new String(report.json("gw-1", "c81f2b7e", documents.size() + 1), StandardCharsets.UTF_8));
            of.told();
        }
        return documents;
    }

    private static void assertHas(String part, String document) {
        assertTrue(document.contains(part), part + " is not in " + document);
    }

    @Test
    void anHourSaysWhatHappenedInIt() throws IOException {
        look(indicators, 0, "sync", false, 0);
        indicators.count("oxi-1", Count.RECORDS, 60);
        indicators.count("oxi-1", Count.VALUES, 120);
        indicators.count("elsewhere", Count.VALUES, 1_000);
        record(indicators, "{\"dev\":\"oxi-1\",\"k\":\"alarm\",\"phase\":\"start\",\"prio\":\"high\"}", 0);
        record(indicators, "{\"dev\":\"oxi-1\",\"k\":\"alarm\",\"phase\":\"update\",\"prio\":\"high\"}", 0);
        indicators.alarms("oxi-1", Set.of("high"));
        pass(indicators, 30 * S);
        indicators.alarms("oxi-1", Set.of());
        record(
                indicators,
                "{\"dev\":\"oxi-2\",\"k\":\"evt\",\"e\":\"gap\",\"of\":\"oxi-2.obs\",\"from\":5,\"to\":9,\"why\":\"quota\"}",
                0);
        record(indicators, "{\"dev\":\"lab-1\",\"k\":\"evt\",\"e\":\"act\"}", 0);
        look(indicators, 0, "holdover", true, 7);
        look(indicators, 0, "sync", false, 2);
        pass(indicators, HOUR);
        List<String> told = documents(indicators);
        assertEquals(1, told.size());
        String hour = told.get(0);
        assertHas("\"id\":\"gw-1.agg-hour." + START_MS + "\",\"gw\":\"gw-1\",\"ep\":\"c81f2b7e\",\"seq\":1", hour);
        assertHas("\"k\":\"hour\",\"method\":\"wasla-agg@1\"", hour);
        assertHas("{\"from\":" + START_MS + ",\"to\":" + (START_MS + HOUR) + ",\"zone\":\"UTC\"}", hour);
        assertHas("\"covered\":3600,\"clk\":\"holdover\",\"steps\":1,\"n\":60", hour);
        assertHas("\"backlog\":{\"waiting\":0,\"most\":7,\"oldest\":0,\"mostOldest\":70}", hour);
        assertHas(
                "{\"unit\":\"r-a-1\",\"class\":\"pulse oximeter\",\"devices\":2,\"connected\":1,"
                        + "\"up\":{\"s\":3600,\"of\":7200,\"pc\":50.0},\"records\":60,\"values\":120,\"lost\":5,"
                        + "\"complete\":{\"got\":1,\"of\":60,\"pc\":1.6},\"alarms\":{\"high\":{\"n\":1,\"s\":30},"
                        + "\"medium\":{\"n\":0,\"s\":0}",
                hour);
        assertHas("\"class\":\"laboratory analyser\",\"devices\":1,\"connected\":0,\"records\":0", hour);
        assertHas("\"acts\":1", hour);
    }

    // A control is no patient, a correction no new analysis, and what is not final may come again.
    @Test
    void onlyFinalResultsOfPatientsAreAnalyses() throws IOException {
        look(indicators, 0, "sync", false, 0);
        String lab = "{\"dev\":\"lab-1\",\"k\":\"res\",\"sp\":\"S1\",";
        record(
                indicators,
                lab
                        + "\"res\":[{\"r\":\"A\",\"v\":1,\"st\":\"F\"},{\"r\":\"B\",\"s\":\"x\"},{\"r\":\"C\",\"v\":1,\"st\":\"P\"},"
                        + "{\"r\":\"D\",\"q\":\"na\",\"why\":\"x\",\"st\":\"F\"},{\"r\":\"E\",\"v\":2,\"q\":\"questionable\"},"
                        + "{\"r\":\"F\",\"v\":2,\"st\":\"C\"},{\"r\":\"G\",\"v\":2,\"st\":\"calexp\"}]}",
                0);
        record(indicators, lab + "\"qc\":true,\"res\":[{\"r\":\"A\",\"v\":1},{\"r\":\"B\",\"v\":1}]}", 0);
        record(indicators, lab + "\"res\":[{\"r\":\"A\",\"v\":1,\"st\":\"P\"}]}", 0);
        record(
                indicators,
                "{\"dev\":\"lab-1\",\"k\":\"res\",\"exam\":{\"study\":\"1.2\"},\"res\":[{\"r\":\"A\",\"v\":1}]}",
                0);
        String closed = "{\"dev\":\"lab-1\",\"k\":\"evt\",\"e\":\"study-closed\",\"study\":\"2.25.%d\"}";
        record(indicators, String.format(closed, 1), 0);
        record(indicators, String.format(closed, 1), 0);
        record(indicators, String.format(closed, 2), 0);
        pass(indicators, HOUR);
        assertHas(
                "\"analyses\":2,\"specimens\":1,\"controls\":2,\"exams\":2,\"acts\":0",
                documents(indicators).get(0));
    }

    @Test
    void turnaroundEndsWithTheFirstFinalResult() throws IOException {
        look(indicators, 0, "sync", false, 0);
        turnarounds.ordered("S1", 0);
        turnarounds.ordered("S1", 500 * NS);
        turnarounds.asked("S1", "lab-1", 1_000 * NS);
        String lab = "{\"dev\":\"lab-1\",\"k\":\"res\",\"sp\":\"S1\",\"res\":[{\"r\":\"A\",\"v\":1,\"st\":\"%s\"}]}";
        record(indicators, String.format(lab, "P"), 1_100);
        record(indicators, String.format(lab, "F"), 1_250);
        record(indicators, String.format(lab, "F"), 9_000);
        record(indicators, lab.replace("S1", "S2").replace("%s", "F"), 9_000);
        pass(indicators, HOUR);
        assertHas(
                "\"tat\":[{\"from\":\"order\",\"to\":\"result\",\"n\":1,\"min\":1250,\"p50\":1250,\"p90\":1250,\"max\":1250,"
                        + "\"le\":[[1800,1]]},{\"from\":\"asked\",\"to\":\"result\",\"n\":1,\"min\":250,\"p50\":250,\"p90\":250,"
                        + "\"max\":250,\"le\":[[300,1]]}]",
                documents(indicators).get(0));
    }

    @Test
    void whatWasNotLookedAtIsNotTold() {
        look(indicators, 0, "sync", false, 0);
        nowMs += 3 * HOUR;
        look(indicators, 0, "sync", false, 0);
        assertNull(indicators.next());
        pass(indicators, HOUR / 2);
        nowMs += 5 * HOUR;
        look(indicators, 10 * S, "sync", false, 0);
        List<String> told = documents(indicators);
        assertEquals(1, told.size(), "no document of the hours in which the box was off: " + told);
        assertHas("\"covered\":1810", told.get(0));
    }

    // The clock is set back over the hour's beginning: both documents of it are true, and together they are the hour.
    @Test
    void aPeriodThatComesAgainHasAPart() {
        look(indicators, 0, "sync", false, 0);
        pass(indicators, HOUR);
        nowMs -= HOUR / 2;
        look(indicators, 10 * S, "unsync", true, 0);
        pass(indicators, HOUR / 2);
        List<String> told = documents(indicators);
        assertEquals(3, told.size());
        assertHas("\"id\":\"gw-1.agg-hour." + START_MS + "\"", told.get(0));
        assertHas("\"id\":\"gw-1.agg-hour." + (START_MS + HOUR) + "\"", told.get(1));
        assertHas("\"id\":\"gw-1.agg-hour." + START_MS + ".2\"", told.get(2));
        assertHas("\"part\":2,\"covered\":1800", told.get(2));
    }

    @Test
    void aClockThatWasYearsAheadIsLeft() {
        nowMs += 20L * 365 * 24 * HOUR;
        look(indicators, 0, "unsync", false, 0);
        pass(indicators, MINUTE);
        nowMs = START_MS;
        look(indicators, 10 * S, "sync", true, 0);
        pass(indicators, HOUR);
        assertEquals(3, documents(indicators).size(), "hour and day of the wrong time, and an hour of the right one");
    }

    @Test
    void aRestartGoesOnWhereTheNoteWas() throws IOException {
        look(indicators, 0, "sync", false, 0);
        indicators.count("oxi-1", Count.VALUES, 3);
        turnarounds.ordered("S1", 0);
        record(indicators, "{\"dev\":\"lab-1\",\"k\":\"res\",\"sp\":\"S1\",\"res\":[{\"r\":\"A\",\"v\":1}]}", 70);
        pass(indicators, HOUR + 10 * MINUTE);
        byte[] note = indicators.state();
        Indicators next = open(Set.of(Grain.HOUR, Grain.DAY));
        assertTrue(next.restore(note));
        assertArrayEquals(note, next.state());
        nowMs += 10 * MINUTE;
        look(next, 0, "sync", false, 0);
        pass(next, HOUR);
        List<String> told = documents(next);
        assertEquals(2, told.size());
        assertHas("\"n\":0", told.get(0));
        assertHas("\"le\":[[300,1]]", told.get(0));
        assertHas("\"covered\":3000", told.get(1));
    }

    @Test
    void aDamagedNoteIsNone() {
        look(indicators, 0, "sync", false, 0);
        indicators.count("oxi-1", Count.VALUES, 3);
        pass(indicators, 2 * MINUTE);
        byte[] note = indicators.state();
        byte[] fresh = open(Set.of()).state();
        for (int length = 0; length < note.length; length++) {
            Indicators next = open(Set.of(Grain.HOUR));
            assertFalse(next.restore(Arrays.copyOf(note, length)), "cut at " + length);
            assertArrayEquals(fresh, next.state());
        }
    }

    @Test
    void onlyWantedPeriodsAreTold() {
        Indicators minutes = open(Set.of(Grain.MINUTE));
        look(minutes, 0, "sync", false, 0);
        minutes.count("oxi-1", Count.VALUES, 3);
        pass(minutes, HOUR);
        List<String> told = documents(minutes);
        assertEquals(60, told.size());
        assertFalse(told.get(0).contains("complete"), told.get(0));
        assertHas("\"k\":\"minute\"", told.get(0));
    }

    @Test
    void aUnitIsALevel() {
        assertEquals("rea1", Place.of("REA1/b07", "x").unit());
        assertEquals(
                "bloc-op-ratoire", Place.of(" Bloc opératoire / salle 3", "x").unit());
        assertNull(Place.of("//", "x").unit());
        assertNull(Place.of(null, "x").unit());
        assertEquals("a".repeat(32), Place.of("a".repeat(60), "x").unit());
    }
}
