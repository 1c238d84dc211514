package org.wasla.gateway.codec;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.codec.AstmFrames.Event;
import org.wasla.gateway.codec.AstmFrames.Event.Control;
import org.wasla.gateway.codec.AstmFrames.Event.Frame;
import org.wasla.gateway.codec.AstmFrames.Event.Noise;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Action.Deliver;
import org.wasla.gateway.message.Action.Keep;
import org.wasla.gateway.message.Action.Report;
import org.wasla.gateway.message.Action.Send;
import org.wasla.gateway.message.Action.Settle;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Message.Happening;
import org.wasla.gateway.message.Talk;

/**
 * A conversation with an analyser by ASTM E1381 (lab.md 1.1). Each frame is kept before it is acknowledged; at EOT the
 * whole messages become results, and what is not whole becomes an event and never a result. While results cannot be
 * kept the analyser is told that we are busy. One thread.
 */
final class AstmTalk implements Talk {
    private static final long RETRY_NS = 5_000_000_000L;
    /** A line end that has not come after so long does not come: a character takes 33 ms at 300 baud. */
    private static final long LINE_END_NS = 200_000_000L;

    private static final Bytes ACK = Bytes.latin1("\6");
    private static final Bytes NAK = Bytes.latin1("\25");

    private final AstmSpec spec;
    private final AstmFrames frames = new AstmFrames();
    private final AstmSender sender;
    private final AstmHost host;
    private final Deque<Event> events = new ArrayDeque<>();
    /** What came while something was being kept. */
    private byte[] input = new byte[0];

    private @Nullable AstmSession session;
    /** The frame that is being kept. */
    private @Nullable Frame keeping;
    /** What is being settled, again and again until it is kept. */
    private @Nullable Outcome settling;

    private boolean isWaiting;
    private String lastMark = "";
    private long retryNs;
    private long heardNs;
    private long goodNs;

    /** The end of a transfer. */
    private record Outcome(List<Action> deliveries, boolean isWhole, String mark) {}

    /** How a transfer came to its end. */
    private enum End {
        /** By EOT: whole messages are results. */
        EOT,
        /** It was being read when the power failed: what is whole was acknowledged, and nobody will repeat it. */
        RESTART,
        /** The sender broke it off, and will repeat it: nothing of it is a result. */
        BROKEN
    }

    AstmTalk(AstmSpec spec, long nowNs) {
        this.spec = spec;
        this.sender = new AstmSender(nowNs);
        this.host = new AstmHost(spec, sender, nowNs);
        this.heardNs = nowNs;
        this.goodNs = nowNs;
    }

    @Override
    public List<Action> onBytes(byte[] chunk, int length, long nowNs) {
        List<Action> actions = new ArrayList<>();
        giveUpSilence(nowNs, actions);
        heardNs = nowNs;
        ByteArrayOutputStream all = new ByteArrayOutputStream(input.length + length);
        all.writeBytes(input);
        all.write(chunk, 0, length);
        input = all.toByteArray();
        return go(nowNs, actions);
    }

    @Override
    public List<Action> onTime(long nowNs) {
        List<Action> actions = new ArrayList<>();
        if (frames.awaitsLineEnd() && nowNs - heardNs >= LINE_END_NS) {
            events.addAll(frames.flush());
        }
        giveUpSilence(nowNs, actions);
        return go(nowNs, actions);
    }

    @Override
    public List<Action> onEnd() {
        List<Action> actions = new ArrayList<>();
        for (Event event : frames.flush()) {
            if (event instanceof Frame frame && spec.isReadOnly()) {
                frame(frame, heardNs, actions);
            } else if (event instanceof Frame unanswered) {
                actions.add(new Report(Fault.CUT, 1, unanswered.size()));
            } else if (event instanceof Noise noise) {
                actions.add(new Report(noise.fault(), noise.count(), noise.size()));
            }
        }
        AstmSession open = session;
        if (open != null && !isWaiting) {
            session = null;
            // A file may end without EOT.
            boolean isFile = spec.isReadOnly() && !open.hasRest(spec.needsTerminator());
            settle(open, isFile ? End.EOT : End.BROKEN, "line-lost", heardNs, actions);
        }
        return actions;
    }

    @Override
    public List<Action> onKept(boolean isKept, long nowNs) {
        List<Action> actions = new ArrayList<>();
        isWaiting = false;
        Frame frame = keeping;
        Outcome outcome = settling;
        if (frame != null) {
            keeping = null;
            if (isKept && session != null) {
                session.add(frame);
            }
            say(isKept ? ACK : NAK, actions);
        } else if (outcome != null && isKept) {
            settling = null;
            lastMark = outcome.mark().isEmpty() ? lastMark : outcome.mark();
        } else {
            retryNs = nowNs + RETRY_NS;
        }
        return go(nowNs, actions);
    }

