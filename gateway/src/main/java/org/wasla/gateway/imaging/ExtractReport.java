package org.wasla.gateway.imaging;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetJson;
import org.wasla.gateway.imaging.ExtractConcepts.Concept;
import org.wasla.gateway.imaging.ExtractConcepts.Role;
import org.wasla.gateway.imaging.ExtractMeasure.Value;

/**
 * Walks the content tree of a structured report (PS3.3 C.17.3) and tells every leaf with the concepts above it. No
 * template is asked for: devices name others than they follow, or none. Names of persons are left out. Pure; one thread.
 */
final class ExtractReport {
    private static final int CONTENT = 0x0040_a730;
    private static final int VALUE_TYPE = 0x0040_a040;
    private static final int CONCEPT = 0x0040_a043;
    private static final int RELATIONSHIP = 0x0040_a010;
    private static final int MEASURED_VALUE = 0x0040_a300;
    private static final int QUALIFIER = 0x0040_a301;
    private static final int NUMERIC_VALUE = 0x0040_a30a;
    private static final int FLOATING_VALUE = 0x0040_a161;
    private static final int UNITS = 0x0040_08ea;
    private static final int CODE = 0x0040_a168;
    private static final int TEXT = 0x0040_a160;
    private static final int DATE_TIME = 0x0040_a120;
    private static final int DATE = 0x0040_a121;
    private static final int TIME = 0x0040_a122;
    private static final int UID = 0x0040_a124;
    private static final int REFERENCED_SOP = 0x0008_1199;
    private static final int REFERENCED_INSTANCE = 0x0008_1155;
    private static final int GRAPHIC_TYPE = 0x0070_0023;

    private final List<ExtractMeasure> measures = new ArrayList<>();

    private ExtractReport() {}

    /** Where the walk is: what is above, and what holds there. */
    private record Place(String at, List<String> within, Map<String, String> context) {}

    static boolean isReport(DataSet data) {
        return !data.items(CONTENT).isEmpty() && "CONTAINER".equals(data.text(VALUE_TYPE));
    }

    /** @return all that the report says, in its order */
    static List<ExtractMeasure> read(DataSet report) {
        ExtractReport reading = new ExtractReport();
        Map<String, String> context = new LinkedHashMap<>();
        modifiers(report, context);
        reading.children(report, new Place("1", List.of(), context));
        return List.copyOf(reading.measures);
    }

    /** The depth is bounded by the reader of data sets. */
    private void children(DataSet parent, Place place) {
        List<DataSet> items = parent.items(CONTENT);
        for (int i = 0; i < items.size(); i++) {
            DataSet item = items.get(i);
            ExtractCode what = ExtractCode.of(item, CONCEPT);
            Concept concept = what == null ? null : ExtractConcepts.of(what);
            if (what == null || concept == null) {
                // An item without a name is a reference, or a container that only holds others.
                children(item, new Place(place.at() + "." + (i + 1), place.within(), place.context()));
            } else if (concept.role() == Role.VALUE && !"PNAME".equals(item.text(VALUE_TYPE))) {
                Map<String, String> context = new LinkedHashMap<>(place.context());
                modifiers(item, context);
                Place here = new Place(place.at() + "." + (i + 1), place.within(), context);
                Value value = value(item);
                if (value != null) {
                    measures.add(
                            new ExtractMeasure(here.at(), what, concept.name(), value, here.within(), here.context()));
                }
                List<String> within = new ArrayList<>(place.within());
                within.add(what.id());
                children(item, new Place(here.at(), within, context));
            }
        }
    }

    /** Gathers what holds for this item and all below it. A side may be told of the site, not of the item. */
    private static void modifiers(DataSet item, Map<String, String> context) {
        for (DataSet child : item.items(CONTENT)) {
            ExtractCode what = ExtractCode.of(child, CONCEPT);
            String relationship = child.text(RELATIONSHIP);
            Concept concept = what == null ? null : ExtractConcepts.of(what);
            boolean holds = concept != null && concept.role() == Role.MODIFIER && !"INFERRED FROM".equals(relationship);
            Value value = holds ? value(child) : null;
            if (concept != null && concept.name() != null && value != null) {
                context.put(concept.name(), spoken(value));
                modifiers(child, context);
            }
        }
    }

    private static String spoken(Value value) {
        if (value instanceof Value.Coded coded) {
            return coded.code().spoken();
        }
        return value instanceof Value.Words words ? words.text() : value.toString();
    }

    /** @return what the item says itself; null for a container */
    private static @Nullable Value value(DataSet item) {
        String type = item.text(VALUE_TYPE);
        return switch (type == null ? "" : type) {
            case "NUM" -> number(item);
            case "CODE" -> coded(item);
            case "TEXT" -> words(item.text(TEXT));
            case "DATETIME" -> words(item.text(DATE_TIME));
            case "DATE" -> words(item.text(DATE));
            case "TIME" -> words(item.text(TIME));
            case "UIDREF" -> words(item.text(UID));
            case "IMAGE", "COMPOSITE", "WAVEFORM" ->
                words(item.item(REFERENCED_SOP).text(REFERENCED_INSTANCE));
            case "SCOORD", "SCOORD3D" -> words(item.text(GRAPHIC_TYPE));
            default -> null;
        };
    }

    private static Value coded(DataSet item) {
        ExtractCode code = ExtractCode.of(item, CODE);
        return code == null ? new Value.Missing("empty", null) : new Value.Coded(code);
    }

    private static Value words(@Nullable String text) {
        return text == null ? new Value.Missing("empty", null) : new Value.Words(text);
    }

    private static Value number(DataSet item) {
        ExtractCode qualifier = ExtractCode.of(item, QUALIFIER);
        DataSet measured = item.item(MEASURED_VALUE);
        String sent = measured.text(NUMERIC_VALUE);
        sent = sent == null ? measured.text(FLOATING_VALUE) : sent;
        ExtractUnit unit = ExtractUnit.of(ExtractCode.of(measured, UNITS));
        return number(sent, unit, qualifier == null ? null : qualifier.id());
    }

    /** @param doubt why the sender says that it is no valid value, or null */
    static Value number(@Nullable String sent, ExtractUnit unit, @Nullable String doubt) {
        String digits = sent == null ? "" : DataSetJson.digits(sent);
        if (doubt != null || sent == null || digits.isEmpty()) {
            String why = doubt != null ? doubt : sent == null ? "empty" : "no-number";
            return new Value.Missing(why, sent);
        }
        return new Value.Number(digits, unit);
    }
}
