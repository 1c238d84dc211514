package org.wasla.gateway.doctor;

import java.util.List;

/**
 * One thing that was found. Immutable.
 *
 * @param id which texts tell it: what is wrong, the likely cause, the next step
 * @param details what stands in their gaps
 */
public record Advice(Level level, String id, List<String> details) {
    /** How bad it is. */
    public enum Level {
        /** Records do not come, do not go or may be lost. */
        WRONG,
        /** Worth knowing; records flow. */
        NOTE
    }

    public Advice {
        details = List.copyOf(details);
    }

    static Advice wrong(String id, String... details) {
        return new Advice(Level.WRONG, id, List.of(details));
    }

    static Advice note(String id, String... details) {
        return new Advice(Level.NOTE, id, List.of(details));
    }
}
