package org.wasla.gateway.imaging;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whose an examination is, as far as orders and the hospital's patients tell. Immutable; pseudonyms only.
 *
 * @param ref the pseudonym; there when and only when it is matched
 * @param how by what it was matched: {@code study}, {@code accession} or {@code patient-id}; "" when it was not
 */
public record Whose(State state, @Nullable String ref, String how) {
    /** Nobody was asked. */
    public static final Whose UNASKED = new Whose(State.UNASKED, null, "");

    public static final Whose UNMATCHED = new Whose(State.UNMATCHED, null, "");
    public static final Whose CONFLICT = new Whose(State.CONFLICT, null, "");

    /** How sure it is. */
    public enum State {
        UNASKED,
        MATCHED,
        /** No order and no patient of the hospital fits: it is nobody's until somebody says whose. */
        UNMATCHED,
        /** What it says of itself contradicts the order or the hospital, or itself. */
        CONFLICT
    }

    public static Whose matched(String ref, String how) {
        return new Whose(State.MATCHED, ref, how);
    }

    /** What is told beside the record; null where there is nothing to tell. */
    @Nullable
    String told() {
        return switch (state) {
            case UNASKED -> null;
            case MATCHED -> how;
            default -> state.name().toLowerCase(Locale.ROOT);
        };
    }

    /** The mark of records that are nobody's though somebody was looked for. */
    @Nullable
    String mark() {
        return state == State.UNMATCHED ? "unmatched" : state == State.CONFLICT ? "patient-conflict" : null;
    }

    /** Of a study of which both parts are: two patients are a conflict, and what nobody knows takes nothing away. */
    Whose and(Whose other) {
        if (state == State.CONFLICT || other.state == State.CONFLICT) {
            return CONFLICT;
        }
        if (state != State.MATCHED) {
            return other.state == State.UNASKED ? this : other;
        }
        return other.state != State.MATCHED || ref != null && ref.equals(other.ref) ? this : CONFLICT;
    }

    List<String> fields() {
        return List.of(state.name(), ref == null ? "" : ref, how);
    }

    static Whose of(List<String> fields) {
        return new Whose(State.valueOf(fields.get(0)), fields.get(1).isEmpty() ? null : fields.get(1), fields.get(2));
    }
}
