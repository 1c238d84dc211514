package org.wasla.gateway.profile;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.acts.Act;
import org.wasla.gateway.acts.PeriodRules;
import org.wasla.gateway.acts.PeriodRules.Look;
import org.wasla.gateway.acts.PeriodRules.Sign;
import org.wasla.gateway.observation.Mapping;

/** Reads the {@code act} block of a profile: what shows that the device infuses or ventilates. */
final class ActReader {
    private ActReader() {}

    /** What periods there are; {@code Act.Type} has others that no device runs. */
    private enum Type {
        INFUSION,
        VENTILATION
    }

    /** @return null when the profile says nothing of it */
    static @Nullable PeriodRules read(Section profile, Mapping mapping) {
        if (!profile.has("act")) {
            return null;
        }
        Section section = profile.section("act");
        Type type = section.need("type", "infusion").choice(Type.class);
        Set<String> names = names(mapping);
        Entry runs = section.need("runs", "[{name: volume-infused, grows: true}]");
        List<Sign> shown = signs(runs.list(), names);
        if (runs.isEmptyList()) {
            runs.problem("names no sign", "write [{name: volume-infused, grows: true}]");
        }
        List<Sign> stops = signs(section.list("stops"), names);
        section.end();
        return new PeriodRules(Act.Type.valueOf(type.name()), shown, stops);
    }

    private static Set<String> names(Mapping mapping) {
        Set<String> names = new TreeSet<>();
        for (Mapping.Rule rule : mapping.fields()) {
            if (rule.what().name() != null) {
                names.add(rule.what().name());
            }
        }
        return names;
    }

    private static List<Sign> signs(List<Entry> entries, Set<String> names) {
        List<Sign> signs = new ArrayList<>();
        for (Entry entry : entries) {
            Section section = entry.section();
            Entry name = section.need("name", "volume-infused");
            if (!name.isEmpty() && !names.contains(name.text())) {
                name.problem(
                        "is '" + name.text() + "', the name of nothing that is observed", "write a name of observe");
            }
            signs.add(sign(section, name.isEmpty() ? "" : name.text()));
            section.end();
        }
        return signs;
    }

    private static Sign sign(Section section, String name) {
        BigDecimal above = section.get("above").map(Entry::number).orElse(null);
        BigDecimal equal = section.get("equals").map(Entry::number).orElse(null);
        Pattern text = section.get("text").map(Entry::pattern).orElse(null);
        boolean grows = section.flag("grows", false);
        int looks = (grows ? 1 : 0) + (above == null ? 0 : 1) + (equal == null ? 0 : 1) + (text == null ? 0 : 1);
        if (looks != 1) {
            section.problem(
                    "looks at the value in " + looks + " ways", "write one of grows: true, above, equals, text");
        }
        Look look = grows ? Look.GROWS : above != null ? Look.ABOVE : equal != null ? Look.EQUALS : Look.TEXT;
        return new Sign(name, look, above == null ? equal : above, text);
    }
}
