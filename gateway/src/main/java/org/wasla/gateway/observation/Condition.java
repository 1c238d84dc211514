package org.wasla.gateway.observation;

import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.Observation.Meaning;

/**
 * An alarm condition as a device tells it, with the words of the record (design, section 3, kind {@code alarm}).
 * Immutable.
 *
 * @param list which of the device's lists it is in; empty: it was found by a rule of the profile
 * @param id the same for the same condition, within its list
 * @param label the device's own code, or the field that says it ({@code r})
 * @param text in words, or empty ({@code txt})
 * @param kind {@code phys}, {@code tech} or {@code adv}
 * @param priority {@code high}, {@code medium}, {@code low} or {@code none}
 * @param state {@code active}, {@code latched} or {@code inactive}
 * @param source what it is about, or null ({@code src})
 */
public record Condition(
        String list,
        String id,
        String label,
        String text,
        String kind,
        String priority,
        String state,
        @Nullable Meaning source) {
    private static final String OVER = "inactive";

    /** @return its id within the device ({@code a}): {@code list:id}, or the rule's id alone */
    public String alarm() {
        return list.isEmpty() ? id : list + ":" + id;
    }

    boolean isOver() {
        return state.equals(OVER);
    }

    /** The same, over. */
    Condition over() {
        return new Condition(list, id, label, text, kind, priority, OVER, source);
    }
}