    @Override
    public List<Action> onRestart(List<Bytes> parts, boolean isSettled, long nowNs) {
        AstmSession kept = AstmSession.of(parts);
        List<Action> actions = new ArrayList<>();
        if (kept.isEmpty()) {
            return actions;
        }
        if (isSettled) {
            lastMark = AstmSession.mark(kept.whole(spec.needsTerminator()));
            return actions;
        }
        settle(kept, End.RESTART, "restart", nowNs, actions);
        return actions;
    }

    @Override
    public long waitNs(long nowNs) {
        long wait = isSilent(nowNs) ? spec.quietNs() : goodNs + spec.quietNs() - nowNs;
        if (session != null || frames.holdsBytes()) {
            wait = Math.min(wait, heardNs + AstmSpec.SILENCE_NS - nowNs);
        }
        wait = frames.awaitsLineEnd() ? Math.min(wait, heardNs + LINE_END_NS - nowNs) : wait;
        wait = settling != null ? Math.min(wait, retryNs - nowNs) : wait;
        if (session == null && settling == null) {
            wait = Math.min(sender.waitNs(nowNs, wait), host.waitNs(nowNs));
        }
        return Math.max(0, wait);
    }

    @Override
    public boolean isSilent(long nowNs) {
        return nowNs - goodNs >= spec.quietNs();
    }

    private void giveUpSilence(long nowNs, List<Action> actions) {
        if (isWaiting || nowNs - heardNs < AstmSpec.SILENCE_NS) {
            return;
        }
        if (frames.holdsBytes()) {
            for (Event event : frames.flush()) {
                if (event instanceof Noise noise) {
                    actions.add(new Report(noise.fault(), noise.count(), noise.size()));
                }
            }
        }
        AstmSession open = session;
        if (open != null) {
            session = null;
            settle(open, End.BROKEN, "silence", nowNs, actions);
        }
    }

    /** Goes on with what came, up to what must be kept first. */
    private List<Action> go(long nowNs, List<Action> actions) {
        int at = 0;
        while (!isWaiting && (at < input.length || !events.isEmpty())) {
            Event event = events.poll();
            if (event == null) {
                frames.put(input[at] & 0xff).forEach(events::add);
                at++;
            } else {
                take(event, nowNs, actions);
            }
        }
        input = Bytes.of(input, at, input.length).toArray();
        if (!isWaiting && settling != null && nowNs - retryNs >= 0) {
            settleAgain(actions);
        }
        if (!isWaiting && !spec.isReadOnly()) {
            boolean isFree = session == null && settling == null && !frames.holdsBytes();
            if (isFree) {
                host.speak(nowNs, actions);
            } else {
                sender.due(nowNs, false, actions);
            }
        }
        return actions;
    }

    private void take(Event event, long nowNs, List<Action> actions) {
        if (event instanceof Noise noise) {
            actions.add(new Report(noise.fault(), noise.count(), noise.size()));
            if (noise.count() > 0) {
                sender.heard(-1, nowNs, actions);
            }
            // Answered like a damaged frame, or its sender would wait for us in vain.
            if ((noise.fault() == Fault.OVERLONG || noise.fault() == Fault.FORMAT) && session != null) {
                say(NAK, actions);
            }
        } else if (event instanceof Control control) {
            goodNs = nowNs;
            control(control.code(), nowNs, actions);
        } else if (event instanceof Frame frame) {
            frame(frame, nowNs, actions);
        }
    }

    private void control(int code, long nowNs, List<Action> actions) {
        if (sender.isActive()) {
            sender.heard(code, nowNs, actions);
            return;
        }
        AstmSession open = session;
        if (code == AstmFrames.ENQ && open != null && !open.isEmpty()) {
            session = null;
            settle(open, End.BROKEN, "sender-restarted", nowNs, actions);
            events.addFirst(new Control(code));
        } else if (code == AstmFrames.ENQ && settling != null) {
            // While results wait for room no others are taken.
            say(NAK, actions);
        } else if (code == AstmFrames.ENQ) {
            session = new AstmSession();
            say(ACK, actions);
        } else if (code == AstmFrames.EOT && open != null) {
            session = null;
            sender.lineIsFree(nowNs);
            settle(open, End.EOT, "eot-before-end", nowNs, actions);
        }
    }

