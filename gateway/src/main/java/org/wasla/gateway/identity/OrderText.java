package org.wasla.gateway.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.wasla.gateway.orders.Change;
import org.wasla.gateway.orders.Order;

/** Changes of orders as lines of text and back. Fields stand between tabs, what is a list between US. Stateless. */
final class OrderText {
    private static final String PUT = "put";
    private static final String CANCEL = "cancel";
    private static final String TAKEN = "taken";
    private static final String UNIT = "\u001f";
    /** What would part fields or lines where nothing is to be parted. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\u001f]]");

    private static final int FIELDS = 13;
    private static final int STEP_FIELDS = 10;

    private OrderText() {}

    static String of(Change change) {
        if (change instanceof Change.Put put) {
            return of(put.order());
        }
        if (change instanceof Change.Cancel cancel) {
            return line(CANCEL, cancel.id());
        }
        Change.Taken taken = (Change.Taken) change;
        return line(TAKEN, taken.id(), taken.device());
    }

    private static String of(Order order) {
        Order.Patient whose = order.patient();
        String line = line(
                PUT,
                order.id(),
                order.specimen(),
                list(order.tests()),
                order.priority(),
                list(order.devices()),
                Long.toString(order.untilMs()),
                whose.number(),
                whose.authority(),
                whose.family(),
                whose.given(),
                whose.birth(),
                whose.sex());
        Order.Step step = order.step();
        return step == null
                ? line
                : line
                        + '\t'
                        + line(
                                step.accession(),
                                step.procedure(),
                                step.procedureText(),
                                step.id(),
                                step.modality(),
                                step.station(),
                                step.start(),
                                step.text(),
                                step.study(),
                                step.physician());
    }

    /** Empty when the line is none of a change. */
    static Optional<Change> change(String line) {
        List<String> fields = LineLog.fields(line);
        try {
            return switch (fields.get(0)) {
                case PUT -> Optional.of(new Change.Put(order(fields)));
                case CANCEL -> Optional.of(new Change.Cancel(fields.get(1)));
                case TAKEN -> Optional.of(new Change.Taken(fields.get(1), fields.get(2)));
                default -> Optional.empty();
            };
        } catch (IllegalArgumentException | IndexOutOfBoundsException noneOfOurs) {
            return Optional.empty();
        }
    }

    private static Order order(List<String> fields) {
        List<String> step = fields.subList(FIELDS, fields.size());
        return new Order(
                fields.get(1),
                fields.get(2),
                list(fields.get(3)),
                fields.get(4),
                list(fields.get(5)),
                new Order.Patient(
                        fields.get(7), fields.get(8), fields.get(9), fields.get(10), fields.get(11), fields.get(12)),
                step.size() < STEP_FIELDS ? null : step(step),
                Long.parseLong(fields.get(6)));
    }

    private static Order.Step step(List<String> of) {
        return new Order.Step(
                of.get(0), of.get(1), of.get(2), of.get(3), of.get(4), of.get(5), of.get(6), of.get(7), of.get(8),
                of.get(9));
    }

    private static String list(List<String> texts) {
        return String.join(UNIT, texts);
    }

    private static List<String> list(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(UNIT, -1));
    }

    private static String line(String... parts) {
        List<String> clean = new ArrayList<>();
        for (String part : parts) {
            clean.add(CONTROL.matcher(part).replaceAll(" "));
        }
        return String.join("\t", clean);
    }
}
