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

    private ExtractDose() {}

    /** @param unit UCUM, as the standard fixes it for the tag; null: it has none */
    private record Figure(int tag, String name, @Nullable String unit) {}

    private static final List<Figure> FIGURES = List.of(
            new Figure(0x0018_0060, "kvp", "kV"),
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
            new Figure(0x0018_9311, "pitch", null),
            new Figure(0x0018_9345, "ctdi-vol", "mGy"),
            new Figure(0x0040_0300, "fluoro-time-total", "s"),
            new Figure(0x0040_0301, "exposures", null),
            new Figure(0x0040_0302, "entrance-dose", "dGy"),
            new Figure(0x0040_0316, "organ-dose", "dGy"),
            new Figure(0x0040_8302, "entrance-dose", "mGy"));

    /** @return what the header itself says */
    static List<ExtractMeasure> header(DataSet data) {
        return figures(data, "");
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
            if (values.size() == 1) {
                ExtractCode what = new ExtractCode("DICOM", Tags.hex(figure.tag()), Tags.keyword(figure.tag()));
                measures.add(new ExtractMeasure(
                        at + (measures.size() + 1),
                        what,
                        figure.name(),
                        ExtractReport.number(values.get(0), new ExtractUnit(figure.unit(), null), null),
                        List.of(),
                        Map.of()));
            }
        }
        return measures;
    }
}
