package org.wasla.gateway.message;

import java.util.List;
import org.wasla.gateway.frame.FrameSpec;

/**
 * The talk with a device. Immutable.
 *
 * @param quietNs without a good message for this long the device counts as silent
 * @param gapNs a frame that began is given up when the line is quiet for this long
 * @param dialogue what is said to the device
 * @param runs messages that are put together
 */
public record ExchangeSpec(
        FrameSpec frame, List<MessageSpec> messages, long quietNs, long gapNs, Dialogue dialogue, List<Run> runs)
        implements TalkSpec {
    public ExchangeSpec {
        messages = List.copyOf(messages);
        runs = List.copyOf(runs);
    }

    /** Each message by itself. */
    public ExchangeSpec(FrameSpec frame, List<MessageSpec> messages, long quietNs, long gapNs, Dialogue dialogue) {
        this(frame, messages, quietNs, gapNs, dialogue, List.of());
    }

    public ExchangeSpec withRuns(List<Run> some) {
        return new ExchangeSpec(frame, messages, quietNs, gapNs, dialogue, some);
    }

    @Override
    public Talk open(long nowNs) {
        return new Exchange(this, nowNs);
    }

    @Override
    public boolean isChecked() {
        return frame.isChecked();
    }

    @Override
    public ExchangeSpec listening() {
        return new ExchangeSpec(frame, messages, quietNs, gapNs, Dialogue.NONE, runs);
    }
}
