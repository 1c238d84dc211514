package org.wasla.gateway.acts;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The site's table of codes: which codes may stand for which acts. It is the site's own; the product ships none. Immutable.
 *
 * @param name {@code id@version}, or null: the site has no table
 */
public record ActTable(@Nullable String name, List<Row> rows) {
    /** No table: acts without codes. */
    public static final ActTable NONE = new ActTable(null, List.of());

    public ActTable {
        rows = List.copyOf(rows);
    }

    /**
     * One rule: all that it asks for must hold, of several values of one thing any.
     *
     * @param asked values by what they are of: {@code loinc}, {@code mdc}, {@code name}, {@code label}, {@code modality},
     *     {@code body}, {@code kind} of the device, {@code profile}
     * @param codes as told in events
     */
    public record Row(Act.Type type, Map<String, Set<String>> asked, List<Map<String, Object>> codes) {
        public Row {
            asked = Map.copyOf(asked);
            codes = List.copyOf(codes);
        }

        boolean fits(Act.Type of, Map<String, Set<String>> known) {
            return type == of
                    && asked.entrySet().stream()
                            .allMatch(each -> !Collections.disjoint(
                                    each.getValue(), known.getOrDefault(each.getKey(), Set.of())));
        }
    }

    /** The codes of all rows that fit, in the table's order, each once. */
    List<Map<String, Object>> codes(Act.Type type, Map<String, Set<String>> known) {
        List<Map<String, Object>> codes = new ArrayList<>();
        for (Row row : rows) {
            if (row.fits(type, known)) {
                row.codes().stream().filter(code -> !codes.contains(code)).forEach(codes::add);
            }
        }
        return codes;
    }
}
