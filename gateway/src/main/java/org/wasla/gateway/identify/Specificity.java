package org.wasla.gateway.identify;

import java.util.List;
import java.util.Set;
import org.wasla.gateway.profile.Profile;

/**
 * How much a profile says about the bytes that it reads: heard bytes are changed one at a time, and what counts is how
 * often the profile notices. One that takes any line of text notices nothing; a checksum notices everything. Pure.
 */
final class Specificity {
    private static final int SAMPLE_BYTES = 1_024;
    private static final int CHANGES = 64;

    /** Noticed changes from which on a profile counts as specific: of a character into another kind, of a single bit. */
    private static final double ENOUGH_TEXT = 0.35;

    private static final double ENOUGH_BITS = 0.1;

    /** What a change that is noticed is worth: a character of another kind is one of about eight kinds. */
    private static final double TEXT_BITS = 3;

    private static final double BYTE_BITS = 8;

    /** Bits after which there are hardly any doubts left that the fit is no accident. */
    private static final double CERTAIN_BITS = 24;

    private final boolean isText;
    private final double noticed;

    private Specificity(boolean isText, double noticed) {
        this.isText = isText;
        this.noticed = noticed;
    }

    /** @param heard bytes in which the profile reads at least one message */
    static Specificity of(Profile profile, List<Chunk> heard, Reading reading, Set<String> telling) {
        int count = reading.firstAt() + 1;
        while (count < heard.size() && Chunk.size(heard.subList(0, count)) < SAMPLE_BYTES) {
            count++;
        }
        List<Chunk> sample = heard.subList(0, count);
        Reading whole = Reading.of(profile, sample, telling);
        String text = Chunk.text(sample);
        boolean isText = isText(text);
        int[] places = places(text, isText, whole);
        int changes = Math.min(CHANGES, places.length);
        int noticed = 0;
        for (int i = 0; i < changes; i++) {
            int place = places[(int) ((i + 0.5) * places.length / changes)];
            int other = other(text.charAt(place), isText, i);
            List<String> changed = Reading.of(profile, Chunk.changed(sample, place, other), telling)
                    .messages();
            noticed += changed.equals(whole.messages()) ? 0 : 1;
        }
        return new Specificity(isText, changes == 0 ? 0 : (double) noticed / changes);
    }

    /** Where bytes can be changed: of a text only what is seen of it, for the ends of its lines say nothing. */
    private static int[] places(String text, boolean isText, Reading whole) {
        return whole.good().stream()
                .filter(place -> place < text.length())
                .filter(place -> !isText || text.charAt(place) >= ' ' && text.charAt(place) <= '~')
                .toArray();
    }

    static boolean isText(String text) {
        long printable = text.chars()
                .filter(c -> c >= ' ' && c <= '~' || c == '\r' || c == '\n' || c == '\t')
                .count();
        return printable >= 0.9 * text.length();
    }

    /** A character of another kind, so that the profile may notice; elsewhere another bit each time. */
    private static int other(char c, boolean isText, int turn) {
        if (!isText) {
            return c ^ 1 << turn * 5 % 8;
        }
        return Character.isLetter(c) || c == ' ' ? '5' : 'K';
    }

    /** @return 0 to 1: how much of its bytes the profile rules */
    double factor() {
        return Math.min(1, noticed / (isText ? ENOUGH_TEXT : ENOUGH_BITS));
    }

    /** @return 0 to 1: how little it can be an accident that so many bytes fit */
    double certainty(long goodBytes) {
        double bits = noticed * goodBytes * (isText ? TEXT_BITS : BYTE_BITS);
        return 1 - Math.exp(-bits / CERTAIN_BITS);
    }

    int percent() {
        return (int) Math.round(100 * noticed);
    }
}
