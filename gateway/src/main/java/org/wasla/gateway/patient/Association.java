package org.wasla.gateway.patient;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One version of the statement that a device is on a patient (design, section 8; states of IHE PCIM, OBX-11). Immutable.
 * Versions are only added; of one id the newest counts.
 *
 * @param id names the association through all its versions
 * @param ref pseudonym of the patient
 * @param who pseudonym of the person who said so, or null
 * @param foreign pseudonym of the id that another system gave it, or null
 * @param beginMs UTC, included
 * @param endMs UTC, not included; {@link #OPEN} while it lasts
 * @param recordedMs UTC, when the gateway learned of this version
 */
public record Association(
        String id,
        String device,
        String ref,
        State state,
        Source source,
        How how,
        @Nullable String who,
        @Nullable String foreign,
        long beginMs,
        long endMs,
        long recordedMs) {
    public static final long OPEN = Long.MAX_VALUE;

    /** How sure the statement is. */
    public enum State {
        /** Asserted, not validated. */
        R,
        /** Validated. */
        F,
        /** Corrected, and as valid as F. */
        C,
        /** Deleted: it never was. */
        D,
        /** It was the wrong patient. */
        W
    }

    /** Where the statement came from. */
    public enum Source {
        SCANNER,
        DEVICE,
        ADT,
        PCIM,
        /** The platform. */
        COMMAND;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How the patient was found, the strongest first. */
    public enum How {
        SCANNED("scanned"),
        TYPED("typed"),
        ADT_LOCATION("adt-location");

        private final String wire;

        How(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }
    }

    public boolean isOpen() {
        return endMs == OPEN && holds();
    }

    /** Whether it says anything still: neither deleted nor wrong. */
    public boolean holds() {
        return state != State.D && state != State.W;
    }

    public boolean isInForce(long timeMs) {
        return holds() && beginMs <= timeMs && timeMs < endMs;
    }

    /** Whether a person or a system vouches for it. A bed alone does not. */
    public boolean isValidated() {
        return state == State.F || state == State.C;
    }

    public Association ended(long atMs, long nowMs) {
        return during(beginMs, Math.max(beginMs, atMs), nowMs);
    }

    public Association during(long fromMs, long toMs, long nowMs) {
        return new Association(id, device, ref, state, source, how, who, foreign, fromMs, toMs, nowMs);
    }

    public Association as(State next, long nowMs) {
        return new Association(id, device, ref, next, source, how, who, foreign, beginMs, endMs, nowMs);
    }

    /** The same for another pseudonym. */
    public Association of(String otherRef, State next, long nowMs) {
        return new Association(id, device, otherRef, next, source, how, who, foreign, beginMs, endMs, nowMs);
    }
}
