package org.wasla.gateway.message;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a device said in one message, neutral of its protocol: fields in the order sent, values as text.
 *
 * @param type the id that the profile gives to this kind of message
 * @param part which of several devices behind one port it is of (a bed, a slot), as sent; null: the only one
 * @param patient the number that was entered at the device for its patient, {@code number^^^authority}; empty: none is
 *     entered; null: the message does not say. Clear text, never published
 */
public record Message(
        String type,
        List<Field> fields,
        @Nullable String part,
        @Nullable String patient) {
    public Message {
        fields = List.copyOf(fields);
    }

    /** A message that says nothing of its patient. */
    public Message(String type, List<Field> fields, @Nullable String part) {
        this(type, fields, part, null);
    }

    /** A message of the only device on the port. */
    public Message(String type, List<Field> fields) {
        this(type, fields, null);
    }

    /** One field of a message. */
    public sealed interface Field {
        String name();
    }

    /**
     * A single value, as sent.
     *
     * @param text empty, beside a flag, when the device sent none
     * @param unit UCUM unit where the message itself says it, else null: then it is the profile's
     * @param flag what the message itself says against the value, a flag of the record, else null
     * @param range the limits that the device has for it, as sent, or null
     * @param marks that it is beyond them, as sent, or null
     */
    public record Item(
            String name,
            String text,
            @Nullable String unit,
            @Nullable String flag,
            @Nullable String range,
            @Nullable String marks)
            implements Field {
        /** A value without limits. */
        public Item(String name, String text, @Nullable String unit, @Nullable String flag) {
            this(name, text, unit, flag, null, null);
        }

        public Item(String name, String text) {
            this(name, text, null, null);
        }
    }

    /**
     * A run of samples of a wave, oldest first.
     *
     * @param gaps where samples are missing, in order
     * @param scale where the message itself says it, else null: then it is the profile's
     * @param flag what the message itself says against the samples, a flag of the record, else null
     */
    public record Samples(
            String name,
            List<Integer> values,
            List<Gap> gaps,
            @Nullable Scale scale,
            @Nullable String flag) implements Field {
        public Samples {
            values = List.copyOf(values);
            gaps = List.copyOf(gaps);
        }

        /** Samples without a gap. */
        public Samples(String name, List<Integer> values, @Nullable Scale scale, @Nullable String flag) {
            this(name, values, List.of(), scale, flag);
        }

        public Samples(String name, List<Integer> values) {
            this(name, values, null, null);
        }
    }

    /** So many samples, at least 1, are missing before the value at the index {@code before}, 0 to the count of values. */
    public record Gap(int before, int count) {}

    /**
     * What samples stand for: {@code rawLow} for {@code low}, {@code rawHigh} for {@code high}, and evenly between.
     *
     * @param hz samples a second, decimal text
     * @param low,high decimal texts
     * @param unit UCUM unit, or null
     */
    public record Scale(
            String hz,
            String low,
            String high,
            int rawLow,
            int rawHigh,
            @Nullable String unit) {
        /** Samples of which only the rate is known: what they stand for is the profile's to say. */
        public static Scale rate(long hz) {
            return new Scale(Long.toString(hz), "0", "0", 0, 0, null);
        }

        /** @return this scale with another rate */
        public Scale at(String other) {
            return new Scale(other, low, high, rawLow, rawHigh, unit);
        }

        /** Whether it says what samples stand for. */
        public boolean hasBounds() {
            return rawLow != rawHigh;
        }
    }

    /**
     * A list of alarms.
     *
     * @param name which of the device's lists it is
     * @param complete whether every active alarm of this list is in it, so that all others are over
     */
    public record Alarms(String name, List<Alarm> alarms, boolean complete) implements Field {
        public Alarms {
            alarms = List.copyOf(alarms);
        }
    }

    /**
     * An alarm as the device tells it.
     *
     * @param id the same for the same alarm, within its list; the device's code
     * @param text the device's words, or empty
     * @param kind {@code phys}, {@code tech} or {@code adv}
     * @param priority {@code high}, {@code medium}, {@code low} or {@code none}
     * @param state {@code active}, {@code latched} or {@code inactive}
     * @param source the field it is about, or null
     */
    public record Alarm(
            String id,
            String text,
            String kind,
            String priority,
            String state,
            @Nullable String source) {}

    /**
     * One result of an analysis as sent; every text is empty where none was sent.
     *
     * @param name the code of the test, as the device or the ordering system knows it
     * @param system whose code it is, as sent
     * @param title words for the code
     * @param text the value
     * @param unit the unit in the device's spelling
     * @param range reference range
     * @param marks abnormal flags
     * @param status preliminary, final, corrected and the like, as sent
     * @param time when it was measured, as sent
     * @param method method or site
     * @param alias another code of the test, whose system only the profile knows
     * @param critical limits beyond which the value is critical
     * @param comments words beside the result, in order
     */
    public record Finding(
            String name,
            String system,
            String title,
            String text,
            String unit,
            String range,
            String marks,
            String status,
            String time,
            String method,
            String alias,
            String critical,
            List<String> comments)
            implements Field {
        public Finding {
            comments = List.copyOf(comments);
        }

        /** Without critical limits. */
        public Finding(
                String name,
                String system,
                String title,
                String text,
                String unit,
                String range,
                String marks,
                String status,
                String time,
                String method,
                String alias,
                List<String> comments) {
            this(name, system, title, text, unit, range, marks, status, time, method, alias, "", comments);
        }

        /** Of a test with one code. */
        public Finding(
                String name,
                String system,
                String title,
                String text,
                String unit,
                String range,
                String marks,
                String status,
                String time,
                String method,
                List<String> comments) {
            this(name, system, title, text, unit, range, marks, status, time, method, "", comments);
        }
    }

    /**
     * Something that happened on the line, told as an event.
     *
     * @param name the event
     * @param details texts and whole numbers by name; nothing of a patient
     */
    public record Happening(String name, Map<String, Object> details) implements Field {
        public Happening {
            details = Map.copyOf(details);
        }
    }

    /** @return the text of the first single value of that name, or null */
    public @Nullable String text(String name) {
        for (Field field : fields) {
            if (field instanceof Item item && item.name().equals(name)) {
                return item.text();
            }
        }
        return null;
    }
}
