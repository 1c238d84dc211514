package org.wasla.gateway.patient;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A time in which a device's values were one patient's. Immutable.
 *
 * @param fromMs UTC, included
 * @param toMs UTC, not included
 */
public record Attributed(String device, long fromMs, long toMs) {

    /** All of one pseudonym that are remembered, by device and then in order. */
    public static List<Attributed> to(Associations known, String ref, boolean bedsAttribute, long untilMs) {
        Set<String> devices = new TreeSet<>();
        known.ofPatient(ref).forEach(each -> devices.add(each.device()));
        List<Attributed> found = new ArrayList<>();
        devices.forEach(device -> add(found, known, device, ref, bedsAttribute, untilMs));
        return found;
    }

    private static void add(
            List<Attributed> found,
            Associations known,
            String device,
            String ref,
            boolean bedsAttribute,
            long untilMs) {
        TreeSet<Long> edges = new TreeSet<>();
        for (Association each : known.ofDevice(device)) {
            edges.add(each.beginMs());
            edges.add(each.endMs());
        }
        for (Long edge : edges.headSet(untilMs)) {
            Association by = known.at(device, edge, bedsAttribute).by();
            if (by == null || !by.ref().equals(ref)) {
                continue;
            }
            Long next = edges.higher(edge);
            long toMs = next == null ? untilMs : Math.min(next, untilMs);
            int last = found.size() - 1;
            boolean goesOn = last >= 0 && found.get(last).device.equals(device) && found.get(last).toMs == edge;
            if (goesOn) {
                found.set(last, new Attributed(device, found.get(last).fromMs, toMs));
            } else {
                found.add(new Attributed(device, edge, toMs));
            }
        }
    }
}
