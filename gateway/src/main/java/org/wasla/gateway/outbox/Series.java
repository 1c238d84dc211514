package org.wasla.gateway.outbox;

import java.util.Arrays;
import java.util.List;

/** The two rows of store files, see {@link Generation}. Immutable. */
enum Series {
    RECORDS("records"),
    WAVES("waves");

    private final String prefix;

    Series(String prefix) {
        this.prefix = prefix;
    }

    /** What the names of its files begin with. */
    String prefix() {
        return prefix;
    }

    List<Urgency> urgencies() {
        return Arrays.stream(Urgency.values())
                .filter(urgency -> urgency.series() == this)
                .toList();
    }
}