    private void frame(Frame frame, long nowNs, List<Action> actions) {
        AstmSession open = session;
        if (open == null && spec.isReadOnly() && frame.isGood() && frame.number() == 1) {
            // Who only listens may have come after the ENQ, or read a file without it.
            open = new AstmSession();
            session = open;
        } else if (open != null && spec.isReadOnly() && isNewTransfer(frame, open)) {
            settle(open, End.EOT, "", nowNs, actions);
            open = new AstmSession();
            session = open;
        }
        if (open == null) {
            actions.add(new Report(Fault.GARBAGE, 1, frame.size()));
        } else if (!frame.isGood()) {
            refuse(Fault.CHECKSUM, frame, actions);
        } else if (open.isLast(frame)) {
            goodNs = nowNs;
            say(ACK, actions);
        } else if (!open.isNext(frame)) {
            refuse(Fault.FORMAT, frame, actions);
        } else if (!open.hasRoom(frame)) {
            refuse(Fault.OVERLONG, frame, actions);
        } else {
            goodNs = nowNs;
            accept(open, frame, actions);
        }
    }

    private boolean isNewTransfer(Frame frame, AstmSession open) {
        return frame.isGood()
                && frame.number() == 1
                && !open.isNext(frame)
                && !open.isLast(frame)
                && !open.hasRest(spec.needsTerminator());
    }

    private void accept(AstmSession open, Frame frame, List<Action> actions) {
        if (spec.isReadOnly()) {
            open.add(frame);
            return;
        }
        keeping = frame;
        isWaiting = true;
        actions.add(new Keep(AstmSession.part(frame)));
    }

    private void refuse(Fault fault, Frame frame, List<Action> actions) {
        actions.add(new Report(fault, 1, frame.size()));
        say(NAK, actions);
    }

    /**
     * What a transfer says becomes results, and what of it is not whole an event. One without frames says only that the
     * analyser is there.
     *
     * @param why the reason told when not all of it is whole
     */
    private void settle(AstmSession ended, End end, String why, long nowNs, List<Action> actions) {
        if (ended.isEmpty()) {
            return;
        }
        Bytes whole = end == End.BROKEN ? Bytes.NONE : ended.whole(spec.needsTerminator());
        boolean isWhole = end != End.BROKEN && !ended.hasRest(spec.needsTerminator());
        String mark = whole.size() == 0 ? "" : AstmSession.mark(whole);
        boolean isRepeated = !mark.isEmpty() && mark.equals(lastMark);
        List<Action> deliveries = new ArrayList<>();
        if (whole.size() > 0) {
            AstmRecords.Read read = AstmRecords.read(whole, spec.records());
            if (isRepeated) {
                actions.add(new Report(Fault.REPEATED, 1, ended.size()));
            } else {
                deliver(read.messages(), ended.size(), deliveries);
            }
            // Who asks a second time, waits a second time.
            if (end == End.EOT) {
                read.queries().forEach(host::answer);
            }
        }
        if (!isWhole) {
            actions.add(new Report(Fault.INCOMPLETE, 1, mark.isEmpty() ? ended.size() : 0));
            Map<String, Object> told = Map.of("why", why, "frames", ended.frames(), "bytes", ended.size());
            Happening happening = new Happening("incomplete", told);
            deliveries.add(new Deliver(new Message("incomplete", List.of(happening)), 0, Bytes.NONE, Bytes.NONE));
        }
        if (spec.isReadOnly()) {
            lastMark = mark.isEmpty() ? lastMark : mark;
            actions.addAll(deliveries);
        } else {
            settling = new Outcome(deliveries, isWhole, mark);
            retryNs = nowNs;
            settleAgain(actions);
        }
    }

    private static void deliver(List<Message> messages, int size, List<Action> deliveries) {
        List<Message> all = messages.isEmpty() ? List.of(new Message("empty", List.of())) : messages;
        for (int i = 0; i < all.size(); i++) {
            deliveries.add(new Deliver(all.get(i), i == 0 ? size : 0, Bytes.NONE, Bytes.NONE));
        }
    }

    private void settleAgain(List<Action> actions) {
        Outcome outcome = settling;
        if (outcome != null) {
            actions.addAll(outcome.deliveries());
            actions.add(new Settle(outcome.isWhole()));
            isWaiting = true;
        }
    }

    private void say(Bytes control, List<Action> actions) {
        if (!spec.isReadOnly()) {
            actions.add(new Send(control));
        }
    }
}
