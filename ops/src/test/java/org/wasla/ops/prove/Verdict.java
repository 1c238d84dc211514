package org.wasla.ops.prove;

import java.util.List;

/**
 * What a judge found. Immutable; everything counts records.
 *
 * @param accepted told to the device as safe
 * @param present in store or ledger
 * @param doubles came again with the same content
 * @param declared named by gap events
 * @param overdeclared named by gap events although they are there
 * @param lost accepted, and neither present nor declared
 * @param holes streams with numbers that are neither present nor declared
 * @param faults the first of the other faults: order, content, a buffer that does not open
 * @param faultCount all of them
 */
record Verdict(
        long accepted,
        long present,
        long doubles,
        long declared,
        long overdeclared,
        long lost,
        List<String> holes,
        List<String> faults,
        int faultCount) {
    Verdict {
        holes = List.copyOf(holes);
        faults = List.copyOf(faults);
    }

    boolean holds() {
        return lost == 0 && holes.isEmpty() && faultCount == 0;
    }

    /** One line for people. */
    String summary() {
        return "accepted=" + accepted + " present=" + present + " doubles=" + doubles + " declared=" + declared
                + " lost=" + lost + " holes=" + holes + " faults=" + faultCount + " " + faults;
    }
}
