package org.wasla.gateway.ward;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.identity.Seal;

/**
 * What a registry of patients is told and asked. Immutable.
 *
 * @param askMs first wait before a question without an answer is asked again, 0: nothing is asked
 * @param authorities whose names may stand in clear text beside a pseudonym
 * @param seal seals numbers for the registry, null: they leave the box in no form
 */
public record RegistrySettings(
        long askMs, Set<String> authorities, @Nullable Seal seal) {
    public RegistrySettings {
        authorities = Set.copyOf(authorities);
    }
}
