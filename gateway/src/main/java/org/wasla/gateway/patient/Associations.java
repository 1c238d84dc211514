package org.wasla.gateway.patient;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The newest version of every association. Immutable: a change gives a new one, so that readers need no lock. */
public final class Associations {
    public static final Associations NONE = new Associations(Map.of(), 1);
    private static final String PREFIX = "a-";
    /** An association that ended this long ago is let go from memory; its versions stay on disk. */
    private static final long KEPT_MS = 31L * 24 * 3_600_000;

    private static final int NUMBER_DIGITS_MAX = 15;

    private final Map<String, Association> byId;
    private final Map<String, List<Association>> byDevice = new HashMap<>();
    private final long nextNumber;

    private Associations(Map<String, Association> byId, long nextNumber) {
        this.byId = byId;
        this.nextNumber = nextNumber;
        for (Association each : byId.values()) {
            byDevice.computeIfAbsent(each.device(), device -> new ArrayList<>()).add(each);
        }
        byDevice.values()
                .forEach(list -> list.sort(Comparator.comparing(Association::how)
                        .thenComparing(
                                Comparator.comparingLong(Association::beginMs).reversed())));
    }

    /** These versions on top, in their order. */
    public Associations with(Collection<Association> versions) {
        if (versions.isEmpty()) {
            return this;
        }
        Map<String, Association> all = new LinkedHashMap<>(byId);
        long next = nextNumber;
        long newestMs = 0;
        for (Association version : versions) {
            all.put(version.id(), version);
            next = Math.max(next, number(version.id()) + 1);
            newestMs = Math.max(newestMs, version.recordedMs());
        }
        long oldestMs = newestMs - KEPT_MS;
        all.values().removeIf(each -> each.recordedMs() < oldestMs && (!each.holds() || each.endMs() < oldestMs));
        return new Associations(all, next);
    }

    private static long number(String id) {
        String digits = id.startsWith(PREFIX) ? id.substring(PREFIX.length()) : "";
        boolean isNumber = !digits.isEmpty()
                && digits.length() <= NUMBER_DIGITS_MAX
                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? Long.parseLong(digits) : 0;
    }

    /** A name that no association has had: the {@code ahead}-th from now, from 0. */
    String freshId(int ahead) {
        return PREFIX + (nextNumber + ahead);
    }

    public Optional<Association> get(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    public Collection<Association> all() {
        return byId.values();
    }

    public List<Association> ofDevice(String device) {
        return byDevice.getOrDefault(device, List.of());
    }

    public List<Association> ofPatient(String ref) {
        return byId.values().stream().filter(each -> each.ref().equals(ref)).toList();
    }

    /**
     * Whose the values of a device are. A validated association outweighs a bed; two patients of equal right are a
     * conflict, and then the values are nobody's.
     *
     * @param bedsAttribute whether the site lets a bed alone name the patient
     */
    public Verdict at(String device, long timeMs, boolean bedsAttribute) {
        List<Association> claims =
                ofDevice(device).stream().filter(each -> each.isInForce(timeMs)).toList();
        List<Association> heard =
                claims.stream().filter(Association::isValidated).toList();
        if (heard.isEmpty() && bedsAttribute) {
            heard = claims.stream()
                    .filter(each -> each.how() == Association.How.ADT_LOCATION)
                    .toList();
        }
        boolean isOnePatient = heard.stream().map(Association::ref).distinct().count() == 1;
        return new Verdict(isOnePatient ? heard.get(0) : null, heard.size() > 1 && !isOnePatient, claims);
    }
}
