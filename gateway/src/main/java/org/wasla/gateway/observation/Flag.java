package org.wasla.gateway.observation;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Why a value is not simply good: the closed list of the record, with its names in lower case. */
public enum Flag {
    QUESTIONABLE,
    INVALID,
    CALIBRATING,
    ONGOING,
    OVERFLOW,
    UNDERFLOW,
    NA,
    TEST,
    DEMO,
    VALIDATED,
    EARLY,
    OFF;

    private static final Set<Flag> WITHOUT_VALUE = EnumSet.of(NA, OFF, ONGOING, INVALID);

    /** @return whether an observation with this flag carries no value */
    public boolean hidesValue() {
        return WITHOUT_VALUE.contains(this);
    }

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Flag> of(String wire) {
        for (Flag flag : values()) {
            if (flag.wire().equals(wire)) {
                return Optional.of(flag);
            }
        }
        return Optional.empty();
    }
}
