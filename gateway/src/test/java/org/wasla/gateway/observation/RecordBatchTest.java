package org.wasla.gateway.observation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.observation.Observation.Meaning;
import org.wasla.gateway.observation.Observation.Value;
import org.wasla.gateway.observation.RecordBody.Numerics;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.observation.RecordJson.Envelope;

/** A batch loses nothing: not a digit, not a flag, not the order, not a device's time. */
class RecordBatchTest {

    private static final long T = 1_781_596_804_105L;

    private static byte[] record(long seq, long timeMs, @Nullable String deviceTime, Observation... observations) {
        Clock clock = new Clock("sync", deviceTime == null ? null : -183_000L - seq % 2);
        return record(seq, timeMs, deviceTime, clock, List.of(observations));
    }

    private static byte[] record(
            long seq, long timeMs, @Nullable String deviceTime, Clock clock, List<Observation> observations) {
        Envelope envelope = new Envelope(
                "gw-7f3a9c21",
                "oxi-b07",
                "rea1/b07",
                "masimo-ascii1@1.0.0",
                "1900eab6d2f4",
                "wasla-codes@1",
                timeMs,
                deviceTime,
                clock);
        return RecordJson.write(envelope, new Numerics(observations), "c81f2b7e", seq);
    }

    private static Observation number(String label, String digits) {
        Meaning meaning = new Meaning(label, label, 150_456, label.toLowerCase(java.util.Locale.ROOT), null, "%", null);
        return new Observation(meaning, new Value.Quantity(digits), null, null, null);
    }

    private static Observation of(String label, @Nullable Value value, @Nullable Flag flag, @Nullable String why) {
        return new Observation(Meaning.unmapped(label), value, flag, why, null);
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }

    private static RecordBatch batch(byte[]... records) {
        RecordBatch batch = RecordBatch.of(records[0], 60, 32 << 10).orElseThrow();
        for (int i = 1; i < records.length; i++) {
            assertTrue(batch.add(records[i]), "record " + i);
        }
        return batch;
    }

    @Test
    void isWrittenAsTheContractShows() {
        RecordBatch batch = batch(
                record(7, T, null, number("SPO2", "98"), number("T1", "36.80")),
                record(8, T + 1_000, null, number("SPO2", "97"), of("MODE", new Value.Text("A\"B"), null, null)),
                record(9, T + 1_990, null, of("MODE", null, Flag.OFF, null)));
        assertEquals(
                "{\"v\":1,\"id\":\"gw-7f3a9c21.c81f2b7e.oxi-b07.obs.7\",\"gw\":\"gw-7f3a9c21\",\"ep\":\"c81f2b7e\","
                        + "\"dev\":\"oxi-b07\",\"k\":\"obs\",\"seq\":7,\"n\":3,\"loc\":\"rea1/b07\","
                        + "\"prof\":\"masimo-ascii1@1.0.0\",\"ph\":\"1900eab6d2f4\",\"map\":\"wasla-codes@1\",\"t\":1781596804105,"
                        + "\"clk\":{\"s\":\"sync\"},"
                        + "\"cols\":[{\"c\":150456,\"n\":\"spo2\",\"r\":\"SPO2\",\"u\":\"%\"},"
                        + "{\"c\":150456,\"n\":\"t1\",\"r\":\"T1\",\"u\":\"%\"},{\"r\":\"MODE\"}],"
                        + "\"rows\":[[0,98,36.80],[1000,97,null,\"A\\\"B\"],[1990]],\"q\":[[2,2,\"off\"]]}",
                text(batch.json()));
    }

    @Test
    void deviceTimesOfTheRowsAreKept() {
        String one = text(batch(
                        record(1, T, "2026-06-16T08:00", number("A", "1")),
                        record(2, T, "2026-06-16T08:00", number("A", "2")))
                .json());
        assertTrue(one.contains(",\"dt\":\"2026-06-16T08:00\",") && !one.contains("dts"), one);
        String two = text(batch(
                        record(1, T, "2026-06-16T08:00:04", number("A", "1")),
                        record(2, T, null, number("A", "2")),
                        record(3, T, "2026-06-16T08:00:05", number("A", "3")))
                .json());
        assertTrue(two.contains(",\"dts\":[\"2026-06-16T08:00:04\",null,\"5\"],"), two);
        assertFalse(two.contains("\"dt\":"), two);
        RecordBatch minutes = batch(record(1, T, "2026-06-16T08:00:04", number("A", "1")));
        assertFalse(minutes.add(record(2, T, "2026-06-16T08:00", number("A", "1"))), "of another length");
    }

    @Test
    void theDevicesOffsetIsToldOnlyWhereItHoldsForAllRows() {
        Clock same = new Clock("sync", 5L);
        List<Observation> set = List.of(number("A", "1"));
        assertTrue(text(batch(record(1, T, null, same, set), record(2, T, null, same, set))
                        .json())
                .contains("\"clk\":{\"s\":\"sync\",\"o\":5}"));
        assertTrue(text(batch(record(1, T, null, same, set), record(2, T, null, new Clock("sync", 6L), set))
                        .json())
                .contains("\"clk\":{\"s\":\"sync\"}"));
    }

