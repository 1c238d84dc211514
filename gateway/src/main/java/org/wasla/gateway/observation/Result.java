package org.wasla.gateway.observation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One result of an analysis. Immutable.
 *
 * @param what the test, its value or the value's absence; the unit is UCUM
 * @param title the device's words for the test ({@code txt}), or null
 * @param alias another code of the test as sent ({@code alt}), or null
 * @param comparator {@code <}, {@code <=}, {@code >}, {@code >=} where the value is a bound ({@code cmp}), or null
 * @param qualitative the word of a value in two parts ({@code i}), or null
 * @param text the value as sent where two parts make it ({@code s} beside a number), or null
 * @param unit the unit in the device's spelling where that is not the UCUM one ({@code ur}), or null
 * @param range reference range as sent ({@code ref}), or null
 * @param critical limits beyond which the value is critical, as sent ({@code crit}), or null
 * @param marks abnormal flags as sent ({@code fl}), or null
 * @param status preliminary, final and the like ({@code st}), or null
 * @param deviceTime when it was measured by the device's clock, ISO 8601 ({@code dt}), or null
 * @param notes the device's words beside it, each an element of {@code "note"}
 * @param place where in an object of an examination it stood, or null
 */
public record Result(
        Observation what,
        @Nullable String title,
        @Nullable String alias,
        @Nullable String comparator,
        @Nullable String qualitative,
        @Nullable String text,
        @Nullable String unit,
        @Nullable String range,
        @Nullable String critical,
        @Nullable String marks,
        @Nullable String status,
        @Nullable String deviceTime,
        List<String> notes,
        @Nullable Place place) {
    /** Without critical limits. */
    public Result(
            Observation what,
            @Nullable String title,
            @Nullable String alias,
            @Nullable String comparator,
            @Nullable String qualitative,
            @Nullable String text,
            @Nullable String unit,
            @Nullable String range,
            @Nullable String marks,
            @Nullable String status,
            @Nullable String deviceTime,
            List<String> notes,
            @Nullable Place place) {
        this(
                what,
                title,
                alias,
                comparator,
                qualitative,
                text,
                unit,
                range,
                null,
                marks,
                status,
                deviceTime,
                notes,
                place);
    }

    public Result {
        notes = List.copyOf(notes);
    }

    /**
     * A place in an object, and what holds there. Immutable.
     *
     * @param at positions in the content tree from the root ("1.4.2", PS3.3 C.17.3), or a number ({@code at})
     * @param within ids of the concepts above it, without the root ({@code in})
     * @param modifiers site, side, method and the like by our short names ({@code mod})
     */
    public record Place(String at, List<String> within, Map<String, String> modifiers) {
        public Place {
            within = List.copyOf(within);
            modifiers = Collections.unmodifiableMap(new LinkedHashMap<>(modifiers));
        }
    }
}
