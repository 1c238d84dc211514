package org.wasla.gateway.imaging;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.wasla.gateway.dicom.DataSetBytes;
import org.wasla.gateway.dicom.DataSetFile;
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.observation.RecordJson.Envelope;

/** Builds structured reports as devices write them. Stateless. */
final class Report {
    private Report() {}

    static DataSetBytes code(String scheme, String value, String meaning) {
        return DataSetBytes.explicit()
                .text(0x0008_0100, "SH", value)
                .text(0x0008_0102, "SH", scheme)
                .text(0x0008_0104, "LO", meaning);
    }

    /** @param named "scheme value meaning", the meaning without blanks */
    static DataSetBytes coded(String named) {
        String[] words = named.split(" ", 3);
        return code(words[0], words[1], words[2]);
    }

    private static DataSetBytes item(String relationship, String type, String concept) {
        return DataSetBytes.explicit()
                .text(0x0040_a010, "CS", relationship)
                .text(0x0040_a040, "CS", type)
                .sequence(0x0040_a043, coded(concept));
    }

    static DataSetBytes container(String concept, DataSetBytes... children) {
        return item("CONTAINS", "CONTAINER", concept).sequence(0x0040_a730, children);
    }

    static DataSetBytes modifier(String concept, String value) {
        return item("HAS CONCEPT MOD", "CODE", concept).sequence(0x0040_a168, coded(value));
    }

    static DataSetBytes text(String type, String concept, int tag, String vr, String text) {
        return item("CONTAINS", type, concept).text(tag, vr, text);
    }

    static DataSetBytes number(String concept, String unit, String value, DataSetBytes... children) {
        DataSetBytes measured =
                DataSetBytes.explicit().sequence(0x0040_08ea, coded(unit)).text(0x0040_a30a, "DS", value);
        DataSetBytes item = item("CONTAINS", "NUM", concept).sequence(0x0040_a300, measured);
        return children.length == 0 ? item : item.sequence(0x0040_a730, children);
    }

    static DataSetBytes empty(String concept) {
        return item("CONTAINS", "NUM", concept).sequence(0x0040_a300);
    }

    static DataSetBytes doubted(String concept, String unit, String value, String doubt) {
        DataSetBytes measured =
                DataSetBytes.explicit().sequence(0x0040_08ea, coded(unit)).text(0x0040_a30a, "DS", value);
        return item("CONTAINS", "NUM", concept).sequence(0x0040_a300, measured).sequence(0x0040_a301, coded(doubt));
    }

    static DataSetBytes report(String concept, DataSetBytes... children) {
        return report("2.25.3", concept, children);
    }

    static DataSetBytes report(String uid, String concept, DataSetBytes[] children) {
        return DataSetBytes.explicit()
                .text(0x0008_0005, "CS", "ISO_IR 192")
                .text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.88.33")
                .text(0x0008_0018, "UI", uid)
                .text(0x0008_0050, "SH", "A1")
                .text(0x0008_0060, "CS", "SR")
                .text(0x0010_0010, "PN", "Essai^Un")
                .text(0x0010_0020, "LO", "SECRET-7")
                .text(0x0020_000d, "UI", "2.25.1")
                .text(0x0020_000e, "UI", "2.25.2")
                .text(0x0040_a040, "CS", "CONTAINER")
                .sequence(0x0040_a043, coded(concept))
                .sequence(0x0040_a730, children);
    }

    static Extract extract(DataSetBytes data) {
        DataSetFile.Reading reading = DataSetBytes.read(data.asFile());
        return Extract.of(reading);
    }

    /** Each measure on a line: place, name or code, what it says, unit. */
    static List<String> lines(Extract extract) {
        return extract.measures().stream().map(Report::line).toList();
    }

    static String line(ExtractMeasure measure) {
        String name = measure.name() == null ? measure.what().id() : measure.name();
        String context = measure.context().isEmpty() ? "" : " " + measure.context();
        return measure.at() + " " + name + "=" + said(measure.value()) + context;
    }

    private static String said(ExtractMeasure.Value value) {
        if (value instanceof ExtractMeasure.Value.Number number) {
            ExtractUnit unit = number.unit();
            return number.digits() + " " + unit.ucum() + (unit.sent() == null ? "" : " (" + unit.sent() + ")");
        }
        if (value instanceof ExtractMeasure.Value.Coded coded) {
            return coded.code().id();
        }
        return value instanceof ExtractMeasure.Value.Words words ? words.text() : value.toString();
    }

    /** Its records, one a line. */
    static String json(Extract extract) {
        Envelope envelope = new Envelope("gw", "dicom-x", null, null, null, null, 0, null, null);
        return ObjectRecords.of(extract, "objects/1.dcm", false).stream()
                .map(body -> new String(RecordJson.write(envelope, body, "00000000", 1), StandardCharsets.UTF_8))
                .collect(Collectors.joining("\n"));
    }
}
