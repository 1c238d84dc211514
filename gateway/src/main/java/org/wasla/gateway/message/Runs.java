package org.wasla.gateway.message;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.Action.Deliver;
import org.wasla.gateway.message.Action.Report;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Item;
import org.wasla.gateway.message.Message.Samples;

/** The messages that are being put together. Pure; one thread. */
final class Runs {
    private final List<Run> rules;
    private @Nullable Run rule;
    /** What all of them say: their type and fields, without a sample. */
    private @Nullable Message same;

    /** The kinds of messages since the last damage. */
    private final Set<String> heard = new HashSet<>();

    private final List<List<Integer>> samples = new ArrayList<>();
    private int held;
    private int agreed;
    private int size;

    Runs(List<Run> rules) {
        this.rules = rules;
    }

    boolean holdsMessages() {
        return held > 0;
    }

    /** Passes on what is to be done, but for messages that are put together. */
    void take(Action action, List<Action> actions) {
        Run of = action instanceof Deliver deliver ? rule(deliver) : null;
        if (of == null) {
            end(actions);
            actions.add(action);
            remember(action);
            return;
        }
        Deliver deliver = (Deliver) action;
        Message message = of.after() == null || heard.contains(of.after()) ? sampled(of, deliver.message()) : null;
        if (message == null) {
            end(actions);
            actions.add(new Report(Fault.CUT, 1, deliver.size()));
            return;
        }
        Message shape = shape(message);
        if (!shape.equals(same)) {
            end(actions);
            begin(of, shape);
        }
        add(message, deliver.size());
        if (held == of.most()) {
            pass(actions);
        }
    }

    private void remember(Action action) {
        if (action instanceof Deliver deliver) {
            heard.add(deliver.message().type());
        } else if (action instanceof Report report && report.count() > 0) {
            heard.clear();
        }
    }

    /** Null when a text that should be a sample is none, or has more decimals than are kept. */
    private static @Nullable Message sampled(Run of, Message message) {
        if (of.samples().isEmpty()) {
            return message;
        }
        List<Field> fields = new ArrayList<>();
        for (Field field : message.fields()) {
            Integer decimals = of.samples().get(field.name());
            if (decimals == null || !(field instanceof Item item)) {
                fields.add(field);
                continue;
            }
            try {
                int sample = new BigDecimal(item.text().strip())
                        .movePointRight(decimals)
                        .intValueExact();
                fields.add(new Samples(item.name(), List.of(sample)));
            } catch (ArithmeticException | NumberFormatException none) {
                return null;
            }
        }
        return new Message(message.type(), fields, message.part());
    }

    /** What comes next is no part of it, whatever it says. */
    void end(List<Action> actions) {
        pass(actions);
        same = null;
    }

    /** A message that is answered is not kept waiting. */
    private @Nullable Run rule(Deliver deliver) {
        for (Run candidate : rules) {
            if (candidate.message().equals(deliver.message().type())
                    && deliver.ifKept().size() == 0
                    && deliver.ifRefused().size() == 0) {
                return candidate;
            }
        }
        return null;
    }

    private static Message shape(Message message) {
        List<Field> fields = new ArrayList<>();
        for (Field field : message.fields()) {
            fields.add(
                    field instanceof Samples wave
                            ? new Samples(wave.name(), List.of(), wave.scale(), wave.flag())
                            : field);
        }
        return new Message(message.type(), fields, message.part());
    }

    private void begin(Run of, Message shape) {
        rule = of;
        same = shape;
        agreed = 0;
        samples.clear();
        shape.fields().forEach(field -> samples.add(new ArrayList<>()));
    }

    private void add(Message message, int bytes) {
        for (int i = 0; i < samples.size(); i++) {
            if (message.fields().get(i) instanceof Samples wave) {
                samples.get(i).addAll(wave.values());
            }
        }
        held++;
        agreed++;
        size += bytes;
    }

    private void pass(List<Action> actions) {
        if (held == 0 || same == null || rule == null) {
            return;
        }
        actions.add(
                agreed < rule.least()
                        ? new Report(Fault.CUT, held, size)
                        : new Deliver(joined(same), size, Bytes.NONE, Bytes.NONE));
        samples.forEach(List::clear);
        held = 0;
        size = 0;
    }

    private Message joined(Message shape) {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            Field field = shape.fields().get(i);
            fields.add(
                    field instanceof Samples wave
                            ? new Samples(wave.name(), samples.get(i), wave.scale(), wave.flag())
                            : field);
        }
        return new Message(shape.type(), fields, shape.part());
    }
}
