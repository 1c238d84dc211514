package org.wasla.gateway.indicators;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Durations in fixed classes, so that those of many boxes can be added. Whole seconds. Not thread-safe.
 */
final class Spread {
    /** Upper ends of the classes, in seconds, each belonging to its class; beyond the last there is one more. */
    static final List<Long> ENDS_S = List.of(
            60L, 300L, 600L, 900L, 1_200L, 1_800L, 2_700L, 3_600L, 5_400L, 7_200L, 10_800L, 14_400L, 28_800L, 86_400L);

    private final long[] classes = new long[ENDS_S.size() + 1];
    private long leastS = Long.MAX_VALUE;
    private long mostS = -1;

    void add(long seconds) {
        int at = 0;
        while (at < ENDS_S.size() && seconds > ENDS_S.get(at)) {
            at++;
        }
        classes[at]++;
        leastS = Math.min(leastS, seconds);
        mostS = Math.max(mostS, seconds);
    }

    /** All of another one. */
    void add(Spread other) {
        for (int i = 0; i < classes.length; i++) {
            classes[i] += other.classes[i];
        }
        leastS = Math.min(leastS, other.leastS);
        mostS = Math.max(mostS, other.mostS);
    }

    /** What {@link #numbers} gave; others are refused. */
    void read(List<Long> numbers) {
        if (numbers.size() != classes.length + 2) {
            throw new IllegalArgumentException("a spread has " + (classes.length + 2) + " numbers");
        }
        for (int i = 0; i < classes.length; i++) {
            classes[i] = numbers.get(i);
        }
        leastS = numbers.get(classes.length);
        mostS = numbers.get(classes.length + 1);
    }

    List<Long> numbers() {
        List<Long> numbers = new ArrayList<>();
        Arrays.stream(classes).forEach(numbers::add);
        numbers.add(leastS);
        numbers.add(mostS);
        return numbers;
    }

    long n() {
        return Arrays.stream(classes).sum();
    }

    /** The shortest; of nothing it is not to be asked. */
    long leastS() {
        return leastS;
    }

    long mostS() {
        return mostS;
    }

    /** How many lie in the class with this index. */
    long in(int index) {
        return classes[index];
    }

    /**
     * No more than this took so large a part: the end of the class in which it lies, or the longest where that is less.
     *
     * @param percent 1 to 100
     */
    long within(int percent) {
        long n = n();
        long seen = 0;
        for (int i = 0; i < ENDS_S.size(); i++) {
            seen += classes[i];
            if (seen * 100 >= n * percent) {
                return Math.min(mostS, ENDS_S.get(i));
            }
        }
        return mostS;
    }
}
