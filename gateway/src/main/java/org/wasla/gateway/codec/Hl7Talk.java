package org.wasla.gateway.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.hl7.Er7Message;
import org.wasla.gateway.hl7.Er7Segment;
import org.wasla.gateway.hl7.Hl7Answers;
import org.wasla.gateway.hl7.Hl7Answers.Outcome;
import org.wasla.gateway.hl7.MllpFrames;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Action.Deliver;
import org.wasla.gateway.message.Action.Report;
import org.wasla.gateway.message.Action.Send;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Talk;

/**
 * A conversation with a device that sends HL7 version 2 over MLLP, whichever side has opened the line: each message is
 * acknowledged once it is kept. One thread.
 */
final class Hl7Talk implements Talk {
    /** Text without a frame is over when the line is quiet for so long: its sender waits to be answered. */
    private static final long BARE_NS = 1_000_000_000L;

    private static final int WHO_MAX = 400;

    private final Hl7Spec spec;
    private final MllpFrames frames;
    private final Hl7Content content;
    private long beganNs;
    private long heardNs;
    private long goodNs;

    Hl7Talk(Hl7Spec spec, long nowNs) {
        this.spec = spec;
        this.frames = new MllpFrames(spec.bytesMax(), spec.takesBare());
        this.content = new Hl7Content(spec);
        this.beganNs = nowNs;
        this.heardNs = nowNs;
        this.goodNs = nowNs;
    }

    @Override
    public List<Action> onBytes(byte[] chunk, int length, long nowNs) {
        List<Action> actions = new ArrayList<>(onTime(nowNs));
        boolean held = frames.holdsBytes();
        heardNs = nowNs;
        act(frames.put(chunk, length), nowNs, actions);
        if (frames.takeAlive()) {
            goodNs = nowNs;
        }
        if (!held || actions.size() > 0) {
            beganNs = nowNs;
        }
        return actions;
    }

    @Override
    public List<Action> onTime(long nowNs) {
        List<Action> actions = new ArrayList<>();
        if (frames.holdsBytes() && untilGivenUpNs(nowNs) <= 0) {
            act(frames.flush(), nowNs, actions);
        }
        return actions;
    }

    private long untilGivenUpNs(long nowNs) {
        long quietNs = frames.isBare() ? Math.min(BARE_NS, spec.gapNs()) : spec.gapNs();
        return Math.min(heardNs + quietNs - nowNs, beganNs + spec.deadlineNs() - nowNs);
    }

    @Override
    public List<Action> onEnd() {
        List<Action> actions = new ArrayList<>();
        act(frames.end(), heardNs, actions);
        return actions;
    }

    @Override
    public long waitNs(long nowNs) {
        long wait = isSilent(nowNs) ? spec.quietNs() : goodNs + spec.quietNs() - nowNs;
        return Math.max(0, frames.holdsBytes() ? Math.min(wait, untilGivenUpNs(nowNs)) : wait);
    }

    @Override
    public boolean isSilent(long nowNs) {
        return nowNs - goodNs >= spec.quietNs();
    }

    private void act(List<Piece> pieces, long nowNs, List<Action> actions) {
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Noise noise) {
                actions.add(new Report(noise.fault(), noise.count(), noise.size()));
                continue;
            }
            Piece.Frame frame = (Piece.Frame) piece;
            int size = frame.size();
            for (Bytes body : Er7Message.split(frame.body())) {
                take(body, size, nowNs, actions);
                size = 0;
            }
        }
    }

    private void take(Bytes body, int size, long nowNs, List<Action> actions) {
        Er7Message message = Er7Message.read(body, spec.charset()).orElse(null);
        if (message == null) {
            actions.add(new Report(Fault.FORMAT, 1, size));
            answer(Hl7Answers.toUnreadable(), actions);
            return;
        }
        goodNs = nowNs;
        if (message.first("MSA").isPresent()) {
            // An answer is never answered: two ends must not acknowledge each other for ever.
            actions.add(new Deliver(new Message("answer", List.of()), size, Bytes.NONE, Bytes.NONE));
            return;
        }
        Optional<Bytes> orders = spec.takesOrders() ? Hl7Orders.answer(message, spec.orders()) : Optional.empty();
        if (orders.isPresent()) {
            // Nothing of a question is kept.
            actions.add(new Deliver(new Message("question", List.of()), size, orders.get(), orders.get()));
            return;
        }
        if (!Hl7Content.takes(message)) {
            actions.add(new Report(Fault.FORMAT, 1, size));
            answer(Hl7Answers.to(message, spec.answers(), Outcome.REJECTED), actions);
            return;
        }
        if (message.strays() > 0) {
            actions.add(new Report(Fault.FORMAT, 1, 0));
        }
        deliver(message, body, size, actions);
    }

    private void answer(Bytes answer, List<Action> actions) {
        if (!spec.isReadOnly() && spec.answers() != Hl7Answers.Mode.NONE && answer.size() > 0) {
            actions.add(new Send(answer));
        }
    }

    /** What one message carries is kept together or not at all; the last of it has the answers. */
    private void deliver(Er7Message message, Bytes body, int size, List<Action> actions) {
        List<Message> messages = content.messages(message);
        Bytes kept = spec.isReadOnly() ? Bytes.NONE : Hl7Answers.to(message, spec.answers(), Outcome.KEPT);
        Bytes refused = spec.isReadOnly() ? Bytes.NONE : Hl7Answers.to(message, spec.answers(), Outcome.REFUSED);
        String once = once(message, body);
        int last = messages.size() - 1;
        for (int i = 0; i <= last; i++) {
            int wire = i == 0 ? size : 0;
            String each = once == null ? null : once + '/' + i;
            Bytes ifKept = i < last ? Bytes.NONE : kept;
            Bytes ifRefused = i < last ? Bytes.NONE : refused;
            actions.add(new Deliver(messages.get(i), wire, ifKept, ifRefused, 0, each));
        }
    }

    /**
     * Sender, time, number and content: numbers alone start again with each start of a monitor (lab.md 2.1). A sender
     * that leaves out one of them may say the same twice.
     */
    private static @Nullable String once(Er7Message message, Bytes body) {
        Er7Segment header = message.header();
        String who = header.raw(3) + '|' + header.raw(7) + '|' + header.raw(10);
        if (header.text(7).isBlank() || message.controlId().isBlank() || who.length() > WHO_MAX) {
            return null;
        }
        // FNV-1a: it only has to tell apart what one sender says under one number within one second.
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < body.size(); i++) {
            hash = (hash ^ body.at(i)) * 0x100000001b3L;
        }
        return who + '|' + body.size() + '|' + Long.toHexString(hash);
    }
}
