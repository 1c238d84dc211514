package org.wasla.gateway.print;

import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.Element;
import org.wasla.gateway.dicom.Tags;

/**
 * A picture as it was sent (PS3.3 C.13.5, Basic Grayscale Image Sequence). Immutable.
 *
 * @param attributes that describe its pixels
 * @param at where the pixels begin in what was sent, bytes
 * @param length bytes of the pixels, without padding
 */
record Image(DataSet attributes, long at, long length) {
    /** Whether its parts are there and fit each other: the status that says so, or what is wrong. */
    static int judge(DataSet item) {
        Element pixels = item.element(Tags.PIXEL_DATA);
        String photometric = item.text(PrintTags.PHOTOMETRIC);
        long allocated = number(item, PrintTags.BITS_ALLOCATED);
        long stored = number(item, PrintTags.BITS_STORED);
        long bytes = bytes(item);
        if (pixels == null || photometric == null || bytes < 0 || stored < 0) {
            return PrintStatus.MISSING_ATTRIBUTE;
        }
        boolean isGray = photometric.startsWith("MONOCHROME") && number(item, PrintTags.SAMPLES) <= 1;
        boolean isWidth = (allocated == 8 || allocated == 16) && stored > 0 && stored <= allocated;
        boolean fits = bytes > 0 && (pixels.length() == bytes || pixels.length() == bytes + bytes % 2);
        return isGray && isWidth && fits ? PrintStatus.SUCCESS : PrintStatus.INVALID_VALUE;
    }

    /** Null when it is not sound. */
    static @Nullable Image of(DataSet item) {
        Element pixels = item.element(Tags.PIXEL_DATA);
        return pixels == null || judge(item) != PrintStatus.SUCCESS
                ? null
                : new Image(Kept.of(item), pixels.at(), bytes(item));
    }

    /** How long the pixels have to be; -1 when that is not told. */
    private static long bytes(DataSet item) {
        long rows = number(item, PrintTags.ROWS);
        long columns = number(item, PrintTags.COLUMNS);
        long allocated = number(item, PrintTags.BITS_ALLOCATED);
        return rows < 0 || columns < 0 || allocated < 0 ? -1 : rows * columns * (allocated / 8);
    }

    private static long number(DataSet item, int tag) {
        String text = item.text(tag);
        return text == null || !text.matches("\\d{1,5}") ? -1 : Long.parseLong(text);
    }

    boolean isWide() {
        return number(attributes, PrintTags.BITS_ALLOCATED) > 8;
    }
}
