package org.wasla.gateway.profile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** All the mistakes of a configuration or a profile, so that they are told at once. One thread. */
public final class Problems {
    private final List<Problem> problems = new ArrayList<>();

    /**
     * One mistake.
     *
     * @param line from 1; 0 when it is about the whole file
     */
    public record Problem(String file, int line, String what, String remedy) {
        @Override
        public String toString() {
            return file + ":" + line + ": " + what + "; " + remedy;
        }
    }

    public void add(String file, int line, String what, String remedy) {
        problems.add(new Problem(file, line, what, remedy));
    }

    int size() {
        return problems.size();
    }

    public boolean isEmpty() {
        return problems.isEmpty();
    }

    /** @return the problems by file and line */
    public List<Problem> list() {
        List<Problem> sorted = new ArrayList<>(problems);
        sorted.sort(Comparator.comparing(Problem::file).thenComparingInt(Problem::line));
        return sorted;
    }
}
