package org.wasla.gateway.message;

import java.util.List;
import org.wasla.gateway.frame.FrameSpec;

/**
 * The talk with a device. Immutable.
 *
 * @param quietNs without a good message for this long the device counts as silent
 * @param gapNs a frame that began is given up when the line is quiet for this long
 * @param dialogue what is said to the device
 */
public record ExchangeSpec(FrameSpec frame, List<MessageSpec> messages, long quietNs, long gapNs, Dialogue dialogue) {
    public ExchangeSpec {
        messages = List.copyOf(messages);
    }

    /** The same talk without a byte of ours: beside another reader on the line, and for captures. */
    public ExchangeSpec listening() {
        return new ExchangeSpec(frame, messages, quietNs, gapNs, Dialogue.NONE);
    }
}
