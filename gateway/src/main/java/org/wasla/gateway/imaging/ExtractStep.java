package org.wasla.gateway.imaging;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.wasla.gateway.dicom.DataSet;

/**
 * What a Modality Performed Procedure Step says when it is created or set (PS3.4 annex F.7). Immutable.
 *
 * @param facts of the step, by our short names; a set has only what it changes
 * @param requests one for each scheduled step that it answers
 * @param series what was acquired, each with the number of its images and of its other objects
 * @param instances UIDs of all of them
 * @param dose in all and of each exposure
 */
public record ExtractStep(
        Map<String, String> facts,
        List<Map<String, String>> requests,
        List<Map<String, String>> series,
        List<String> instances,
        ExtractIdentity identity,
        List<ExtractMeasure> dose) {
    private static final int REQUESTS = 0x0040_0270;
    private static final int SERIES = 0x0040_0340;
    private static final int IMAGES = 0x0008_1140;
    private static final int OTHERS = 0x0040_0220;
    private static final int INSTANCE = 0x0008_1155;
    private static final int REASON = 0x0040_0281;

    public ExtractStep {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        requests = List.copyOf(requests);
        series = List.copyOf(series);
        instances = List.copyOf(instances);
        dose = List.copyOf(dose);
    }

    /** Names and tags, alternating, as the tables of the standard have them. */
    private static final Object[] STEP = {
        "status", 0x0040_0252,
        "id", 0x0040_0253,
        "desc", 0x0040_0254,
        "type", 0x0040_0255,
        "mod", 0x0008_0060,
        "ae", 0x0040_0241,
        "station", 0x0040_0242,
        "place", 0x0040_0243,
        "study-id", 0x0020_0010
    };

    private static final Object[] REQUEST = {
        "study", 0x0020_000d,
        "acc", 0x0008_0050,
        "requested-id", 0x0040_1001,
        "scheduled-id", 0x0040_0009,
        "desc", 0x0040_0007,
        "requested", 0x0032_1060
    };

    private static final Object[] ACQUIRED = {
        "uid", 0x0020_000e,
        "desc", 0x0008_103e,
        "protocol", 0x0018_1030
    };

    public static ExtractStep of(DataSet data) {
        Map<String, String> facts = read(data, STEP);
        ExtractCode reason = ExtractCode.of(data, REASON);
        ExtractFacts.put(facts, "reason", reason == null ? null : reason.spoken());
        ExtractFacts.put(facts, "start", ExtractFacts.time(data, 0x0040_0244, 0x0040_0245));
        ExtractFacts.put(facts, "end", ExtractFacts.time(data, 0x0040_0250, 0x0040_0251));
        List<Map<String, String>> requests = new ArrayList<>();
        for (DataSet item : data.items(REQUESTS)) {
            requests.add(Collections.unmodifiableMap(read(item, REQUEST)));
        }
        List<Map<String, String>> series = new ArrayList<>();
        List<String> instances = new ArrayList<>();
        for (DataSet item : data.items(SERIES)) {
            Map<String, String> one = read(item, ACQUIRED);
            one.put("images", String.valueOf(item.items(IMAGES).size()));
            one.put("others", String.valueOf(item.items(OTHERS).size()));
            series.add(Collections.unmodifiableMap(one));
            for (int tag : new int[] {IMAGES, OTHERS}) {
                item.items(tag).forEach(each -> instances.addAll(each.texts(INSTANCE)));
            }
        }
        return new ExtractStep(facts, requests, series, instances, ExtractIdentity.of(data), ExtractDose.step(data));
    }

    private static Map<String, String> read(DataSet data, Object[] table) {
        Map<String, String> read = new LinkedHashMap<>();
        for (int i = 0; i < table.length; i += 2) {
            ExtractFacts.put(read, (String) table[i], data.text((Integer) table[i + 1]));
        }
        return read;
    }
}
