package org.wasla.gateway.profile;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.message.MessageSpec;
import org.wasla.gateway.message.Parts;
import org.wasla.gateway.observation.Flag;
import org.wasla.gateway.observation.Loinc;
import org.wasla.gateway.observation.Mapping;
import org.wasla.gateway.observation.Mapping.Absent;
import org.wasla.gateway.observation.Mapping.By;
import org.wasla.gateway.observation.Mapping.Clock;
import org.wasla.gateway.observation.Mapping.Form;
import org.wasla.gateway.observation.Mapping.Formula;
import org.wasla.gateway.observation.Mapping.Omitted;
import org.wasla.gateway.observation.Mapping.Rule;
import org.wasla.gateway.observation.Mapping.Status;
import org.wasla.gateway.observation.Mapping.Target;
import org.wasla.gateway.observation.Mapping.Test;
import org.wasla.gateway.observation.Mapping.WaveRule;
import org.wasla.gateway.observation.Observation.Meaning;

/** Reads what the fields of a profile mean: observe, absent, status, time, omit, misfit; waves and alarms by their readers. */
final class MappingReader {
    static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private final List<MessageSpec> messages;
    private final Codes codes;

    MappingReader(List<MessageSpec> messages, Codes codes) {
        this.messages = messages;
        this.codes = codes;
    }

    Mapping read(Section profile) {
        tellUnits(profile);
        List<Rule> rules = new ArrayList<>();
        for (Entry entry : profile.list("observe")) {
            Rule rule = rule(entry.section());
            tellSecond(entry, rule.target(), rules);
            rules.add(rule);
        }
        List<WaveRule> waves = new ArrayList<>();
        WaveReader waveReader = new WaveReader(this, messages);
        profile.list("waves").forEach(entry -> waves.add(waveReader.read(entry.section())));
        List<Status> statuses = new ArrayList<>();
        profile.list("status").forEach(entry -> statuses.add(status(entry.section())));
        List<Clock> clocks = new ArrayList<>();
        profile.list("time").forEach(entry -> clocks.add(clock(entry.section())));
        List<Omitted> omitted = new ArrayList<>();
        for (Entry entry : profile.list("omit")) {
            Section omit = entry.section();
            omitted.add(new Omitted(target(omit), omit.need("why", "reserved").text()));
            omit.end();
        }
        Mapping.Misfit misfit = profile.has("misfit")
                ? profile.need("misfit", "refuse").choice(Mapping.Misfit.class)
                : Mapping.Misfit.REFUSE;
        return new Mapping(
                rules,
                absents(profile),
                statuses,
                waves,
                clocks,
                omitted,
                misfit,
                new AlarmReader(this).read(profile),
                new ResultsReader(codes, messages.isEmpty() ? null : field -> isReachable(List.of(), field))
                        .read(profile));
    }

    /** Units that messages themselves say are held to the table too. */
    private void tellUnits(Section profile) {
        for (MessageSpec spec : messages) {
            for (Parts parts : spec.parts()) {
                Map<String, String> units = parts instanceof Parts.Items items ? items.units() : null;
                for (String unit : units == null ? List.<String>of() : units.values()) {
                    if (!codes.hasUnit(unit)) {
                        profile.need("message", "")
                                .problem(
                                        "has the unit '" + unit + "' in '" + spec.id() + "', which is not in "
                                                + Codes.FILE,
                                        "write a UCUM unit, or add it to the table");
                    }
                }
            }
        }
    }

    private Rule rule(Section section) {
        Target target = target(section);
        Rule rule = new Rule(target, meaning(section, target.field()), form(section, target), absents(section));
        By by = by(section, rule);
        section.end();
        return by == null ? rule : new Rule(target, rule.what(), rule.form(), rule.absent(), by);
    }

    /** Of two rules for a field the second would never be asked. */
    private void tellSecond(Entry entry, Target target, List<Rule> before) {
        for (MessageSpec spec : messages) {
            boolean twice = concerns(target, spec)
                    && before.stream()
                            .anyMatch(rule ->
                                    rule.target().field().equals(target.field()) && concerns(rule.target(), spec));
            if (twice) {
                entry.problem(
                        "is a second rule for '" + target.field() + "' of the message '" + spec.id() + "'",
                        "keep one of them");
                return;
            }
        }
    }

    private static boolean concerns(Target target, MessageSpec spec) {
        return !target.field().isEmpty()
                && (target.messages().isEmpty() || target.messages().contains(spec.id()))
                && MessageReader.mayHave(spec, target.field());
    }

    Target target(Section section) {
        List<String> of = messages(section);
        Entry field = section.need("field", "SPO2");
        String name = field.text();
        if (!name.isEmpty() && !isReachable(of, name)) {
            field.problem(
                    "is '" + name + "', which no message has", "write a field of a message, or correct its spelling");
        }
        return new Target(of, name);
    }

