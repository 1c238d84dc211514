package org.wasla.gateway.observation;

import java.math.BigDecimal;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Sought;
import org.wasla.gateway.message.Message.Scale;
import org.wasla.gateway.observation.Observation.Meaning;

/**
 * What the fields of a device mean. Immutable; read from a profile.
 *
 * @param fields the fields that the profile knows
 * @param absent texts that mean "no value", for every field, the first that matches counts
 * @param statuses what the device says about its values, the first that holds counts
 * @param waves fields that are waves
 * @param clocks where the device's own time stands
 * @param omitted fields that are not published, each with its reason
 * @param misfit what becomes of a text that is not of its field's form
 * @param alarms what in the fields is an alarm
 * @param results what results of analyses mean
 */
public record Mapping(
        List<Rule> fields,
        List<Absent> absent,
        List<Status> statuses,
        List<WaveRule> waves,
        List<Clock> clocks,
        List<Omitted> omitted,
        Misfit misfit,
        List<AlarmRule> alarms,
        ResultRules results) {
    /** What becomes of a text that is not of its field's form. */
    public enum Misfit {
        /** The whole frame is refused: right where nothing else shows that a frame is whole. */
        REFUSE,
        /** It is published as text and not as a number: right where a checksum or counts hold. */
        TEXT
    }

    public Mapping {
        fields = List.copyOf(fields);
        absent = List.copyOf(absent);
        statuses = List.copyOf(statuses);
        waves = List.copyOf(waves);
        clocks = List.copyOf(clocks);
        omitted = List.copyOf(omitted);
        alarms = List.copyOf(alarms);
    }

    /** Of a device that tells no results of analyses. */
    public Mapping(
            List<Rule> fields,
            List<Absent> absent,
            List<Status> statuses,
            List<WaveRule> waves,
            List<Clock> clocks,
            List<Omitted> omitted,
            Misfit misfit,
            List<AlarmRule> alarms) {
        this(fields, absent, statuses, waves, clocks, omitted, misfit, alarms, ResultRules.NONE);
    }

    /** Of a device that tells no alarms in fields. */
    public Mapping(
            List<Rule> fields,
            List<Absent> absent,
            List<Status> statuses,
            List<WaveRule> waves,
            List<Clock> clocks,
            List<Omitted> omitted,
            Misfit misfit) {
        this(fields, absent, statuses, waves, clocks, omitted, misfit, List.of());
    }

    /** What a field measures: in this message, else in any other; its name alone when the profile does not know it. */
    Meaning meaning(String type, String field) {
        Meaning elsewhere = Meaning.unmapped(field);
        boolean isKnown = false;
        for (Rule rule : fields) {
            if (rule.target().is(type, field)) {
                return rule.what();
            }
            if (!isKnown && rule.target().field().equals(field)) {
                elsewhere = rule.what();
                isKnown = true;
            }
        }
        return elsewhere;
    }

    /** Which field of which messages a rule is about. Without messages it is about every one. */
    public record Target(List<String> messages, String field) {
        public Target {
            messages = List.copyOf(messages);
        }

        boolean is(String type, String name) {
            return field.equals(name) && of(type);
        }

        boolean of(String type) {
            return messages.isEmpty() || messages.contains(type);
        }
    }

    /**
     * @param absent texts that mean "no value" for this field, asked before those of the whole profile
     * @param by what another field of the message says of the meaning, or null
     */
    public record Rule(
            Target target,
            Meaning what,
            Form form,
            List<Absent> absent,
            @Nullable By by) {
        public Rule {
            absent = List.copyOf(absent);
        }

        public Rule(Target target, Meaning what, Form form, List<Absent> absent) {
            this(target, what, form, absent, null);
        }
    }

    /**
     * A meaning that another field tells: a unit, or what a channel measures.
     *
     * @param field where it stands
     * @param codes the rule for each of its texts; for others the rule itself holds
     * @param needed whether without one of these codes the unit is not known
     */
    public record By(String field, Map<String, Rule> codes, boolean needed) {
        public By {
            codes = Map.copyOf(codes);
        }
    }

    /** How a field's text becomes a value. */
    public sealed interface Form {
        /**
         * @param text what the device may write; the first group is the number, or all of it
         * @param low,high bounds of what is plausible, before the scale; null: none
         * @param base 10, or 16 for hex digits without a sign
         */
        record Number(
                Pattern text,
                @Nullable BigDecimal low,
                @Nullable BigDecimal high,
                Formula formula,
                int base) implements Form {
            /** Up to 32 bits in hex. */
            public static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]{1,8}");

            /** Any number, with blanks around it. */
            public static final Pattern ANY = Pattern.compile(" *[-+]? *\\d+(?:\\.\\d+)? *");

            public Number(
                    Pattern text,
                    @Nullable BigDecimal low,
                    @Nullable BigDecimal high,
                    @Nullable BigDecimal scale,
                    @Nullable BigDecimal offset) {
                this(text, low, high, new Formula(null, scale, offset, null), 10);
            }
        }

        /** @param text what the device may write */
        record Text(Pattern text) implements Form {}

        /** @param words the meaning of each code; a code without one is published as sent */
        record Codes(Map<String, String> words) implements Form {
            public Codes {
                words = Map.copyOf(words);
            }
        }
    }

    /**
     * The value of a number: times another field, times scale, plus offset, with the digits that this gives.
     *
     * @param times a field of the same message, or null
     * @param decimals to so many digits behind the point it is rounded, half up; null: not
     */
    public record Formula(
            @Nullable String times,
            @Nullable BigDecimal scale,
            @Nullable BigDecimal offset,
            @Nullable Integer decimals) {}

    /**
     * A text that stands for "no value", and what to say then.
     *
     * @param low,high if they are there the text is a number from low to high besides
     */
    public record Absent(
            Pattern text,
            @Nullable BigDecimal low,
            @Nullable BigDecimal high,
            Flag flag,
            String why) {
        public Absent(Pattern text, Flag flag, String why) {
            this(text, null, null, flag, why);
        }
    }

    /** A condition on one field that puts a flag on others. */
    public record Status(Target target, Test test, Flag flag, String why, List<String> on) {
        public Status {
            on = List.copyOf(on);
        }

        /** What a message says of a value by itself. */
        static Status of(Flag flag, String why) {
            return new Status(new Target(List.of(), ""), new Test.AnyBit(0, 10), flag, why, List.of());
        }
    }

    /** A condition on the text of a field. */
    public sealed interface Test {
        boolean holds(String text);

        /** Whether the text is one that can be judged. */
        default boolean reads(String text) {
            return true;
        }

        /** Some bit of the mask is set in the number; {@code radix} is 10 or 16. */
        record AnyBit(long mask, int radix) implements Test {
            @Override
            public boolean holds(String text) {
                try {
                    return (Long.parseUnsignedLong(text.strip(), radix) & mask) != 0;
                } catch (NumberFormatException notANumber) {
                    return false;
                }
            }

            @Override
            public boolean reads(String text) {
                try {
                    Long.parseUnsignedLong(text.strip(), radix);
                    return true;
                } catch (NumberFormatException notANumber) {
                    return false;
                }
            }
        }

        /** The pattern is found in the text. */
        record Found(Pattern text) implements Test {
            @Override
            public boolean holds(String value) {
                return Sought.matcher(text, value).find();
            }
        }
    }

    /**
     * A condition on one field that is an alarm while it holds; where the field is and the condition does not hold, the
     * alarm is over.
     *
     * @param id the alarm's id; rules with the same id are one alarm
     * @param text in words
     * @param kind {@code phys}, {@code tech} or {@code adv}
     * @param priority {@code high}, {@code medium}, {@code low} or {@code none}, for texts without one of their own
     * @param priorities the priority by the field's text, blanks around it left out
     * @param latched found in the text when the device only holds the alarm, or null
     * @param source the field that it is about, or null
     */
    public record AlarmRule(
            Target target,
            Test test,
            String id,
            String text,
            String kind,
            String priority,
            Map<String, String> priorities,
            @Nullable Pattern latched,
            @Nullable String source) {
        public AlarmRule {
            priorities = Map.copyOf(priorities);
        }
    }

    /**
     * A field of samples. A raw value out of the scale's bounds is no sample.
     *
     * @param by what another field of the message says of the meaning, or null
     * @param gather samples of a record at least; 1: what a message holds is one
     * @param counter what numbers the messages, so that lost ones leave a gap; null: nothing does
     */
    public record WaveRule(
            Target target,
            Meaning what,
            Scale scale,
            @Nullable By by,
            int gather,
            @Nullable Counter counter) {
        /** Raw values from low to high that stand for themselves. */
        public WaveRule(Target target, Meaning what, String hz, int low, int high) {
            this(
                    target,
                    what,
                    new Scale(hz, Integer.toString(low), Integer.toString(high), low, high, null),
                    null,
                    1,
                    null);
        }
    }

    /**
     * A number that goes up by one with every message.
     *
     * @param field where it stands
     * @param modulo behind the last comes 0: so many numbers there are
     */
    public record Counter(String field, int modulo) {
        /**
         * @return how many messages between the two are missing; 0 when it is more than half of all numbers, or the same
         *     number again: then the device has started anew, and nobody knows
         */
        int missing(long last, long next) {
            long missing = Math.floorMod(next - last - 1, (long) modulo);
            return missing * 2 <= modulo ? (int) missing : 0;
        }
    }

    /**
     * Where the device's own time stands.
     *
     * @param messages the messages that carry it; none: every one
     * @param fields joined with a blank, in this order
     * @param input not used for times that are written as fine as they are sent
     * @param output how the record writes it
     * @param zone of the device's clock, or null: that of its place
     */
    public record Clock(
            List<String> messages,
            List<String> fields,
            DateTimeFormatter input,
            Output output,
            @Nullable ZoneId zone) {
        /** A clock that shows the time of its place. */
        public Clock(List<String> messages, List<String> fields, DateTimeFormatter input, Output output) {
            this(messages, fields, input, output, null);
        }

        /** How fine the device tells its time. */
        public enum Output {
            SECOND,
            MINUTE,
            /** As fine as a time of HL7 is sent, with its zone if it has one. */
            AS_SENT
        }

        public Clock {
            messages = List.copyOf(messages);
            fields = List.copyOf(fields);
        }

        boolean of(String type) {
            return messages.isEmpty() || messages.contains(type);
        }
    }

    /** A field left out on purpose: reserved, or said elsewhere. */
    public record Omitted(Target target, String why) {}
}
