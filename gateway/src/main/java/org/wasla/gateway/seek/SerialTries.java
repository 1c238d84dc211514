package org.wasla.gateway.seek;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.wasla.gateway.profile.Profile;

/** The line settings that profiles try, all of them. */
final class SerialTries {
    private SerialTries() {}

    /** @return each setting once, that of most profiles first; a profile's first setting counts more than its others */
    static List<String> of(List<Profile> profiles) {
        Map<String, Double> weights = new HashMap<>();
        weights.put("9600 8N1", 0.1);
        for (Profile profile : profiles) {
            for (int i = 0; i < profile.serialTries().size(); i++) {
                weights.merge(profile.serialTries().get(i), 1.0 / (1 + i), Double::sum);
            }
        }
        List<String> settings = new ArrayList<>(weights.keySet());
        settings.sort(Comparator.comparingDouble((String setting) -> -weights.getOrDefault(setting, 0.0))
                .thenComparing(Comparator.naturalOrder()));
        return settings;
    }
}
