package org.wasla.gateway.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.Flag;
import org.wasla.gateway.observation.Loinc;
import org.wasla.gateway.observation.ResultRules;
import org.wasla.gateway.observation.ResultRules.FindingRule;
import org.wasla.gateway.observation.ResultRules.FlagRule;
import org.wasla.gateway.observation.ResultRules.Notes;
import org.wasla.gateway.observation.ResultRules.Part;
import org.wasla.gateway.observation.ResultRules.Sign;
import org.wasla.gateway.observation.ResultRules.Test;

/** Reads the {@code results} block: what results of analyses mean. */
final class ResultsReader {
    /** A segment or record and a field, perhaps with components: O.3, O.3.2, OBR.3; with POCT1-A an object's value. */
    private static final Pattern PLACE =
            Pattern.compile("[A-Z][A-Z0-9]{0,2}\\.(\\d{1,3}(\\.\\d{1,2}){0,2}|[a-z][a-z_]{0,40})");

    private static final String PLACE_FORM = "write a record and a field of it, such as O.3 or O.3.2";

    private static final String FIELD_FORM = "write a field of a message";

    private final Codes codes;
    /** Which fields the messages of a grammar have; nothing for a codec, whose places have a form of their own. */
    private final @Nullable Predicate<String> fields;

    ResultsReader(Codes codes, @Nullable Predicate<String> fields) {
        this.codes = codes;
        this.fields = fields;
    }

    ResultRules read(Section profile) {
        Section results = profile.section("results");
        Map<String, String> units = codes.spellings();
        units.putAll(units(results.section("units"), codes));
        List<Sign> control = new ArrayList<>();
        results.list("control").forEach(entry -> control.add(sign(entry.section(), true)));
        List<FlagRule> flags = new ArrayList<>();
        results.list("flags").forEach(entry -> flags.add(flag(entry.section())));
        ResultRules rules = new ResultRules(
                places(results, "specimen"),
                places(results, "order"),
                places(results, "patient"),
                places(results, "time"),
                control,
                flags,
                group(results, "code"),
                group(results, "value"),
                tests(results.section("tests"), codes),
                units,
                MappingReader.absents(results),
                words(results.section("status")),
                isLoinc(results),
                results.has("notes") ? results.need("notes", "results").choice(Notes.class) : Notes.NONE,
                about(results.section("about")),
                isTyped(results),
                results.list("findings").stream()
                        .map(entry -> finding(entry.section()))
                        .toList());
        results.end();
        return rules;
    }

    private static boolean isLoinc(Section results) {
        if (!results.has("alias")) {
            return false;
        }
        Entry alias = results.need("alias", "loinc");
        if (!alias.text().equals("loinc")) {
            alias.problem("is no system of codes", "write loinc, or leave it out");
        }
        return true;
    }

    private Map<String, List<String>> about(Section section) {
        Map<String, List<String>> about = new LinkedHashMap<>();
        for (String name : section.keys()) {
            if (!MappingReader.NAME.matcher(name).matches()) {
                section.need(name, "RGT.lot_number")
                        .problem("stands under '" + name + "'", "write small letters, digits and dashes");
            }
            about.put(name, places(section, name));
        }
        return about;
    }

    private static boolean isTyped(Section results) {
        boolean isTyped = results.flag("typed", false);
        if (isTyped && results.list("patient").isEmpty()) {
            results.need("typed", "true")
                    .problem("stands without patient", "write where the number stands: patient: P.3");
        }
        return isTyped;
    }

    private List<String> places(Section results, String key) {
        return results.list(key).stream().map(entry -> place(entry, "")).toList();
    }

    private String place(Entry entry, String otherwise) {
        if (fields == null) {
            return entry.text(PLACE, PLACE_FORM + otherwise);
        }
        String name = entry.text();
        if (!name.isEmpty() && !fields.test(name)) {
            entry.problem("is '" + name + "', which no message has", FIELD_FORM + otherwise);
        }
        return name;
    }

    private FindingRule finding(Section section) {
        if (fields == null) {
            section.problem("is of no use beside a codec", "leave findings out: the codec finds the results");
        }
        FindingRule rule = new FindingRule(
                place(section.need("code", "test"), ""),
                place(section.need("value", "value"), ""),
                part(section, "call"),
                part(section, "title"),
                part(section, "unit"),
                part(section, "range"),
                part(section, "marks"),
                part(section, "status"),
                part(section, "method"));
        section.end();
        return rule;
    }

