package org.wasla.ops.enrol;

import org.wasla.gateway.trust.Renewal;

/** What a box that shows its certificate is given. Pure. */
enum Policy {
    /** A certificate in good standing. */
    GOOD,
    /** One in quarantine, for the one that it shows has run out. */
    QUARANTINE,
    /** Nothing yet: somebody is to confirm it. */
    LATER,
    /** Nothing: it was revoked. */
    REVOKED,
    /** Nothing but a new token helps. */
    GONE;

    /** How a box stands in the region's list. */
    enum State {
        GOOD,
        QUARANTINE,
        REVOKED
    }

    /**
     * @param state in the region's list
     * @param life of the certificate that it shows
     * @param sinceMs when it was enrolled: what is older is of a box before it
     */
    static Policy of(State state, Renewal.Life life, long sinceMs, long nowMs) {
        if (state == State.REVOKED) {
            return REVOKED;
        }
        Renewal.Urgency urgency = life.at(nowMs);
        if (urgency == Renewal.Urgency.GONE || life.untilMs() < sinceMs) {
            return GONE;
        }
        if (urgency == Renewal.Urgency.EXPIRED) {
            return QUARANTINE;
        }
        if (state == State.GOOD) {
            return GOOD;
        }
        boolean lasts = life.quarantined() && urgency == Renewal.Urgency.FINE;
        return lasts ? LATER : QUARANTINE;
    }
}
