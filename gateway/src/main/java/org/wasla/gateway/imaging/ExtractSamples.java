package org.wasla.gateway.imaging;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetJson;
import org.wasla.gateway.frame.Bytes;

/**
 * The samples of one multiplex group (PS3.3 C.10.9): of each moment one sample of each channel. Immutable.
 *
 * @param channels how many, at least 1
 * @param count samples of each channel
 * @param width bytes of a sample, 1, 2 or 4
 */
record ExtractSamples(
        Bytes bytes,
        boolean bigEndian,
        int channels,
        int count,
        int width,
        boolean signed,
        @Nullable Long padding) {
    private static final int CHANNELS = 0x003a_0005;
    private static final int SAMPLES = 0x003a_0010;
    private static final int BITS_ALLOCATED = 0x5400_1004;
    private static final int INTERPRETATION = 0x5400_1006;
    private static final int PADDING = 0x5400_100a;
    private static final int DATA = 0x5400_1010;

    /** @return null where they are not held, not plain numbers, or not as many as the group says */
    static @Nullable ExtractSamples of(DataSet group) {
        Bytes bytes = group.bytes(DATA);
        int channels = number(group.text(CHANNELS));
        int count = number(group.text(SAMPLES));
        String form = group.text(INTERPRETATION);
        int width = form == null ? 0 : width(form);
        long size = (long) channels * count * width;
        boolean agrees = size > 0 && number(group.text(BITS_ALLOCATED)) == 8 * width;
        if (bytes == null || form == null || !agrees || bytes.size() != size + (size & 1)) {
            return null;
        }
        boolean big = group.isBigEndian(DATA);
        Bytes filled = group.bytes(PADDING);
        boolean signed = form.charAt(0) == 'S';
        Long padding = filled == null || filled.size() < width
                ? null
                : Long.valueOf(sample(filled, 0, width, group.isBigEndian(PADDING), signed));
        return new ExtractSamples(bytes, big, channels, count, width, signed, padding);
    }

    /** @return 0 for what is companded or none of the standard's */
    private static int width(String form) {
        return switch (form) {
            case "SB", "UB" -> 1;
            case "SS", "US" -> 2;
            case "SL" -> 4;
            default -> 0;
        };
    }

    /** @return the sample, or null for padding: none was taken */
    @Nullable
    Integer at(int channel, int index) {
        long sample = sample(bytes, (index * channels + channel) * width, width, bigEndian, signed);
        return padding != null && padding == sample ? null : Integer.valueOf((int) sample);
    }

    int low() {
        return signed ? (int) (-1L << 8 * width - 1) : 0;
    }

    int high() {
        return (int) ((1L << 8 * width - (signed ? 1 : 0)) - 1);
    }

    /** Samples of one byte stand in words of two, so their order follows the byte order too. */
    private static long sample(Bytes bytes, int at, int width, boolean bigEndian, boolean signed) {
        long bits = 0;
        for (int i = 0; i < width; i++) {
            int place = width == 1 ? bigEndian ? at ^ 1 : at : at + (bigEndian ? i : width - 1 - i);
            bits = bits << 8 | bytes.at(Math.min(place, bytes.size() - 1));
        }
        int unused = 64 - 8 * width;
        return signed ? bits << unused >> unused : bits;
    }

    private static int number(@Nullable String text) {
        String digits = text == null ? "" : DataSetJson.digits(text);
        if (digits.isEmpty() || digits.length() > 9) {
            return 0;
        }
        BigDecimal number = new BigDecimal(digits);
        return number.signum() > 0 && number.compareTo(BigDecimal.valueOf(1 << 24)) <= 0 ? number.intValue() : 0;
    }
}
