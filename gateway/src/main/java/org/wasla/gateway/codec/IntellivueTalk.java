package org.wasla.gateway.codec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.wasla.gateway.codec.IntellivueApdu.Kind;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Action.Deliver;
import org.wasla.gateway.message.Action.Report;
import org.wasla.gateway.message.Action.Send;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Talk;

/**
 * The talk with a monitor (bedside.md 2.1): associate, acknowledge the event with which it says what it is, ask for
 * numerics, alarms and waves for ten minutes, ask again before they are over, and show that we live. Without a unit for
 * five seconds the association is lost and begun anew. One thread.
 */
final class IntellivueTalk implements Talk {
    static final long GAP_NS = 1_000_000_000L;
    private static final long MS = 1_000_000;
    private static final long LOST_NS = 5_000 * MS;
    private static final long RETRY_NS = 2_000 * MS;
    private static final long ALIVE_NS = 4_000 * MS;
    private static final long RENEW_NS = 540_000 * MS;
    /** A poll that nothing answers, since a module was plugged in late, is asked again. */
    private static final long UNANSWERED_NS = 60_000 * MS;
    /** The monitor takes four frames in this time. */
    private static final long PACE_NS = 128 * MS;

    private static final int PACE_FRAMES = 4;

    private final IntellivueSpec spec;
    private final IntellivueWire wire;
    private final IntellivueRequests requests = new IntellivueRequests();
    private final IntellivueObjects objects;
    private final List<Poll> polls = new ArrayList<>();
    private final Deque<Bytes> waiting = new ArrayDeque<>();
    private final long[] sentNs = new long[PACE_FRAMES];
    private int sent;
    private Phase phase = Phase.CLOSED;
    /** When the association is asked for next; once it is accepted, until when the event is waited for. */
    private long askNs;

    private long heardNs;
    private long goodNs;

    private enum Phase {
        CLOSED,
        ASKED,
        ACCEPTED,
        OPEN
    }

    /** An extended poll, and when it was asked and last answered. */
    private static final class Poll {
        private final int of;
        private long askedNs;
        private long heardNs;

        Poll(int of) {
            this.of = of;
        }

        long dueNs() {
            long quiet = (heardNs - askedNs > 0 ? heardNs : askedNs) + UNANSWERED_NS;
            return quiet - askedNs < RENEW_NS ? quiet : askedNs + RENEW_NS;
        }
    }

    IntellivueTalk(IntellivueSpec spec, long nowNs) {
        this.spec = spec;
        this.wire = new IntellivueWire(spec.carrier());
        this.objects = new IntellivueObjects(spec.units());
        this.askNs = nowNs;
        this.heardNs = nowNs;
        this.goodNs = nowNs;
        Arrays.fill(sentNs, nowNs - PACE_NS);
        polls.add(new Poll(IntellivueApdu.NUMERICS));
        polls.add(new Poll(IntellivueApdu.ALARMS));
        if (!spec.waves().isEmpty()) {
            polls.add(new Poll(IntellivueApdu.WAVES));
        }
    }

    @Override
    public List<Action> onBytes(byte[] chunk, int length, long nowNs) {
        heardNs = nowNs;
        List<Action> actions = new ArrayList<>();
        wire.put(chunk, length).forEach(piece -> act(piece, nowNs, actions));
        due(nowNs, actions);
        return actions;
    }

    @Override
    public List<Action> onTime(long nowNs) {
        List<Action> actions = new ArrayList<>();
        if (wire.holdsBytes() && nowNs - heardNs >= GAP_NS) {
            wire.flush().forEach(piece -> act(piece, nowNs, actions));
        }
        due(nowNs, actions);
        return actions;
    }

    @Override
    public List<Action> onEnd() {
        List<Action> actions = new ArrayList<>();
        wire.flush().forEach(piece -> act(piece, heardNs, actions));
        return actions;
    }

    /** So that the monitor is free for another client at once. */
    @Override
    public List<Send> onStop(long nowNs) {
        return spec.silent() || phase == Phase.CLOSED ? List.of() : List.of(new Send(wire.wrap(requests.release())));
    }

    @Override
    public boolean hasLastWords() {
        return !spec.silent();
    }

    @Override
    public boolean isSilent(long nowNs) {
        return nowNs - goodNs >= LOST_NS;
    }

    @Override
    public long waitNs(long nowNs) {
        long wait = isSilent(nowNs) ? LOST_NS : goodNs + LOST_NS - nowNs;
        if (wire.holdsBytes()) {
            wait = Math.min(wait, heardNs + GAP_NS - nowNs);
        }
        if (!spec.silent()) {
            wait = Math.min(wait, toSendNs(nowNs));
        }
        return Math.max(0, wait);
    }

    private long toSendNs(long nowNs) {
        if (!waiting.isEmpty()) {
            return paceNs() - nowNs;
        }
        if (phase != Phase.OPEN) {
            return askNs - nowNs;
        }
        long wait = lastSentNs() + ALIVE_NS - nowNs;
        for (Poll poll : polls) {
            wait = Math.min(wait, poll.dueNs() - nowNs);
        }
        return wait;
    }

