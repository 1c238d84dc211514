package org.wasla.gateway.observation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Sought;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Finding;
import org.wasla.gateway.observation.Mapping.Absent;
import org.wasla.gateway.observation.Observation.Meaning;
import org.wasla.gateway.observation.Observation.Value;
import org.wasla.gateway.observation.RecordBody.Results;
import org.wasla.gateway.observation.ResultRules.FindingRule;
import org.wasla.gateway.observation.ResultRules.FlagRule;
import org.wasla.gateway.observation.ResultRules.Sign;
import org.wasla.gateway.observation.ResultRules.Test;

/**
 * Turns a message with results of analyses into one record. Of the message's other values only the ids of specimen and
 * order are published. Pure; stateless.
 */
final class ResultMapper {
    private static final Pattern NUMBER = Pattern.compile("-?(?:\\d+(?:\\.\\d+)?|\\.\\d+)");
    private static final Pattern BOUND = Pattern.compile("(<=|>=|<|>) *(" + NUMBER.pattern() + ")");
    private static final String LOINC_SYSTEM = "LN";
    private final ResultRules rules;

    ResultMapper(ResultRules rules) {
        this.rules = rules;
    }

    /** What a text says as a value. */
    private record Read(
            Value value,
            @Nullable String comparator,
            @Nullable String qualitative,
            @Nullable String text,
            @Nullable String asSent) {}

    /**
     * @param findings what of the message are results
     * @param deviceTime the device's time where no place of the results has one
     */
    Mapped map(Message message, List<Finding> findings, @Nullable String part, @Nullable String deviceTime) {
        // What is said of the whole message is looked up once: it may be said of hundreds of results.
        List<FlagRule> flags = new ArrayList<>(rules.flags());
        flags.removeIf(rule -> isElsewhere(rule.sign(), message));
        List<Sign> controls = new ArrayList<>(rules.control());
        controls.removeIf(sign -> isElsewhere(sign, message));
        List<Result> results = new ArrayList<>(findings.size());
        boolean isControl = false;
        int miscoded = 0;
        for (Finding finding : findings) {
            results.add(result(flag(flags, finding), finding));
            for (Sign sign : controls) {
                isControl |= holds(sign, finding);
            }
            miscoded += isMiscoded(finding) ? 1 : 0;
        }
        String time = time(message);
        Results body = new Results(
                first(message, rules.specimen()),
                first(message, rules.order()),
                isControl,
                results,
                rules.notes() == ResultRules.Notes.ALL ? notes(message) : List.of(),
                about(message));
        String whose = rules.isTyped() && !isControl ? whose(message) : null;
        return new Mapped(
                part, time == null ? deviceTime : time, List.of(), List.of(body), null, null, null, miscoded, whose);
    }

    /** @return what of the message are results, in order */
    List<Finding> findings(Message message) {
        List<Finding> findings = new ArrayList<>();
        for (Field field : message.fields()) {
            if (field instanceof Finding finding) {
                findings.add(finding);
            }
        }
        for (FindingRule rule : rules.findings()) {
            String code = text(message, rule.code());
            if (!code.isEmpty()) {
                findings.add(finding(message, rule, code));
            }
        }
        return findings;
    }

    private static Finding finding(Message message, FindingRule rule, String code) {
        String value = text(message, rule.value());
        String call = told(message, rule.call());
        return new Finding(
                code,
                "",
                told(message, rule.title()),
                call.isEmpty() ? value : call + '^' + value,
                told(message, rule.unit()),
                told(message, rule.range()),
                told(message, rule.marks()),
                told(message, rule.status()),
                "",
                told(message, rule.method()),
                List.of());
    }

    private static String told(Message message, @Nullable String place) {
        return place == null ? "" : text(message, place);
    }

    private static List<String> notes(Message message) {
        List<String> notes = new ArrayList<>();
        for (Field field : message.fields()) {
            if (field instanceof Message.Item item && item.name().equals("note")) {
                notes.add(item.text());
            }
        }
        return notes;
    }

    private Map<String, String> about(Message message) {
        Map<String, String> about = new LinkedHashMap<>();
        rules.about().forEach((name, places) -> {
            String text = first(message, places);
            if (text != null) {
                about.put(name, text);
            }
        });
        return about;
    }

