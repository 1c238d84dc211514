package org.wasla.gateway.imaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetFile;
import org.wasla.gateway.dicom.Element;
import org.wasla.gateway.dicom.Oddity;

/**
 * What an object says without its pixels: of its study, its series and itself, measurements, dose, waveforms, a document's
 * place. Immutable.
 *
 * @param study,series,instance facts by our short names, as sent; times as ISO 8601, codes as "scheme:code|words"
 * @param identity whose it is; not for publication
 * @param measures in the order of the object
 * @param channels of waveforms
 * @param document where an encapsulated document stands, or null
 * @param marks what a reader should know: kind of object, oddities by name
 */
public record Extract(
        Map<String, String> study,
        Map<String, String> series,
        Map<String, String> instance,
        ExtractIdentity identity,
        List<ExtractMeasure> measures,
        List<ExtractChannel> channels,
        @Nullable Document document,
        List<String> marks) {
    private static final int SOP_CLASS = 0x0008_0016;
    private static final int PATIENT_ID = 0x0010_0020;
    private static final int DOCUMENT = 0x0042_0011;
    private static final int IMAGE_DISPLAY_FORMAT = 0x2010_0010;
    private static final String SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7";

    public Extract {
        measures = List.copyOf(measures);
        channels = List.copyOf(channels);
        marks = List.copyOf(marks);
    }

    /**
     * An encapsulated document (PS3.3 C.24.2), which stays in the file.
     *
     * @param type MIME type as sent, or null
     * @param at bytes from the start of the file
     * @param length bytes; one may be padding
     */
    public record Document(@Nullable String type, long at, long length) {}

    /** @return what the object says; of one that was not read to its end what stood before, marked */
    public static Extract of(DataSetFile.Reading reading) {
        DataSet data = reading.data();
        boolean isReport = ExtractReport.isReport(data);
        List<ExtractMeasure> measures = new ArrayList<>(isReport ? ExtractReport.read(data) : List.of());
        measures.addAll(ExtractWaves.annotations(data));
        if (!isReport) {
            measures.addAll(ExtractDose.header(data));
        }
        return new Extract(
                ExtractFacts.study(data),
                ExtractFacts.series(data),
                ExtractFacts.instance(data, reading.transferSyntax()),
                ExtractIdentity.of(data),
                measures,
                ExtractWaves.channels(data),
                document(data),
                marks(reading, isReport));
    }

    /** The same, with one mark more; as it is where there is none. */
    Extract marked(@Nullable String mark) {
        if (mark == null) {
            return this;
        }
        List<String> more = new ArrayList<>(marks);
        more.add(mark);
        return new Extract(study, series, instance, identity, measures, channels, document, more);
    }

    private static @Nullable Document document(DataSet data) {
        Element element = data.element(DOCUMENT);
        return element == null || element.length() <= 0
                ? null
                : new Document(data.text(0x0042_0012), element.at(), element.length());
    }

    static boolean isSecondaryCapture(DataSet data) {
        String sopClass = data.text(SOP_CLASS);
        return sopClass != null && (sopClass + ".").startsWith(SECONDARY_CAPTURE + ".");
    }

    static List<String> marks(DataSetFile.Reading reading, boolean isReport) {
        DataSet data = reading.data();
        List<String> marks = new ArrayList<>();
        if (isSecondaryCapture(data)) {
            marks.add("secondary-capture");
        }
        if (data.element(IMAGE_DISPLAY_FORMAT) != null) {
            marks.add("printed");
            // Films name patients in their pixels, and nowhere else.
            if (data.text(PATIENT_ID) == null) {
                marks.add("unmatched");
            }
        }
        if (isReport) {
            marks.add("report");
        }
        if (data.element(DOCUMENT) != null) {
            marks.add("document");
        }
        if (!reading.isWhole()) {
            marks.add("not-whole");
        }
        for (Oddity oddity : reading.oddities()) {
            marks.add(oddity.what().wire());
        }
        return marks;
    }
}
