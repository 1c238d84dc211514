package org.wasla.gateway.observation;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
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

    /** Whether the message holds results. */
    boolean takes(Message message) {
        return !findings(message).isEmpty();
    }

    /** @param deviceTime the device's time where no place of the results has one */
    Mapped map(Message message, @Nullable String part, @Nullable String deviceTime) {
        List<Result> results = new ArrayList<>();
        boolean isControl = false;
        int miscoded = 0;
        for (Finding finding : findings(message)) {
            results.add(result(message, finding));
            isControl |= rules.control().stream().anyMatch(sign -> holds(sign, message, finding));
            miscoded += isMiscoded(finding) ? 1 : 0;
        }
        String time = time(message);
        Results body = new Results(
                first(message, rules.specimen()),
                first(message, rules.order()),
                isControl,
                results,
                rules.tellsNotes() ? notes(message) : List.of());
        return new Mapped(part, time == null ? deviceTime : time, List.of(), List.of(body), null, null, null, miscoded);
    }

    private List<Finding> findings(Message message) {
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

    private @Nullable String time(Message message) {
        for (String place : rules.time()) {
            String time = CompactTime.iso(text(message, place));
            if (time != null) {
                return time;
            }
        }
        return null;
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

    private Result result(Message message, Finding finding) {
        String sentUnit = unit(finding);
        String unit = rules.units().get(sentUnit);
        boolean isNoUnit = sentUnit.isEmpty() || unit != null && unit.isEmpty();
        Meaning meaning = meaning(finding, isNoUnit ? null : unit);
        FlagRule flag = flag(message, finding);
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
                orNull(finding.marks()),
                orNull(rules.statuses().getOrDefault(finding.status().strip(), finding.status())),
                CompactTime.iso(finding.time().strip()),
                finding.comments(),
                null);
    }

    /** The unit as sent, beside the value or else behind it. */
    private String unit(Finding finding) {
        String unit = finding.unit().strip();
        Matcher matcher = rules.value().matcher(finding.text());
        boolean isBehind = unit.isEmpty() && matcher.groupCount() > 1 && matcher.matches();
        String behind = isBehind ? matcher.group(2) : null;
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
        Matcher bound = BOUND.matcher(text);
        if (bound.matches()) {
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

    private @Nullable FlagRule flag(Message message, Finding finding) {
        for (FlagRule rule : rules.flags()) {
            if (holds(rule.sign(), message, finding)) {
                return rule;
            }
        }
        return null;
    }

    private static boolean holds(Sign sign, Message message, Finding finding) {
        if (sign.place() != null) {
            return sign.found().matcher(text(message, sign.place())).find();
        }
        List<String> texts = switch (sign.part()) {
            case CODE -> List.of(finding.name());
            case VALUE -> List.of(finding.text());
            case UNIT -> List.of(finding.unit());
            case MARKS -> List.of(finding.marks());
            case STATUS -> List.of(finding.status());
            case METHOD -> List.of(finding.method());
            case COMMENT -> finding.comments();
        };
        return texts.stream().anyMatch(text -> sign.found().matcher(text).find());
    }

    private @Nullable Absent absent(String text) {
        for (Absent absent : rules.absent()) {
            if (absent.text().matcher(text).matches() && isWithin(absent, text)) {
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
        Matcher matcher = pattern.matcher(text);
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
