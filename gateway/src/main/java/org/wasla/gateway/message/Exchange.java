package org.wasla.gateway.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Framer;
import org.wasla.gateway.frame.Piece;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.Action.Deliver;
import org.wasla.gateway.message.Action.Report;
import org.wasla.gateway.message.Action.Send;
import org.wasla.gateway.message.ExchangeSpec.Poll;

/**
 * One conversation with a device, from the opening of the line to its loss: bytes and time in, actions out. Pure: no
 * I/O, no clock. Times are monotonic nanoseconds of one clock. One thread.
 */
public final class Exchange {
    private final ExchangeSpec spec;
    private final Framer framer;
    private final long[] dueNs;
    private long heardNs;
    private long goodNs;
    private long askedNs;
    private @Nullable Poll asked;

    public Exchange(ExchangeSpec spec, long nowNs) {
        this.spec = spec;
        this.framer = new Framer(spec.frame());
        this.dueNs = new long[spec.polls().size()];
        Arrays.fill(dueNs, nowNs);
        this.heardNs = nowNs;
        this.goodNs = nowNs;
    }

    /** Takes the first {@code length} bytes of what the device sent. */
    public List<Action> onBytes(byte[] chunk, int length, long nowNs) {
        heardNs = nowNs;
        List<Action> actions = new ArrayList<>();
        for (Piece piece : framer.put(chunk, length)) {
            actions.add(act(piece, nowNs));
        }
        ask(nowNs, actions);
        return actions;
    }

    /** To be called when {@link #waitNs} is over without a byte. */
    public List<Action> onTime(long nowNs) {
        List<Action> actions = new ArrayList<>();
        if (framer.holdsBytes() && nowNs - heardNs >= spec.gapNs()) {
            framer.flush().forEach(piece -> actions.add(act(piece, nowNs)));
        }
        if (asked != null && nowNs - askedNs >= asked.timeoutNs()) {
            asked = null;
            actions.add(new Report(Fault.TIMEOUT, 1, 0));
        }
        ask(nowNs, actions);
        return actions;
    }

    /** The line is lost or the stream is over: what is held becomes noise. */
    public List<Action> onEnd() {
        List<Action> actions = new ArrayList<>();
        framer.flush().forEach(piece -> actions.add(act(piece, heardNs)));
        return actions;
    }

    /** @return how long the line may be listened to before {@link #onTime} is due, at most {@code quietNs} */
    public long waitNs(long nowNs) {
        long wait = isSilent(nowNs) ? spec.quietNs() : goodNs + spec.quietNs() - nowNs;
        if (framer.holdsBytes()) {
            wait = Math.min(wait, heardNs + spec.gapNs() - nowNs);
        }
        if (asked != null) {
            wait = Math.min(wait, askedNs + asked.timeoutNs() - nowNs);
        } else {
            for (long due : dueNs) {
                wait = Math.min(wait, due - nowNs);
            }
        }
        return Math.max(0, wait);
    }

    /** @return whether the device has been without a good message for longer than the profile allows */
    public boolean isSilent(long nowNs) {
        return nowNs - goodNs >= spec.quietNs();
    }

    private void ask(long nowNs, List<Action> actions) {
        for (int i = 0; asked == null && i < dueNs.length; i++) {
            if (nowNs - dueNs[i] >= 0) {
                Poll poll = spec.polls().get(i);
                long lateNs = nowNs - dueNs[i];
                dueNs[i] += poll.everyNs() * (1 + lateNs / poll.everyNs());
                asked = poll;
                askedNs = nowNs;
                actions.add(new Send(poll.send()));
            }
        }
    }

    private Action act(Piece piece, long nowNs) {
        if (piece instanceof Piece.Noise noise) {
            return new Report(noise.fault(), noise.count(), noise.size());
        }
        Piece.Frame frame = (Piece.Frame) piece;

        Fault fault = Fault.FORMAT;
        for (MessageSpec message : spec.messages()) {
            MessageSpec.Outcome outcome = message.parse(frame.body());
            if (outcome instanceof MessageSpec.Outcome.Parsed parsed) {
                goodNs = nowNs;
                asked = null;
                return new Deliver(parsed.message(), frame.size(), Bytes.NONE, Bytes.NONE);
            }
            if (outcome instanceof MessageSpec.Outcome.Damaged damaged) {
                fault = damaged.fault();
                break;
            }
        }
        return new Report(fault, 1, frame.size());
    }
}
