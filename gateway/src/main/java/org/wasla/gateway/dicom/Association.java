package org.wasla.gateway.dicom;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.Effect.Aborted;
import org.wasla.gateway.dicom.Effect.Aborted.Cause;
import org.wasla.gateway.dicom.PduReader.Event.Slice;
import org.wasla.gateway.dicom.PduReader.Event.Whole;
import org.wasla.gateway.dicom.PduReader.Event.Wrong;
import org.wasla.gateway.frame.Bytes;

/**
 * One association of either role: bytes and time in, effects out (PS3.8 section 9.2), with DIMSE messages put together
 * (PS3.7 annex F). Data sets are given in slices and never held. One thread. Times are monotonic, ns.
 */
public final class Association {
    private final Timing timing;
    private final Pdu.@Nullable Request ours;
    private final PduReader reader = new PduReader();
    private final Map<Integer, String> contexts = new HashMap<>();
    private final ByteArrayOutputStream command = new ByteArrayOutputStream();
    private List<Effect> effects = new ArrayList<>();
    private State state = State.IDLE;
    private long peerBytesMax;
    private long markNs;
    private int sinceMark;
    private int commandContext;
    private int dataContext;
    private boolean isDataDue;

    private Association(Timing timing, Pdu.@Nullable Request ours, long nowNs) {
        this.timing = timing;
        this.ours = ours;
        this.markNs = nowNs;
    }

    /** For a connection that a peer opened. */
    public static Association acceptor(Timing timing, long nowNs) {
        Association association = new Association(timing, null, nowNs);
        association.act(State.Event.INDICATED, null, Cause.LOCAL, nowNs);
        return association;
    }

    /** For a connection that we opened; {@link #begin} gives the request. */
    public static Association requestor(Timing timing, Pdu.Request request, long nowNs) {
        Association association = new Association(timing, request, nowNs);
        association.act(State.Event.LOCAL_REQUEST, null, Cause.LOCAL, nowNs);
        return association;
    }

    /** The connection that we opened is there. */
    public List<Effect> begin(long nowNs) {
        act(State.Event.CONNECTED, null, Cause.LOCAL, nowNs);
        return taken();
    }

    /** Takes bytes of the peer; {@link Effect.Data} points into them. */
    public List<Effect> onBytes(byte[] chunk, int from, int to, long nowNs) {
        boolean wasBusy = isBusy();
        reader.put(chunk, from, to);
        PduReader.Event event = reader.next();
        while (event != null && state != State.IDLE) {
            if (event instanceof Whole whole) {
                act(arrived(whole.pdu()), whole.pdu(), Cause.PROTOCOL, nowNs);
            } else if (event instanceof Slice slice) {
                slice(slice, nowNs);
            } else if (event instanceof Wrong wrong) {
                act(State.Event.WRONG_PDU, new Pdu.Abort(Pdu.Abort.PROVIDER, wrong.reason()), Cause.PROTOCOL, nowNs);
            }
            event = reader.next();
        }
        sinceMark += to - from;
        if (state == State.ESTABLISHED && (!wasBusy || !isBusy() || sinceMark >= Timing.PROGRESS_BYTES)) {
            mark(nowNs);
        }
        return taken();
    }

    private static State.Event arrived(Pdu pdu) {
        if (pdu instanceof Pdu.Request) {
            return State.Event.REQUEST_PDU;
        }
        if (pdu instanceof Pdu.Accept) {
            return State.Event.ACCEPT_PDU;
        }
        if (pdu instanceof Pdu.Reject) {
            return State.Event.REJECT_PDU;
        }
        if (pdu instanceof Pdu.Abort) {
            return State.Event.ABORT_PDU;
        }
        return pdu instanceof Pdu.ReleaseRequest ? State.Event.RELEASE_REQUEST_PDU : State.Event.RELEASE_REPLY_PDU;
    }

    private void slice(Slice slice, long nowNs) {
        act(State.Event.DATA_PDU, null, Cause.PROTOCOL, nowNs);
        if (state != State.ESTABLISHED && state != State.AWAIT_RELEASE) {
            return;
        }
        boolean isSound = slice.isCommand() ? commandPart(slice) : dataPart(slice);
        if (!isSound) {
            act(State.Event.LOCAL_ABORT, Pdu.Abort.BY_USER, Cause.MESSAGE, nowNs);
        }
    }

