package org.wasla.gateway.imaging;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A unit as devices write it, and as UCUM does. Immutable.
 *
 * @param ucum UCUM, or null when we do not know what is meant
 * @param sent the device's own spelling where it is another, or null
 */
public record ExtractUnit(@Nullable String ucum, @Nullable String sent) {
    static final ExtractUnit NONE = new ExtractUnit(null, null);

    /** Spellings met in objects of real devices; the code of the unit or its words. */
    private static final Map<String, String> SPELLINGS = Map.ofEntries(
            Map.entry("mGycm", "mGy.cm"),
            Map.entry("mGy*cm", "mGy.cm"),
            Map.entry("mGy-cm", "mGy.cm"),
            Map.entry("Gym2", "Gy.m2"),
            Map.entry("Gy*m2", "Gy.m2"),
            Map.entry("dGycm2", "dGy.cm2"),
            Map.entry("cGycm2", "cGy.cm2"),
            Map.entry("uAs", "uA.s"),
            Map.entry("mAs", "mA.s"),
            Map.entry("X-ray sources", "{sources}"),
            Map.entry("X-Ray sources", "{sources}"),
            Map.entry("{X-ray sources}", "{sources}"),
            Map.entry("{X-Ray sources}", "{sources}"),
            Map.entry("events", "{events}"),
            Map.entry("ratio", "{ratio}"),
            Map.entry("no units", "1"),
            Map.entry("percent", "%"),
            Map.entry("\u00b0", "deg"),
            Map.entry("degrees", "deg"),
            Map.entry("mmHg", "mm[Hg]"),
            Map.entry("bpm", "/min"),
            Map.entry("BPM", "/min"),
            Map.entry("HU", "[hnsf'U]"),
            Map.entry("pulse/s", "{pulse}/s"));

    /** UCUM has no blanks, and only these signs outside of annotations. */
    private static final Pattern UCUM = Pattern.compile("(\\{[!-z|~]*\\}|[A-Za-z0-9%./^*+'\"\\[\\]_-])+");

    static ExtractUnit of(@Nullable ExtractCode unit) {
        if (unit == null) {
            return NONE;
        }
        String ucum = SPELLINGS.get(unit.value());
        if (ucum != null) {
            return new ExtractUnit(ucum, unit.value());
        }
        // Units of other schemes look like UCUM and are not.
        boolean isUcum =
                unit.scheme().equals("UCUM") && UCUM.matcher(unit.value()).matches();
        return isUcum ? new ExtractUnit(unit.value(), null) : new ExtractUnit(null, unit.id());
    }
}
