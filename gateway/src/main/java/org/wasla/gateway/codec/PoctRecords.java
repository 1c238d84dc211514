package org.wasla.gateway.codec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Finding;
import org.wasla.gateway.message.Message.Item;

/**
 * Results in OBS.R01 (patients) and OBS.R02 (controls, calibrations): one message for each SVC, which is one measurement
 * (lab.md 2.6). Values of the objects beside the results have the name of their element, {@code PT.patient_id}; how the
 * patient's number came into the device stands under {@code ID.capture}. Of the patient only number and place are read.
 * Stateless.
 */
final class PoctRecords {
    /** Objects of a measurement and, of those whose other values are a person's, what is read of them. */
    private static final Map<String, Set<String>> OBJECTS = Map.of(
            "SVC", Set.of(),
            "PT", Set.of("PT.patient_id", "PT.location"),
            "CTC", Set.of(),
            "OPR", Set.of("OPR.operator_id"),
            "ORD", Set.of("ORD.order_id", "ORD.universal_service_id"),
            "SPC", Set.of(),
            "RGT", Set.of());

    /** Remarks that are no words of a person but values by name. */
    private static final Map<String, String> NAMED = Map.of(
            "ID FLAGS", "ID.flags", "SAMPLE ID TYPE", "ID.type", "TGC FLAG", "ID.tgc", "DIAGCODE", "ID.diagnosis");

    private static final String SAMPLE = "SMPL_ID=";

    private PoctRecords() {}

    /** @return one message a measurement; none when there are no results */
    static List<Message> messages(XmlElement root) {
        boolean isControl = root.name().equals("OBS.R02");
        List<Message> messages = new ArrayList<>();
        for (XmlElement service : root.all("SVC")) {
            List<Field> fields = new ArrayList<>();
            fields.add(new Item("OBS.kind", isControl ? "control" : "patient"));
            values(root.child("HDR"), Set.of(), fields);
            values(service, Set.of(), fields);
            List<Finding> findings = new ArrayList<>();
            for (XmlElement object : service.children()) {
                Set<String> read = OBJECTS.get(object.name());
                if (read != null) {
                    values(object, read, fields);
                }
                results(object, service.child("SVC.observation_dttm").attribute("V"), findings);
            }
            service.all("NTE").forEach(note -> note(note, fields));
            fields.addAll(findings);
            if (!findings.isEmpty()) {
                messages.add(new Message("results", fields));
            }
        }
        return messages;
    }

    /** Results stand in PT or CTC, with some devices in SVC itself. */
    private static void results(XmlElement object, String time, List<Finding> findings) {
        if (object.name().equals("OBS")) {
            findings.add(finding(object, time));
        } else {
            object.all("OBS").forEach(result -> findings.add(finding(result, time)));
        }
    }

    /** @param read which values; none: all */
    private static void values(XmlElement object, Set<String> read, List<Field> fields) {
        for (XmlElement value : object.children()) {
            String text = value.attribute("V");
            boolean isValue = value.children().isEmpty() && value.name().indexOf('.') > 0 && !text.isEmpty();
            if (isValue && (read.isEmpty() || read.contains(value.name()))) {
                fields.add(new Item(value.name(), text));
            }
        }
    }

    private static void note(XmlElement note, List<Field> fields) {
        XmlElement text = note.child("NTE.text");
        String head = text.attribute("V");
        String name = NAMED.get(head);
        if (name == null) {
            if (!head.isEmpty()) {
                fields.add(new Item("note", head));
            }
            return;
        }
        String body = text.text().replaceAll("\\s", "");
        fields.add(new Item(name, body));
        String capture = name.equals("ID.flags") ? capture(body) : null;
        if (capture != null) {
            fields.add(new Item("ID.capture", capture));
        }
    }

    /** {@code OPR_ID=IN_LIST^SMPL_ID=SCANNED_TEXT|IN_LIST}. */
    private static @Nullable String capture(String flags) {
        for (String each : flags.split("\\^")) {
            if (each.startsWith(SAMPLE)) {
                List<String> told = List.of(each.substring(SAMPLE.length()).split("\\|"));
                return told.contains("SCANNED_TEXT") ? "scanned" : told.contains("ENTERED_TEXT") ? "typed" : null;
            }
        }
        return null;
    }

    /** @param time of the measurement, where the result has none of its own */
    private static Finding finding(XmlElement result, String time) {
        String own = result.child("OBS.observation_dttm").attribute("V");
        XmlElement id = result.child("OBS.observation_id");
        XmlElement value = result.child("OBS.value");
        XmlElement words = result.child("OBS.qualitative_value");
        String number = value.attribute("V");
        String word = words.attribute("V");
        XmlElement range = result.child("OBS.normal_lo-hi_limit");
        List<String> notes = new ArrayList<>();
        for (XmlElement note : result.all("NTE")) {
            String text = note.child("NTE.text").attribute("V");
            if (!text.isEmpty()) {
                notes.add(text);
            }
        }
        return new Finding(
                id.attribute("V"),
                id.attribute("SN"),
                id.attribute("DN"),
                number.isEmpty() || word.isEmpty() ? number + word : word + '^' + number,
                value.attribute("U"),
                limits(range),
                result.child("OBS.interpretation_cd").attribute("V"),
                result.child("OBS.status_cd").attribute("V"),
                own.isEmpty() ? time : own,
                result.child("OBS.method_cd").attribute("V"),
                "",
                limits(result.child("OBS.critical_lo-hi_limit")),
                notes);
    }

    /** As sent, without the brackets of an interval. */
    private static String limits(XmlElement interval) {
        String text = interval.attribute("V");
        boolean isClosed = text.startsWith("[") && text.endsWith("]") && text.length() > 2;
        return isClosed ? text.substring(1, text.length() - 1) : text;
    }

    /**
     * The same for a message that is sent again and for no other, or nothing where no time of the measurement tells it
     * from the next: all but the header, which is new each time, and whether it is said for the first time.
     */
    static @Nullable String once(XmlElement root) {
        StringBuilder all = new StringBuilder();
        if (root.all("SVC").isEmpty()) {
            return null;
        }
        for (XmlElement child : root.children()) {
            if (child.name().equals("SVC")) {
                if (child.child("SVC.observation_dttm").attribute("V").isEmpty()) {
                    return null;
                }
                write(child, all);
            }
        }
        return root.name() + '|' + AstmSession.mark(Bytes.of(all.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** At most as deep as the reader lets a document be. */
    private static void write(XmlElement element, StringBuilder all) {
        if (element.name().equals("SVC.reason_cd")) {
            return;
        }
        all.append('<')
                .append(element.name())
                .append(new TreeMap<>(element.attributes()))
                .append('>');
        all.append(element.text().strip());
        element.children().forEach(child -> write(child, all));
        all.append("</>");
    }
}
