package org.wasla.gateway.print;

import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetBuilder;
import org.wasla.gateway.dicom.Element;
import org.wasla.gateway.dicom.Tags;

/** What is kept of the attributes that were sent, without pixels. Stateless. */
final class Kept {
    private static final int ELEMENT_COST = 64;

    private Kept() {}

    static DataSet of(DataSet sent) {
        DataSetBuilder kept = new DataSetBuilder();
        for (Element each : sent.elements()) {
            boolean isHere = !(each.value() instanceof Element.Value.Elsewhere)
                    && !(each.value() instanceof Element.Value.Fragments);
            if (isHere
                    && PrintTags.KEPT_GROUPS.contains(Tags.group(each.tag()))
                    && !PrintTags.NOT_KEPT.contains(each.tag())) {
                kept.put(each);
            }
        }
        return kept.build();
    }

    /** Both; of an attribute that is in both the later counts. */
    static DataSet joined(DataSet earlier, DataSet later) {
        return new DataSetBuilder().putAll(earlier).putAll(later).build();
    }

    /** About what it takes in memory. */
    static long bytes(DataSet data) {
        long bytes = 0;
        for (Element each : data.elements()) {
            bytes += ELEMENT_COST + Math.max(0, each.length());
            if (each.value() instanceof Element.Value.Items items) {
                for (DataSet item : items.items()) {
                    bytes += ELEMENT_COST + bytes(item);
                }
            }
        }
        return bytes;
    }
}
