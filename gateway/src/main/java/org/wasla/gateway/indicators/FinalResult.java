package org.wasla.gateway.indicators;

import java.util.Set;
import org.wasla.gateway.render.Tree;

/** Which results of analyses stand: of a patient's specimen, with a value, and not to come again. Stateless. */
public final class FinalResult {
    /**
     * HL7 table 0085 and ASTM E1394 R.9: final, corrected, verified; POCT1-A: accepted. Many analysers send none with results
     * that stand. Other statuses are preliminary, withdrawn or repeated, or nobody knows.
     */
    private static final Set<String> STANDING = Set.of("", "F", "C", "V", "A");

    private static final Set<String> FLAGS = Set.of("", "validated");

    private FinalResult() {}

    /** Whether a record of results is of a patient's specimen: neither a control nor an image. */
    public static boolean isOfSpecimen(Tree record) {
        return !record.has("qc") && !record.has("exam");
    }

    /** @param result one element of {@code res} */
    public static boolean is(Tree result) {
        return STANDING.contains(result.text("st").strip())
                && FLAGS.contains(result.text("q"))
                && (result.has("v") || result.has("s"));
    }

    /** Whether it takes the place of an earlier one. */
    public static boolean isCorrection(Tree result) {
        return result.text("st").strip().equals("C");
    }
}
