package org.wasla.gateway.patient;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A time for which values were published as another patient's, or nobody's, than they are now known to be. Immutable.
 *
 * @param fromMs UTC, included
 * @param toMs UTC, not included
 * @param now whose they are by what is known now
 */
public record Correction(String device, long fromMs, long toMs, Verdict now) {

    /** What becomes wrong of what was published until now, when one picture takes the place of the other; in order. */
    public static List<Correction> between(
            Associations before, Associations after, String device, boolean bedsAttribute, long untilMs) {
        TreeSet<Long> edges = new TreeSet<>();
        for (Associations each : List.of(before, after)) {
            for (Association association : each.ofDevice(device)) {
                edges.add(association.beginMs());
                edges.add(association.endMs());
            }
        }
        List<Correction> found = new ArrayList<>();
        for (Long edge : edges.headSet(untilMs)) {
            Long next = edges.higher(edge);
            long toMs = next == null ? untilMs : Math.min(next, untilMs);
            Verdict was = before.at(device, edge, bedsAttribute);
            Verdict is = after.at(device, edge, bedsAttribute);
            if (!was.isAlike(is)) {
                add(found, new Correction(device, edge, toMs, is));
            }
        }
        return found;
    }

    /** Times that touch and say the same are one. */
    private static void add(List<Correction> found, Correction next) {
        int last = found.size() - 1;
        if (last >= 0 && found.get(last).toMs == next.fromMs && found.get(last).says(next)) {
            found.set(last, new Correction(next.device, found.get(last).fromMs, next.toMs, next.now));
        } else {
            found.add(next);
        }
    }

    private boolean says(Correction next) {
        return now.isAlike(next.now) && now.conflict() == next.now.conflict();
    }
}
