package org.wasla.gateway.config;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.indicators.Grain;
import org.wasla.gateway.profile.Section;

/** Reads the sections {@code indicators} and {@code epi}. Stateless. */
final class FiguresReader {
    /** A closed list: a name of the site's own could tell which one it is. */
    private static final List<String> SITES = List.of(
            "university-hospital",
            "regional-hospital",
            "provincial-hospital",
            "local-hospital",
            "private-clinic",
            "health-centre",
            "laboratory");

    private FiguresReader() {}

    /** @return the periods that become documents; none where the section is not there or not on */
    static Set<Grain> indicators(Section section) {
        boolean isOn = section.flag("on", false);
        Set<Grain> wanted = EnumSet.noneOf(Grain.class);
        add(wanted, Grain.MINUTE, section.flag("minute", false));
        add(wanted, Grain.HOUR, section.flag("hour", true));
        add(wanted, Grain.DAY, section.flag("day", true));
        if (isOn && wanted.isEmpty()) {
            section.problem("is on and has no period", "write hour: true, or on: false");
        }
        section.end();
        return isOn ? wanted : Set.of();
    }

    private static void add(Set<Grain> wanted, Grain grain, boolean isWanted) {
        if (isWanted) {
            wanted.add(grain);
        }
    }

    /** @return null where the section is not there or not on */
    static Config.@Nullable Epi epi(Section section) {
        boolean isOn = section.flag("on", false);
        String every = section.text("every", "week");
        if (!every.equals("week") && !every.equals("day")) {
            section.need("every", "week").problem("is '" + every + "'", "write week or day");
        }
        String site = section.has("site") ? section.text("site", "") : null;
        if (site != null && !SITES.contains(site)) {
            section.need("site", "laboratory")
                    .problem("is '" + site + "'", "write one of " + String.join(", ", SITES) + ", or leave it out");
        }
        section.end();
        return isOn ? new Config.Epi(every.equals("week"), site) : null;
    }
}
