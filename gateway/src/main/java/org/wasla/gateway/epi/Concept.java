package org.wasla.gateway.epi;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A value that is a concept of SNOMED CT, such as an organism: {@code code^text^SCT} (HL7 CWE). Only concepts of the core, whose
 * check digit is right: what a site has coded by itself could name the site. Stateless.
 */
final class Concept {
    private static final Pattern CODED = Pattern.compile("(\\d{6,18})\\^[^^]*\\^SCT(?:\\^.*)?", Pattern.DOTALL);
    /** Partition of a concept of the core: the two digits before the last. */
    private static final String CORE = "00";

    private static final int[][] MULTIPLY = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
        {1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
        {2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
        {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
        {4, 0, 1, 2, 3, 9, 5, 6, 7, 8},
        {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
        {6, 5, 9, 8, 7, 1, 0, 4, 3, 2},
        {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
        {8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
        {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}
    };
    private static final int[] PERMUTE = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};

    private Concept() {}

    /** @return the code, or null where the value is none */
    static @Nullable String of(String value) {
        Matcher coded = CODED.matcher(value);
        if (!coded.matches()) {
            return null;
        }
        String code = coded.group(1);
        int end = code.length();
        return code.startsWith(CORE, end - 3) && isChecked(code) ? code : null;
    }

    /** Verhoeff's check digit, as SNOMED CT identifiers end in one. */
    private static boolean isChecked(String code) {
        int sum = 0;
        for (int i = 0; i < code.length(); i++) {
            int digit = code.charAt(code.length() - 1 - i) - '0';
            for (int times = i % 8; times > 0; times--) {
                digit = PERMUTE[digit];
            }
            sum = MULTIPLY[sum][digit];
        }
        return sum == 0;
    }
}
