package org.wasla.ops.prove;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The options of a proof: {@code --control}, and numbers by name. Immutable. */
final class Options {
    private final Map<String, Long> numbers;
    private final boolean isControl;

    private Options(Map<String, Long> numbers, boolean isControl) {
        this.numbers = Map.copyOf(numbers);
        this.isControl = isControl;
    }

    /** Ends the process with 2 on anything else than these options. */
    static Options of(String[] args, String... known) {
        Map<String, Long> numbers = new TreeMap<>();
        boolean isControl = false;
        Deque<String> left = new ArrayDeque<>(List.of(args));
        while (!left.isEmpty()) {
            String name = left.pop();
            if (name.equals("--control")) {
                isControl = true;
            } else if (List.of(known).contains(name)
                    && !left.isEmpty()
                    && left.peek().matches("\\d{1,9}")) {
                numbers.put(name, Long.valueOf(left.pop()));
            } else {
                System.err.println("usage: [--control] [" + String.join(" N] [", known) + " N]");
                System.exit(2);
            }
        }
        return new Options(numbers, isControl);
    }

    boolean isControl() {
        return isControl;
    }

    int number(String name, long otherwise) {
        return Math.toIntExact(numbers.getOrDefault(name, otherwise));
    }
}
