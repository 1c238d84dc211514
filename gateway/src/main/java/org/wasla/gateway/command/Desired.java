package org.wasla.gateway.command;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a box is to run, as the platform wants it. Immutable. Nothing of it counts before it was checked against the box
 * that it came to.
 *
 * @param audience ids of gateways, and groups as {@code group:{name}}
 * @param revision rises with every change of a box
 * @param previous hashes of the states that it may replace, 64 hex digits each; empty with force: any
 * @param fromS from when on it may be taken, UTC, seconds since 1970
 * @param untilS from when on no more
 * @param softwareMin the oldest software that understands it, empty for any
 * @param keys a list of keys in the place of the box's, empty to keep it
 * @param devices the list {@code devices} of the configuration, YAML; null: as it is
 * @param profiles new and changed ones
 * @param removed ids of profiles that go back to what was installed with the software
 */
public record Desired(
        List<String> audience,
        long revision,
        List<String> previous,
        long fromS,
        long untilS,
        String softwareMin,
        String keys,
        @Nullable String devices,
        List<Bundle> profiles,
        List<String> removed) {

    /** Copies the lists. */
    public Desired {
        audience = List.copyOf(audience);
        previous = List.copyOf(previous);
        profiles = List.copyOf(profiles);
        removed = List.copyOf(removed);
    }

    /**
     * One profile.
     *
     * @param hash SHA-256 of its {@code profile.yaml}, 64 hex digits
     * @param statements compact JWS of its author and its approver
     * @param files text by path below the profile's folder
     */
    public record Bundle(String id, String version, String hash, List<String> statements, Map<String, String> files) {
        /** Copies list and map. */
        public Bundle {
            statements = List.copyOf(statements);
            files = Map.copyOf(files);
        }
    }

    /** Whether it is meant for this box. */
    public boolean isFor(String gateway, List<String> groups) {
        return audience.contains(gateway) || groups.stream().anyMatch(group -> audience.contains("group:" + group));
    }
}
