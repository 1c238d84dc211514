package org.wasla.gateway.frame;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text for a pattern that a profile or a site brought. {@code java.util.regex} goes back and forth: on some texts a pattern
 * such as {@code (?:a+){2,30}b} looks 2^n times at n characters ({@code (a+)+b} did until JDK 9, which remembers where a
 * loop without bounds has failed). Who looks more often than any good pattern does is stopped with {@link Endless}, so that a
 * text costs itself and not its line. One search; one thread.
 */
public final class Sought implements CharSequence {
    /** Good patterns look a few times at each character: both bounds leave them a hundredfold. */
    static final int LOOKS_LEAST = 100_000;

    static final int LOOKS_PER_CHARACTER = 200;

    private final String text;
    private int looksLeft;

    /** A pattern that searches without end. */
    public static final class Endless extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Endless() {
            super("a pattern searches without end", null, false, false);
        }
    }

    private Sought(String text) {
        this.text = text;
        this.looksLeft = (int) Math.min(Integer.MAX_VALUE, LOOKS_LEAST + (long) LOOKS_PER_CHARACTER * text.length());
    }

    /** A matcher whose methods may throw {@link Endless}, or {@code StackOverflowError}, for which the caller is to be ready. */
    public static Matcher matcher(Pattern pattern, String text) {
        return pattern.matcher(new Sought(text));
    }

    /** The same with a matcher that is there already. */
    public static Matcher matcher(Matcher again, String text) {
        return again.reset(new Sought(text));
    }

    /** The parts of a text between what the pattern finds, with the same bounds. */
    public static String[] split(Pattern between, String text) {
        return between.split(new Sought(text));
    }

    @Override
    public char charAt(int index) {
        if (--looksLeft < 0) {
            throw new Endless();
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    /** What was found is taken as it is. */
    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
