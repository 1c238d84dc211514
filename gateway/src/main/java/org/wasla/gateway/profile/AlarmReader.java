package org.wasla.gateway.profile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.Mapping.AlarmRule;
import org.wasla.gateway.observation.Mapping.Target;
import org.wasla.gateway.observation.Mapping.Test;

/** Reads the {@code alarms} list: which texts of which fields are alarms. */
final class AlarmReader {
    private final MappingReader fields;

    /** @param fields knows which messages and fields there are */
    AlarmReader(MappingReader fields) {
        this.fields = fields;
    }

    private enum Kind {
        PHYS,
        TECH,
        ADV
    }

    private enum Priority {
        HIGH,
        MEDIUM,
        LOW,
        NONE
    }

    List<AlarmRule> read(Section profile) {
        List<AlarmRule> rules = new ArrayList<>();
        profile.list("alarms").forEach(entry -> rules.add(rule(entry.section())));
        return rules;
    }

    private AlarmRule rule(Section section) {
        Target target = fields.target(section);
        Test test = MappingReader.test(section);
        String id = section.need("id", "spo2-low").text(MappingReader.NAME, "write small letters, digits and dashes");
        String text = section.need("text", "SpO2 low").text();
        String kind = section.get("kind").map(entry -> word(entry, Kind.class)).orElse("phys");
        Map<String, String> priorities = new HashMap<>();
        String priority = "none";
        if (section.get("priority").map(Entry::isText).orElse(false)) {
            priority = word(section.need("priority", "medium"), Priority.class);
        } else {
            Section byText = section.section("priority");
            byText.keys().forEach(key -> priorities.put(key, word(byText.need(key, "medium"), Priority.class)));
        }
        AlarmRule rule = new AlarmRule(
                target,
                test,
                id,
                text,
                kind,
                priority,
                priorities,
                section.get("latched").map(Entry::pattern).orElse(null),
                source(section));
        section.end();
        return rule;
    }

    private static <E extends Enum<E>> String word(Entry entry, Class<E> type) {
        return entry.choice(type).name().toLowerCase(Locale.ROOT);
    }

    private @Nullable String source(Section section) {
        if (!section.has("source")) {
            return null;
        }
        Entry source = section.need("source", "SPO2");
        String field = source.text();
        if (!fields.isReachable(List.of(), field)) {
            source.problem("is '" + field + "', which no message has", "write a field of a message");
        }
        return field;
    }
}
