package org.wasla.gateway.imaging;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Of which series the header was told. Slices of one series say nearly the same thousands of times: of them the first
 * counts. A projection stands for itself, with a dose of its own. One thread.
 */
final class Headers {
    private static final Set<String> SLICED = Set.of("CT", "MR", "PT", "NM");
    private static final int SERIES_MAX = 1_024;
    private final Set<String> told = new LinkedHashSet<>();

    boolean isTold(Extract extract) {
        return isSlice(extract) && told.contains(series(extract));
    }

    void tell(Extract extract) {
        if (isSlice(extract) && told.add(series(extract)) && told.size() > SERIES_MAX) {
            told.remove(told.iterator().next());
        }
    }

    private static boolean isSlice(Extract extract) {
        return SLICED.contains(extract.series().getOrDefault("mod", ""))
                && extract.instance().containsKey("rows")
                && !extract.marks().contains("secondary-capture")
                && extract.series().containsKey("uid");
    }

    private static String series(Extract extract) {
        return extract.series().getOrDefault("uid", "");
    }
}
