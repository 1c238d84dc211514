package org.wasla.gateway.message;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages of one kind that come in a row and say the same become one: their samples are put together, all else is
 * equal. It ends when it is full, when one says something else, and with whatever stands between. Immutable.
 *
 * @param message the kind
 * @param most so many messages become one
 * @param least fewer in a row that agree count as damage: right where a block carries nothing that shows it is whole
 * @param after the kind that begins a run: what is heard without it since the last damage is damage; null: none
 * @param samples fields of text that are samples, and how many decimals are kept: with 2, {@code 1.5} is 150
 */
public record Run(
        String message, int most, int least, @Nullable String after, Map<String, Integer> samples) {
    public Run {
        if (least < 1 || most < least) {
            throw new IllegalArgumentException("at least one message, and no fewer at most than at least");
        }
        samples = Map.copyOf(samples);
    }

    public Run(String message, int most, int least) {
        this(message, most, least, null, Map.of());
    }
}
