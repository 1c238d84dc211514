package org.wasla.gateway.trust;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;

/**
 * The fingerprint of a key as six words, to be compared over the telephone: the first 66 bits of the SHA-256 of its
 * SubjectPublicKeyInfo, eleven a word. Stateless.
 *
 * <pre>
 * a word   three syllables of one of bdfklmrz and one of aiou, 2048 in all, such as "kamilo"
 * bits     consonant 3, vowel 2, consonant 3, vowel 2, (check consonant), vowel 1
 * check    the sum of the other five modulo 8: of two words at least two letters differ, so that a word of which one
 *          letter was misheard is none
 * </pre>
 */
public final class SixWords {
    private static final int WORDS = 6;
    private static final int WORD_BITS = 11;
    private static final String CONSONANTS = "bdfklmrz";
    private static final String VOWELS = "aiou";

    private SixWords() {}

    /** The words, with a space between. */
    public static String of(PublicKey key) {
        try {
            return of(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private static String of(byte[] hash) {
        List<String> words = new ArrayList<>();
        for (int word = 0; word < WORDS; word++) {
            int bits = 0;
            for (int bit = word * WORD_BITS; bit < (word + 1) * WORD_BITS; bit++) {
                bits = bits << 1 | hash[bit / 8] >> 7 - bit % 8 & 1;
            }
            words.add(word(bits));
        }
        return String.join(" ", words);
    }

    /** @param bits 0 to 2047 */
    static String word(int bits) {
        int first = bits >> 8 & 7;
        int firstVowel = bits >> 6 & 3;
        int second = bits >> 3 & 7;
        int secondVowel = bits >> 1 & 3;
        int lastVowel = bits & 1;
        int check = first + firstVowel + second + secondVowel + lastVowel & 7;
        return "" + CONSONANTS.charAt(first) + VOWELS.charAt(firstVowel)
                + CONSONANTS.charAt(second) + VOWELS.charAt(secondVowel)
                + CONSONANTS.charAt(check) + VOWELS.charAt(lastVowel);
    }

    /** As somebody typed them: in any case, with any blanks or commas between. */
    public static String tidy(String typed) {
        return String.join(" ", typed.toLowerCase(java.util.Locale.ROOT).strip().split("[\\s,.-]+"));
    }
}
