package org.wasla.gateway.imaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.Tags;

/**
 * Technique and dose that stand in the header of an image or in a performed procedure step, as devices without dose reports
 * have it (PS3.3 C.8.7, C.4.16). Units are those of the standard; numbers are as sent. Pure.
 */
final class ExtractDose {
    private static final int EXPOSURES = 0x0040_030e;
    private static final int PHARMACEUTICALS = 0x0054_0016;
    private static final String ZERO = "0+(\\.0*)?";

    /** Where the header has a figure twice, the one in whole numbers of a coarse unit, and the one that replaced it. */
    private static final Map<Integer, Integer> FINER = Map.of(
            0x0018_1150, 0x0018_8150,
            0x0018_1151, 0x0018_8151,
            0x0018_1152, 0x0018_1153,
            0x0040_0302, 0x0040_8302);

    private ExtractDose() {}

    /** @param unit UCUM, as the standard fixes it for the tag; null: it has none */
    private record Figure(int tag, String name, @Nullable String unit) {}

    private static final List<Figure> FIGURES = List.of(
            new Figure(0x0018_0060, "kvp", "kV"),
            new Figure(0x0018_0080, "repetition-time", "ms"),
            new Figure(0x0018_0081, "echo-time", "ms"),
            new Figure(0x0018_0082, "inversion-time", "ms"),
            new Figure(0x0018_0087, "field-strength", "T"),
            new Figure(0x0018_1120, "gantry-tilt", "deg"),
            new Figure(0x0018_1314, "flip-angle", "deg"),
            new Figure(0x0018_1110, "source-detector", "mm"),
            new Figure(0x0018_1111, "source-patient", "mm"),
            new Figure(0x0018_1150, "exposure-time", "ms"),
            new Figure(0x0018_1151, "tube-current", "mA"),
            new Figure(0x0018_1152, "exposure", "mA.s"),
            new Figure(0x0018_1153, "exposure", "uA.s"),
            new Figure(0x0018_115e, "dap", "dGy.cm2"),
            new Figure(0x0018_11a0, "body-thickness", "mm"),
            new Figure(0x0018_11a2, "compression-force", "N"),
            new Figure(0x0018_1405, "relative-exposure", null),
            new Figure(0x0018_1411, "exposure-index", null),
            new Figure(0x0018_1412, "target-exposure-index", null),
            new Figure(0x0018_1413, "deviation-index", null),
            new Figure(0x0018_8150, "exposure-time", "us"),
            new Figure(0x0018_8151, "tube-current", "uA"),
            new Figure(0x0018_9305, "revolution-time", "s"),
            new Figure(0x0018_9306, "collimation-single", "mm"),
            new Figure(0x0018_9307, "collimation-total", "mm"),
            new Figure(0x0018_9311, "pitch", null),
            new Figure(0x0018_9345, "ctdi-vol", "mGy"),
            new Figure(0x0040_0300, "fluoro-time-total", "s"),
            new Figure(0x0040_0301, "exposures", null),
            new Figure(0x0040_0302, "entrance-dose", "dGy"),
            new Figure(0x0040_0316, "organ-dose", "dGy"),
            new Figure(0x0040_8302, "entrance-dose", "mGy"));

    /** Of a radiopharmaceutical, which stands in a sequence (PS3.3 C.8.9.2). */
    private static final Figure ACTIVITY = new Figure(0x0018_1074, "activity", "Bq");

    /** @return what the header itself says */
    static List<ExtractMeasure> header(DataSet data) {
        List<ExtractMeasure> measures = new ArrayList<>(figures(data, ""));
        String activity = data.item(PHARMACEUTICALS).text(ACTIVITY.tag());
        if (activity != null) {
            measures.add(measure(ACTIVITY, activity, "1." + (measures.size() + 1)));
        }
        return List.copyOf(measures);
    }

    /** @return what a performed procedure step says, in all and of each exposure */
    static List<ExtractMeasure> step(DataSet data) {
        List<ExtractMeasure> measures = new ArrayList<>(figures(data, ""));
        List<DataSet> exposures = data.items(EXPOSURES);
        for (int i = 0; i < exposures.size(); i++) {
            measures.addAll(figures(exposures.get(i), i + 1 + "."));
        }
        return List.copyOf(measures);
    }

    private static List<ExtractMeasure> figures(DataSet data, String at) {
        List<ExtractMeasure> measures = new ArrayList<>();
        for (Figure figure : FIGURES) {
            List<String> values = data.texts(figure.tag());
            // Of a list nobody says which one counts.
            if (values.size() == 1 && !isRoundedAway(data, figure.tag(), values.get(0))) {
                measures.add(measure(figure, values.get(0), at + (measures.size() + 1)));
            }
        }
        return measures;
    }

    /** Less than one of a coarse unit is no zero. */
    private static boolean isRoundedAway(DataSet data, int tag, String value) {
        Integer finer = FINER.get(tag);
        String other = finer == null ? null : data.text(finer);
        return other != null && value.matches(ZERO) && !other.matches(ZERO);
    }

    private static ExtractMeasure measure(Figure figure, String value, String at) {
        ExtractCode what = new ExtractCode("DICOM", Tags.hex(figure.tag()), Tags.keyword(figure.tag()));
        ExtractUnit unit = new ExtractUnit(figure.unit(), null);
        return new ExtractMeasure(
                at, what, figure.name(), ExtractReport.number(value, unit, null), List.of(), Map.of());
    }
}
