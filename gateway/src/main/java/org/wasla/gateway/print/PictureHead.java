package org.wasla.gateway.print;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetBuilder;
import org.wasla.gateway.dicom.DataSetDraft;
import org.wasla.gateway.dicom.Tags;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.dicom.Vr;
import org.wasla.gateway.frame.Bytes;

/**
 * Makes the data set of a secondary capture (PS3.3 A.8.1) from a printed picture, up to its pixels. What session, film and
 * box said stays beside it, as the standard lets a class be extended. Stateless.
 */
final class PictureHead {
    private static final int BURNED_IN = 0x0028_0301;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT);
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HHmmss.SSS", Locale.ROOT);
    /** Attributes that must be there, and of which print says nothing. */
    private static final List<Integer> UNKNOWN = List.of(
            0x0008_0050,
            0x0008_0070,
            0x0008_0090,
            0x0010_0010,
            0x0010_0020,
            0x0010_0030,
            0x0010_0040,
            0x0020_0010,
            0x0020_0020);

    private PictureHead() {}

    /**
     * What the pictures of a session have in common.
     *
     * @param begunMs UTC
     */
    record Study(String uid, long begunMs, DataSet attributes) {}

    /** @param table attributes of the presentation look-up table that counts for it */
    static Bytes write(String uid, Study study, FilmBox film, ImageBox box, DataSet table) {
        Image image = Objects.requireNonNull(box.image());
        DataSetBuilder head = new DataSetBuilder();
        UNKNOWN.forEach(tag -> head.text(tag, ""));
        head.putAll(study.attributes())
                .putAll(film.attributes())
                .putAll(box.attributes())
                .putAll(image.attributes())
                .putAll(table)
                .without(PrintTags.LOOKUP_TABLE);
        if (!film.annotations().isEmpty()) {
            head.items(PrintTags.ANNOTATION_BOXES, film.annotations());
        }
        if (!head.has(BURNED_IN)) {
            // What was meant for a film has names and numbers in its pixels.
            head.text(BURNED_IN, "YES");
        }
        identify(head, uid, study, film, box);
        long padded = image.length() + image.length() % 2;
        byte[] pixels = DataSetDraft.head(Tags.PIXEL_DATA, image.isWide() ? Vr.OW : Vr.OB, padded)
                .toArray();
        byte[] data = DataSetDraft.write(head.build(), Uids.EXPLICIT_LITTLE).toArray();
        byte[] all = Arrays.copyOf(data, data.length + pixels.length);
        System.arraycopy(pixels, 0, all, data.length, pixels.length);
        return Bytes.of(all);
    }

    private static void identify(DataSetBuilder head, String uid, Study study, FilmBox film, ImageBox box) {
        var begun = Instant.ofEpochMilli(study.begunMs()).atOffset(ZoneOffset.UTC);
        head.text(0x0008_0005, "ISO_IR 192")
                .text(0x0008_0008, "DERIVED\\SECONDARY")
                .text(0x0008_0016, Picture.SOP_CLASS)
                .text(0x0008_0018, uid)
                .text(0x0008_0020, DAY.format(begun))
                .text(0x0008_0030, CLOCK.format(begun))
                .text(0x0008_0060, "OT")
                .text(0x0008_0064, "DI")
                .text(0x0008_0201, "+0000")
                .text(0x0018_1016, "Wasla")
                .text(0x0020_000d, study.uid())
                .text(0x0020_000e, film.series())
                .text(0x0020_0011, Integer.toString(film.number()))
                .text(0x0020_0013, Integer.toString(box.position()));
    }
}
