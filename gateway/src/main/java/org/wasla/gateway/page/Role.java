package org.wasla.gateway.page;

import java.util.Locale;

/** What somebody may do on the page; each may do what those before it may. */
public enum Role {
    NOBODY,
    /** Sees. */
    VIEWER,
    /** Listens to ports and adds devices. */
    INSTALLER;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean mayBe(Role needed) {
        return compareTo(needed) >= 0;
    }
}
