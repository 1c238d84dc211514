package org.wasla.gateway.message;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is said to a device, and when. Immutable; times in nanoseconds.
 *
 * @param init what is said first
 * @param asks questions asked in turn, each again and again; none when the device speaks by itself
 * @param keepAlives what is said so that the device goes on, without an answer
 * @param replies what is owed to messages of the device
 * @param unknown what is owed to a frame that is no message of the profile, or null
 * @param damaged what is owed to a frame whose check or counts are wrong, or null
 * @param check what {@code {check}} stands for, or null
 * @param farewell what is said last, when we end the conversation
 */
public record Dialogue(
        Init init,
        List<Ask> asks,
        List<KeepAlive> keepAlives,
        List<Reply> replies,
        @Nullable Complaint unknown,
        @Nullable Complaint damaged,
        List<Variable> variables,
        @Nullable SendCheck check,
        List<Template> farewell) {
    /** Not a byte to the device. */
    public static final Dialogue NONE = new Dialogue(
            new Init(List.of(), 0, Set.of()), List.of(), List.of(), List.of(), null, null, List.of(), null);

    public Dialogue {
        asks = List.copyOf(asks);
        keepAlives = List.copyOf(keepAlives);
        replies = List.copyOf(replies);
        variables = List.copyOf(variables);
        farewell = List.copyOf(farewell);
    }

    /** A dialogue that ends without a word. */
    public Dialogue(
            Init init,
            List<Ask> asks,
            List<KeepAlive> keepAlives,
            List<Reply> replies,
            @Nullable Complaint unknown,
            @Nullable Complaint damaged,
            List<Variable> variables,
            @Nullable SendCheck check) {
        this(init, asks, keepAlives, replies, unknown, damaged, variables, check, List.of());
    }

    /** A dialogue of questions only. */
    public static Dialogue asking(Ask... asks) {
        return new Dialogue(NONE.init, List.of(asks), List.of(), List.of(), null, null, List.of(), null);
    }

    /**
     * Something sent and the answer to it. One is open at a time.
     *
     * @param send the bytes; null: nothing is sent, the device speaks first
     * @param answers ids of the messages that answer it
     * @param more ids of the messages after which the answer goes on: the time for it starts anew
     * @param timeoutNs how long the answer is waited for
     * @param retries how often it is sent again when no answer came
     * @param waitNs pause after it, before anything else is sent
     */
    public record Request(
            @Nullable Template send, Set<String> answers, Set<String> more, long timeoutNs, int retries, long waitNs) {
        public Request {
            answers = Set.copyOf(answers);
            more = Set.copyOf(more);
        }
    }

    /**
     * Steps, each after the answer to the one before. A step without {@code answers} awaits none. They start anew, all
     * of them, when one is not answered, when the device has become silent, and on some of its messages.
     *
     * @param pauseNs least time from one start to the next, and after a failed one
     * @param restarts ids of messages with which the device says that it has started anew
     */
    public record Init(List<Request> steps, long pauseNs, Set<String> restarts) {
        public Init {
            steps = List.copyOf(steps);
            restarts = Set.copyOf(restarts);
        }
    }

    /** A question, also a subscription that is renewed; without {@code answers} every message answers it. */
    public record Ask(Request request, long everyNs) {}

    /** @param whenIdle whether the period counts from whatever was sent last, not from this */
    public record KeepAlive(Template send, long periodNs, boolean whenIdle) {}

    /**
     * What is sent when one of some messages arrives: once the records of the message are durable, if it has any.
     *
     * @param refused sent instead when the records cannot be kept, or null for nothing
     * @param waitNs pause before either is sent
     */
    public record Reply(
            Set<String> to, Template send, @Nullable Template refused, long waitNs) {
        public Reply {
            to = Set.copyOf(to);
        }
    }

    /**
     * What is sent for a frame that is no message.
     *
     * @param times most times in a row without a good message between: two ends must not complain for ever
     */
    public record Complaint(Template send, int times) {}
}
