package org.wasla.gateway.codec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.hl7.Er7Message;
import org.wasla.gateway.hl7.Er7Segment;
import org.wasla.gateway.hl7.Er7Value;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Item;

/**
 * Values of devices at patients: IHE PCD-01, and what monitors make of it (lab.md 2.3). A row of OBX is a value when it
 * has one, whatever its status; rows without are the device's parts. A field is named by its code (OBX-3.1); where one
 * message holds a code several times, the containment (OBX-4) stands behind it. Values of one device with one time are
 * one message. Of the patient nothing is read but the bed, and the number where the
 * profile says that it is entered at the device.
 */
final class Hl7Device {
    private static final Set<String> TESTING = Set.of("T", "D");
    /** What OBX-8 says against a value, the strongest first. */
    private static final Map<String, String> FLAGS = flags();

    private static final Set<String> BEYOND = Set.of("L", "LL", "LU", "<", "H", "HH", "HU", ">");

    private static final int NAME_MAX = 64;
    private final Hl7Spec spec;

    Hl7Device(Hl7Spec spec) {
        this.spec = spec;
    }

    private static Map<String, String> flags() {
        Map<String, String> flags = new LinkedHashMap<>();
        flags.put("INV", "invalid");
        flags.put("NAV", "na");
        flags.put("BUSY", "ongoing");
        flags.put("DEMO", "demo");
        flags.put("TEST", "test");
        flags.put("CAL", "calibrating");
        flags.put("QUES", "questionable");
        flags.put("EARLY", "early");
        flags.put("VALIDATED", "validated");
        return flags;
    }

    /**
     * Whose values they are, and when they were.
     *
     * @param patient the number entered, as {@link Message#patient}
     */
    private record Key(
            @Nullable String part, String time, @Nullable String patient) {}

    /** A value and the row that it is of. */
    private record Row(Er7Segment obx, String code, String path) {}

    /** @return at least one, empty when there are no values */
    List<Message> messages(Er7Message message) {
        Map<Key, List<Row>> rows = new LinkedHashMap<>();
        Hl7Waves waves = new Hl7Waves();
        Er7Segment visit = null;
        Er7Segment order = null;
        String patient = null;
        Map<Key, List<Field>> samples = new LinkedHashMap<>();
        for (Er7Segment segment : message.segments()) {
            switch (segment.name()) {
                case "PID" -> {
                    visit = null;
                    patient = spec.isTyped() ? number(segment) : null;
                }
                case "PV1" -> visit = segment;
                case "OBR" -> {
                    order = segment;
                    waves = new Hl7Waves(message, segment);
                }
                case "OBX" -> {
                    Key key = new Key(
                            Hl7Places.part(spec.part(), message, visit, segment),
                            Hl7Places.time(segment, order, message),
                            patient);
                    if (segment.text(2).equals("NA")) {
                        samples.computeIfAbsent(key, first -> new ArrayList<>())
                                .add(waves.samples(segment, unit(segment)));
                    } else if (isValue(segment) && !waves.isFacet(segment)) {
                        rows.computeIfAbsent(key, first -> new ArrayList<>())
                                .add(new Row(
                                        segment, code(segment), segment.text(4).strip()));
                    }
                }
                default -> {}
            }
        }
        List<Message> messages = new ArrayList<>();
        rows.forEach(
                (key, own) -> messages.add(new Message("device", items(message, key, own), key.part(), key.patient())));
        samples.forEach((key, own) -> messages.add(new Message("waves", timed(key, own), key.part(), key.patient())));
        return messages.isEmpty() ? List.of(new Message("device", List.of())) : messages;
    }

    private static String number(Er7Segment pid) {
        String number = pid.text(3).strip();
        return number.isEmpty() || pid.isNull(3)
                ? ""
                : number + "^^^" + pid.text(3, 4).strip();
    }

    /** A number that is said to be one and is not there was not measured; other rows without a value are no values. */
    private static boolean isValue(Er7Segment obx) {
        return !code(obx).isEmpty() && (!obx.value(5).isEmpty() || obx.text(2).equals("NM"));
    }

