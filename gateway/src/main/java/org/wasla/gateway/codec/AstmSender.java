package org.wasla.gateway.codec;

import java.nio.charset.Charset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Action.Report;
import org.wasla.gateway.message.Action.Send;
import org.wasla.gateway.orders.Order;

/**
 * The computer as sender of ASTM E1381 (lab.md 1.1): asks for the line, sends frame by frame, the same again after a
 * NAK, and gives way to the instrument. A message that does not get through is tried again from its beginning, and given
 * up after some times. One thread.
 */
final class AstmSender {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long ANSWER_NS = 15 * SECOND_NS;
    private static final long BUSY_NS = 10 * SECOND_NS;
    private static final long CONTENTION_NS = 20 * SECOND_NS;
    private static final long INTERRUPT_NS = 15 * SECOND_NS;
    /** Who did not take what it had not asked for is left alone so long, or until it has spoken. */
    private static final long UNASKED_NS = 60 * SECOND_NS;

    private static final int FRAME_TIMES_MAX = 6;
    private static final int MESSAGE_TIMES_MAX = 6;
    private static final int QUEUE_MAX = 16;
    private static final Bytes ENQUIRY = Bytes.latin1("\5");
    private static final Bytes END = Bytes.latin1("\4");

    private enum State {
        IDLE,
        ASKING,
        SENDING
    }

    private final Deque<Letter> queue = new ArrayDeque<>();
    private final List<Order> accepted = new ArrayList<>();
    private State state = State.IDLE;
    private int frame;
    private int frameTimes;
    private int messageTimes;
    private long untilNs;
    private long notBeforeNs;

    /**
     * A message for the instrument. Immutable.
     *
     * @param orders what is ordered with it
     * @param isAsked whether the instrument waits for it; else it is tried once, and whoever gave it may give it again
     */
    record Letter(List<Bytes> frames, List<Order> orders, boolean isAsked) {
        Letter {
            frames = List.copyOf(frames);
            orders = List.copyOf(orders);
        }
    }

    AstmSender(long nowNs) {
        this.notBeforeNs = nowNs;
    }

    /** @return the frames that carry these records: one for each, or as few as their greatest text allows */
    static List<Bytes> frames(List<String> records, int textBytes, @Nullable Charset charset) {
        List<Bytes> frames = new ArrayList<>();
        if (textBytes == 0) {
            for (String record : records) {
                Bytes text = Bytes.of(AstmOrders.bytes(List.of(record), charset));
                frames.add(AstmFrames.frame((frames.size() + 1) % 8, text, true));
            }
            return frames;
        }
        byte[] text = AstmOrders.bytes(records, charset);
        for (int from = 0; from < text.length; from += textBytes) {
            int to = Math.min(text.length, from + textBytes);
            frames.add(AstmFrames.frame((frames.size() + 1) % 8, Bytes.of(text, from, to), to == text.length));
        }
        return frames;
    }

    /** @return whether there is room for the message */
    boolean offer(Letter letter) {
        return queue.size() < QUEUE_MAX && queue.add(letter);
    }

    /** Whether nothing is to be sent. */
    boolean isIdle() {
        return state == State.IDLE && queue.isEmpty();
    }

    /** @return how long the instrument is to be left alone still, at most 0 when it is not */
    long pauseNs(long nowNs) {
        return notBeforeNs - nowNs;
    }

    /** @return what the instrument has taken since the last call */
    List<Order> takeAccepted() {
        List<Order> taken = List.copyOf(accepted);
        accepted.clear();
        return taken;
    }

    /** Whether the line is ours, or we have asked for it. */
    boolean isActive() {
        return state != State.IDLE;
    }

    /** The instrument has said what it had to say: whoever gave way to it may go on. */
    void lineIsFree(long nowNs) {
        notBeforeNs = notBeforeNs - nowNs > 0 ? nowNs : notBeforeNs;
    }

    /** @param isFree whether nobody else has the line */
    void due(long nowNs, boolean isFree, List<Action> actions) {
        if (state == State.IDLE && isFree && !queue.isEmpty() && nowNs - notBeforeNs >= 0) {
            state = State.ASKING;
            untilNs = nowNs + ANSWER_NS;
            actions.add(new Send(ENQUIRY));
        } else if (state != State.IDLE && nowNs - untilNs >= 0) {
            actions.add(new Report(Fault.TIMEOUT, 1, 0));
            abort(nowNs, BUSY_NS, actions);
        }
    }

    long waitNs(long nowNs, long otherwise) {
        if (state != State.IDLE) {
            return Math.min(otherwise, untilNs - nowNs);
        }
        return queue.isEmpty() ? otherwise : Math.min(otherwise, notBeforeNs - nowNs);
    }

    /** @param code of a control character, or any other value for what is none */
    void heard(int code, long nowNs, List<Action> actions) {
        if (state == State.ASKING) {
            asked(code, nowNs, actions);
        } else if (state == State.SENDING) {
            answered(code, nowNs, actions);
        }
    }

    private void asked(int code, long nowNs, List<Action> actions) {
        if (code == AstmFrames.ACK) {
            state = State.SENDING;
            frame = 0;
            frameTimes = 0;
            send(nowNs, actions);
        } else if (code == AstmFrames.NAK) {
            state = State.IDLE;
            notBeforeNs = nowNs + BUSY_NS;
            giveBack();
        } else if (code == AstmFrames.ENQ) {
            // The instrument has priority; it asks again after a second.
            state = State.IDLE;
            notBeforeNs = nowNs + CONTENTION_NS;
            giveBack();
        }
    }

    /** What nobody asked for may have changed by the next time. */
    private void giveBack() {
        if (!queue.getFirst().isAsked()) {
            queue.removeFirst();
        }
    }

    private void answered(int code, long nowNs, List<Action> actions) {
        boolean isLast = frame == queue.getFirst().frames().size() - 1;
        if (isLast && (code == AstmFrames.ACK || code == AstmFrames.EOT)) {
            actions.add(new Send(END));
            state = State.IDLE;
            accepted.addAll(queue.removeFirst().orders());
            messageTimes = 0;
        } else if (code == AstmFrames.ACK) {
            frame++;
            frameTimes = 0;
            send(nowNs, actions);
        } else if (code == AstmFrames.EOT) {
            abort(nowNs, INTERRUPT_NS, actions);
        } else if (frameTimes >= FRAME_TIMES_MAX) {
            actions.add(new Report(Fault.REFUSED, 1, 0));
            abort(nowNs, BUSY_NS, actions);
        } else {
            send(nowNs, actions);
        }
    }

    private void send(long nowNs, List<Action> actions) {
        frameTimes++;
        untilNs = nowNs + ANSWER_NS;
        actions.add(new Send(queue.getFirst().frames().get(frame)));
    }

    private void abort(long nowNs, long pauseNs, List<Action> actions) {
        actions.add(new Send(END));
        state = State.IDLE;
        notBeforeNs = nowNs + pauseNs;
        if (!queue.getFirst().isAsked()) {
            notBeforeNs = nowNs + Math.max(pauseNs, UNASKED_NS);
            giveBack();
        } else if (++messageTimes >= MESSAGE_TIMES_MAX) {
            queue.removeFirst();
            messageTimes = 0;
            actions.add(new Report(Fault.REFUSED, 1, 0));
        }
    }
}
