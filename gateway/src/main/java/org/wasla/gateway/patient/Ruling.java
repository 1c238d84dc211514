package org.wasla.gateway.patient;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a statement about a device and a patient comes to. Immutable.
 *
 * @param versions what is to be added; empty when it was known already
 * @param problem why the statement is refused, without anything of a patient; null when it is not
 */
public record Ruling(List<Association> versions, @Nullable String problem) {
    public Ruling {
        versions = List.copyOf(versions);
    }

    static Ruling of(List<Association> versions) {
        return new Ruling(versions, null);
    }

    static Ruling refused(String problem) {
        return new Ruling(List.of(), problem);
    }
}
