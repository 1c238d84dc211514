package org.wasla.gateway.patient;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whose names a site has no reason to keep any more: those in no bed and on no device of whom nothing was heard for long. What
 * is told of somebody is an event of the hospital, or that a device was on them; of whom there is neither, the first look
 * counts, and counts again after a start. One thread.
 */
public final class Retention {
    private final Map<String, Long> seenMs = new HashMap<>();

    /**
     * @param sinceMs UTC; who was heard of later stays
     * @param nowMs UTC, of a clock that is right
     * @return their pseudonyms
     */
    public List<String> gone(AdtPicture picture, Associations known, long sinceMs, long nowMs) {
        Map<String, Long> lastMs = new HashMap<>();
        for (Association each : known.all()) {
            lastMs.merge(picture.survivor(each.ref()), each.isOpen() ? nowMs : each.endMs(), Math::max);
        }
        List<String> gone = new ArrayList<>();
        for (Person person : picture.persons()) {
            if (!person.moves().isEmpty()) {
                lastMs.merge(person.ref(), person.newestMs(), Math::max);
            }
            Long toldMs = lastMs.get(person.ref());
            long heardMs = toldMs == null ? seenMs.computeIfAbsent(person.ref(), ref -> nowMs) : toldMs;
            if (person.bed() == null && heardMs < sinceMs) {
                gone.add(person.ref());
            }
        }
        seenMs.keySet().removeAll(gone);
        return gone;
    }
}
