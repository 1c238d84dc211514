package org.wasla.bridge.gpio;

import java.util.Map;

/** What some outputs are to do together; those it does not name go on as they are. Immutable. */
public record Show(Map<Output, Rhythm> rhythms) {
    public Show {
        rhythms = Map.copyOf(rhythms);
    }
}
