package org.wasla.gateway.acts;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which acts were told, which analyses of specimens, and which examinations of patients: hashes only. Bounded, the oldest go
 * first; what is forgotten may be told again, under the same name. One thread.
 */
final class Memory {
    /** An analysis takes two: a day and more of a busy laboratory, in about 4 MB. */
    static final int KEYS_MAX = 60_000;

    static final int EXAMINATIONS_MAX = 2_000;
    private final Set<Long> keys = new LinkedHashSet<>();
    private final Map<Long, Examination> examinations = new LinkedHashMap<>();

    /**
     * The newest examination of one kind of one patient.
     *
     * @param act its name
     * @param atMs when it was over, UTC
     */
    record Examination(String act, long atMs) {}

    boolean knows(String id) {
        return keys.contains(Ids.key(id));
    }

    void add(String id) {
        add(Ids.key(id));
    }

    void add(long key) {
        // Again at the end: what is still seen is not the oldest.
        keys.remove(key);
        keys.add(key);
        shorten(keys.iterator(), keys.size() - KEYS_MAX);
    }

    @Nullable
    Examination examination(String kind) {
        return examinations.get(Ids.key(kind));
    }

    void examined(long kind, Examination of) {
        examinations.remove(kind);
        examinations.put(kind, of);
        shorten(examinations.keySet().iterator(), examinations.size() - EXAMINATIONS_MAX);
    }

    private static void shorten(Iterator<Long> oldest, int count) {
        for (int i = 0; i < count; i++) {
            oldest.next();
            oldest.remove();
        }
    }

    /** The oldest first. */
    List<Long> keys() {
        return new ArrayList<>(keys);
    }

    /** The oldest first. */
    Map<Long, Examination> examinations() {
        return new LinkedHashMap<>(examinations);
    }
}
