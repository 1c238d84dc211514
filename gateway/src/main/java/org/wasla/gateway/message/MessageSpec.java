package org.wasla.gateway.message;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Item;

/**
 * How one kind of message is recognised and how its fields are found. Immutable.
 *
 * @param id the message's type
 * @param pattern the whole frame as text, one character a byte; its named groups are fields. Null: a binary frame
 * @param groups the named groups of the pattern that are fields, in their order
 * @param parts cuts one named group further, or null
 * @param counts what the message declares of itself
 * @param seq fields at fixed places of a binary frame
 * @param required fields without which the frame is not whole
 * @param skip why the message carries nothing to publish, or null when it does
 */
public record MessageSpec(
        String id,
        @Nullable Pattern pattern,
        List<String> groups,
        @Nullable Parts parts,
        List<Count> counts,
        List<SeqField> seq,
        List<String> required,
        @Nullable String skip) {
    public MessageSpec {
        groups = List.copyOf(groups);
        counts = List.copyOf(counts);
        seq = List.copyOf(seq);
        required = List.copyOf(required);
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
        record Parsed(Message message) implements Outcome {}

        /** Another kind of message: the next specification is to be asked. */
        record NotThis() implements Outcome {}

        /** This kind of message, and damaged. */
        record Damaged(Fault fault) implements Outcome {}
    }

    /** @return what of the message may be published: nothing of one that is skipped, whose fields serve the dialogue */
    public Message published(Message message) {
        return skip == null ? message : new Message(id, List.of(), message.part());
    }

    /** Never throws on input. */
    public Outcome parse(Bytes frame) {
        if (pattern == null) {
            return binary(frame);
        }
        Matcher matcher = pattern.matcher(frame.latin1());
        try {
            return matcher.matches() ? text(matcher) : new Outcome.NotThis();
        } catch (StackOverflowError tooDeep) {
            // java.util.regex recurses on repeated groups: a long frame must cost itself, not the process.
            return new Outcome.Damaged(Fault.FORMAT);
        }
    }

    private Outcome binary(Bytes frame) {
        List<Field> fields = new ArrayList<>();
        for (SeqField field : seq) {
            Optional<Field> value = field.read(frame);
            if (value.isEmpty()) {
                return new Outcome.NotThis();
            }
            fields.add(value.get());
        }
        return parsed(fields);
    }

    private Outcome parsed(List<Field> fields) {
        return new Outcome.Parsed(new Message(id, fields));
    }

    private Outcome text(Matcher matcher) {
        for (Count count : counts) {
            if (!holds(count, matcher)) {
                return new Outcome.Damaged(Fault.COUNT);
            }
        }
        List<Field> fields = new ArrayList<>();
        for (String group : groups) {
            String text = matcher.group(group);
            if (text == null) {
                continue;
            }
            if (parts == null || !parts.group().equals(group)) {
                fields.add(new Item(group, text));
            } else if (!parts.split(text, fields)) {
                return new Outcome.Damaged(Fault.FORMAT);
            }
        }
        return whole(fields) ? parsed(fields) : new Outcome.Damaged(Fault.FORMAT);
    }

    /** A name twice, or a required one missing: parts of two frames that ran together. */
    private boolean whole(List<Field> fields) {
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            if (!names.add(field.name())
                    || field instanceof Item item && !(isPrintable(item.name()) && isPrintable(item.text()))) {
                return false;
            }
        }
        return names.containsAll(required);
    }

    /** A byte outside printable ASCII shows a damaged character where no checksum does. */
    private static boolean isPrintable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
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
        return parts == null ? 0 : parts.count(text);
    }
}
