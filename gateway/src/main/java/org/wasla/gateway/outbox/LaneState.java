package org.wasla.gateway.outbox;

/**
 * One urgency's totals as they are written to disk. Immutable. The totals only grow, so what waits is {@code put -
 * sent}
 * and what is kept for replay {@code sent - gone}.
 *
 * @param mark every entry of this urgency up to here has been published
 * @param put all that ever came in
 * @param sent all that the mark has passed
 * @param gone all that has been deleted
 */
record LaneState(Urgency urgency, long mark, Amount put, Amount sent, Amount gone) {

    static LaneState fresh(Urgency urgency, long mark) {
        return new LaneState(urgency, mark, Amount.NONE, Amount.NONE, Amount.NONE);
    }

    Amount waiting() {
        return put.minus(sent);
    }

    Amount kept() {
        return sent.minus(gone);
    }

    LaneState withPut(Amount more) {
        return new LaneState(urgency, mark, put.plus(more), sent, gone);
    }

    LaneState withGone(Amount more) {
        return new LaneState(urgency, mark, put, sent, gone.plus(more));
    }

    /** The same mark, with totals that agree with what was counted up to it and after it. */
    LaneState withFound(Amount kept, Amount waiting) {
        return new LaneState(urgency, mark, sent.plus(waiting), sent, sent.minus(kept));
    }

    LaneState withMark(long newMark, Amount passed) {
        return new LaneState(urgency, newMark, put, sent.plus(passed), gone);
    }
}
