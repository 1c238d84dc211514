package org.wasla.gateway.codec;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an analyser fills its records where analysers differ. Immutable.
 *
 * @param charset what texts are written in; null: UTF-8 where they are well-formed, else ISO 8859-1
 * @param test components of R-3 that may hold the code of the test; the first that is not empty counts
 * @param under components of R-3 that stand below the code, such as an analyte of a panel: joined to it with {@code /}
 * @param alias component of R-3 with another code of the test, or 0
 * @param title component of R-3 with words for the test, or 0
 * @param fields where the parts of a result stand: fields of R by part; of several the first that is not empty counts
 */
public record AstmDialect(
        @Nullable Charset charset,
        List<Integer> test,
        List<Integer> under,
        int alias,
        int title,
        Map<Part, List<Integer>> fields) {
    /** As the standard has it. */
    public static final AstmDialect STANDARD = new AstmDialect(null, List.of(4, 1), List.of(), 0, 0, Map.of());

    public AstmDialect {
        test = List.copyOf(test);
        under = List.copyOf(under);
        fields = Map.copyOf(fields);
    }

    /** A part of a result with its field in the standard (LIS02-A2 10). */
    public enum Part {
        VALUE(4, 4),
        UNIT(5, 5),
        RANGE(6, 6),
        MARKS(7, 7),
        STATUS(9, 9),
        TIME(13, 12);

        private final int standard;
        private final int otherwise;

        Part(int standard, int otherwise) {
            this.standard = standard;
            this.otherwise = otherwise;
        }
    }

    List<Integer> fields(Part part) {
        return fields.getOrDefault(part, List.of(part.standard, part.otherwise));
    }
}
