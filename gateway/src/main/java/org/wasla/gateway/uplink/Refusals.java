package org.wasla.gateway.uplink;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the broker does not take, by topic and over connections: it waits in the buffer while the rest goes on, and one
 * message of it is tried ever less often. One thread; times are monotonic, in ns.
 *
 * <p>A broker may also end the connection over a message, and then it does not say over which. So after such an end
 * messages go one at a time until the guilty one was alone under way, or none was guilty.
 */
final class Refusals {

    /** A message that ended so many connections without a word, each time alone under way, is no accident. */
    private static final int SILENT_ENDS = 3;
    /** Connections in a row that were lost with something under way before we look for a message behind it. */
    private static final int LOST_IN_A_ROW = 4;
    /** So many acknowledged on end show that no message is at fault. */
    private static final int CALM_ACKS = 128;

    private static final int DOUBLINGS_MAX = 4;
    private static final int ENDING_FACTOR = 16;
    private static final int SETTLE_FACTOR = 10;
    /** Tries alone, after which a message that is too large is too large for good. */
    static final int TRIES_ALONE = 3;

    /** One topic that waits. */
    static final class Held {
        private final String topic;
        private final @Nullable Parcel first;
        private int reason;
        private boolean ends;
        private int times;
        private long nextNs;
        private boolean underWay;

        private Held(String topic, @Nullable Parcel first) {
            this.topic = topic;
            this.first = first;
        }

        String topic() {
            return topic;
        }

        /** What is tried: the first that was refused; null for a birth or a last value. */
        @Nullable
        Parcel first() {
            return first;
        }

        /** Whether it ends the connection, and so must be tried with nothing else under way. */
        boolean ends() {
            return ends;
        }

        int reason() {
            return reason;
        }
    }

    private final Timing timing;
    private final Map<String, Held> held = new LinkedHashMap<>();
    private List<UplinkStatus.Held> told = List.of();
    private boolean careful;
    private int calmAcks;
    private int lostInARow;
    private int silentEnds;
    private String suspect = "";
    private long batchBytesMax = Long.MAX_VALUE;