    private boolean commandPart(Slice slice) {
        boolean isContinued = command.size() > 0;
        if (isDataDue
                || !contexts.containsKey(slice.context())
                || isContinued && commandContext != slice.context()
                || command.size() + slice.to() - slice.from() > CommandSet.BYTES_MAX) {
            return false;
        }
        commandContext = slice.context();
        command.writeBytes(reader.bytes(slice));
        if (!slice.isLast()) {
            return true;
        }
        CommandSet set = CommandSet.read(Bytes.of(command.toByteArray()));
        command.reset();
        if (set == null) {
            return false;
        }
        isDataDue = set.hasDataSet();
        dataContext = slice.context();
        effects.add(new Effect.Command(slice.context(), set));
        return true;
    }

    private boolean dataPart(Slice slice) {
        if (!isDataDue || dataContext != slice.context()) {
            return false;
        }
        isDataDue = !slice.isLast();
        if (slice.isLast() || slice.from() < slice.to()) {
            effects.add(new Effect.Data(slice.context(), slice.from(), slice.to(), slice.isLast()));
        }
        return true;
    }

    /** The peer closed the connection, or it broke. */
    public List<Effect> onClosed(long nowNs) {
        if (state != State.IDLE) {
            act(State.Event.CLOSED, null, Cause.CLOSED, nowNs);
        }
        return taken();
    }

    /** How long {@link #onTime} may wait, ns; 0 when it is due, {@code Long.MAX_VALUE} when it need not be called. */
    public long waitNs(long nowNs) {
        long limitNs = limitNs();
        return limitNs == Long.MAX_VALUE ? limitNs : Math.max(0, limitNs - (nowNs - markNs));
    }

    private long limitNs() {
        return switch (state) {
            case IDLE, AWAIT_LOCAL_ANSWER, AWAIT_CONNECTION -> Long.MAX_VALUE;
            case AWAIT_CLOSE -> timing.closeNs();
            case ESTABLISHED, AWAIT_LOCAL_RELEASE -> isBusy() ? timing.stallNs() : timing.idleNs();
            default -> timing.requestNs();
        };
    }

    /** Whether a message or a PDU of an association that stands is under way. */
    public boolean isBusy() {
        return state == State.ESTABLISHED && (reader.isInside() || command.size() > 0 || isDataDue);
    }

    /** To be called when {@link #waitNs} has passed. */
    public List<Effect> onTime(long nowNs) {
        if (waitNs(nowNs) == 0) {
            boolean isTimer = state == State.AWAIT_REQUEST || state == State.AWAIT_CLOSE;
            act(
                    isTimer ? State.Event.TIMED_OUT : State.Event.LOCAL_ABORT,
                    isTimer ? null : Pdu.Abort.BY_USER,
                    Cause.SILENCE,
                    nowNs);
        }
        return taken();
    }

    /** Answers a request; nothing happens where the peer, in the same bytes, has ended already what it asked for. */
    public List<Effect> accept(Pdu.Accept answer, long peerDataBytesMax, long nowNs) {
        if (state == State.AWAIT_LOCAL_ANSWER) {
            act(State.Event.LOCAL_ACCEPT, answer, Cause.LOCAL, nowNs);
            peerBytesMax = peerDataBytesMax;
        }
        return taken();
    }

    /** Refuses a request; nothing happens where the peer has ended already what it asked for. */
    public List<Effect> reject(Pdu.Reject why, long nowNs) {
        if (state == State.AWAIT_LOCAL_ANSWER) {
            act(State.Event.LOCAL_REJECT, why, Cause.LOCAL, nowNs);
        }
        return taken();
    }

    /** Asks for the end, or agrees to it; nothing happens where neither is possible. */
    public List<Effect> release(long nowNs) {
        for (State.Event event : new State.Event[] {State.Event.LOCAL_RELEASE, State.Event.LOCAL_RELEASE_REPLY}) {
            if (state.on(event) != null) {
                act(event, null, Cause.LOCAL, nowNs);
                break;
            }
        }
        return taken();
    }

