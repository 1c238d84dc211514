package org.wasla.gateway.observation;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Sought;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Item;
import org.wasla.gateway.message.Message.Samples;
import org.wasla.gateway.observation.Mapping.Absent;
import org.wasla.gateway.observation.Mapping.By;
import org.wasla.gateway.observation.Mapping.Clock;
import org.wasla.gateway.observation.Mapping.Form;
import org.wasla.gateway.observation.Mapping.Rule;
import org.wasla.gateway.observation.Mapping.Status;
import org.wasla.gateway.observation.Observation.Meaning;
import org.wasla.gateway.observation.Observation.Value;
import org.wasla.gateway.observation.RecordBody.Numerics;

/**
 * Turns the messages of one device into what is published of them. A field that the mapping does not know passes
 * through with its own label. Keeps open alarms and the sample counters of waves from message to message. Pure; one
 * thread.
 */
public final class Mapper {
    private static final DateTimeFormatter TO_SECOND = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");
    private static final DateTimeFormatter TO_MINUTE = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm");
    private static final Status UNIT_UNKNOWN = Status.of(Flag.QUESTIONABLE, "unit-unknown");
    private static final Absent NOT_SENT = new Absent(Form.Number.ANY, Flag.NA, "not-sent");
    private final Mapping mapping;
    private final Map<String, List<Rule>> rules = new HashMap<>();
    private final Map<Pattern, Matcher> matchers = new HashMap<>();
    /** Fields of the message whose text is not of their form. */
    private final Set<String> misfits = new HashSet<>();

    private final WaveMapper waves;
    private final AlarmWatch alarms;
    private final ResultMapper results;

    public Mapper(Mapping mapping) {
        this.mapping = mapping;
        this.waves = new WaveMapper(mapping);
        this.alarms = new AlarmWatch(mapping);
        this.results = new ResultMapper(mapping.results());
        for (Rule rule : mapping.fields()) {
            rules.computeIfAbsent(rule.target().field(), field -> new ArrayList<>())
                    .add(rule);
        }
    }

    /** Never throws on what a device sent. */
    public Mapped map(Message message) {
        try {
            return mapped(message);
        } catch (StackOverflowError tooDeep) {
            // java.util.regex recurses on repeated groups: a long text must cost itself, not the process.
            return Mapped.refused("a text too long for its pattern");
        } catch (Sought.Endless endless) {
            return Mapped.refused(Mapped.ENDLESS);
        }
    }

    /** @return for each device behind the line that has open alarms, that nobody knows how they go on: it is not heard */
    public List<Mapped> lost() {
        waves.lost();
        return alarms.lost();
    }

    /**
     * Takes up the alarms that were open before the gateway was cut off. Those that the device no longer tells of end, those
     * that it tells of as before are not told again.
     *
     * @param part of the device behind the line, or null
     */
    public void restore(@Nullable String part, List<Condition> before) {
        alarms.restore(part, before);
    }

    /** @param areKept whether the records since the last call are kept; if not, alarms in them are told anew */
    public void settle(boolean areKept) {
        alarms.settle(areKept);
    }

    private Mapped mapped(Message message) {
        misfits.clear();
        List<Message.Finding> findings = results.findings(message);
        if (!findings.isEmpty()) {
            return results.map(message, findings, part(message), told(message).time());
        }
        if (message.fields().stream().anyMatch(Message.Happening.class::isInstance)) {
            return happenings(message);
        }
        List<Observation> numerics = new ArrayList<>();
        List<RecordBody> bodies = new ArrayList<>();
        List<Message.Alarms> lists = new ArrayList<>();
        List<Status> holding = holding(message);
        Told told = told(message);
        for (Field field : message.fields()) {
            if (isOmitted(message.type(), field.name()) || told.fields().contains(field.name())) {
                continue;
            }
            if (field instanceof Message.Alarms list) {
                lists.add(list);
                continue;
            }
            if (field instanceof Samples samples) {
                Status status = status(samples.name(), samples.flag(), holding);
                waves.add(message, samples, status == null ? null : status.flag(), bodies);
                continue;
            }
            Observation observation = observe(message, (Item) field, holding);
            if (observation == null) {
                return Mapped.refused(field.name());
            }
            numerics.add(observation.within(((Item) field).range(), ((Item) field).marks()));
        }
        if (!numerics.isEmpty()) {
            bodies.add(0, new Numerics(numerics));
        }
        String part = part(message);
        AlarmWatch.Change change = alarms.take(message, part, lists, misfits);
        if (change != null) {
            bodies.addAll(change.records());
        }
        Mapped.Alarms open = change == null ? null : change.alarms();
        return new Mapped(part, told.time(), told.fields(), bodies, null, open, told.zone(), 0, message.patient());
    }