    private @Nullable String time(Message message) {
        for (String place : rules.time()) {
            String time = CompactTime.iso(text(message, place));
            if (time != null) {
                return time;
            }
        }
        return null;
    }

    /** The number, and in HL7 who gave it. */
    private String whose(Message message) {
        for (String place : rules.patient()) {
            String number = text(message, place);
            if (!number.isEmpty()) {
                String authority = number.indexOf('^') < 0 ? text(message, place + ".4") : "";
                return authority.isEmpty() ? number : number + "^^^" + authority;
            }
        }
        return "";
    }

    private static @Nullable String first(Message message, List<String> places) {
        for (String place : places) {
            String text = text(message, place);
            if (!text.isEmpty()) {
                return text;
            }
        }
        return null;
    }

    /** The first component of a field without components is the field. */
    private static String text(Message message, String place) {
        String text = message.text(place);
        if (text == null && place.endsWith(".1")) {
            String whole = message.text(place.substring(0, place.length() - 2));
            text = whole == null || whole.indexOf('^') >= 0 ? null : whole;
        }
        return text == null ? "" : text.strip();
    }

    private Result result(@Nullable FlagRule flag, Finding finding) {
        String sentUnit = unit(finding);
        String unit = rules.units().get(sentUnit);
        boolean isNoUnit = sentUnit.isEmpty() || unit != null && unit.isEmpty();
        Meaning meaning = meaning(finding, isNoUnit ? null : unit);
        String text = group(rules.value(), finding.text()).strip();
        Absent absent = absent(finding.text());
        Observation what;
        Read read = null;
        if (text.isEmpty()) {
            what = new Observation(meaning, null, hiding(flag, Flag.NA), flag == null ? "not-sent" : flag.why(), null);
        } else if (absent != null) {
            what = new Observation(
                    meaning, null, absent.flag(), absent.why(), finding.text().strip());
        } else if (flag != null && flag.flag().hidesValue()) {
            what = new Observation(
                    meaning, null, flag.flag(), flag.why(), finding.text().strip());
        } else {
            read = read(text);
            what = new Observation(
                    meaning,
                    read.value(),
                    flag == null ? null : flag.flag(),
                    flag == null ? null : flag.why(),
                    text.equals(finding.text().strip())
                            ? read.asSent()
                            : finding.text().strip());
        }
        return new Result(
                what,
                orNull(finding.title()),
                orNull(finding.alias()),
                read == null ? null : read.comparator(),
                read == null ? null : read.qualitative(),
                read == null ? null : read.text(),
                sentUnit.isEmpty() || sentUnit.equals(unit) ? null : sentUnit,
                orNull(finding.range()),
                orNull(finding.critical()),
                orNull(finding.marks()),
                orNull(rules.statuses().getOrDefault(finding.status().strip(), finding.status())),
                CompactTime.iso(finding.time().strip()),
                rules.notes() == ResultRules.Notes.NONE ? List.of() : finding.comments(),
                null);
    }

    /** The unit as sent, beside the value or else behind it. */
    private String unit(Finding finding) {
        String unit = finding.unit().strip();
        if (!unit.isEmpty() || rules.value() == ResultRules.WHOLE) {
            return unit;
        }
        Matcher matcher = Sought.matcher(rules.value(), finding.text());
        String behind = matcher.groupCount() > 1 && matcher.matches() ? matcher.group(2) : null;
        return behind == null ? unit : behind.strip();
    }

    private static Flag hiding(@Nullable FlagRule rule, Flag otherwise) {
        return rule != null && rule.flag().hidesValue() ? rule.flag() : otherwise;
    }

    /** A number keeps its digits; only what is one to the letter is one, so that "+1" of a test strip stays a word. */
    private static Read read(String text) {
        int caret = text.indexOf('^');
        if (caret >= 0 && caret == text.lastIndexOf('^')) {
            return parts(
                    text,
                    text.substring(0, caret).strip(),
                    text.substring(caret + 1).strip());
        }
        Matcher bound = text.isEmpty() || "<>".indexOf(text.charAt(0)) < 0 ? null : BOUND.matcher(text);
        if (bound != null && bound.matches()) {
            return new Read(quantity(bound.group(2)), bound.group(1), null, null, null);
        }
        if (!NUMBER.matcher(text).matches()) {
            return new Read(new Value.Text(text), null, null, null, null);
        }
        Value.Quantity quantity = quantity(text);
        return new Read(quantity, null, null, null, quantity.digits().equals(text) ? null : text);
    }