    private @Nullable String part(Section section, String key) {
        return section.get(key).map(entry -> place(entry, "")).orElse(null);
    }

    private static Pattern group(Section results, String key) {
        if (!results.has(key)) {
            return ResultRules.WHOLE;
        }
        Entry entry = results.need(key, "'([^/]*).*'");
        Pattern pattern = entry.pattern();
        if (pattern.matcher("").groupCount() == 0) {
            entry.problem("has no group", "put brackets around what counts, as in '([^/]*).*'");
        }
        return pattern;
    }

    private Sign sign(Section section, boolean isAlone) {
        Entry where = section.need("field", "H.12");
        Optional<Part> part = part(where.isText() ? where.text() : "");
        String place = part.isPresent() ? null : place(where, ", or one of " + String.join(", ", parts()));
        Sign sign = new Sign(
                place, part.orElse(Part.VALUE), section.need("found", "'^Q$'").pattern());
        if (isAlone) {
            section.end();
        }
        return sign;
    }

    private static Optional<Part> part(String text) {
        return Arrays.stream(Part.values())
                .filter(part -> word(part).equals(text))
                .findFirst();
    }

    private static String word(Part part) {
        return part.name().toLowerCase(Locale.ROOT);
    }

    private static List<String> parts() {
        return Arrays.stream(Part.values()).map(ResultsReader::word).toList();
    }

    private FlagRule flag(Section section) {
        Sign sign = sign(section, false);
        Flag flag = MappingReader.flag(section, "questionable");
        String why =
                section.need("why", "device-doubts").text(MappingReader.NAME, "write small letters, digits and dashes");
        section.end();
        return new FlagRule(sign, flag, why);
    }

    private static Map<String, String> units(Section section, Codes codes) {
        Map<String, String> units = new HashMap<>();
        for (String spelling : section.keys()) {
            Entry unit = section.need(spelling, "'10*3/uL'");
            String text = unit.text();
            if (!text.isEmpty() && !codes.hasUnit(text)) {
                unit.problem("is '" + text + "', no unit of the table", "write a UCUM unit, or '' for no unit");
            }
            units.put(spelling, text);
        }
        return units;
    }

    private static Map<String, String> words(Section section) {
        Map<String, String> words = new HashMap<>();
        section.keys().forEach(key -> words.put(key, section.need(key, "F").text()));
        return words;
    }

    private static Map<String, Test> tests(Section section, Codes codes) {
        Map<String, Test> tests = new HashMap<>();
        for (String code : section.keys()) {
            tests.put(code, test(section.need(code, "{name: wbc}").section(), codes));
        }
        return tests;
    }

    private static Test test(Section test, Codes codes) {
        String name = test.has("name")
                ? test.need("name", "wbc").text(MappingReader.NAME, "write small letters, digits and dashes")
                : null;
        Integer code = mdc(test, codes);
        Map<String, String> loinc = new HashMap<>();
        List<String> units = new ArrayList<>();
        for (Entry unit : test.list("ucum")) {
            units.add(known(unit, unit.text(), codes));
        }
        if (test.has("loinc") && test.need("loinc", "6690-2").isText()) {
            String all = loinc(test.need("loinc", "6690-2"));
            (units.isEmpty() ? List.of("") : units).forEach(unit -> loinc.put(unit, all));
        } else if (test.has("loinc")) {
            Section byUnit = test.section("loinc");
            for (String unit : byUnit.keys()) {
                Entry entry = byUnit.need(unit, "6690-2");
                loinc.put(known(entry, unit, codes), loinc(entry));
            }
        }
        test.end();
        return new Test(name, code, loinc);
    }

    private static String known(Entry where, String unit, Codes codes) {
        if (!codes.hasUnit(unit)) {
            where.problem("has the unit '" + unit + "', which is not in the table", "write a UCUM unit, or add it");
        }
        return unit;
    }

    private static String loinc(Entry entry) {
        String code = entry.text();
        if (!Loinc.isValid(code)) {
            entry.problem("is '" + code + "', with a wrong check digit", "correct it, or leave it out");
        }
        return code;
    }

    private static @Nullable Integer mdc(Section test, Codes codes) {
        if (!test.has("mdc")) {
            return null;
        }
        Entry entry = test.need("mdc", "160260");
        int code = entry.whole(1, Integer.MAX_VALUE);
        if (!codes.has(code)) {
            entry.problem("is " + code + ", no code of the table", "correct it, or leave it out");
        }
        return code;
    }
}