    private static Mapped happenings(Message message) {
        List<RecordBody> events = new ArrayList<>();
        for (Field field : message.fields()) {
            if (field instanceof Message.Happening happening) {
                events.add(new RecordBody.Event(happening.name(), happening.details()));
            }
        }
        return new Mapped(part(message), null, List.of(), events, null, null);
    }

    /** A part's id becomes a level of topics: small letters, digits and dashes. */
    public static @Nullable String part(Message message) {
        String part = message.part();
        if (part == null) {
            return null;
        }
        String id = part.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        return id.isEmpty() ? "none" : id;
    }

    private List<Status> holding(Message message) {
        List<Status> holding = new ArrayList<>();
        for (Status status : mapping.statuses()) {
            String text = status.target().of(message.type())
                    ? message.text(status.target().field())
                    : null;
            if (text != null && status.test().holds(text)) {
                holding.add(status);
            }
        }
        return holding;
    }

    private boolean isOmitted(String type, String field) {
        for (Mapping.Omitted omitted : mapping.omitted()) {
            if (omitted.target().is(type, field)) {
                return true;
            }
        }
        return false;
    }

    /** Null when the text is implausible. */
    private @Nullable Observation observe(Message message, Item item, List<Status> holding) {
        Rule plain = rule(message.type(), item.name());
        Rule rule = plain == null || plain.by() == null ? plain : chosen(plain, plain.by(), message);
        Meaning what = (rule == null ? Meaning.unmapped(item.name()) : rule.what()).in(item.unit());
        Status status = status(item.name(), item.flag(), holding);
        if (item.text().isEmpty() && item.flag() != null && status != null) {
            return new Observation(what, null, status.flag(), status.why(), null);
        }
        if (status == null && rule != null && rule.by() != null && rule.by().needed()) {
            status = UNIT_UNKNOWN;
        }
        Absent absent = absent(rule, item.text());
        absent = absent == null ? lacking(rule, message, holding) : absent;
        if (absent != null && status != null && status.flag().hidesValue()) {
            return new Observation(what, null, status.flag(), status.why(), null);
        }
        if (absent != null) {
            return new Observation(what, null, absent.flag(), absent.why(), null);
        }
        Value value = rule == null ? asSent(item.text()) : value(rule.form(), item.text(), message);
        if (value == null && mapping.misfit() == Mapping.Misfit.REFUSE) {
            return null;
        }
        if (value == null) {
            misfits.add(item.name());
            // A word has no unit: "4.8" of a device set to kPa is not 4.8 mm[Hg].
            value = new Value.Text(item.text());
            what = what.withoutUnit();
        }
        if (status == null) {
            return new Observation(what, value, null, null, trace(item.text(), value));
        }
        if (status.flag().hidesValue()) {
            return new Observation(what, null, status.flag(), status.why(), item.text());
        }
        return new Observation(what, value, status.flag(), status.why(), trace(item.text(), value));
    }

    /** The rule for what the other field says, or the plain one where that is nothing known. */
    private static Rule chosen(Rule plain, By by, Message message) {
        String code = message.text(by.field());
        return code == null ? plain : by.codes().getOrDefault(code.strip(), plain);
    }

    /** Why the other field of a formula gives no number, or null: a value without it would be a wrong one. */
    private @Nullable Absent lacking(@Nullable Rule rule, Message message, List<Status> holding) {
        String times = rule != null && rule.form() instanceof Form.Number number
                ? number.formula().times()
                : null;
        if (times == null) {
            return null;
        }
        String text = message.text(times);
        Status status = status(times, null, holding);
        if (status != null && status.flag().hidesValue()) {
            return new Absent(Form.Number.ANY, status.flag(), status.why());
        }
        return text == null ? NOT_SENT : absent(rule(message.type(), times), text);
    }

    private @Nullable Rule rule(String type, String field) {
        for (Rule rule : rules.getOrDefault(field, List.of())) {
            if (rule.target().of(type)) {
                return rule;
            }
        }
        return null;
    }

    /** What the profile knows of the device's own words comes before what the protocol says of every value alike. */
    private static @Nullable Status status(String field, @Nullable String flag, List<Status> holding) {
        for (Status status : holding) {
            if (status.on().contains(field)) {
                return status;
            }
        }
        return flag == null
                ? null
                : Flag.of(flag).map(told -> Status.of(told, "device-says")).orElse(null);
    }

