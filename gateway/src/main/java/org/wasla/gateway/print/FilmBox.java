package org.wasla.gateway.print;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetBuilder;

/** A film: its places for pictures and texts. One thread. */
final class FilmBox {
    /** The standard leaves their number to the printer. */
    private static final int ANNOTATIONS = 6;

    private final int number;
    private final String series;
    private final List<ImageBox> images = new ArrayList<>();
    private final Map<String, DataSet> annotations = new LinkedHashMap<>();
    private DataSet attributes;

    /** @param number from 1, in the session */
    FilmBox(int number, int boxes, DataSet sent, Supplier<String> uids) {
        this.number = number;
        this.series = uids.get();
        this.attributes = Kept.of(sent);
        for (int position = 1; position <= boxes; position++) {
            images.add(new ImageBox(uids.get(), position));
        }
        if (sent.text(PrintTags.ANNOTATION_FORMAT) != null) {
            for (int position = 1; position <= ANNOTATIONS; position++) {
                annotations.put(uids.get(), DataSet.EMPTY);
            }
        }
    }

    int number() {
        return number;
    }

    /** Instance of the series that its pictures become. */
    String series() {
        return series;
    }

    List<ImageBox> images() {
        return images;
    }

    DataSet attributes() {
        return attributes;
    }

    void set(DataSet sent) {
        // The places are made: another layout would need others.
        DataSet layout = new DataSetBuilder()
                .text(PrintTags.DISPLAY_FORMAT, String.valueOf(attributes.text(PrintTags.DISPLAY_FORMAT)))
                .build();
        attributes = Kept.joined(Kept.joined(attributes, Kept.of(sent)), layout);
        images.forEach(each -> each.stored(false));
    }

    boolean hasAnnotation(String uid) {
        return annotations.containsKey(uid);
    }

    void annotate(String uid, DataSet sent) {
        annotations.computeIfPresent(uid, (same, before) -> Kept.joined(before, Kept.of(sent)));
        images.forEach(each -> each.stored(false));
    }

    /** The texts that were sent. */
    List<DataSet> annotations() {
        return annotations.values().stream()
                .filter(each -> !each.elements().isEmpty())
                .toList();
    }

    /** Its places, as they are told to the caller. */
    DataSet references() {
        DataSetBuilder references = new DataSetBuilder()
                .items(
                        PrintTags.IMAGE_BOXES,
                        images.stream()
                                .map(each -> reference(PrintClass.IMAGE_BOX, each.uid()))
                                .toList());
        if (!annotations.isEmpty()) {
            references.items(
                    PrintTags.ANNOTATION_BOXES,
                    annotations.keySet().stream()
                            .map(each -> reference(PrintClass.ANNOTATION_BOX, each))
                            .toList());
        }
        return references.build();
    }

    private static DataSet reference(PrintClass what, String uid) {
        return new DataSetBuilder()
                .text(PrintTags.REFERENCED_CLASS, what.uid())
                .text(PrintTags.REFERENCED_INSTANCE, uid)
                .build();
    }

    long bytes() {
        return Kept.bytes(attributes)
                + annotations.values().stream().mapToLong(Kept::bytes).sum()
                + images.stream().mapToLong(ImageBox::bytes).sum();
    }
}
