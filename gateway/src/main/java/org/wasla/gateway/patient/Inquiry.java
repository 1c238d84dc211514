package org.wasla.gateway.patient;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a registry of patients was asked about one pseudonym, and what it has said. Immutable.
 *
 * @param ref the pseudonym
 * @param asked how often it was asked
 * @param rev number of the newest answer, from 1; 0: none has come
 * @param said what that answer says
 * @param reg the registry's reference, null unless it is known
 * @param isMerged whether the newest answer says that the earlier reference is now this one
 * @param told reference under which consumers know the pseudonym, or null
 * @param toldRev answer through which they know it
 */
public record Inquiry(
        String ref,
        int asked,
        long rev,
        Said said,
        @Nullable String reg,
        boolean isMerged,
        @Nullable String told,
        long toldRev) {

    /** What a registry says of a pseudonym. */
    public enum Said {
        /** Nothing yet. */
        NOTHING,
        KNOWN,
        UNKNOWN,
        /** It may be several patients. */
        AMBIGUOUS;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * An answer.
     *
     * @param request as {@link Inquiry#request}
     * @param rev the registry counts its answers to one request, from 1
     * @param reg its reference, exactly where it says KNOWN
     */
    public record Answer(
            String request, long rev, Said said, @Nullable String reg, boolean isMerged) {}

    public static Inquiry of(String ref) {
        return new Inquiry(ref, 0, 0, Said.NOTHING, null, false, null, 0);
    }

    /** Name of the request, the same however often it is made. */
    public String request() {
        return "q-" + ref.substring(ref.indexOf(':') + 1);
    }

    public boolean isAnswered() {
        return said != Said.NOTHING;
    }

    /** Whether consumers are still to be told what the newest answer changes. */
    public boolean isUntold() {
        return rev > toldRev;
    }

    /** Whether the newest answer makes records another's than consumers know. */
    public boolean changes() {
        return !Objects.equals(reg, told);
    }

    /** Whether this answer says what is known already. */
    public boolean says(Answer answer) {
        return said == answer.said() && Objects.equals(reg, answer.reg());
    }

    /** Why records are another's now: {@code answer}, {@code merged}, {@code corrected}, or what the registry says. */
    public String why() {
        if (said != Said.KNOWN) {
            return said.wire();
        }
        return told == null ? "answer" : isMerged ? "merged" : "corrected";
    }

    public Inquiry askedTimes(int times) {
        return new Inquiry(ref, times, rev, said, reg, isMerged, told, toldRev);
    }

    public Inquiry answered(Answer by) {
        return new Inquiry(ref, asked, by.rev(), by.said(), by.reg(), by.isMerged(), told, toldRev);
    }

    /** Consumers know it now. */
    public Inquiry toldAll() {
        return new Inquiry(ref, asked, rev, said, reg, isMerged, reg, rev);
    }
}