    private @Nullable Absent absent(@Nullable Rule rule, String text) {
        for (Absent absent : rule == null ? List.<Absent>of() : rule.absent()) {
            if (means(absent, text)) {
                return absent;
            }
        }
        for (Absent absent : mapping.absent()) {
            if (means(absent, text)) {
                return absent;
            }
        }
        return null;
    }

    private boolean means(Absent absent, String text) {
        if (!matcher(absent.text(), text).matches()) {
            return false;
        }
        boolean isAny = absent.low() == null && absent.high() == null;
        String digits = isAny ? null : Digits.json(text);
        return isAny || digits != null && Digits.within(digits, absent.low(), absent.high());
    }

    /** A field without a rule is a number only when its text already is one to the letter, so that nothing is lost. */
    private static Value asSent(String text) {
        return text.equals(Digits.json(text)) ? new Value.Quantity(text) : new Value.Text(text);
    }

    private @Nullable Value value(Form form, String text, Message message) {
        if (form instanceof Form.Codes codes) {
            return new Value.Text(codes.words().getOrDefault(text, text));
        }
        if (form instanceof Form.Text any) {
            return matcher(any.text(), text).matches() ? new Value.Text(text) : null;
        }
        Form.Number number = (Form.Number) form;
        String digits = plausible(number, text);
        String times = number.formula().times();
        String factor = times == null ? null : factor(times, message);
        if (digits == null || times != null && factor == null) {
            return null;
        }
        return new Value.Quantity(Digits.formed(digits, factor, number.formula()));
    }

    private @Nullable String factor(String field, Message message) {
        String text = message.text(field);
        Rule rule = rule(message.type(), field);
        if (text == null) {
            return null;
        }
        return rule != null && rule.form() instanceof Form.Number number ? plausible(number, text) : Digits.json(text);
    }

    /** @return the number before the formula, or null when the text is none or it is out of range */
    private @Nullable String plausible(Form.Number form, String text) {
        // Most texts are the number itself, which needs no pattern.
        boolean isPlain = form.text() == Form.Number.ANY && form.base() == 10 && Digits.isJson(text);
        String digits = isPlain ? text : digits(form, text);
        return digits != null && Digits.within(digits, form.low(), form.high()) ? digits : null;
    }

    private @Nullable String digits(Form.Number form, String text) {
        Matcher matcher = matcher(form.text(), text);
        if (!matcher.matches()) {
            return null;
        }
        String group = matcher.groupCount() > 0 ? matcher.group(1) : null;
        String digits = group == null ? matcher.group() : group;
        return form.base() == 16 ? Digits.hex(digits) : Digits.json(digits);
    }

    /** One matcher for each pattern of the mapping, used again and again: a new one costs more than most texts. */
    private Matcher matcher(Pattern pattern, String text) {
        return Sought.matcher(matchers.computeIfAbsent(pattern, first -> first.matcher("")), text);
    }

    /** A mark that the device set beside the number, such as an asterisk for a limit: the text as sent is kept. */
    private static @Nullable String trace(String text, Value value) {
        return value instanceof Value.Quantity && text.indexOf('*') >= 0 ? text.strip() : null;
    }

    /** The device's time, and the fields that need no telling again because of it. */
    private record Told(
            @Nullable String time,
            List<String> fields,
            @Nullable ZoneId zone) {}

    private Told told(Message message) {
        for (Clock clock : mapping.clocks()) {
            if (clock.of(message.type())) {
                String time = time(clock, message);
                if (time != null) {
                    List<String> unlisted = clock.fields().stream()
                            .filter(field -> rule(message.type(), field) == null)
                            .toList();
                    return new Told(time, unlisted, clock.zone());
                }
            }
        }
        return new Told(null, List.of(), null);
    }

    /** A device clock that was never set may show an impossible date: then there is no device time. */
    private static @Nullable String time(Clock clock, Message message) {
        StringBuilder text = new StringBuilder();
        for (String field : clock.fields()) {
            String part = message.text(field);
            if (part == null) {
                return null;
            }
            text.append(text.length() == 0 ? "" : " ").append(part.strip());
        }
        if (clock.output() == Clock.Output.AS_SENT) {
            return CompactTime.iso(text.toString());
        }
        try {
            TemporalAccessor time = clock.input().parseBest(text, OffsetDateTime::from, LocalDateTime::from);
            String local = (clock.output() == Clock.Output.SECOND ? TO_SECOND : TO_MINUTE).format(time);
            return time instanceof OffsetDateTime zoned
                    ? local + zoned.getOffset().getId()
                    : local;
        } catch (DateTimeException impossible) {
            return null;
        }
    }
}
