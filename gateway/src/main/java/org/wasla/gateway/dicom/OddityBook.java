package org.wasla.gateway.dicom;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Gathers what is odd about one data set, each kind once with its first place. One thread. */
final class OddityBook {
    private final Map<Oddity.Kind, Oddity> met = new EnumMap<>(Oddity.Kind.class);

    void note(Oddity.Kind what, long at) {
        Oddity before = met.get(what);
        met.put(what, before == null ? new Oddity(what, at, 1) : new Oddity(what, before.at(), before.count() + 1));
    }

    /** What looked like the end of the input had this reason. */
    void endedBy(Oddity.Kind reason, long at) {
        met.remove(Oddity.Kind.TRUNCATED);
        note(reason, at);
    }

    List<Oddity> all() {
        return List.copyOf(met.values());
    }
}
