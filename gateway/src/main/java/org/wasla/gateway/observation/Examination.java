package org.wasla.gateway.observation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which object of an examination a record comes from ({@code exam}; design, section 9). Never whose it is. Immutable.
 *
 * @param study facts by our short names: {@code study} is its UID, {@code acc} the accession number; written flat
 * @param series facts ({@code ser}); {@code uid} and {@code mod} among them
 * @param instance facts ({@code inst}); {@code uid} and {@code class} among them
 * @param channel facts of the channel of a waveform ({@code ch}), empty where there is none
 * @param document where a document stands that the object wraps ({@code doc}), or null
 * @param marks what a reader should know ({@code marks}): {@code secondary-capture}, {@code not-whole} and the like
 * @param part which of the records of this kind of the object, from 1; told where there are several
 * @param parts how many there are
 */
public record Examination(
        Map<String, String> study,
        Map<String, String> series,
        Map<String, String> instance,
        Map<String, String> channel,
        @Nullable Document document,
        List<String> marks,
        int part,
        int parts) {
    public Examination {
        study = Collections.unmodifiableMap(new LinkedHashMap<>(study));
        series = Collections.unmodifiableMap(new LinkedHashMap<>(series));
        instance = Collections.unmodifiableMap(new LinkedHashMap<>(instance));
        channel = Collections.unmodifiableMap(new LinkedHashMap<>(channel));
        marks = List.copyOf(marks);
    }

    /**
     * A document that stays in the file on the box.
     *
     * @param type MIME type as sent, or null
     * @param file name below the store's folder
     * @param at bytes from the start of the file
     * @param length bytes; one may be padding
     */
    public record Document(@Nullable String type, String file, long at, long length) {}

    /** The same, of this part of several. */
    public Examination part(int number, int of) {
        return new Examination(study, series, instance, channel, document, marks, number, of);
    }
}