    /** One id or a list of ids; none: every message. */
    private List<String> messages(Section section) {
        List<String> ids = new ArrayList<>();
        for (Entry entry : section.list("message")) {
            String id = entry.text();
            ids.add(id);
            if (!messages.isEmpty()
                    && messages.stream().noneMatch(message -> message.id().equals(id))) {
                entry.problem("is '" + id + "'", "write the id of a message");
            }
        }
        return ids;
    }

    /** A profile without messages is told once, not again for each of its fields. */
    boolean isReachable(List<String> of, String field) {
        return messages.isEmpty()
                || messages.stream()
                        .filter(spec -> of.isEmpty() || of.contains(spec.id()))
                        .anyMatch(spec -> MessageReader.mayHave(spec, field));
    }

    /** What each code of another field changes in the rule. */
    @Nullable
    By by(Section section, Rule rule) {
        if (!section.has("by")) {
            return null;
        }
        Section by = section.section("by");
        String field = by.need("field", "units").text();
        if (!field.isEmpty() && !isReachable(rule.target().messages(), field)) {
            by.need("field", "").problem("is '" + field + "', which no message has", "write a field of a message");
        }
        Map<String, Rule> codes = new HashMap<>();
        Section list = by.section("codes");
        for (String code : list.keys()) {
            Section told = list.need(code, "{ucum: kPa}").section();
            Meaning what = meaning(told, rule.what());
            codes.put(code, new Rule(rule.target(), what, form(told, rule.form()), rule.absent()));
            told.end();
        }
        if (codes.isEmpty()) {
            by.problem("tells no codes", "write codes: {'1': {ucum: kPa}}");
        }
        by.end();
        boolean needed = rule.what().unit() == null
                && codes.values().stream().anyMatch(told -> told.what().unit() != null);
        return new By(field, codes, needed);
    }

    private static Form form(Section told, Form form) {
        if (!(form instanceof Form.Number number)) {
            return form;
        }
        Formula formula = formula(told, number.formula());
        return new Form.Number(number.text(), number.low(), number.high(), formula, number.base());
    }

    static Formula formula(Section section, Formula otherwise) {
        return new Formula(
                otherwise.times(),
                section.has("scale") ? section.need("scale", "0.1").number() : otherwise.scale(),
                section.has("offset") ? section.need("offset", "0").number() : otherwise.offset(),
                section.has("decimals") ? Integer.valueOf(section.whole("decimals", 0, 9, 0)) : otherwise.decimals());
    }

    Meaning meaning(Section section, String field) {
        return meaning(section, Meaning.unmapped(field));
    }

    /** @param otherwise what holds where a key is left out */
    private Meaning meaning(Section section, Meaning otherwise) {
        Integer code = section.has("mdc")
                ? Integer.valueOf(section.need("mdc", "150456").whole(1, Integer.MAX_VALUE))
                : otherwise.code();
        String unit = text(section, "ucum", "'%'", otherwise.unit());
        String loinc = text(section, "loinc", "59408-5", otherwise.loinc());
        if (unit != null && !codes.hasUnit(unit)) {
            section.need("ucum", "")
                    .problem("is '" + unit + "', no unit of the table", "write a UCUM unit, such as mm[Hg]");
        }
        boolean unreadable = code != null && code == 1;
        if (code != null && !codes.has(code) && !unreadable) {
            section.need("mdc", "").problem("is " + code + ", no code of the table", "correct it, or leave it out");
        } else if (code != null && (unit == null || codes.hasUnit(unit))) {
            tellOtherUnit(section, code, unit);
        }
        if (loinc != null && !Loinc.isValid(loinc)) {
            section.need("loinc", "")
                    .problem("is '" + loinc + "', with a wrong check digit", "correct it, or leave it out");
        }
        String name = section.has("name")
                ? section.need("name", "spo2").text(NAME, "write small letters, digits and dashes")
                : otherwise.name();
        String method = text(section, "method", "finger", otherwise.method());
        return new Meaning(
                otherwise.field(), section.text("label", otherwise.label()), code, name, loinc, unit, method);
    }

    private void tellOtherUnit(Section section, int code, @Nullable String unit) {
        Set<String> units = codes.unitsOf(code);
        if (units.isEmpty() || units.contains(String.valueOf(unit))) {
            return;
        }
        String all = String.join(" or ", units);
        if (section.has("mdc")) {
            section.need("mdc", "").problem("is measured in " + all + ", not in " + unit, "correct ucum or mdc");
        } else if (section.has("ucum")) {
            section.need("ucum", "").problem("is no unit of mdc " + code, "write " + all + ", or another mdc");
        }
    }

    private static @Nullable String text(Section section, String key, String example, @Nullable String otherwise) {
        return section.has(key) ? section.need(key, example).text() : otherwise;
    }

