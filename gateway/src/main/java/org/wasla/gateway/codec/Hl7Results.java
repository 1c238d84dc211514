package org.wasla.gateway.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.wasla.gateway.hl7.Er7Message;
import org.wasla.gateway.hl7.Er7Segment;
import org.wasla.gateway.hl7.Er7Value;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Finding;
import org.wasla.gateway.message.Message.Item;

/**
 * Results of analyses in ORU and OUL messages (lab.md 2.2): one message for each order with its results. Values of the
 * header, the order and the specimen have the names of their places, {@code OBR.3} or {@code OBR.3.2}. Of the patient
 * nothing is read but the ids and the place. Stateless.
 */
final class Hl7Results {
    private static final List<Integer> PATIENT = List.of(2, 3, 4, 18);
    private static final int LOCATION = 3;

    /** @return at least one message, empty when there are no results */
    List<Message> messages(Er7Message message) {
        Gathering gathering = new Gathering(message.type().startsWith("OUL"));
        gathering.common.addAll(places(message.header(), List.of()));
        message.segments().forEach(gathering::take);
        gathering.end();
        return gathering.messages.isEmpty() ? List.of(new Message("results", List.of())) : gathering.messages;
    }

    /** One walk over the segments of a message. */
    private static final class Gathering {
        private final boolean isBySpecimen;
        private final List<Message> messages = new ArrayList<>();
        private final List<Field> common = new ArrayList<>();
        private List<Field> patient = new ArrayList<>();
        private List<Field> specimen = new ArrayList<>();
        private List<Field> order = new ArrayList<>();
        private final List<Finding> findings = new ArrayList<>();

        /** @param isBySpecimen whether a specimen stands before its orders, and not behind an order's results */
        Gathering(boolean isBySpecimen) {
            this.isBySpecimen = isBySpecimen;
        }

        void take(Er7Segment segment) {
            switch (segment.name()) {
                case "PID" -> {
                    end();
                    specimen = new ArrayList<>();
                    patient = places(segment, PATIENT);
                }
                case "PV1" -> patient.addAll(places(segment, List.of(LOCATION)));
                case "SPM" -> specimen(segment);
                case "ORC" -> {
                    // In an order group ORC stands before OBR, in a specimen group behind it.
                    if (!isBySpecimen) {
                        end();
                    }
                    order.addAll(places(segment, List.of(2, 3)));
                }
                case "OBR" -> {
                    if (!findings.isEmpty()
                            || order.stream().anyMatch(field -> field.name().startsWith("OBR."))) {
                        end();
                    }
                    order.addAll(places(segment, List.of()));
                }
                case "OBX" -> findings.add(finding(segment));
                case "NTE" -> note(segment);
                default -> {}
            }
        }

        private void specimen(Er7Segment segment) {
            if (isBySpecimen) {
                end();
                specimen = places(segment, List.of());
            } else {
                order.addAll(places(segment, List.of()));
            }
        }

        private void note(Er7Segment segment) {
            String text = segment.values(3).stream()
                    .map(Er7Value::whole)
                    .filter(words -> !words.isBlank())
                    .collect(Collectors.joining("\n"));
            if (text.isEmpty()) {
                return;
            }
            if (findings.isEmpty()) {
                order.add(new Item("note", text));
                return;
            }
            Finding last = findings.remove(findings.size() - 1);
            List<String> comments = new ArrayList<>(last.comments());
            comments.add(text);
            findings.add(new Finding(
                    last.name(),
                    last.system(),
                    last.title(),
                    last.text(),
                    last.unit(),
                    last.range(),
                    last.marks(),
                    last.status(),
                    last.time(),
                    last.method(),
                    comments));
        }

        /** An order is over: what was found becomes a message. */
        void end() {
            if (!findings.isEmpty()) {
                List<Field> fields = new ArrayList<>(common);
                fields.addAll(patient);
                fields.addAll(specimen);
                fields.addAll(order);
                fields.addAll(findings);
                messages.add(new Message("results", fields));
                findings.clear();
            }
            order = new ArrayList<>();
        }
    }

    private static Finding finding(Er7Segment obx) {
        String unit = obx.text(6).strip();
        return new Finding(
                Hl7Value.code(obx),
                obx.text(3, 3).strip(),
                obx.text(3, 2).strip(),
                Hl7Value.of(obx),
                unit.isEmpty() ? obx.text(6, 2).strip() : unit,
                obx.value(7).whole().strip(),
                joined(obx, 8),
                obx.text(11).strip(),
                obx.text(14).strip(),
                joined(obx, 17),
                List.of());
    }

    private static String joined(Er7Segment segment, int field) {
        StringBuilder joined = new StringBuilder();
        for (Er7Value value : segment.values(field)) {
            String text = value.text().strip();
            joined.append(joined.length() == 0 || text.isEmpty() ? "" : "~").append(text);
        }
        return joined.toString();
    }

    /**
     * @param fields which of them; none: all
     * @return what stands in the first repetition of each, and in its components
     */
    private static List<Field> places(Er7Segment segment, List<Integer> fields) {
        List<Field> places = new ArrayList<>();
        // The header's first two fields are marks.
        int first = segment.name().equals("MSH") ? 3 : 1;
        for (int field = first; field <= segment.fields(); field++) {
            Er7Value value = segment.value(field);
            if (value.isEmpty() || !fields.isEmpty() && !fields.contains(field)) {
                continue;
            }
            String name = segment.name() + '.' + field;
            places.add(new Item(name, value.text()));
            int components = value.components();
            for (int component = 2; component <= components; component++) {
                String text = value.text(component);
                if (!text.isEmpty()) {
                    places.add(new Item(name + '.' + component, text));
                }
            }
        }
        return places;
    }
}
