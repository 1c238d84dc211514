package org.wasla.gateway.uplink;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.command.Command;
import org.wasla.gateway.outbox.Outbox;

/**
 * The replays that were ordered: one runs, at most {@value #WAITING_MAX} wait, more are refused. An order that comes
 * twice (QoS 1) counts once. They live in memory: after a restart the subscriber asks again. Thread-safe: orders come
 * on the downlink's thread, parcels go on the uplink's.
 */
final class Replays {

    static final int WAITING_MAX = 16;
    private static final int KNOWN_MAX = 64;
    private static final int ANSWERS_MAX = 64;
    private static final Logger LOG = LoggerFactory.getLogger(Replays.class);

    private final Outbox outbox;
    private final ArrayDeque<Replay> waiting = new ArrayDeque<>();
    private final Set<String> known = new LinkedHashSet<>();
    private final ArrayBlockingQueue<Answer> answers = new ArrayBlockingQueue<>(ANSWERS_MAX);
    private @Nullable Replay running;

    Replays(Outbox outbox) {
        this.outbox = outbox;
    }

    synchronized void order(Command.Replay order) {
        if (!known.add(order.client() + "/" + order.jti())) {
            return;
        }
        if (known.size() > KNOWN_MAX) {
            known.remove(known.iterator().next());
        }
        if (waiting.size() >= WAITING_MAX) {
            answer(Answer.refused(
                    order.client(), "replay", order.jti(), WAITING_MAX + " replays wait already; ask again later"));
        } else {
            waiting.add(new Replay(order));
        }
    }

    /** Puts an answer where the downlink finds it; one that finds no place is lost, and the order can be repeated. */
    void answer(Answer answer) {
        if (!answers.offer(answer)) {
            LOG.warn("answer dropped verb={} jti={}: the buffer takes none", answer.verb(), answer.jti());
        }
    }

    /** The next answer for the outbox, null when there is none. */
    @Nullable
    Answer nextAnswer() {
        return answers.poll();
    }

    synchronized boolean hasNext() throws IOException {
        while (running != null || !waiting.isEmpty()) {
            Replay replay = running == null ? waiting.remove() : running;
            running = replay;
            if (replay.hasNext(outbox)) {
                return true;
            }
            if (!replay.isOver()) {
                return false;
            }
            finish();
        }
        return false;
    }

    synchronized Optional<Parcel> next(Packer packer) throws IOException {
        Replay replay = hasNext() ? running : null;
        return replay == null ? Optional.empty() : Optional.of(replay.next(packer));
    }

    synchronized void landed(Replay replay, Parcel parcel) {
        replay.landed(parcel);
        if (replay == running && replay.isOver()) {
            finish();
        }
    }

    /** This one cannot go on. */
    synchronized void fail(Replay replay, String why) {
        replay.fail(why);
        if (replay == running) {
            finish();
        }
    }

    private void finish() {
        Replay replay = running;
        if (replay != null) {
            answer(replay.answer());
            running = null;
        }
    }

    /** A connection begins: nothing is under way. */
    synchronized void rewind() {
        if (running != null) {
            running.rewind();
        }
    }

    /** For the status: idle, or what runs and how many wait. */
    synchronized String text() {
        return (running == null ? "idle" : running.text()) + (waiting.isEmpty() ? "" : ", " + waiting.size() + " wait");
    }
}