    private Form form(Section section, Target target) {
        int told = section.told();
        List<Entry> range = section.list("range");
        if (section.has("range") && range.size() != 2) {
            section.need("range", "").problem("has " + range.size() + " numbers", "write [lowest, highest]");
        }
        BigDecimal low = range.size() == 2 ? range.get(0).number() : null;
        BigDecimal high = range.size() == 2 ? range.get(1).number() : null;
        if (section.told() == told && low != null && high != null && low.compareTo(high) > 0) {
            upsideDown(section);
        }
        String times = section.has("times") ? section.need("times", "AMB").text() : null;
        if (times != null && !isReachable(target.messages(), times)) {
            section.need("times", "").problem("is '" + times + "', which no message has", "write a field of a message");
        }
        Formula formula = formula(section, new Formula(times, null, null, null));
        if (section.has("text")) {
            if (section.has("number") || section.has("codes")) {
                section.problem("has more than one of number, text, codes", "keep one of them");
            }
            return new Form.Text(section.need("text", "'.*'").pattern());
        }
        if (section.has("codes")) {
            Section words = section.section("codes");
            Map<String, String> map = new HashMap<>();
            words.keys().forEach(key -> map.put(key, words.need(key, "adult").text()));
            return new Form.Codes(map);
        }
        int base = section.whole("base", 10, 16, 10);
        if (base != 10 && base != 16) {
            section.need("base", "16").problem("is '" + base + "'", "write 10 or 16");
        }
        Pattern usual = base == 16 ? Form.Number.HEX : Form.Number.ANY;
        Pattern text = section.get("number").map(Entry::pattern).orElse(usual);
        return new Form.Number(text, low, high, formula, base);
    }

    static void upsideDown(Section section) {
        section.need("range", "[0, 255]").problem("begins above its end", "write [lowest, highest]");
    }

    static List<Absent> absents(Section section) {
        List<Absent> absents = new ArrayList<>();
        for (Entry entry : section.list("absent")) {
            Section absent = entry.section();
            List<Entry> range = absent.list("range");
            if (absent.has("range") == absent.has("text") || absent.has("range") && range.size() != 2) {
                absent.problem("says not what means no value", "write either text: '-+' or range: [lowest, highest]");
            }
            Pattern text = absent.has("text") ? absent.need("text", "'-+'").pattern() : Form.Number.ANY;
            BigDecimal low = range.size() == 2 ? range.get(0).number() : null;
            BigDecimal high = range.size() == 2 ? range.get(1).number() : null;
            Flag flag = flag(absent, "na");
            String why = absent.need("why", "no-value").text();
            absents.add(new Absent(text, low, high, flag.hidesValue() ? flag : Flag.NA, why));
            if (!flag.hidesValue()) {
                absent.problem("has a flag that leaves a value", "write na, off, ongoing or invalid");
            }
            absent.end();
        }
        return absents;
    }

    static Flag flag(Section section, String otherwise) {
        String text = section.text("flag", otherwise);
        if (Flag.of(text).isEmpty()) {
            section.need("flag", "na")
                    .problem("is '" + text + "'", "write a flag, such as na, off, invalid, questionable");
        }
        return Flag.of(text).orElse(Flag.NA);
    }

    static Test test(Section section) {
        return section.has("bits")
                ? new Test.AnyBit(
                        section.need("bits", "0x01").whole(1, Integer.MAX_VALUE), section.whole("base", 2, 36, 10))
                : new Test.Found(section.need("found", "'SO'").pattern());
    }

    private Status status(Section section) {
        Target target = target(section);
        Test test = test(section);
        Flag flag = flag(section, "invalid");
        String why = section.need("why", "sensor-off").text(NAME, "write small letters, digits and dashes");
        List<String> on = new ArrayList<>();
        for (Entry entry : section.need("on", "[SPO2]").list()) {
            on.add(entry.text());
            if (!isReachable(target.messages(), entry.text())) {
                entry.problem("is '" + entry.text() + "', which no message has", "write a field of a message");
            }
        }
        section.end();
        return new Status(target, test, flag, why, on);
    }

    private Clock clock(Section section) {
        List<String> of = messages(section);
        List<String> fields = section.texts("fields");
        for (String field : fields) {
            if (!isReachable(of, field)) {
                section.problem("names the field '" + field + "', which no message has", "write a field of a message");
            }
        }
        if (fields.isEmpty() && section.need("fields", "[date, time]").isEmptyList()) {
            section.problem("names no field", "write fields: [date, time]");
        }
        Entry format = section.need("format", "'dd-MMM-yy HH:mm:ss'");
        Clock clock = TimeFormat.clock(of, fields, format, TimeFormat.zone(section));
        section.end();
        return clock;
    }
}
