package org.wasla.gateway.indicators;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a device counts for. Immutable.
 *
 * @param unit the ward or laboratory, small letters, digits and hyphens; null where the configuration names none
 * @param kind the class of devices, as their profile calls it
 */
public record Place(@Nullable String unit, String kind) {
    private static final int UNIT_CHARS_MAX = 32;

    /** @param location as configured: the unit is what stands before the first slash */
    public static Place of(@Nullable String location, String kind) {
        if (location == null) {
            return new Place(null, kind);
        }
        int slash = location.indexOf('/');
        String first = slash < 0 ? location : location.substring(0, slash);
        String unit =
                first.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        return new Place(unit.isEmpty() ? null : unit.substring(0, Math.min(UNIT_CHARS_MAX, unit.length())), kind);
    }
}
