package org.wasla.gateway.message;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.frame.Sought;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Item;

/**
 * How one kind of message is recognised and how its fields are found. Immutable.
 *
 * @param id the message's type
 * @param pattern the whole frame as text, one character a byte; its named groups are fields. Null: a binary frame
 * @param groups the named groups of the pattern that are fields, in their order
 * @param parts cut named groups further, at most one each
 * @param counts what the message declares of itself
 * @param seq fields and records of the frame, beside those of the pattern where it has one
 * @param required fields without which the frame is not whole
 * @param fit which binary frames are of this kind
 * @param skip why the message carries nothing to publish, or null when it does
 * @param part the field that says which of several devices behind the port the message is of, or null
 * @param letters how the texts are written
 */
public record MessageSpec(
        String id,
        @Nullable Pattern pattern,
        List<String> groups,
        List<Parts> parts,
        List<Count> counts,
        List<Seq> seq,
        List<String> required,
        @Nullable String skip,
        @Nullable String part,
        Letters letters,
        Fit fit) {
    public MessageSpec {
        groups = List.copyOf(groups);
        parts = List.copyOf(parts);
        counts = List.copyOf(counts);
        seq = List.copyOf(seq);
        required = List.copyOf(required);
    }

    /** A message of the only device on the port, in ASCII, that is known by its pattern, or by its places alone. */
    public MessageSpec(
            String id,
            @Nullable Pattern pattern,
            List<String> groups,
            @Nullable Parts parts,
            List<Count> counts,
            List<Seq> seq,
            List<String> required,
            @Nullable String skip) {
        this(
                id,
                pattern,
                groups,
                parts == null ? List.of() : List.of(parts),
                counts,
                seq,
                required,
                skip,
                null,
                Letters.ASCII,
                Fit.ANY);
    }

    /**
     * Which frames are of one kind: those with these bits and of this length. One that is, and does not hold all of
     * its fields, is damaged; where nothing is asked for it is of another kind.
     *
     * @param bytesMin,bytesMax length of the frame as the message sees it
     */
    public record Fit(List<When> when, int bytesMin, int bytesMax) {
        public static final Fit ANY = new Fit(List.of(), 0, Integer.MAX_VALUE);

        public Fit {
            when = List.copyOf(when);
        }

        boolean holds(Bytes frame) {
            return frame.size() >= bytesMin && frame.size() <= bytesMax && When.all(when, frame, 0);
        }
    }

    /**
     * A number that the message declares about one of its groups.
     *
     * @param unit whether bytes or fields of the group are counted
     */
    public record Count(String group, Unit unit, String declared) {
        /** What is counted. */
        public enum Unit {
            BYTES,
            FIELDS
        }
    }

    /** What became of a frame: a message, or the reason why it is none. */
    public sealed interface Outcome {
        /** One message, or one for each of the devices that the frame tells of; texts are one character a byte. */
        record Parsed(List<Message> messages) implements Outcome {
            public Parsed {
                messages = List.copyOf(messages);
            }
        }

        /** Another kind of message: the next specification is to be asked. */
        record NotThis() implements Outcome {}

        /** This kind of message, and damaged. */
        record Damaged(Fault fault) implements Outcome {}
    }

    /** @return what of the message is published: nothing of one that is skipped, whose fields serve the dialogue */
    public Message published(Message message) {
        if (skip == null && part == null && letters == Letters.ASCII) {
            return message;
        }
        String device = part == null ? message.part() : message.text(part);
        List<Field> fields = new ArrayList<>();
        for (Field field : skip == null ? message.fields() : List.<Field>of()) {
            if (!field.name().equals(part)) {
                fields.add(letters.shown(field));
            }
        }
        return new Message(id, fields, device);
    }

    /** @return what cuts this group, or null */
    public @Nullable Parts cut(String group) {
        for (Parts each : parts) {
            if (each.group().equals(group)) {
                return each;
            }
        }
        return null;
    }

    /** Never throws on input. */
    public Outcome parse(Bytes frame) {
        if (!fit.holds(frame)) {
            return new Outcome.NotThis();
        }
        if (pattern == null) {
            return binary(frame);
        }
        Matcher matcher = Sought.matcher(pattern, frame.latin1());
        try {
            return matcher.matches() ? text(matcher, frame) : new Outcome.NotThis();
        } catch (StackOverflowError tooDeep) {
            // java.util.regex recurses on repeated groups: a long frame must cost itself, not the process.
            return new Outcome.Damaged(Fault.FORMAT);
        } catch (Sought.Endless endless) {
            return new Outcome.Damaged(Fault.ENDLESS);
        }
    }

    private Outcome binary(Bytes frame) {
        List<Field> fields = new ArrayList<>();
        if (!seq(frame, fields)) {
            return fit.equals(Fit.ANY) ? new Outcome.NotThis() : new Outcome.Damaged(Fault.COUNT);
        }
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            if (!names.add(field.name())) {
                return new Outcome.Damaged(Fault.FORMAT);
            }
        }
        return names.containsAll(required)
                ? new Outcome.Parsed(List.of(new Message(id, fields)))
                : new Outcome.Damaged(Fault.FORMAT);
    }

    private boolean seq(Bytes frame, List<Field> fields) {
        for (Seq part : seq) {
            if (!part.read(frame, 0, frame.size(), "", fields)) {
                return false;
            }
        }
        return true;
    }

    private Outcome text(Matcher matcher, Bytes frame) {
        for (Count count : counts) {
            if (!holds(count, matcher)) {
                return new Outcome.Damaged(Fault.COUNT);
            }
        }
        Gathered fields = new Gathered();
        for (String group : groups) {
            String text = matcher.group(group);
            if (text != null && !gather(group, text, fields)) {
                return new Outcome.Damaged(fields.fault());
            }
        }
        List<Field> placed = new ArrayList<>();
        if (!seq(frame, placed)) {
            return new Outcome.Damaged(Fault.COUNT);
        }
        placed.forEach(field -> fields.add(null, field));
        List<Message> messages = fields.messages(id);
        for (Message message : messages) {
            if (!isWhole(message)) {
                return new Outcome.Damaged(Fault.FORMAT);
            }
        }
        return new Outcome.Parsed(messages);
    }

    private boolean gather(String group, String text, Gathered fields) {
        Parts cut = cut(group);
        if (cut != null) {
            return cut.split(text, fields);
        }
        fields.add(null, new Item(group, text));
        return true;
    }

    /** A name twice, or a required one missing: parts of two frames that ran together. */
    private boolean isWhole(Message message) {
        Set<String> names = new HashSet<>();
        for (Field field : message.fields()) {
            if (!names.add(field.name()) || !letters.has(field)) {
                return false;
            }
        }
        return names.containsAll(required) && (part == null || names.contains(part));
    }

    private boolean holds(Count count, Matcher matcher) {
        String text = matcher.group(count.group());
        String declared = matcher.group(count.declared());
        if (text == null || declared == null) {
            return false;
        }
        String digits = declared.strip();
        return digits.matches("\\d{1,9}") && Integer.parseInt(digits) == measure(count, text);
    }

    /** @return the number that the message would declare for this text of the group; simulators write it */
    public int measure(Count count, String text) {
        if (count.unit() == Count.Unit.BYTES) {
            return text.length();
        }
        Parts cut = cut(count.group());
        return cut == null ? 0 : cut.count(text);
    }
}