    @Test
    void whatARowCannotSayEndsTheBatch() {
        byte[] first = record(1, T, null, number("A", "1"), number("B", "2"));
        Observation asSent = new Observation(Meaning.unmapped("B"), null, Flag.OFF, null, "072");
        List<byte[]> alone = List.of(
                record(3, T, null, number("A", "1")),
                record(2, T, null, of("A", null, Flag.OFF, "sensor-off")),
                record(2, T, null, asSent),
                record(2, T, null, number("B", "2"), number("A", "1")),
                record(2, T, null, new Clock("unsync", null), List.of(number("A", "1"))),
                text(record(2, T, null, number("A", "1")))
                        .replace("\"v\":1,", "\"v\":1,\"cmp\":\"<\",")
                        .getBytes(StandardCharsets.UTF_8),
                text(record(2, T, null, number("A", "1")))
                        .replace("oxi-b07", "oxi-b08")
                        .getBytes(StandardCharsets.UTF_8),
                text(record(2, T, null, number("A", "1")))
                        .replace("\"clk\"", "\"pat\":{\"ref\":\"p:1\"},\"clk\"")
                        .getBytes(StandardCharsets.UTF_8),
                "{}".getBytes(StandardCharsets.UTF_8),
                "no JSON".getBytes(StandardCharsets.UTF_8));
        RecordBatch batch = RecordBatch.of(first, 60, 32 << 10).orElseThrow();
        for (byte[] record : alone) {
            String before = text(batch.json());
            assertFalse(batch.add(record), text(record));
            assertEquals(before, text(batch.json()), "the batch is as before");
        }
        assertTrue(batch.add(record(2, T, null, number("A", "1"), number("B", "2"))));
    }

    @Test
    void rowsAndBytesHaveTheirLimits() {
        RecordBatch few = RecordBatch.of(record(1, T, null, number("A", "1")), 2, 32 << 10)
                .orElseThrow();
        assertTrue(few.add(record(2, T, null, number("A", "1"))));
        assertFalse(few.add(record(3, T, null, number("A", "1"))));
        assertEquals(Optional.empty(), RecordBatch.of(record(1, T, null, number("A", "1")), 2, 100));
        RecordBatch narrow = RecordBatch.of(record(1, T, null, number("A", "1")), 10_000, 2_000)
                .orElseThrow();
        long seq = 2;
        while (narrow.add(record(seq, T, null, number("A", "1")))) {
            seq++;
        }
        assertTrue(narrow.json().length <= 2_000 && narrow.rows() > 10, narrow.json().length + " bytes");
    }

    private static double bytesAnObservation(boolean hasClock) {
        List<byte[]> sets = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            List<Observation> twelve = new ArrayList<>();
            for (int j = 0; j < 12; j++) {
                Meaning meaning = new Meaning("P" + j, "P" + j, 150_021 + 7 * j, "p" + j, null, "%", null);
                String digits = Integer.toString(61 + 17 * j + i);
                twelve.add(new Observation(meaning, new Value.Quantity(digits), null, null, null));
            }
            String deviceTime = hasClock ? "2026-06-16T08:00:" + (10 + i) : null;
            Clock clock = new Clock("sync", hasClock ? -183_000L - 7L * i : null);
            sets.add(record(1_000 + i, T + 1_000L * i, deviceTime, clock, twelve));
            assertTrue(hasClock || sets.get(i).length <= 850, sets.get(i).length + " bytes alone");
        }
        return batch(sets.toArray(new byte[0][])).json().length / 120.0;
    }

    /**
     * Design, section 3: a batch of ten sets of twelve takes at most 11 bytes an observation, a set 850 alone. Sets with
     * a device time of their own are larger than that alone, and a little larger in a batch.
     */
    @Test
    void tenSetsOfTwelveStayWithinTheirSize() {
        assertTrue(bytesAnObservation(false) <= 11, bytesAnObservation(false) + " bytes an observation");
        assertTrue(bytesAnObservation(true) <= 11.2, bytesAnObservation(true) + " bytes an observation");
    }

    @Test
    void expandingGivesTheObservationsOfEverySingleRecord() {
        int rows = 0;
        for (long seed = 1; seed <= 100; seed++) {
            Random random = new Random(seed);
            List<byte[]> records = RandomRecords.of(random, 60);
            int at = 0;
            while (at < records.size()) {
                Optional<RecordBatch> begun = RecordBatch.of(records.get(at), 60, 32 << 10);
                int end = at + 1;
                while (begun.isPresent() && end < records.size() && begun.get().add(records.get(end))) {
                    end++;
                }
                if (begun.isPresent()) {
                    List<Expanded.Row> expected = new ArrayList<>();
                    records.subList(at, end).forEach(each -> expected.addAll(Expanded.of(each)));
                    assertEquals(expected, Expanded.of(begun.get().json()), "seed " + seed);
                    rows += end - at > 1 ? end - at : 0;
                }
                at = end;
            }
        }
        assertTrue(rows > 2_000, rows + " rows shared a message");
    }
}
