package org.wasla.gateway.patient;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the hospital's beds are called here. Immutable.
 *
 * @param names PV1-3 as it is sent (unit^room^bed^facility, no empty parts at its end) to a location, as devices have it
 */
public record Beds(Map<String, String> names) {
    private static final int PARTS = 4;

    public Beds {
        Map<String, String> trimmed = new HashMap<>();
        names.forEach((key, value) -> trimmed.put(key(List.of(key.split("\\^", -1))), value));
        names = Map.copyOf(trimmed);
    }

    /**
     * The location that these parts of PV1-3 name: by the site's table, else {@code unit/bed} in small letters.
     *
     * @return null where no bed is named
     */
    public @Nullable String of(List<String> parts) {
        String named = names.get(key(parts));
        if (named != null) {
            return named;
        }
        String unit = part(parts, 0);
        String bed = part(parts, 2);
        return unit.isEmpty() || bed.isEmpty() ? null : (unit + "/" + bed).toLowerCase(Locale.ROOT);
    }

    private static String key(List<String> parts) {
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < PARTS; i++) {
            key.append(i == 0 ? "" : "^").append(part(parts, i));
        }
        return key.toString().replaceAll("\\^+$", "");
    }

    private static String part(List<String> parts, int index) {
        String text = index < parts.size() ? parts.get(index).strip() : "";
        return text.equals("\"\"") ? "" : text;
    }
}
