package org.wasla.gateway.dicom;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The tags that the gateway knows by name: what their values are where the transfer syntax does not say it, and their
 * keywords (PS3.6). A tag is an int, group * 65536 + element. Other tags pass as {@link Vr#UN}. Immutable.
 */
public final class Tags {
    public static final int TRANSFER_SYNTAX = 0x0002_0010;
    public static final int SPECIFIC_CHARACTER_SET = 0x0008_0005;
    public static final int PIXEL_DATA = 0x7fe0_0010;
    static final int PIXEL_REPRESENTATION = 0x0028_0103;
    static final int ITEM = 0xfffe_e000;
    static final int ITEM_END = 0xfffe_e00d;
    static final int SEQUENCE_END = 0xfffe_e0dd;
    static final int PADDING = 0xfffc_fffc;

    private static final Tags KNOWN = load();
    /** Sorted, so that a search finds them; all known tags are below 80000000 and so sort alike signed or not. */
    private final int[] tags;

    private final Vr[] vrs;
    /** Where the sign of the pixels decides whether US or SS is meant. */
    private final boolean[] followsPixels;

    private final String[] keywords;

    private Tags(int count) {
        tags = new int[count];
        vrs = new Vr[count];
        followsPixels = new boolean[count];
        keywords = new String[count];
    }

    /**
     * @param signedPixels whether Pixel Representation says that pixels have a sign
     * @return what the value is where the data set does not tell
     */
    static Vr vr(int tag, boolean signedPixels) {
        if (isPrivate(tag)) {
            return element(tag) >= 0x10 && element(tag) <= 0xff ? Vr.LO : Vr.UN;
        }
        if (element(tag) == 0) {
            return Vr.UL;
        }
        int at = KNOWN.find(tag);
        return at < 0 ? Vr.UN : KNOWN.followsPixels[at] && signedPixels ? Vr.SS : KNOWN.vrs[at];
    }

    /** @return the standard's word for the tag, or null when the table lacks it */
    public static @Nullable String keyword(int tag) {
        int at = KNOWN.find(tag);
        return at < 0 ? null : KNOWN.keywords[at];
    }

    /** @return the tag as eight hex digits, as DICOM JSON writes it */
    public static String hex(int tag) {
        return HexFormat.of().withUpperCase().toHexDigits(tag);
    }

    public static int group(int tag) {
        return tag >>> 16;
    }

    static int element(int tag) {
        return tag & 0xffff;
    }

    static boolean isPrivate(int tag) {
        return (tag & 0x1_0000) != 0;
    }

    private int find(int tag) {
        // Overlay planes are one group sixteen times.
        int plane = tag >>> 24 == 0x60 ? tag & 0xff00_ffff : tag;
        return Arrays.binarySearch(tags, plane);
    }

    private static Tags load() {
        try (InputStream table = Objects.requireNonNull(Tags.class.getResourceAsStream("dictionary.tsv"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(table, StandardCharsets.US_ASCII))) {
            String[] rows = lines.lines().filter(line -> !line.startsWith("#")).toArray(String[]::new);
            Tags known = new Tags(rows.length);
            for (int i = 0; i < rows.length; i++) {
                String[] columns = rows[i].split("\t", 3);
                known.tags[i] = HexFormat.fromHexDigits(columns[0]);
                known.followsPixels[i] = columns[1].equals("XS");
                known.vrs[i] = known.followsPixels[i] ? Vr.US : Vr.valueOf(columns[1]);
                known.keywords[i] = columns[2];
            }
            return known;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
