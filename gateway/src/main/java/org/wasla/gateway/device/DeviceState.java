package org.wasla.gateway.device;

import java.util.Locale;

/** How a device stands, as in its {@code state} topic. */
public enum DeviceState {
    /** Good messages arrive. */
    LINKED,
    /** The line is open and no good message has come for longer than the profile allows. */
    SILENT,
    /** The line cannot be opened, or was lost. */
    FAULT,
    /** The device is no longer configured, or the agent was stopped. */
    REMOVED;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
