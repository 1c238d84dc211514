package org.wasla.gateway.acts;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.wasla.gateway.observation.RecordBody.Event;

/**
 * Puts to acts what the site's table says, and the kind of device. Immutable.
 *
 * @param kinds kinds of devices by the id of their profile
 */
record Coder(ActTable table, Map<String, String> kinds) {
    private static final String IMAGING = "imaging modality";

    Coder {
        kinds = Map.copyOf(kinds);
    }

    /** @param known what the table may ask for beside the device, by the table's words */
    Act coded(Act act, Map<String, Set<String>> known) {
        String named = act.from().profile();
        String profile = named == null ? "" : named.split("@", 2)[0];
        String kind = named == null ? IMAGING : kinds.getOrDefault(profile, "");
        Map<String, Object> facts = new HashMap<>(act.facts());
        if (!kind.isEmpty()) {
            facts.put("kind", kind);
        }
        Map<String, Set<String>> all = new HashMap<>(known);
        all.put("kind", Set.of(kind));
        all.put("profile", Set.of(profile));
        List<Map<String, Object>> codes = table.codes(act.type(), all);
        if (!codes.isEmpty()) {
            facts.put("codes", new Event.Rows(codes));
        }
        if (table.name() != null) {
            facts.put("table", table.name());
        }
        return new Act(act.id(), act.type(), act.from(), act.extent(), facts, act.evidence());
    }
}
