package org.wasla.gateway.observation;

import org.jspecify.annotations.Nullable;

/**
 * One value of a set, or its absence with the reason. Immutable.
 *
 * @param what the meaning, as far as the profile knows it
 * @param value null when there is none; then there is a flag
 * @param why the reason of the flag
 * @param asSent the device's text where the value does not show it all
 * @param range the limits that the device has for it, as sent ({@code ref}), or null
 * @param marks that it is beyond them, as sent ({@code fl}), or null
 */
public record Observation(
        Meaning what,
        @Nullable Value value,
        @Nullable Flag flag,
        @Nullable String why,
        @Nullable String asSent,
        @Nullable String range,
        @Nullable String marks) {
    /** Of which no limits are known. */
    public Observation(
            Meaning what, @Nullable Value value, @Nullable Flag flag, @Nullable String why, @Nullable String asSent) {
        this(what, value, flag, why, asSent, null, null);
    }

    /** The same with the limits that the device has for it, and whether it is beyond them; they say nothing of no value. */
    Observation within(@Nullable String limits, @Nullable String beyond) {
        return value == null || limits == null && beyond == null
                ? this
                : new Observation(what, value, flag, why, asSent, limits, beyond);
    }

    /**
     * What a field measures.
     *
     * @param field the message's field
     * @param label the device's own label or code ({@code r})
     * @param code MDC code, partition * 65536 + code ({@code c})
     * @param name short name ({@code n})
     * @param loinc LOINC code ({@code l})
     * @param unit UCUM unit ({@code u})
     * @param method method or site ({@code m})
     */
    public record Meaning(
            String field,
            String label,
            @Nullable Integer code,
            @Nullable String name,
            @Nullable String loinc,
            @Nullable String unit,
            @Nullable String method) {
        /** The same in the unit that a message names; null: in the profile's. */
        Meaning in(@Nullable String told) {
            return told == null || told.equals(unit)
                    ? this
                    : new Meaning(field, label, code, name, loinc, told, method);
        }

        Meaning withoutUnit() {
            return new Meaning(field, label, code, name, loinc, null, method);
        }

        /** A field that the profile does not know: its label alone. */
        public static Meaning unmapped(String field) {
            return new Meaning(field, field, null, null, null, null, null);
        }
    }

    /** A value. */
    public sealed interface Value {
        /** @param digits a JSON number, with the digits as the device sent them */
        record Quantity(String digits) implements Value {}

        record Text(String text) implements Value {}
    }

    public Observation {
        if (value == null && flag == null) {
            throw new IllegalArgumentException("an observation without a value says why");
        }
        if (value != null && flag != null && flag.hidesValue()) {
            throw new IllegalArgumentException("no value stands beside " + flag.wire());
        }
    }
}
