package org.wasla.gateway.identify;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.wasla.gateway.frame.Sought;

/**
 * How often a call was heard, and nothing else beside it. Pure.
 *
 * @param share bytes of calls as part of all, 0 to 1; a part of a call at either end of what was heard is no fault
 */
record Knock(int times, double share) {
    static Knock of(Pattern call, String heard) {
        Matcher matcher = Sought.matcher(call, heard);
        int times = 0;
        int good = 0;
        int largest = 0;
        int strange = 0;
        int end = 0;
        while (found(matcher)) {
            int size = matcher.end() - matcher.start();
            largest = Math.max(largest, size);
            int before = matcher.start() - end;
            strange += times == 0 ? Math.max(0, before - size + 1) : before;
            good += size;
            end = matcher.end();
            times++;
        }
        strange += Math.max(0, heard.length() - end - largest + 1);
        return new Knock(times, times == 0 ? 0 : (double) good / (good + strange));
    }

    /** A pattern that recurses too deeply for, or searches without end in, what a device sent is one that does not fit. */
    static boolean found(Matcher matcher) {
        try {
            return matcher.find();
        } catch (StackOverflowError | Sought.Endless tooMuch) {
            return false;
        }
    }
}