    /** Ends at once; nothing happens where it has ended already. */
    public List<Effect> abort(long nowNs) {
        if (state.on(State.Event.LOCAL_ABORT) != null) {
            act(State.Event.LOCAL_ABORT, Pdu.Abort.BY_USER, Cause.LOCAL, nowNs);
        }
        return taken();
    }

    /** Whether messages may be written now: their bytes are made by {@link Fragments}. */
    public boolean maySend() {
        return state.on(State.Event.LOCAL_DATA) != null;
    }

    /** What the peer takes behind the header of a P-DATA-TF; 0 is no limit. */
    public long peerBytesMax() {
        return peerBytesMax;
    }

    /** The transfer syntax of an accepted context, null when it is none. */
    public @Nullable String transferSyntax(int context) {
        return contexts.get(context);
    }

    private List<Effect> taken() {
        List<Effect> all = effects;
        effects = new ArrayList<>();
        return all;
    }

    private void mark(long nowNs) {
        markNs = nowNs;
        sinceMark = 0;
    }

    private void act(State.Event event, @Nullable Pdu pdu, Cause cause, long nowNs) {
        State.Action action = state.on(event);
        if (action == null) {
            throw new IllegalStateException(event + " in " + state);
        }
        State next = action.next(ours != null);
        if (next != state) {
            mark(nowNs);
        }
        state = next;
        perform(action, pdu, cause);
    }

    private void perform(State.Action action, @Nullable Pdu pdu, Cause cause) {
        switch (action) {
            case AE2 -> send(Objects.requireNonNull(ours));
            case AE3 -> established((Pdu.Accept) Objects.requireNonNull(pdu));
            case AE4 -> end(new Effect.Rejected((Pdu.Reject) Objects.requireNonNull(pdu)));
            case AE6 -> effects.add(new Effect.Requested((Pdu.Request) Objects.requireNonNull(pdu)));
            case AE7 -> {
                admit((Pdu.Accept) Objects.requireNonNull(pdu));
                send(pdu);
            }
            case AE8 -> send(Objects.requireNonNull(pdu));
            case AR1 -> send(new Pdu.ReleaseRequest());
            case AR2, AR8, AR10 -> effects.add(new Effect.ReleaseRequested());
            case AR3 -> end(new Effect.Released());
            case AR4 -> {
                send(new Pdu.ReleaseReply());
                effects.add(new Effect.Released());
            }
            case AR9 -> send(new Pdu.ReleaseReply());
            case AA1, AA8 -> {
                Pdu.Abort abort = told(pdu);
                send(abort);
                effects.add(new Aborted(cause, abort));
            }
            case AA2 -> end(cause == Cause.SILENCE ? null : new Aborted(Cause.PEER, told(pdu)));
            case AA3 -> end(new Aborted(Cause.PEER, told(pdu)));
            case AA4 -> end(new Aborted(Cause.CLOSED, told(pdu)));
            case AA5, AR5 -> end(null);
            case AA7 -> send(told(pdu));
            case AE1, AE5, DT1, DT2, AR6, AR7, AA6 -> {
                // the state alone changes, or the caller goes on with the slice
            }
        }
    }

    /** What an A-ABORT says when it answers this; a PDU at the wrong time is unexpected. */
    private static Pdu.Abort told(@Nullable Pdu pdu) {
        return pdu instanceof Pdu.Abort abort ? abort : new Pdu.Abort(Pdu.Abort.PROVIDER, Pdu.Abort.UNEXPECTED);
    }

    private void established(Pdu.Accept answer) {
        admit(answer);
        peerBytesMax = answer.user().dataBytesMax();
        effects.add(new Effect.Established(answer));
    }

    private void admit(Pdu.Accept answer) {
        for (Pdu.Answer each : answer.answers()) {
            if (each.outcome() == Pdu.Outcome.ACCEPTED) {
                contexts.put(each.id(), each.transferSyntax());
            }
        }
    }

    private void send(Pdu pdu) {
        effects.add(new Effect.Send(Bytes.of(PduCodec.write(pdu))));
    }

    private void end(@Nullable Effect last) {
        if (last != null) {
            effects.add(last);
        }
        effects.add(new Effect.Close());
    }

    @Override
    public String toString() {
        return state.toString();
    }
}
