package org.wasla.gateway.imaging;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.DataSet;

/**
 * Of which series the header was told. Slices of one series say nearly the same thousands of times: of them the first
 * counts. A projection stands for itself, with a dose of its own. One thread.
 */
final class Headers {
    private static final Set<String> SLICED = Set.of("CT", "MR", "PT", "NM");
    private static final int SERIES_MAX = 1_024;
    private static final int MODALITY = 0x0008_0060;
    private static final int SERIES = 0x0020_000e;
    private static final int ROWS = 0x0028_0010;
    private final Set<String> told = new LinkedHashSet<>();

    boolean isTold(DataSet data) {
        String series = series(data);
        return series != null && told.contains(series);
    }

    void tell(DataSet data) {
        String series = series(data);
        if (series != null && told.add(series) && told.size() > SERIES_MAX) {
            told.remove(told.iterator().next());
        }
    }

    /** The series of a slice; null for what is none. */
    private static @Nullable String series(DataSet data) {
        String modality = data.text(MODALITY);
        boolean isSlice = modality != null
                && SLICED.contains(modality)
                && data.text(ROWS) != null
                && !Extract.isSecondaryCapture(data);
        return isSlice ? data.text(SERIES) : null;
    }
}
