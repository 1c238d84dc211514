package org.wasla.gateway.observation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.RecordBody.Alarm;
import org.wasla.gateway.observation.RecordBody.Alarm.Phase;

/**
 * The open alarms of one device: what it tells of them becomes records of their starts, changes and ends, each once.
 * Every alarm that started ends, or becomes unknown when the device can no longer be heard. Pure; one thread.
 */
final class AlarmBook {
    /** More are not followed: no monitor shows so many at once, and each is held in memory. */
    static final int OPEN_MAX = 256;

    private Map<String, Condition> open = new LinkedHashMap<>();
    /** How it was when the records were last known to be kept; null: as it is. */
    private @Nullable Map<String, Condition> kept;

    /**
     * Takes what the device tells of one of its lists.
     *
     * @param complete whether all others of this list are over; else only what is told to be over is
     * @param changes takes the records
     * @return how many alarms are not followed for want of room
     */
    int take(String list, List<Condition> told, boolean complete, List<RecordBody> changes) {
        Set<String> ids = new LinkedHashSet<>();
        told.forEach(condition -> ids.add(condition.alarm()));
        if (complete) {
            for (Condition other : List.copyOf(open.values())) {
                if (other.list().equals(list) && !ids.contains(other.alarm())) {
                    end(other, Phase.END, changes);
                }
            }
        }
        int left = 0;
        for (Condition condition : told) {
            // In a complete list an alarm stands once: what comes behind it with its id is another row of the same.
            if (!complete || ids.remove(condition.alarm())) {
                left += take(condition, changes) ? 0 : 1;
            }
        }
        return left;
    }

    private boolean take(Condition told, List<RecordBody> changes) {
        Condition before = open.get(told.alarm());
        if (told.isOver()) {
            if (before != null) {
                end(before, Phase.END, changes);
            }
            return true;
        }
        if (before == null && open.size() >= OPEN_MAX) {
            return false;
        }
        if (!told.equals(before)) {
            remember();
            open.put(told.alarm(), told);
            changes.add(new Alarm(before == null ? Phase.START : Phase.UPDATE, told));
        }
        return true;
    }

    private void end(Condition condition, Phase phase, List<RecordBody> changes) {
        remember();
        open.remove(condition.alarm());
        changes.add(new Alarm(phase, phase == Phase.END ? condition.over() : condition));
    }

    /** The device is not heard any more: how its open alarms go on is unknown, and one that is met again starts anew. */
    List<RecordBody> lost() {
        List<RecordBody> changes = new ArrayList<>();
        List.copyOf(open.values()).forEach(condition -> end(condition, Phase.UNKNOWN, changes));
        return changes;
    }

    /** Takes up what was open before the gateway was cut off; nothing is told of it now. */
    void restore(List<Condition> before) {
        before.stream().limit(OPEN_MAX).forEach(condition -> open.put(condition.alarm(), condition));
    }

    List<Condition> open() {
        return List.copyOf(open.values());
    }

    private void remember() {
        if (kept == null) {
            kept = new LinkedHashMap<>(open);
        }
    }

    /** @param areKept whether the records since the last call are kept; if not, what they said is to be told anew */
    void settle(boolean areKept) {
        Map<String, Condition> before = kept;
        if (!areKept && before != null) {
            open = before;
        }
        kept = null;
    }
}
