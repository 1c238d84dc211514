package org.wasla.gateway.observation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.Observation.Meaning;
import org.wasla.gateway.observation.Observation.Value;
import org.wasla.gateway.observation.RecordBody.Numerics;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.observation.RecordJson.Envelope;
import org.wasla.gateway.observation.RecordJson.Patient;

/** Records as a device gives them one after the other: mostly alike, sometimes odd. Stateless. */
final class RandomRecords {

    private static final List<Flag> FLAGS = List.of(Flag.values());
    private static final String[] TEXTS = {"", "a", "é\"\\\n", "null", "[1,2]", "{\"v\":1}", "\u0001"};
    private static final String[] NUMBERS = {"0", "-0.50", "36.80", "98", "12345678901234567890.10", "1000"};

    private RandomRecords() {}

    static List<byte[]> of(Random random, int count) {
        List<byte[]> records = new ArrayList<>();
        long timeMs = 1_781_596_804_105L;
        int labels = 1 + random.nextInt(14);
        for (int seq = 1; seq <= count; seq++) {
            timeMs += random.nextInt(50) == 0 ? -3_600_000 : random.nextInt(2_000);
            List<Observation> observations = new ArrayList<>();
            for (int i = 0; i < labels; i++) {
                if (random.nextInt(10) > 0 || observations.isEmpty() && i == labels - 1) {
                    observations.add(observation(random, random.nextInt(30) == 0 ? 0 : i));
                }
            }
            String deviceTime = random.nextInt(4) == 0 ? null : "2026-06-16T08:00:" + (10 + seq % 50);
            Clock clock = random.nextInt(20) == 0
                    ? null
                    : new Clock(random.nextInt(40) == 0 ? "unsync" : "sync", random.nextBoolean() ? 5L : null);
            Envelope envelope = new Envelope(
                    "gw-1",
                    "dev",
                    random.nextInt(40) == 0 ? "elsewhere" : "here",
                    "p@1.0.0",
                    "1900eab6d2f4",
                    null,
                    timeMs,
                    deviceTime,
                    clock);
            Patient patient = new Patient("p:9f2c41d07ab35e18", "a-81", "scanned", "F");
            envelope = random.nextInt(40) == 0 ? envelope : envelope.of(patient);
            records.add(RecordJson.write(envelope, new Numerics(observations), "c81f2b7e", seq));
        }
        return records;
    }

    private static Observation observation(Random random, int label) {
        Meaning meaning = new Meaning(
                "f",
                "L" + label,
                label % 3 == 0 ? null : 150_000 + label,
                label % 2 == 0 ? "n\"" + label : null,
                label % 5 == 0 ? "8867-4" : null,
                label % 4 == 0 ? null : "/min",
                random.nextInt(60) == 0 ? "left" : null);
        Flag flag = random.nextInt(8) == 0 ? FLAGS.get(random.nextInt(FLAGS.size())) : null;
        Value value = null;
        if (flag == null || !flag.hidesValue() && random.nextBoolean()) {
            value = random.nextInt(4) == 0
                    ? new Value.Text(TEXTS[random.nextInt(TEXTS.length)])
                    : new Value.Quantity(NUMBERS[random.nextInt(NUMBERS.length)]);
        }
        return new Observation(meaning, value, flag, oddly(random, "why"), oddly(random, "072"));
    }

    private static @Nullable String oddly(Random random, String text) {
        return random.nextInt(200) == 0 ? text : null;
    }
}
