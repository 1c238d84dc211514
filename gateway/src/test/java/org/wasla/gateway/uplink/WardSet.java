package org.wasla.gateway.uplink;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.wasla.gateway.message.Message.Scale;
import org.wasla.gateway.observation.Flag;
import org.wasla.gateway.observation.Observation;
import org.wasla.gateway.observation.Observation.Meaning;
import org.wasla.gateway.observation.Observation.Value;
import org.wasla.gateway.observation.RecordBatch;
import org.wasla.gateway.observation.RecordBody.Numerics;
import org.wasla.gateway.observation.RecordBody.Wave;
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.observation.RecordJson.Envelope;
import org.wasla.gateway.observation.RecordJson.Patient;
import org.wasla.gateway.observation.Unnumbered;

/**
 * The traffic of one bed, as the product writes it: twelve parameters a second that walk at random, one in twenty sets with
 * a questionable value, on a patient; and waves with a little noise. The same for the same seed. One thread.
 */
final class WardSet {
    static final String EPOCH = "c81f2b7e";
    private static final long START_MS = 1_781_596_804_105L;
    private static final Patient PATIENT = new Patient("p:9f2c41d07ab35e18", "a-81", "scanned", "F");
    private final Random random;
    private final double[] now = {72, 97, 72, 16, 121, 78, 92, 36.8, 36, 124, 76, 92};
    private long seq = 1_000;

    /** Name, label, MDC code, unit, and how far a second may take it. */
    private record Parameter(String name, String label, int code, String unit, double step) {}

    private static final List<Parameter> PARAMETERS = List.of(
            new Parameter("hr", "HR", 147_842, "/min", 1),
            new Parameter("spo2", "SPO2", 150_456, "%", 0.5),
            new Parameter("pulse", "PR", 149_530, "/min", 1),
            new Parameter("rr", "RR", 151_562, "/min", 0.5),
            new Parameter("nibp-sys", "NBPs", 150_021, "mm[Hg]", 0),
            new Parameter("nibp-dia", "NBPd", 150_022, "mm[Hg]", 0),
            new Parameter("nibp-mean", "NBPm", 150_023, "mm[Hg]", 0),
            new Parameter("temp", "T1", 150_344, "Cel", 0.05),
            new Parameter("etco2", "CO2", 151_708, "mm[Hg]", 0.5),
            new Parameter("art-sys", "ABPs", 150_037, "mm[Hg]", 1),
            new Parameter("art-dia", "ABPd", 150_038, "mm[Hg]", 1),
            new Parameter("art-mean", "ABPm", 150_039, "mm[Hg]", 1));

    WardSet(long seed) {
        random = new Random(seed);
    }

    private Envelope envelope() {
        long timeMs = START_MS + 1_000 * (seq - 1_000) + random.nextInt(7);
        String shown =
                java.time.Instant.ofEpochMilli(timeMs - 183_000).toString().substring(0, 19);
        return new Envelope(
                        "gw-7f3a9c21",
                        "mon-b07",
                        "rea1/b07",
                        "mindray-pds@1.0.0",
                        "ebb01388a88f",
                        "wasla-codes@1",
                        timeMs,
                        shown,
                        new Clock("sync", 12L, -183_000L))
                .of(PATIENT);
    }

    /** The next set of twelve. */
    byte[] set() {
        return unnumbered().numbered(EPOCH, seq++);
    }

    /** The next set, for a buffer that numbers it. */
    Unnumbered unnumbered() {
        List<Observation> set = new ArrayList<>();
        int marked = random.nextInt(20 * now.length);
        for (int i = 0; i < now.length; i++) {
            Parameter each = PARAMETERS.get(i);
            now[i] += each.step() * random.nextGaussian();
            String digits = each.name().equals("temp")
                    ? String.format(java.util.Locale.ROOT, "%.2f", now[i])
                    : Long.toString(Math.round(now[i]));
            Meaning meaning = new Meaning("f", each.label(), each.code(), each.name(), null, each.unit(), null);
            Flag flag = i == marked ? Flag.QUESTIONABLE : null;
            set.add(new Observation(meaning, new Value.Quantity(digits), flag, null, null));
        }
        return RecordJson.unnumbered(envelope(), new Numerics(set));
    }

    /** Ten sets as the uplink batches them. */
    byte[] batchOfTen() {
        RecordBatch batch = RecordBatch.of(set(), 60, 32 << 10).orElseThrow();
        while (batch.rows() < 10) {
            if (!batch.add(set())) {
                throw new IllegalStateException("no row");
            }
        }
        return batch.json();
    }

    /** The four waves of the fact sheet: two leads of 500 Hz, pleth of 125 Hz, respiration of 62.5 Hz; so many seconds. */
    List<byte[]> waves(int seconds) {
        List<byte[]> waves = new ArrayList<>();
        waves.add(wave("ecg-ii", "II", "500", 500 * seconds, 220));
        waves.add(wave("ecg-v", "V", "500", 500 * seconds, 180));
        waves.add(wave("pleth", "PLETH", "125", 125 * seconds, 900));
        waves.add(wave("resp", "RESP", "62.5", (int) (62.5 * seconds), 600));
        return waves;
    }

    /** A beat a second for leads, a slow swing for the others, and noise of two steps: 8 microvolts at 4 a step. */
    private byte[] wave(String name, String label, String hz, int count, int height) {
        List<Integer> samples = new ArrayList<>();
        double rate = Double.parseDouble(hz);
        for (int i = 0; i < count; i++) {
            double beat = i / rate % 1;
            double shape = hz.equals("500")
                    ? Math.exp(-Math.pow((beat - 0.3) / 0.012, 2)) + 0.2 * Math.exp(-Math.pow((beat - 0.55) / 0.06, 2))
                    : 0.5 - 0.5 * Math.cos(2 * Math.PI * (hz.equals("125") ? beat : beat / 4));
            samples.add((int) Math.round(height * shape + 2 * random.nextGaussian()));
        }
        Meaning meaning = new Meaning("f", label, null, name, null, null, null);
        Wave wave = new Wave(meaning, new Scale(hz, "-8.192", "8.188", -2048, 2047, "mV"), 8_000, samples, null);
        return RecordJson.write(envelope(), wave, EPOCH, seq++);
    }
}
