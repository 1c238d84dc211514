package org.wasla.gateway.render;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Samples of one channel without an interruption, from one record or several that follow each other. Immutable.
 *
 * @param first the record that the first sample stands in
 * @param last the record that the last sample stands in: whose it is, its scale and its time are the excerpt's
 * @param n0 the number of the first sample
 * @param samples as FHIR writes them: {@code E} stands for one that is missing
 */
record WaveExcerpt(Tree first, Tree last, long n0, List<String> samples) {
    private static final String MISSING = "E";
    /** A line may hold bytes back for as long; more is a pause, whatever the counter says. */
    private static final long JITTER_MS = 1_000;
    /** What must not change within an excerpt. */
    private static final List<String> SAME =
            List.of("ep", "prof", "ph", "map", "loc", "n", "u", "hz", "lo", "hi", "dlo", "dhi", "q");

    WaveExcerpt {
        samples = List.copyOf(samples);
    }

    /** A whole record. */
    static WaveExcerpt of(Tree record) {
        return new WaveExcerpt(record, record, record.whole("n0"), samples(record));
    }

    /**
     * Of each channel the last whole seconds.
     *
     * @param records of one stream, in its order
     * @param secondsMax at most so many
     */
    static List<WaveExcerpt> last(List<Tree> records, int secondsMax) {
        Map<String, Run> runs = new LinkedHashMap<>();
        for (Tree record : records) {
            if (rate(record).signum() > 0) {
                String channel = record.text("c") + ' ' + record.text("r");
                Run run = runs.get(channel);
                if (run == null || !run.add(record, secondsMax)) {
                    runs.put(channel, new Run(record));
                }
            }
        }
        List<WaveExcerpt> excerpts = new ArrayList<>();
        for (Run run : runs.values()) {
            WaveExcerpt excerpt = run.last(secondsMax);
            if (excerpt != null) {
                excerpts.add(excerpt);
            }
        }
        return excerpts;
    }

    /** Samples a second. */
    static BigDecimal rate(Tree record) {
        return new BigDecimal(record.text("hz"));
    }

    /** How long it lasts, in ms. */
    long lengthMs() {
        return lengthMs(samples.size(), last);
    }

    private static long lengthMs(int samples, Tree record) {
        return BigDecimal.valueOf(1_000L * samples)
                .divide(rate(record), RoundingMode.HALF_UP)
                .longValue();
    }

    /** Samples that are missing between the first and the last have a place. */
    private static List<String> samples(Tree record) {
        long first = record.whole("n0");
        Map<Long, Long> gaps = new HashMap<>();
        for (List<String> gap : record.lists("gap")) {
            gaps.put(Long.valueOf(gap.get(0)), Long.valueOf(gap.get(1)));
        }
        List<String> samples = new ArrayList<>();
        for (String sample : record.texts("d")) {
            Long missing = gaps.get(first + samples.size());
            for (long i = 0; missing != null && i < missing; i++) {
                samples.add(MISSING);
            }
            samples.add(sample);
        }
        return samples;
    }

    /** Records of one channel that follow each other. */
    private static final class Run {
        private final List<Tree> records = new ArrayList<>();
        private final List<Integer> starts = new ArrayList<>();
        private final List<String> samples;
        private final long n0;
        private Tree last;

        Run(Tree record) {
            n0 = record.whole("n0");
            samples = WaveExcerpt.samples(record);
            last = record;
            records.add(record);
            starts.add(0);
        }

        /** @return false when it does not go on from where we are */
        boolean add(Tree record, int secondsMax) {
            List<String> more = WaveExcerpt.samples(record);
            long missing = record.whole("n0") - (n0 + samples.size());
            long mostMissing = rate(last).longValue() * secondsMax;
            if (missing < 0 || missing > mostMissing || !isSame(record)) {
                return false;
            }
            long wentMs = record.whole("t") - last.whole("t");
            if (wentMs > lengthMs((int) missing + more.size(), record) + JITTER_MS) {
                return false;
            }
            for (long i = 0; i < missing; i++) {
                samples.add(MISSING);
            }
            records.add(record);
            starts.add(samples.size());
            samples.addAll(more);
            last = record;
            return true;
        }

        private boolean isSame(Tree record) {
            return SAME.stream().allMatch(field -> last.text(field).equals(record.text(field)))
                    && whose(last).equals(whose(record));
        }

        private static String whose(Tree record) {
            Tree patient = record.tree("pat");
            return patient == null ? "" : patient.text("ref") + ' ' + patient.text("as") + ' ' + patient.text("st");
        }

        @Nullable
        WaveExcerpt last(int secondsMax) {
            BigDecimal rate = rate(last);
            BigDecimal seconds = BigDecimal.valueOf(samples.size())
                    .divide(rate, 0, RoundingMode.DOWN)
                    .min(BigDecimal.valueOf(secondsMax));
            int count = seconds.multiply(rate).intValue();
            if (count == 0) {
                return null;
            }
            int from = samples.size() - count;
            int in = 0;
            while (in + 1 < starts.size() && starts.get(in + 1) <= from) {
                in++;
            }
            return new WaveExcerpt(records.get(in), last, n0 + from, samples.subList(from, samples.size()));
        }
    }
}
