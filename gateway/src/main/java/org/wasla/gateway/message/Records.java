package org.wasla.gateway.message;

import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Sought;

/**
 * A text as a run of records of one form. Immutable.
 *
 * @param form the whole record
 * @param between what parts two records, and may end the last; null: they follow each other without a mark
 * @param skipRest whether a text between two marks that is no such record is passed over
 */
public record Records(Pattern form, @Nullable Pattern between, boolean skipRest) {
    /**
     * @param take told of each record in its order; false refuses the text
     * @return whether all of the text is of this form
     */
    boolean each(String text, Predicate<Matcher> take) {
        return between == null ? run(text, take) : parted(between, text, take);
    }

    /** @return how many records the text holds, as far as it is of this form */
    int count(String text) {
        int[] count = {0};
        each(text, record -> ++count[0] > 0);
        return count[0];
    }

    private boolean parted(Pattern between, String text, Predicate<Matcher> take) {
        if (text.isEmpty()) {
            return true;
        }
        for (String record : Sought.split(between, text)) {
            Matcher matcher = Sought.matcher(form, record);
            if (matcher.matches() ? !take.test(matcher) : !skipRest) {
                return false;
            }
        }
        return true;
    }

    private boolean run(String text, Predicate<Matcher> take) {
        Matcher matcher = Sought.matcher(form, text);
        int from = 0;
        while (from < text.length()) {
            matcher.region(from, text.length());
            if (!matcher.lookingAt() || matcher.end() == from || !take.test(matcher)) {
                return false;
            }
            from = matcher.end();
        }
        return true;
    }
}
