package org.wasla.gateway.acts;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.acts.PeriodRules.Sign;
import org.wasla.gateway.observation.RecordBody.Event.Range;
import org.wasla.gateway.observation.RecordJson.Patient;
import org.wasla.gateway.render.Tree;

/**
 * One device that infuses or ventilates, and the period that is under way. It lasts from the first record that shows it to
 * the last one: no second is added that no record stands for. It ends where the device says so, where nothing has shown it
 * for too long by the monotonic clock, and where the patient becomes another or none. A step of the clock does not end it and
 * is not counted. One thread.
 */
final class Course {
    private static final long MS = 1_000_000;
    private final Limits limits;
    /** The newest numbers of values that are looked at as they grow. */
    private final Map<String, BigDecimal> last = new HashMap<>();

    private @Nullable Open open;
    /** An earlier run has told what records up to this one show. */
    private long toldSeq;

    /**
     * @param quietMs a period ends when nothing has shown it for longer
     * @param leastMs a shorter one is none
     */
    record Limits(long quietMs, long leastMs) {}

    /**
     * A period under way.
     *
     * @param id of its first record
     * @param fromSeq number of its first record
     * @param toSeq number of the newest that shows it
     * @param fromMs,toMs their times, UTC as it was
     * @param countedMs time that passed between its records, without steps of the clock
     */
    record Open(
            Act.Type type,
            String id,
            Act.Origin from,
            long fromSeq,
            long toSeq,
            long fromMs,
            long toMs,
            long countedMs) {
        Open shownAgain(Source record, long gapMs) {
            return new Open(type, id, from, fromSeq, record.seq(), fromMs, record.timeMs(), countedMs + gapMs);
        }
    }

    /** When the newest sign was read, monotonic; of a period of an earlier run when this one began. */
    private long heardNs;
    /** Whether the newest sign is one of an earlier run. */
    private boolean isRestored;
    /** Steps of the clock since the newest sign. */
    private long steppedMs;
    /** Whether the next record may be older than the step. */
    private boolean isStepNew;

    Course(Limits limits) {
        this.limits = limits;
    }

    /** A course of an earlier run. */
    Course(Limits limits, @Nullable Open open, Map<String, BigDecimal> last, long toldSeq, long nowNs) {
        this.limits = limits;
        this.open = open;
        this.last.putAll(last);
        this.toldSeq = toldSeq;
        this.heardNs = nowNs;
        this.isRestored = true;
    }

    /** @return the periods that ended with this record, one at most */
    List<Act> take(Source record, PeriodRules rules, long nowNs, Coder coder) {
        List<Tree> values = record.body().trees("obs");
        boolean stops = isAny(rules.stops(), values);
        boolean runs = !stops && isAny(rules.runs(), values);
        keep(values, rules);
        List<Act> ended = new ArrayList<>();
        if (record.seq() <= toldSeq) {
            return ended;
        }
        if (stops) {
            ended.addAll(end(coder));
        } else if (runs) {
            Open now = open;
            long gapMs = now == null ? 0 : gapMs(now, record.timeMs());
            if (now != null && isOther(now, record, gapMs)) {
                ended.addAll(end(coder));
                now = null;
            }
            open = now == null ? begin(record, rules) : now.shownAgain(record, gapMs);
            heardNs = nowNs;
            isRestored = false;
            steppedMs = isStepNew ? steppedMs : 0;
        }
        return ended;
    }

    private static Open begin(Source record, PeriodRules rules) {
        return new Open(
                rules.type(),
                record.id(),
                record.origin(record.body().get("dt")),
                record.seq(),
                record.seq(),
                record.timeMs(),
                record.timeMs(),
                0);
    }

    private boolean isAny(List<Sign> signs, List<Tree> values) {
        return signs.stream()
                .anyMatch(sign -> values.stream().anyMatch(value -> sign.holds(value, last.get(value.text("n")))));
    }

    private void keep(List<Tree> values, PeriodRules rules) {
        for (Tree value : values) {
            BigDecimal number = PeriodRules.sure(value);
            if (number != null && rules.looksAtGrowthOf(value.text("n"))) {
                last.put(value.text("n"), number);
            }
        }
    }

    /**
     * Wall time since the newest sign without the step that came in between: where the time of a record jumps as the clock
     * was seen to, the step is taken back. A time that goes back without a step that was seen counts nothing.
     */
    private long gapMs(Open now, long timeMs) {
        long gapMs = timeMs - now.toMs();
        boolean isOverStep = steppedMs > 0 ? gapMs >= steppedMs : gapMs < 0;
        long realMs = gapMs;
        if (steppedMs != 0 && isOverStep) {
            realMs = gapMs - steppedMs;
            isStepNew = false;
        }
        // Over a restart a clock that went back says nothing of how long the box was off.
        return realMs < 0 && isRestored ? Long.MAX_VALUE : Math.max(0, realMs);
    }

    private boolean isOther(Open now, Source record, long gapMs) {
        return gapMs > limits.quietMs() || !Objects.equals(whose(now.from().patient()), whose(record.patient()));
    }

    private static @Nullable String whose(@Nullable Patient patient) {
        return patient == null ? null : patient.ref();
    }

    /** What ended in silence. */
    List<Act> tick(long nowNs, Coder coder) {
        isStepNew = false;
        boolean isSilent = open != null && nowNs - heardNs > limits.quietMs() * MS;
        return isSilent ? end(coder) : List.of();
    }

    void stepped(long ms) {
        steppedMs += ms;
        isStepNew = true;
    }

    List<Act> end(Coder coder) {
        Open ended = open;
        open = null;
        if (ended == null || ended.countedMs() < limits.leastMs()) {
            return List.of();
        }
        Range evidence = new Range(ended.from().device() + ".obs", ended.fromSeq(), ended.toSeq());
        Act act = new Act(
                Ids.of("period", ended.id()),
                ended.type(),
                ended.from(),
                new Act.Extent(ended.fromMs(), ended.toMs(), (ended.countedMs() + 500) / 1_000, "s"),
                Map.of(),
                evidence);
        return List.of(coder.coded(act, Map.<String, Set<String>>of()));
    }

    /**
     * An earlier run has told the period that ended with this record.
     *
     * @param isTakenAgain whether the record is taken again, for what its values are; else they are known
     */
    void told(long seq, boolean isTakenAgain) {
        open = null;
        toldSeq = seq;
        if (isTakenAgain) {
            last.clear();
        }
    }

    /** Numbers begin anew. */
    void ofOtherBuffer() {
        toldSeq = 0;
    }

    @Nullable
    Open open() {
        return open;
    }

    Map<String, BigDecimal> last() {
        return last;
    }

    long toldSeq() {
        return toldSeq;
    }
}
