package org.wasla.gateway.indicators;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.wasla.gateway.indicators.Grain.Period;

/** One period, open or over: what all devices did in it. Not thread-safe. */
final class Book {
    private static final List<String> CLOCKS = List.of("sync", "holdover", "unsync");

    private final Grain grain;
    private final Period period;
    private final int part;
    private final Map<String, DeviceCounts> devices = new TreeMap<>();
    private long coveredMs;
    private int minutes;
    private int steps;
    private String clock = CLOCKS.get(0);
    private Backlog backlog = Backlog.NONE;

    /**
     * What waited to be published. Immutable.
     *
     * @param waiting records at the last look, {@code most} the most seen
     * @param oldestMs age of the oldest at the last look, {@code mostOldestMs} the greatest seen
     */
    record Backlog(long waiting, long most, long oldestMs, long mostOldestMs) {
        static final Backlog NONE = new Backlog(0, 0, 0, 0);

        Backlog then(long nowWaiting, long nowOldestMs) {
            return new Backlog(
                    nowWaiting, Math.max(most, nowWaiting), nowOldestMs, Math.max(mostOldestMs, nowOldestMs));
        }
    }

    /** @param part 1, or the how-manieth document of this period it will be: the clock was set back */
    Book(Grain grain, Period period, int part) {
        this.grain = grain;
        this.period = period;
        this.part = part;
    }

    Grain grain() {
        return grain;
    }

    Period period() {
        return period;
    }

    int part() {
        return part;
    }

    /** Each device that is configured or was heard of, by its id. */
    Map<String, DeviceCounts> devices() {
        return devices;
    }

    DeviceCounts device(String id, Place place) {
        return devices.computeIfAbsent(id, added -> new DeviceCounts(place));
    }

    /** Time that was looked at, monotonic, and how well the clock was known in it. */
    void cover(long elapsedMs, String clockState) {
        coveredMs += elapsedMs;
        clock = CLOCKS.indexOf(clockState) > CLOCKS.indexOf(clock) ? clockState : clock;
    }

    void stepped(int times) {
        steps += times;
    }

    void waited(long waiting, long oldestMs) {
        backlog = backlog.then(waiting, oldestMs);
    }

    /** A minute of which most was covered is over. */
    void countMinute(int n) {
        minutes += n;
    }

    /** As it was saved. */
    void restore(long covered, int wholeMinutes, int clockSteps, String clockState, Backlog waited) {
        coveredMs = covered;
        minutes = wholeMinutes;
        steps = clockSteps;
        clock = clockState;
        backlog = waited;
    }

    long coveredMs() {
        return coveredMs;
    }

    int minutes() {
        return minutes;
    }

    int steps() {
        return steps;
    }

    String clock() {
        return clock;
    }

    Backlog backlog() {
        return backlog;
    }
}
