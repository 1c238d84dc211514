package org.wasla.gateway.trust;

import java.util.Locale;
import java.util.Optional;

/** What a key may sign. */
public enum Role {
    /** Desired states of boxes. */
    CONFIG,
    /** That a profile is one's own work. */
    AUTHOR,
    /** That somebody else's profile may change codes, units or scaling. */
    APPROVER,
    /** Commands of every kind. */
    COMMAND,
    /** Commands of systems: replays, orders, associations, answers of a registry; nothing about the box itself. */
    SYSTEM,
    /** Bundles for installation without a network. */
    RELEASE;

    /** As it is written in a list of keys. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Role> of(String wire) {
        for (Role role : values()) {
            if (role.wire().equals(wire)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