    /** A word and a number ("-1^0.750"), or one of them. */
    private static Read parts(String text, String word, String number) {
        if (word.isEmpty() || number.isEmpty()) {
            return read(word.isEmpty() ? number : word);
        }
        Read read = read(number);
        return read.value() instanceof Value.Quantity
                ? new Read(read.value(), read.comparator(), word, text, null)
                : new Read(new Value.Text(text), null, word, null, null);
    }

    private static Value.Quantity quantity(String number) {
        String digits = Digits.json(number);
        if (digits == null) {
            throw new IllegalStateException("the pattern of a number lets through what is none");
        }
        return new Value.Quantity(digits);
    }

    private Meaning meaning(Finding finding, @Nullable String unit) {
        Test test = rules.tests().get(group(rules.code(), finding.name()).strip());
        String told = loincTold(finding);
        String loinc = test == null ? null : test.loinc(unit);
        boolean keepsTold = loinc == null && told != null && Loinc.isValid(told);
        return new Meaning(
                finding.name(),
                finding.name(),
                test == null ? null : test.code(),
                test == null ? null : test.name(),
                keepsTold ? told : loinc,
                unit,
                orNull(finding.method()));
    }

    private @Nullable String loincTold(Finding finding) {
        if (finding.system().equals(LOINC_SYSTEM)) {
            return finding.name();
        }
        return rules.aliasIsLoinc() && !finding.alias().isEmpty() ? finding.alias() : null;
    }

    private boolean isMiscoded(Finding finding) {
        String told = loincTold(finding);
        return told != null && !Loinc.isValid(told);
    }

    private static @Nullable FlagRule flag(List<FlagRule> rules, Finding finding) {
        for (FlagRule rule : rules) {
            if (holds(rule.sign(), finding)) {
                return rule;
            }
        }
        return null;
    }

    /** Whether it is about a place of the message where it is not found. */
    private static boolean isElsewhere(Sign sign, Message message) {
        return sign.place() != null
                && !Sought.matcher(sign.found(), text(message, sign.place())).find();
    }

    /** @param sign about the result, or found already in the message that the result is of */
    private static boolean holds(Sign sign, Finding finding) {
        if (sign.place() != null) {
            return true;
        }
        return switch (sign.part()) {
            case CODE -> isFound(sign, finding.name());
            case VALUE -> isFound(sign, finding.text());
            case UNIT -> isFound(sign, finding.unit());
            case MARKS -> isFound(sign, finding.marks());
            case STATUS -> isFound(sign, finding.status());
            case METHOD -> isFound(sign, finding.method());
            case COMMENT -> finding.comments().stream().anyMatch(text -> isFound(sign, text));
        };
    }

    private static boolean isFound(Sign sign, String text) {
        return Sought.matcher(sign.found(), text).find();
    }

    private @Nullable Absent absent(String text) {
        for (Absent absent : rules.absent()) {
            if (Sought.matcher(absent.text(), text).matches() && isWithin(absent, text)) {
                return absent;
            }
        }
        return null;
    }

    private static boolean isWithin(Absent absent, String text) {
        boolean isAny = absent.low() == null && absent.high() == null;
        String digits = isAny ? null : Digits.json(text);
        return isAny || digits != null && Digits.within(digits, absent.low(), absent.high());
    }

    private static String group(Pattern pattern, String text) {
        if (pattern == ResultRules.WHOLE) {
            return text;
        }
        Matcher matcher = Sought.matcher(pattern, text);
        if (!matcher.matches() || matcher.groupCount() == 0) {
            return text;
        }
        String group = matcher.group(1);
        return group == null ? text : group;
    }

    private static @Nullable String orNull(String text) {
        String stripped = text.strip();
        return stripped.isEmpty() ? null : stripped;
    }
}
