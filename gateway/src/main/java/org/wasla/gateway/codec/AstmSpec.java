package org.wasla.gateway.codec;

import org.wasla.gateway.message.Talk;
import org.wasla.gateway.message.TalkSpec;
import org.wasla.gateway.orders.OrderDesk;

/**
 * How an analyser is talked with by ASTM E1381 and E1394 (CLSI LIS01, LIS02; lab.md 1). Immutable.
 *
 * @param records how its records are read
 * @param needsTerminator whether a message without its L record is not whole
 * @param answer how its questions for orders are answered
 * @param orders what is ordered of the analyser
 * @param quietNs without anything from the analyser for this long it counts as silent
 * @param isReadOnly whether no byte is ever sent: then a stream may begin without ENQ and end without EOT
 */
public record AstmSpec(
        AstmDialect records, boolean needsTerminator, Answer answer, OrderDesk orders, long quietNs, boolean isReadOnly)
        implements TalkSpec {
    /** A receiver gives up after this long without a frame (E1381-95 8.2.5.2). */
    static final long SILENCE_NS = 30_000_000_000L;

    /**
     * How an analyser is told what is ordered.
     *
     * @param header the H record of an answer
     * @param textBytes most bytes of a frame's text; 0: each record is a frame and a message of the link
     * @param specimen component of Q-3 with the number on the tube; 0: the first that is not empty
     * @param number field of P with the patient's number: 3, 4 or 5; 0: none
     * @param action the action code (O-12)
     * @param tellsNone whether a question for a tube without orders is answered with an order of report type Y, and not
     *     with header and terminator alone
     * @param download the H record before an order that is sent unasked, empty: orders wait to be asked for
     */
    public record Answer(
            String header, int textBytes, int specimen, int number, String action, boolean tellsNone, String download) {
        /** As most analysers want it. */
        public Answer(String header, int textBytes) {
            this(header, textBytes, 0, 3, "A", false, "");
        }
    }

    @Override
    public Talk open(long nowNs) {
        return new AstmTalk(this, nowNs);
    }

    @Override
    public AstmSpec listening() {
        return new AstmSpec(records, needsTerminator, answer, OrderDesk.NONE, quietNs, true);
    }

    @Override
    public AstmSpec with(OrderDesk desk) {
        return new AstmSpec(records, needsTerminator, answer, desk, quietNs, isReadOnly);
    }

    /** Whether orders are sent that nobody asked for. */
    boolean sendsUnasked() {
        return !isReadOnly && !answer.download().isEmpty();
    }

    @Override
    public boolean takesOrders() {
        return !isReadOnly;
    }

    @Override
    public long gapNs() {
        return SILENCE_NS;
    }

    @Override
    public boolean isChecked() {
        return true;
    }
}
