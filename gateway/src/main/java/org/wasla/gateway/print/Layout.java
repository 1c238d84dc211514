package org.wasla.gateway.print;

import java.util.List;
import java.util.regex.Pattern;

/** How many pictures a film has by its Image Display Format (PS3.3 C.13.3). Stateless. */
final class Layout {
    static final int BOXES_MAX = 100;
    private static final Pattern NUMBERS = Pattern.compile("\\d{1,3}(,\\d{1,3})*");

    private Layout() {}

    /**
     * @param format {@code STANDARD\columns,rows}, {@code ROW\a,b,..} or {@code COL\a,b,..}
     * @return 0 where only the maker of a printer knows, or the format is none
     */
    static int boxes(String format) {
        int split = format.indexOf('\\');
        String kind = split < 0 ? format.strip() : format.substring(0, split).strip();
        String rest = split < 0 ? "" : format.substring(split + 1).replace(" ", "");
        if (!NUMBERS.matcher(rest).matches()) {
            return 0;
        }
        List<Integer> numbers =
                List.of(rest.split(",")).stream().map(Integer::valueOf).toList();
        int boxes = switch (kind) {
            case "STANDARD" -> numbers.size() == 2 ? numbers.get(0) * numbers.get(1) : 0;
            case "ROW", "COL" -> numbers.stream().mapToInt(each -> each).sum();
            default -> 0;
        };
        return boxes <= BOXES_MAX ? boxes : 0;
    }
}
