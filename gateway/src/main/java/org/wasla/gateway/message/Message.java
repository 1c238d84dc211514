package org.wasla.gateway.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a device said in one message, neutral of its protocol: fields in the order sent, values as text.
 *
 * @param type the id that the profile gives to this kind of message
 */
public record Message(String type, List<Field> fields) {
    public Message {
        fields = List.copyOf(fields);
    }

    /** One field of a message. */
    public sealed interface Field {
        String name();
    }

    /** A single value, as sent. */
    public record Item(String name, String text) implements Field {}

    /** A run of samples of a wave, oldest first. */
    public record Samples(String name, List<Integer> values) implements Field {
        public Samples {
            values = List.copyOf(values);
        }
    }

    /** @return the text of the first single value of that name, or null */
    public @Nullable String text(String name) {
        for (Field field : fields) {
            if (field instanceof Item item && item.name().equals(name)) {
                return item.text();
            }
        }
        return null;
    }
}
