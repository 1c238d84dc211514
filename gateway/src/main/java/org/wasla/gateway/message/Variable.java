package org.wasla.gateway.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value that what is sent may name: captured from an answer, or a running number. Immutable. */
public record Variable(String name, Origin origin, Form form) {
    /** Where the value comes from. */
    public sealed interface Origin {
        /**
         * The field of a message; the newest counts.
         *
         * @param messages ids of the messages that have it
         * @param initial the value until one was captured, or null: what names it is not sent before
         * @param bytesMax a longer value is not taken, 1 to 256
         */
        record Captured(
                List<String> messages,
                String field,
                @Nullable String initial,
                int bytesMax) implements Origin {
            public Captured {
                messages = List.copyOf(messages);
            }
        }

        /** From low to high and again, one further with all that is sent and names it. */
        record Counted(int low, int high) implements Origin {}
    }

    /**
     * How the value is written.
     *
     * @param digits zeros are put before a text up to this length
     */
    public record Form(Type type, int digits) {
        /** Text, or a whole number of one, two or four bytes. */
        public enum Type {
            TEXT,
            U1,
            U2BE,
            U2LE,
            U4BE,
            U4LE
        }

        /** @return the value as it is sent, one character a byte, or null when it is no number and must be one */
        @Nullable
        String write(String value) {
            if (type == Type.TEXT) {
                return "0".repeat(Math.max(0, digits - value.length())) + value;
            }
            if (!value.matches("\\d{1,10}")) {
                return null;
            }
            int size = type == Type.U1 ? 1 : type.name().startsWith("U2") ? 2 : 4;
            boolean isBig = type.name().endsWith("BE");
            StringBuilder bytes = new StringBuilder();
            for (int i = 0; i < size; i++) {
                int shift = 8 * (isBig ? size - 1 - i : i);
                bytes.append((char) (Long.parseLong(value) >> shift & 0xff));
            }
            return bytes.toString();
        }
    }
}
