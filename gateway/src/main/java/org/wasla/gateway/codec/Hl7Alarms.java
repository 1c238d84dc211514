package org.wasla.gateway.codec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.codec.Hl7Spec.Part;
import org.wasla.gateway.hl7.Er7Message;
import org.wasla.gateway.hl7.Er7Segment;
import org.wasla.gateway.hl7.Er7Value;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Message.Alarm;
import org.wasla.gateway.message.Message.Alarms;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Item;

/**
 * Alarms by IHE PCD-04 (lab.md 2.4): an order is one alarm, its rows are facets, told apart by the last number of OBX-4.
 * All messages about one alarm name the first of them, and so know each other. Of the patient nothing is read but the
 * bed.
 *
 * <pre>
 * 1 event   2 source   3 phase   4 state   5 inactivation   6 priority   7 type
 * </pre>
 */
final class Hl7Alarms {
    private static final String ORDER = "196616";
    private static final String SOURCE = "68480";
    private static final int FACETS = 7;
    private static final int PATH_NUMBERS = 5;

    private final Part by;

    Hl7Alarms(Part by) {
        this.by = by;
    }

    static boolean isAlarm(Er7Message message) {
        return message.event().equals("R40")
                || message.segments().stream()
                        .anyMatch(segment ->
                                segment.name().equals("OBR") && segment.text(4).equals(ORDER));
    }

    /** One order and its rows. */
    private record Order(
            @Nullable Er7Segment visit, @Nullable Er7Segment order, List<Er7Segment> rows) {}

    /** @return at least one, empty when there are no alarms */
    List<Message> messages(Er7Message message) {
        List<Order> orders = new ArrayList<>();
        Er7Segment visit = null;
        for (Er7Segment segment : message.segments()) {
            switch (segment.name()) {
                case "PID" -> visit = null;
                case "PV1" -> visit = segment;
                case "OBR" -> orders.add(new Order(visit, segment, new ArrayList<>()));
                case "OBX" -> {
                    if (orders.isEmpty()) {
                        orders.add(new Order(visit, null, new ArrayList<>()));
                    }
                    orders.get(orders.size() - 1).rows().add(segment);
                }
                default -> {}
            }
        }
        List<Message> messages = new ArrayList<>();
        for (Order order : orders) {
            if (!order.rows().isEmpty()) {
                messages.add(message(message, order));
            }
        }
        return messages.isEmpty() ? List.of(new Message("alarms", List.of())) : messages;
    }

    private Message message(Er7Message message, Order order) {
        Er7Segment first = order.rows().get(0);
        Map<Integer, Er7Segment> facets = facets(order.rows());
        List<Field> fields = new ArrayList<>();
        String time = Hl7Places.time(first, order.order(), message);
        if (!time.isEmpty()) {
            fields.add(new Item("time", time));
        }
        String phase = words(facets.get(3));
        Alarm alarm = alarm(order, facets, phase);
        fields.add(new Alarms("pcd04", List.of(alarm), false));
        if (phase.equals("tpoint")) {
            // It has no duration: it is over as it begins.
            fields.add(new Alarms("pcd04", List.of(inactive(alarm)), false));
        }
        return new Message("alarms", fields, Hl7Places.part(by, message, order.visit(), first));
    }

    /** Rows by the facet they are; rows whose containment is too short to tell stand in the usual order. */
    private static Map<Integer, Er7Segment> facets(List<Er7Segment> rows) {
        Map<Integer, Er7Segment> facets = new LinkedHashMap<>();
        for (Er7Segment row : rows) {
            int facet = facet(row);
            if (facet >= 1 && facet <= FACETS) {
                facets.putIfAbsent(facet, row);
            }
        }
        return facets;
    }

    /** The codes of the facets themselves come before their numbers, which some count otherwise. */
    private static int facet(Er7Segment row) {
        String[] path = row.text(4).strip().split("\\.");
        String last = path[path.length - 1];
        return switch (row.text(3)) {
            case SOURCE -> 2;
            case "68481" -> 3;
            case "68482" -> 4;
            case "68483" -> 5;
            case "68484" -> 6;
            case "68485" -> 7;
            default -> path.length == PATH_NUMBERS && last.matches("[1-9]") ? Integer.parseInt(last) : 0;
        };
    }

    private static String words(@Nullable Er7Segment row) {
        return row == null ? "" : Hl7Value.words(row.value(5));
    }

    private static Alarm alarm(Order order, Map<Integer, Er7Segment> facets, String phase) {
        Er7Segment event = facets.get(1);
        Er7Segment source = facets.get(2);
        Er7Segment shown = event == null ? order.rows().get(0) : event;
        Er7Value value = shown.value(5);
        // The event stands in the value of the usual row, and in the code of one that is about a metric.
        boolean isCoded = value.components() > 1;
        String code = isCoded ? value.text(1).strip() : shown.text(3).strip();
        String text = isCoded ? Hl7Value.words(value) : value.whole().strip();
        String occurrence = occurrence(order.order());
        List<String> marks = new ArrayList<>();
        for (Er7Value mark : shown.values(8)) {
            marks.add(mark.text().strip());
        }
        return new Alarm(
                occurrence.isEmpty() ? code : code + '/' + occurrence,
                text,
                kind(words(facets.get(7)), marks),
                priority(words(facets.get(6)), marks),
                state(words(facets.get(4)), phase),
                source == null ? null : source(source));
    }

    private static String occurrence(@Nullable Er7Segment order) {
        if (order == null) {
            return "";
        }
        // OBR-29: the placer's id, then the filler's, which is OBR-3 of the first message.
        for (String id : List.of(order.text(29, 2), order.text(29, 1), order.text(3))) {
            if (!id.isBlank()) {
                return id.strip();
            }
        }
        return "";
    }

    private static @Nullable String source(Er7Segment row) {
        String code =
                row.text(3).equals(SOURCE) ? row.text(5).strip() : row.text(3).strip();
        return code.isEmpty() ? null : code;
    }

    private static String state(String state, String phase) {
        if (phase.equals("end") || state.equals("inactive")) {
            return "inactive";
        }
        return state.equals("latched") ? "latched" : "active";
    }

    private static String priority(String told, List<String> marks) {
        List<String> all = told.isEmpty() ? marks : List.of(told);
        if (all.contains("PH")) {
            return "high";
        }
        if (all.contains("PM")) {
            return "medium";
        }
        return all.contains("PL") ? "low" : "none";
    }

    private static String kind(String told, List<String> marks) {
        List<String> all = told.isEmpty() ? marks : List.of(told);
        if (all.contains("ST")) {
            return "tech";
        }
        return all.contains("SA") ? "adv" : "phys";
    }

    private static Alarm inactive(Alarm alarm) {
        return new Alarm(alarm.id(), alarm.text(), alarm.kind(), alarm.priority(), "inactive", alarm.source());
    }
}
