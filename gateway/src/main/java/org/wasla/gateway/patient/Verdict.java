package org.wasla.gateway.patient;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose a device's values are at one moment. Immutable.
 *
 * @param by the association that attributes them, or null: then they are nobody's
 * @param conflict whether they are nobody's because two patients are named with equal right
 * @param claims all associations in force, also those that attribute nothing, the strongest first
 */
public record Verdict(@Nullable Association by, boolean conflict, List<Association> claims) {
    public Verdict {
        claims = List.copyOf(claims);
    }

    /** Whether records of that moment would say the same of the patient. */
    boolean isAlike(Verdict other) {
        if (by == null || other.by == null) {
            return (by == null) == (other.by == null);
        }
        return by.ref().equals(other.by.ref()) && by.id().equals(other.by.id());
    }
}
