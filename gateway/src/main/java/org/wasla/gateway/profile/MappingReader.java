package org.wasla.gateway.profile;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.wasla.gateway.message.MessageSpec;
import org.wasla.gateway.message.Parts;
import org.wasla.gateway.observation.Flag;
import org.wasla.gateway.observation.Mapping;
import org.wasla.gateway.observation.Mapping.Absent;
import org.wasla.gateway.observation.Mapping.Clock;
import org.wasla.gateway.observation.Mapping.Form;
import org.wasla.gateway.observation.Mapping.Omitted;
import org.wasla.gateway.observation.Mapping.Rule;
import org.wasla.gateway.observation.Mapping.Status;
import org.wasla.gateway.observation.Mapping.Target;
import org.wasla.gateway.observation.Mapping.Test;
import org.wasla.gateway.observation.Mapping.WaveRule;
import org.wasla.gateway.observation.Observation.Meaning;

/** Reads what the fields of a profile mean: observe, absent, status, waves, time, omit, misfit; alarms by their reader. */
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
        profile.list("waves").forEach(entry -> waves.add(wave(entry.section())));
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
                rules, absents(profile), statuses, waves, clocks, omitted, misfit, new AlarmReader(this).read(profile));
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
        Meaning meaning = meaning(section, target.field());
        Rule rule = new Rule(target, meaning, form(section), absents(section));
        section.end();
        return rule;
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

    private Meaning meaning(Section section, String field) {
        Integer code = section.has("mdc") ? section.need("mdc", "150456").whole(1, Integer.MAX_VALUE) : null;
        String unit = section.has("ucum") ? section.need("ucum", "'%'").text() : null;
        String loinc = section.has("loinc") ? section.need("loinc", "59408-5").text() : null;
        if (unit != null && !codes.hasUnit(unit)) {
            section.need("ucum", "")
                    .problem("is '" + unit + "', no unit of the table", "write a UCUM unit, such as mm[Hg]");
        }
        boolean unreadable = code != null && code == 1;
        if (code != null && !codes.has(code) && !unreadable) {
            section.need("mdc", "").problem("is " + code + ", no code of the table", "correct it, or leave it out");
        } else if (code != null
                && (unit == null || codes.hasUnit(unit))
                && !codes.unitsOf(code).isEmpty()
                && !codes.unitsOf(code).contains(String.valueOf(unit))) {
            section.need("mdc", "")
                    .problem(
                            "is measured in " + String.join(" or ", codes.unitsOf(code)) + ", not in " + unit,
                            "correct ucum or mdc");
        }
        if (loinc != null && !Codes.isLoinc(loinc)) {
            section.need("loinc", "")
                    .problem("is '" + loinc + "', with a wrong check digit", "correct it, or leave it out");
        }
        String name = section.has("name")
                ? section.need("name", "spo2").text(NAME, "write small letters, digits and dashes")
                : null;
        String method = section.has("method") ? section.need("method", "finger").text() : null;
        return new Meaning(field, section.text("label", field), code, name, loinc, unit, method);
    }

    private static Form form(Section section) {
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
        BigDecimal scale = section.get("scale").map(Entry::number).orElse(null);
        BigDecimal offset = section.get("offset").map(Entry::number).orElse(null);
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
        return new Form.Number(text, low, high, scale, offset, base);
    }

    private static void upsideDown(Section section) {
        section.need("range", "[0, 255]").problem("begins above its end", "write [lowest, highest]");
    }

    private static List<Absent> absents(Section section) {
        List<Absent> absents = new ArrayList<>();
        for (Entry entry : section.list("absent")) {
            Section absent = entry.section();
            Pattern text = absent.need("text", "'-+'").pattern();
            Flag flag = flag(absent, "na");
            absents.add(new Absent(
                    text,
                    flag.hidesValue() ? flag : Flag.NA,
                    absent.need("why", "no-value").text()));
            if (!flag.hidesValue()) {
                absent.problem("has a flag that leaves a value", "write na, off, ongoing or invalid");
            }
            absent.end();
        }
        return absents;
    }

    private static Flag flag(Section section, String otherwise) {
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

    private WaveRule wave(Section section) {
        Target target = target(section);
        Meaning meaning = meaning(section, target.field());
        if (messages.isEmpty() && !section.has("hz") && !section.has("range")) {
            // A codec's samples come with their scale.
            section.end();
            return new WaveRule(target, meaning, "0", 0, 0);
        }
        String hz = section.need("hz", "75")
                .text(Pattern.compile("\\d+(\\.\\d+)?"), "write samples a second, such as 62.5");
        int told = section.told();
        List<Entry> range = section.need("range", "[0, 255]").list();
        if (range.size() != 2 && section.told() == told) {
            section.problem("has no range of two numbers", "write range: [0, 255]");
        }
        int low = range.isEmpty() ? 0 : range.get(0).whole(Integer.MIN_VALUE, Integer.MAX_VALUE);
        int high = range.size() < 2 ? 0 : range.get(1).whole(Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (section.told() == told && low > high) {
            upsideDown(section);
        }
        section.end();
        return new WaveRule(target, meaning, hz, low, high);
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
        Clock.Output output = format.text().contains("s") ? Clock.Output.SECOND : Clock.Output.MINUTE;
        Clock clock = new Clock(of, fields, TimeFormat.reading(format), output);
        section.end();
        return clock;
    }
}