    Refusals(Timing timing) {
        this.timing = timing;
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    boolean holds(String topic) {
        return held.containsKey(topic);
    }

    /** Whether messages go one at a time, since one of them ends connections. */
    boolean isCareful() {
        return careful;
    }

    /** What a batch may have at most, as earlier refusals have shown. */
    long batchBytesMax() {
        return batchBytesMax;
    }

    /** What waits, for the status. */
    List<UplinkStatus.Held> told() {
        return told;
    }

    /** The broker said no to this message, and kept the connection; how often it was tried, 0 beside another. */
    int refused(String topic, @Nullable Parcel parcel, int reason, long nowNs) {
        return hold(topic, parcel, reason, false, nowNs);
    }

    private int hold(String topic, @Nullable Parcel parcel, int reason, boolean ends, long nowNs) {
        Held each = held.get(topic);
        if (each == null) {
            each = new Held(topic, parcel == null ? null : parcel.alone());
            held.put(topic, each);
            if (parcel != null && parcel.entries().size() > 1 && reason == Reason.PACKET_TOO_LARGE) {
                batchBytesMax = Math.min(batchBytesMax, parcel.payload().bytes().length / 2);
            }
        } else if (!each.underWay && !ends) {
            // One that was under way beside the first.
            return 0;
        }
        each.underWay = false;
        each.reason = reason;
        each.ends = ends;
        each.nextNs = nowNs + waitNs(each);
        each.times++;
        tell();
        return each.times;
    }

    /**
     * A message that the broker ends connections over is tried seldom; but not one that may be given up after a few
     * tries, nor one that was only near when connections ended.
     */
    private long waitNs(Held each) {
        boolean seldom = each.ends && each.reason != 0 && each.reason != Reason.PACKET_TOO_LARGE;
        long leastMs = seldom ? timing.backoffMaxMs() : timing.backoffMinMs();
        long mostMs = seldom ? timing.backoffMaxMs() * ENDING_FACTOR : timing.backoffMaxMs();
        int doublings = Math.min(each.times, seldom ? DOUBLINGS_MAX : 20);
        return Math.min(mostMs, leastMs << doublings) * 1_000_000;
    }

    /** A new connection carries the others for a moment before something is tried that may end it. */
    void connected(long nowNs) {
        long settledNs = nowNs + timing.backoffMinMs() * SETTLE_FACTOR * 1_000_000;
        for (Held each : held.values()) {
            each.underWay = false;
            if (each.ends && each.nextNs - settledNs < 0) {
                each.nextNs = settledNs;
            }
        }
    }

    /** What is to be tried again now, null for nothing; it stays held until it is accepted. */
    @Nullable
    Held due(long nowNs) {
        for (Held each : held.values()) {
            if (!each.underWay && nowNs - each.nextNs >= 0) {
                return each;
            }
        }
        return null;
    }

    /** It is under way. */
    void tried(Held each) {
        each.underWay = true;
    }

    /** There was no room for it after all. */
    void notTried(Held each) {
        each.underWay = false;
    }

    /** Whether something that ends connections is being tried, beside which nothing else may be under way. */
    boolean isTryingAlone() {
        return held.values().stream().anyMatch(each -> each.ends && each.underWay);
    }

    /** One that was refused alone often enough, and for a reason that will not pass; null for none. */
    @Nullable
    Held hopeless() {
        for (Held each : held.values()) {
            if (each.reason == Reason.PACKET_TOO_LARGE && each.times > TRIES_ALONE && each.first != null) {
                return each;
            }
        }
        return null;
    }

    /** Its first message was given up. */
    void givenUp(Held each) {
        held.remove(each.topic);
        tell();
    }

    /** Whether this was what we tried of a topic: the broker takes that now. Others of it prove nothing. */
    private boolean release(String topic, @Nullable Parcel parcel) {
        Held each = held.get(topic);
        boolean released = each != null && each.underWay && Objects.equals(each.first, parcel);
        if (released) {
            held.remove(topic);
            tell();
        }
        return released;
    }

    /** Something was acknowledged, with a reason below 0x80; true when its topic needs to wait no more. */
    boolean accepted(String topic, @Nullable Parcel parcel) {
        if (topic.equals(suspect)) {
            suspect = "";
        }
        if (++calmAcks >= CALM_ACKS) {
            careful = false;
            lostInARow = 0;
        }
        return release(topic, parcel);
    }

    /**
     * The connection has ended with this under way: the topic and parcel only where it was a single message.
     *
     * @param reason of the broker's DISCONNECT, 0 when it said nothing
     */
    void lost(int reason, int underWay, @Nullable String topic, @Nullable Parcel parcel, long nowNs) {
        boolean ofMessage = Reason.isOfMessage(reason);
        if (underWay == 0 || !ofMessage && reason != 0) {
            return;
        }
        Held tried = topic == null ? null : held.get(topic);
        if (topic != null && tried != null && tried.ends && tried.underWay) {
            hold(topic, parcel, reason, true, nowNs);
            return;
        }
        calmAcks = 0;
        lostInARow++;
        boolean search = careful;
        careful |= ofMessage || lostInARow >= LOST_IN_A_ROW;
        if (topic == null || !search && !ofMessage) {
            return;
        }
        silentEnds = topic.equals(suspect) ? silentEnds + 1 : 1;
        suspect = topic;
        if (ofMessage || silentEnds >= SILENT_ENDS) {
            suspect = "";
            hold(topic, parcel, reason, true, nowNs);
        }
    }

    private void tell() {
        List<UplinkStatus.Held> all = new ArrayList<>();
        held.values().forEach(each -> all.add(new UplinkStatus.Held(each.topic, each.reason, each.times, each.ends)));
        told = List.copyOf(all);
    }
}
