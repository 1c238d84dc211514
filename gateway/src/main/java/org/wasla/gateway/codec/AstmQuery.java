package org.wasla.gateway.codec;

import java.util.Arrays;
import java.util.List;

/**
 * What an analyser asks: which tests are ordered on a tube (a Q record; LIS02-A2 12). Immutable.
 *
 * @param range the tube or range asked for as sent, components apart by {@code ^}
 * @param tests which tests, repeats apart by {@code ~}; {@code ALL} or nothing for all
 */
public record AstmQuery(String range, String tests) {
    private List<String> components() {
        return Arrays.stream(range.split("\\^", -1)).map(String::strip).toList();
    }

    /**
     * @param component where the number on the tube stands, from 1; 0: the first that is not empty
     * @return its index
     */
    private static int index(List<String> components, int component) {
        int index = Math.max(0, component - 1);
        while (component == 0
                && index < components.size() - 1
                && components.get(index).isEmpty()) {
            index++;
        }
        return index;
    }

    /** @return the number on the tube, empty when there is none */
    String specimen(int component) {
        List<String> all = components();
        int index = index(all, component);
        return index < all.size() ? all.get(index) : "";
    }

    /** Whether it asks for every test. */
    boolean isForAll() {
        return codes().isEmpty() || codes().contains("ALL");
    }

    /** @return the tests that it asks for */
    List<String> codes() {
        return Arrays.stream(tests.split("~"))
                .map(repeat -> repeat.substring(repeat.lastIndexOf('^') + 1).strip())
                .filter(code -> !code.isEmpty())
                .toList();
    }

    /** @return the components behind the number on the tube */
    List<String> behind(int component) {
        List<String> all = components();
        return all.subList(Math.min(all.size(), index(all, component) + 1), all.size());
    }
}