    private void act(Piece piece, long nowNs, List<Action> actions) {
        if (piece instanceof Piece.Noise noise) {
            actions.add(new Report(noise.fault(), noise.count(), noise.size()));
            return;
        }
        Piece.Frame frame = (Piece.Frame) piece;
        IntellivueApdu apdu = IntellivueApdu.parse(frame.body());
        List<Field> fields = apdu == null ? null : objects.fields(apdu);
        if (apdu == null || fields == null) {
            actions.add(new Report(Fault.FORMAT, 1, frame.size()));
            return;
        }
        if (apdu.kind() == Kind.REFUSE || apdu.kind() == Kind.ABORT) {
            refused(nowNs, actions);
            return;
        }
        goodNs = nowNs;
        Bytes answer = heard(apdu, nowNs);
        actions.add(new Deliver(new Message(type(apdu), fields), frame.size(), answer, answer));
    }

    /** It may be that another client has the monitor: it is asked again for ever, and slowly. */
    private void refused(long nowNs, List<Action> actions) {
        actions.add(new Report(Fault.REFUSED, 1, 0));
        close(nowNs + RETRY_NS);
    }

    private void close(long againNs) {
        phase = Phase.CLOSED;
        askNs = againNs;
        waiting.clear();
    }

    /** @return what is owed to the unit */
    private Bytes heard(IntellivueApdu apdu, long nowNs) {
        switch (apdu.kind()) {
            case ACCEPT -> {
                objects.forget();
                if (phase == Phase.ASKED) {
                    phase = Phase.ACCEPTED;
                    askNs = nowNs + LOST_NS;
                }
            }
            case CREATED -> {
                return created(apdu, nowNs);
            }
            case POLLED -> {
                for (Poll poll : polls) {
                    poll.heardNs = poll.of == apdu.of() ? nowNs : poll.heardNs;
                }
            }
            default -> {}
        }
        return Bytes.NONE;
    }

    /** The accept before it may have been lost on the line: then the event says as much. */
    private Bytes created(IntellivueApdu event, long nowNs) {
        if (spec.silent()) {
            return Bytes.NONE;
        }
        if (phase != Phase.OPEN) {
            phase = Phase.OPEN;
            if (!spec.waves().isEmpty()) {
                waiting.add(requests.wavePriorities(spec.waves()));
            }
            polls.forEach(poll -> ask(poll, nowNs));
        }
        countSent(nowNs);
        return wire.wrap(requests.createResult(event));
    }

    private void ask(Poll poll, long nowNs) {
        poll.askedNs = nowNs;
        poll.heardNs = nowNs;
        waiting.add(requests.extendedPoll(poll.of));
    }

    private void due(long nowNs, List<Action> actions) {
        if (spec.silent()) {
            return;
        }
        // The event after the accept is sent once only: without it nothing could be asked.
        boolean isLost = phase == Phase.OPEN ? isSilent(nowNs) : phase == Phase.ACCEPTED && nowNs - askNs >= 0;
        if (isLost) {
            actions.add(new Report(Fault.TIMEOUT, 1, 0));
            close(nowNs);
            waiting.add(requests.release());
        }
        if ((phase == Phase.CLOSED || phase == Phase.ASKED) && nowNs - askNs >= 0) {
            phase = Phase.ASKED;
            askNs = nowNs + RETRY_NS;
            waiting.add(requests.association());
        }
        for (Poll poll : polls) {
            if (phase == Phase.OPEN && nowNs - poll.dueNs() >= 0) {
                ask(poll, nowNs);
            }
        }
        boolean isIdle = waiting.isEmpty() && nowNs - lastSentNs() >= ALIVE_NS;
        if (isIdle && phase == Phase.OPEN) {
            waiting.add(requests.keepAlive());
        }
        while (!waiting.isEmpty() && nowNs - paceNs() >= 0) {
            countSent(nowNs);
            actions.add(new Send(wire.wrap(waiting.remove())));
        }
    }

    private void countSent(long nowNs) {
        sentNs[sent++ % PACE_FRAMES] = nowNs;
    }

    private long lastSentNs() {
        return sentNs[(sent + PACE_FRAMES - 1) % PACE_FRAMES];
    }

    /** @return when the next frame may be sent */
    private long paceNs() {
        return sentNs[sent % PACE_FRAMES] + PACE_NS;
    }

    private static String type(IntellivueApdu apdu) {
        return switch (apdu.kind()) {
            case CREATED -> "monitor";
            case POLLED ->
                switch (apdu.of()) {
                    case IntellivueApdu.NUMERICS -> "numerics";
                    case IntellivueApdu.WAVES -> "waves";
                    case IntellivueApdu.ALARMS -> "alarms";
                    default -> "monitor";
                };
            default -> "association";
        };
    }
}
