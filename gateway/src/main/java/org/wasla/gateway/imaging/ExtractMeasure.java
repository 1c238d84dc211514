package org.wasla.gateway.imaging;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that an object says: a measurement, a code, a text. Immutable.
 *
 * @param at its place in the object: positions in the content tree from the root ("1.4.2", PS3.3 C.17.3), or a number
 * @param name our short name ({@code n}), or null
 * @param within ids of the concepts above it, without the root
 * @param context what holds for it: site, side, method, tracking identifier and the like, by our short names
 */
public record ExtractMeasure(
        String at,
        ExtractCode what,
        @Nullable String name,
        Value value,
        List<String> within,
        Map<String, String> context) {
    public ExtractMeasure {
        within = List.copyOf(within);
        context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
    }

    /** What is said. */
    public sealed interface Value {
        /** @param digits a JSON number with the digits as sent */
        record Number(String digits, ExtractUnit unit) implements Value {}

        record Words(String text) implements Value {}

        record Coded(ExtractCode code) implements Value {}

        /**
         * No value.
         *
         * @param why the sender's reason, or "empty"
         * @param sent a text that is no number, or a number that the sender says is not valid; or null
         */
        record Missing(String why, @Nullable String sent) implements Value {}
    }
}
