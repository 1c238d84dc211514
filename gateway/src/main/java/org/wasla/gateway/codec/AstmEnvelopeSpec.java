package org.wasla.gateway.codec;

import org.wasla.gateway.message.Talk;
import org.wasla.gateway.message.TalkSpec;

/**
 * How an analyser is talked with that sends its E1394 records between SOH and EOT, without the frames of E1381, and
 * waits for one ACK (Radiometer ABL9; lab.md 1.4). Immutable.
 *
 * @param records how its records are read
 * @param quietNs without a message for this long it counts as silent
 * @param isReadOnly whether no byte is ever sent
 */
public record AstmEnvelopeSpec(AstmDialect records, long quietNs, boolean isReadOnly) implements TalkSpec {
    /** Longest pause within a message: it is sent in one go, over a network. */
    private static final long GAP_NS = 10_000_000_000L;

    @Override
    public Talk open(long nowNs) {
        return new AstmEnvelopeTalk(this, nowNs);
    }

    @Override
    public AstmEnvelopeSpec listening() {
        return new AstmEnvelopeSpec(records, quietNs, true);
    }

    @Override
    public long gapNs() {
        return GAP_NS;
    }

    @Override
    public boolean isChecked() {
        return false;
    }
}
