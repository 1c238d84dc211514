package org.wasla.gateway.acts;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.render.Tree;

/**
 * What in a device's values shows that it infuses or ventilates; the {@code act} block of a profile. Immutable.
 *
 * @param runs signs of which one shows that it does
 * @param stops signs of which one shows that it does not; they count more
 */
public record PeriodRules(Act.Type type, List<Sign> runs, List<Sign> stops) {
    public PeriodRules {
        runs = List.copyOf(runs);
        stops = List.copyOf(stops);
    }

    boolean looksAtGrowthOf(String name) {
        return Stream.concat(runs.stream(), stops.stream())
                .anyMatch(sign -> sign.look() == Look.GROWS && sign.name().equals(name));
    }

    /** How a value is looked at. */
    public enum Look {
        /** It is more than it was in the record before that had it. */
        GROWS,
        ABOVE,
        EQUALS,
        /** The whole text matches. */
        TEXT
    }

    /**
     * A sign in one value. A value with a flag but {@code questionable} and {@code validated} is no sign.
     *
     * @param name short name of the observation
     * @param number of {@code ABOVE} and {@code EQUALS}, else null
     * @param text of {@code TEXT}, else null
     */
    public record Sign(
            String name,
            Look look,
            @Nullable BigDecimal number,
            @Nullable Pattern text) {
        /** @param before what the value was in the record before that had it, or null */
        boolean holds(Tree value, @Nullable BigDecimal before) {
            if (!value.text("n").equals(name)) {
                return false;
            }
            BigDecimal now = sure(value);
            return switch (look) {
                case GROWS -> now != null && before != null && now.compareTo(before) > 0;
                case ABOVE -> now != null && number != null && now.compareTo(number) > 0;
                case EQUALS -> now != null && number != null && now.compareTo(number) == 0;
                case TEXT ->
                    text != null
                            && isSure(value)
                            && text.matcher(value.text("s")).matches();
            };
        }
    }

    private static boolean isSure(Tree value) {
        String flag = value.text("q");
        return flag.isEmpty() || flag.equals("questionable") || flag.equals("validated");
    }

    /** @return the number of an observation that may be a sign, or null */
    static @Nullable BigDecimal sure(Tree value) {
        String digits = value.get("v");
        return digits == null || !isSure(value) ? null : new BigDecimal(digits);
    }
}