    private static String code(Er7Segment obx) {
        String code = obx.text(3).strip();
        // Private codes of one maker are all 0: then the reference id tells them apart.
        String name = code.isEmpty() || code.equals("0") ? obx.text(3, 2).strip() : code;
        return name.length() > NAME_MAX ? name.substring(0, NAME_MAX) : name;
    }

    private List<Field> items(Er7Message message, Key key, List<Row> rows) {
        Map<String, Integer> times = new HashMap<>();
        rows.forEach(row -> times.merge(row.code(), 1, Integer::sum));
        boolean isTest = TESTING.contains(message.header().text(11).strip());
        List<Field> items = new ArrayList<>();
        Map<String, Integer> paths = new HashMap<>();
        for (Row row : rows) {
            String name = row.code();
            if (times.getOrDefault(name, 1) > 1) {
                name += "/" + row.path();
                int nth = paths.merge(name, 1, Integer::sum);
                name += nth > 1 ? "/" + nth : "";
            }
            items.add(item(name, row.obx(), isTest));
        }
        return timed(key, items);
    }

    private static List<Field> timed(Key key, List<Field> fields) {
        List<Field> all = new ArrayList<>();
        if (!key.time().isEmpty()) {
            all.add(new Item("time", key.time()));
        }
        all.addAll(fields);
        return all;
    }

    private Item item(String name, Er7Segment obx, boolean isTest) {
        String type = obx.text(2);
        boolean isNumber = type.equals("NM") || type.equals("SN");
        boolean isCoded = type.equals("CE") || type.equals("CWE") || type.equals("CNE") || type.equals("CF");
        String text = isCoded ? Hl7Value.words(obx.value(5)) : Hl7Value.of(obx);
        String flag = flag(obx, text.isEmpty(), isTest);
        return new Item(name, text, isNumber ? unit(obx) : null, flag, limits(obx), beyond(obx));
    }

    private static @Nullable String limits(Er7Segment obx) {
        String limits = obx.value(7).whole().strip();
        return limits.isEmpty() || limits.length() > NAME_MAX ? null : limits;
    }

    /** Of what OBX-8 says only that a value is beyond its limits: that it is normal goes without saying. */
    private static @Nullable String beyond(Er7Segment obx) {
        String beyond = obx.values(8).stream()
                .map(value -> value.text().strip())
                .filter(BEYOND::contains)
                .collect(Collectors.joining("~"));
        return beyond.isEmpty() ? null : beyond;
    }

    /** The status speaks against a value too: deleted, sent for a wrong patient, not there yet, not to be had. */
    private static @Nullable String flag(Er7Segment obx, boolean isEmpty, boolean isTest) {
        String status = obx.text(11).strip();
        if (status.equals("D") || status.equals("W")) {
            return "invalid";
        }
        Set<String> told = new HashSet<>();
        for (Er7Value value : obx.values(8)) {
            told.add(value.text().strip());
        }
        for (Map.Entry<String, String> flag : FLAGS.entrySet()) {
            if (told.contains(flag.getKey())) {
                return flag.getValue();
            }
        }
        if (isEmpty) {
            return status.equals("I") ? "ongoing" : "na";
        }
        return isTest ? "test" : null;
    }

    /** Never the profile's unit: a number without one, or with one that nobody knows, is told as such. */
    private String unit(Er7Segment obx) {
        Er7Value sent = obx.value(6);
        for (String spelling : List.of(sent.text(1).strip(), sent.text(2).strip())) {
            String unit = spec.units().get(spelling);
            if (unit != null) {
                return unit;
            }
        }
        String text = sent.text(1).strip().isEmpty()
                ? sent.text(2).strip()
                : sent.text(1).strip();
        String plain = text.replaceAll("[^!-z|~]", "");
        return plain.isEmpty()
                ? "{unit-not-sent}"
                : "{unit-" + plain.substring(0, Math.min(NAME_MAX, plain.length())) + "}";
    }
}
