package org.wasla.gateway.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.acts.Act;
import org.wasla.gateway.acts.ActRules;
import org.wasla.gateway.acts.ActTable;
import org.wasla.gateway.observation.Loinc;
import org.wasla.gateway.profile.Entry;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.Section;

/** Reads {@code acts}, and the site's table of codes that it names. Stateless. */
public final class ActsReader {
    private static final Pattern ID = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern WORD = Pattern.compile("[!-~]{1,64}");
    private static final Pattern WORDS = Pattern.compile("(?=.{1,64}$)[!-~]+( [!-~]+)*");
    private static final Pattern PER = Pattern.compile("act|specimen");
    private static final long MINUTE_MS = 60_000;
    private static final long DAY_MS = 24 * 60 * MINUTE_MS;
    private static final List<String> FINALS = List.of("F", "C", "U", "V", "A");
    private static final List<String> ASKED =
            List.of("loinc", "mdc", "name", "label", "modality", "body", "procedure", "kind", "profile");

    private ActsReader() {}

    /**
     * What is asked for, before the devices are known.
     *
     * @param rules without devices
     */
    record Asked(boolean isOn, ActRules rules) {
        /** @return null where no acts are asked for */
        @Nullable
        ActRules of(List<Config.Device> devices) {
            return isOn ? rules.of(known(devices)) : null;
        }
    }

    /** What rules know of devices, by the id of their profile. */
    public static Map<String, ActRules.Device> known(List<Config.Device> devices) {
        Map<String, ActRules.Device> known = new HashMap<>();
        for (Config.Device each : devices) {
            Profile profile = each.profile();
            known.put(profile.id(), new ActRules.Device(profile.device().kind(), profile.act()));
        }
        return known;
    }

    static Asked read(Section section, Problems problems) {
        boolean isOn = section.flag("on", false);
        List<String> finals = section.has("final") ? section.texts("final") : FINALS;
        long quietMs = section.millis("quiet", 10 * MINUTE_MS);
        long leastMs = section.millis("least", MINUTE_MS);
        long duplicateMs = section.millis("duplicate", 30 * DAY_MS);
        if (quietMs < MINUTE_MS || quietMs > DAY_MS) {
            section.need("quiet", "10min")
                    .problem("is less than a minute or more than a day", "write a time such as 10min");
        }
        Optional<Path> file = section.get("table").flatMap(Entry::file);
        ActTable table = ActTable.NONE;
        if (file.isPresent() && !Files.isReadable(file.get())) {
            section.need("table", "/etc/wasla/acts.yaml")
                    .problem(
                            "is '" + file.get() + "', no file that can be read",
                            "correct the path, or leave it out: acts then have no codes");
        } else if (file.isPresent()) {
            table = table(Section.read(file.get(), problems));
        }
        section.end();
        return new Asked(isOn, new ActRules(new HashSet<>(finals), quietMs, leastMs, duplicateMs, table, Map.of()));
    }

    private static ActTable table(Section root) {
        String id = root.need("table", "chu-acts").text(ID, "write small letters, digits and dashes");
        String version = root.need("version", "'2026-01'").text(WORD, "write up to 64 characters without blanks");
        List<ActTable.Row> rows = new ArrayList<>();
        for (Entry entry : root.need("acts", "[]").list()) {
            rows.add(row(entry.section()));
        }
        root.end();
        return new ActTable(id + "@" + version, rows);
    }

    private static ActTable.Row row(Section section) {
        Act.Type type = section.need("type", "analysis").choice(Act.Type.class);
        Map<String, Set<String>> asked = new HashMap<>();
        for (String name : ASKED) {
            if (section.has(name)) {
                asked.put(name, new HashSet<>(section.texts(name)));
            }
        }
        for (Entry loinc : section.list("loinc")) {
            if (!Loinc.isValid(loinc.text())) {
                loinc.problem(
                        "is '" + loinc.text() + "', no LOINC code", "correct it; the last digit checks the others");
            }
        }
        section.list("mdc").forEach(code -> code.whole(1, Integer.MAX_VALUE));
        Entry list = section.need("codes", "[{system: our-list, code: X1}]");
        if (list.isEmptyList()) {
            list.problem("names no code", "write [{system: our-list, code: X1}], or leave the row out");
        }
        List<Map<String, Object>> codes = new ArrayList<>();
        list.list().forEach(code -> codes.add(code(code.section())));
        section.end();
        return new ActTable.Row(type, asked, codes);
    }

    private static Map<String, Object> code(Section section) {
        Map<String, Object> code = new LinkedHashMap<>();
        String remedy = "write up to 64 characters, without blanks around them";
        code.put("sys", section.need("system", "our-list").text(WORDS, remedy));
        code.put("code", section.need("code", "X1").text(WORDS, remedy));
        if (section.has("per")) {
            code.put("per", section.need("per", "specimen").text(PER, "write act or specimen"));
        }
        section.end();
        return code;
    }
}
