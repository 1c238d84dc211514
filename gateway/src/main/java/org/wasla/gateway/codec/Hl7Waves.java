package org.wasla.gateway.codec;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.hl7.Er7Message;
import org.wasla.gateway.hl7.Er7Segment;
import org.wasla.gateway.hl7.Er7Value;
import org.wasla.gateway.message.Message.Gap;
import org.wasla.gateway.message.Message.Samples;
import org.wasla.gateway.message.Message.Scale;

/**
 * Waves of one order: rows of the type NA, whose sample rate stands in a row below (lab.md 2.3). Samples are whole numbers
 * of the last decimal sent. Immutable.
 */
final class Hl7Waves {
    private static final Pattern NUMBER = Pattern.compile("[-+]?\\d{1,9}(\\.\\d{0,6})?");
    private static final int SAMPLES_MAX = 100_000;
    private static final int RAW_MAX = 1_000_000_000;
    private static final Set<String> RATES = Set.of("MDC_ATTR_SAMP_RATE");
    private static final Set<String> PERIODS = Set.of("MDC_ATTR_TIME_PD_SAMP");

    /** Sample rates by the path of the wave that they stand below. */
    private final Map<String, String> rates = new HashMap<>();
    /** Paths of rows that are waves. */
    private final Set<String> waves = new HashSet<>();

    /** Without an order: there are none. */
    Hl7Waves() {}

    /** Looks through the rows of an order; a rate may stand behind its samples. */
    Hl7Waves(Er7Message message, Er7Segment order) {
        boolean isWithin = false;
        for (Er7Segment segment : message.segments()) {
            isWithin = segment == order || isWithin && !segment.name().equals("OBR");
            if (isWithin && segment.name().equals("OBX")) {
                take(segment);
            }
        }
    }

    private void take(Er7Segment obx) {
        String path = obx.text(4).strip();
        String name = obx.text(3, 2).strip();
        if (obx.text(2).equals("NA")) {
            waves.add(path);
        } else if (RATES.contains(name)) {
            rate(obx).ifPresent(rate -> rates.put(above(path), rate.toPlainString()));
        } else if (PERIODS.contains(name)) {
            rate(obx)
                    .filter(period -> period.signum() > 0)
                    .ifPresent(period -> rates.put(
                            above(path),
                            BigDecimal.ONE
                                    .divide(period, 6, RoundingMode.HALF_UP)
                                    .stripTrailingZeros()
                                    .toPlainString()));
        }
    }

    private static Optional<BigDecimal> rate(Er7Segment obx) {
        String text = obx.text(5).strip();
        return NUMBER.matcher(text).matches() ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }

    private static String above(String path) {
        int dot = path.lastIndexOf('.');
        return dot < 0 ? "" : path.substring(0, dot);
    }

    /** @return whether the row only says how samples of a wave are to be read */
    boolean isFacet(Er7Segment obx) {
        String above = above(obx.text(4).strip());
        return !above.isEmpty() && waves.contains(above);
    }

    /** An element that is empty or no number is a sample that is missing. */
    Samples samples(Er7Segment obx, @Nullable String unit) {
        List<BigDecimal> values = new ArrayList<>();
        List<Gap> gaps = new ArrayList<>();
        int decimals = 0;
        for (Er7Value array : obx.values(5)) {
            int count = Math.min(array.components(), SAMPLES_MAX - values.size());
            for (String text : array.raw().split("\\^", -1)) {
                if (count-- <= 0) {
                    break;
                }
                String number = text.strip();
                if (NUMBER.matcher(number).matches()) {
                    values.add(new BigDecimal(number));
                    decimals = Math.max(decimals, values.get(values.size() - 1).scale());
                } else {
                    miss(values.size(), gaps);
                }
            }
        }
        int shift = decimals;
        List<Integer> raw = new ArrayList<>();
        for (BigDecimal value : values) {
            // What a whole number cannot hold is no physiological sample.
            BigDecimal moved = value.movePointRight(shift);
            raw.add(moved.min(BigDecimal.valueOf(RAW_MAX))
                    .max(BigDecimal.valueOf(-RAW_MAX))
                    .intValue());
        }
        String low = BigDecimal.valueOf(-RAW_MAX, shift).toPlainString();
        String high = BigDecimal.valueOf(RAW_MAX, shift).toPlainString();
        Scale scale = new Scale(hz(obx.text(4).strip()), low, high, -RAW_MAX, RAW_MAX, unit);
        return new Samples(obx.text(3).strip(), raw, gaps, scale, null);
    }

    private String hz(String path) {
        String own = rates.get(path);
        String shared = rates.get(above(path));
        return own != null ? own : shared != null ? shared : "0";
    }

    private static void miss(int before, List<Gap> gaps) {
        int last = gaps.size() - 1;
        if (last >= 0 && gaps.get(last).before() == before) {
            gaps.set(last, new Gap(before, gaps.get(last).count() + 1));
        } else {
            gaps.add(new Gap(before, 1));
        }
    }
}
