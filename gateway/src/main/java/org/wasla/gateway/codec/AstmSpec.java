package org.wasla.gateway.codec;

import java.util.List;
import org.wasla.gateway.message.Talk;
import org.wasla.gateway.message.TalkSpec;

/**
 * How an analyser is talked with by ASTM E1381 and E1394 (CLSI LIS01, LIS02; lab.md 1). Immutable.
 *
 * @param records how its records are read
 * @param needsTerminator whether a message without its L record is not whole
 * @param answer how its questions for orders are answered
 * @param worklist what is ordered on a specimen
 * @param quietNs without anything from the analyser for this long it counts as silent
 * @param isReadOnly whether no byte is ever sent: then a stream may begin without ENQ and end without EOT
 */
public record AstmSpec(
        AstmDialect records,
        boolean needsTerminator,
        Answer answer,
        Worklist worklist,
        long quietNs,
        boolean isReadOnly)
        implements TalkSpec {
    /** A receiver gives up after this long without a frame (E1381-95 8.2.5.2). */
    static final long SILENCE_NS = 30_000_000_000L;

    /**
     * How questions are answered.
     *
     * @param header the H record
     * @param textBytes most characters of a frame's text; 0: each record is a frame and a message of the link
     */
    public record Answer(String header, int textBytes) {}

    /** What is ordered on specimens: fed by the platform. Called on the device's thread; must not block. */
    @FunctionalInterface
    public interface Worklist {
        /** Nothing is ever ordered. */
        Worklist EMPTY = query -> List.of();

        /** @return the P and O records that answer the question, without a line end; none when nothing is ordered */
        List<String> orders(AstmQuery query);
    }

    @Override
    public Talk open(long nowNs) {
        return new AstmTalk(this, nowNs);
    }

    @Override
    public AstmSpec listening() {
        return new AstmSpec(records, needsTerminator, answer, worklist, quietNs, true);
    }

    /** The same with orders. */
    public AstmSpec with(Worklist orders) {
        return new AstmSpec(records, needsTerminator, answer, orders, quietNs, isReadOnly);
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
