package org.wasla.gateway.message;

import java.util.List;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.FrameSpec;

/**
 * The talk with a device. Immutable.
 *
 * @param quietNs without a good message for this long the device counts as silent
 * @param gapNs a frame that began is given up when the line is quiet for this long
 * @param polls questions asked in turn; none when the device speaks by itself
 */
public record ExchangeSpec(FrameSpec frame, List<MessageSpec> messages, long quietNs, long gapNs, List<Poll> polls) {
    /** A question: sent every {@code everyNs}, the next only after an answer or {@code timeoutNs}. */
    public record Poll(Bytes send, long everyNs, long timeoutNs) {}

    public ExchangeSpec {
        messages = List.copyOf(messages);
        polls = List.copyOf(polls);
    }

    /** The same talk without a question of ours: beside another reader on the line, and for captures. */
    public ExchangeSpec listening() {
        return new ExchangeSpec(frame, messages, quietNs, gapNs, List.of());
    }
}
