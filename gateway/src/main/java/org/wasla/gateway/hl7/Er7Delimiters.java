package org.wasla.gateway.hl7;

import java.util.Optional;

/**
 * The characters that part a message, which its MSH segment tells (HL7 v2 chapter 2.5.4). Immutable.
 *
 * @param field parts fields
 * @param component parts components; {@link #NONE}: the sender has none, as for the three that follow
 * @param repetition parts the repetitions of a field
 * @param escape stands before and behind an escape sequence
 * @param subcomponent parts subcomponents
 */
public record Er7Delimiters(char field, char component, char repetition, char escape, char subcomponent) {
    /** Stands for a delimiter that a sender does not use; never part of a text. */
    public static final char NONE = '\uffff';

    /** {@code |^~\&}. */
    public static final Er7Delimiters USUAL = new Er7Delimiters('|', '^', '~', '\\', '&');

    private static final int ENCODING_MAX = 5;

    /**
     * Reads them from a header, which begins with its name, MSH-1 and MSH-2. Fewer than four in MSH-2 are taken in their
     * order; a fifth, for truncation, has no meaning here. Empty when they are not told apart, or could be part of words.
     */
    static Optional<Er7Delimiters> of(String header) {
        if (header.length() < 4) {
            return Optional.empty();
        }
        char field = header.charAt(3);
        int end = header.indexOf(field, 4);
        String encoding = header.substring(4, end < 0 ? header.length() : end);
        String all = field + encoding;
        boolean isOdd = encoding.isEmpty() || encoding.length() > ENCODING_MAX;
        for (int i = 0; i < all.length() && !isOdd; i++) {
            isOdd = !isMark(all.charAt(i)) || all.indexOf(all.charAt(i)) != i;
        }
        return isOdd
                ? Optional.empty()
                : Optional.of(
                        new Er7Delimiters(field, at(encoding, 0), at(encoding, 1), at(encoding, 2), at(encoding, 3)));
    }

    private static char at(String encoding, int index) {
        return index < encoding.length() ? encoding.charAt(index) : NONE;
    }

    private static boolean isMark(char mark) {
        return mark > ' ' && mark < 0x7f && !Character.isLetterOrDigit(mark);
    }

    /** @return MSH-2 */
    String encoding() {
        StringBuilder text = new StringBuilder();
        for (char mark : new char[] {component, repetition, escape, subcomponent}) {
            if (mark != NONE) {
                text.append(mark);
            }
        }
        return text.toString();
    }
}
