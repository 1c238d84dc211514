package org.wasla.gateway.epi;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.wasla.gateway.epi.Signals.Signal;

/**
 * Signals that are held back. Each has a moment of its own in the next day or week, drawn at random, so that neither the time
 * nor the order in which they are published says anything. Not thread-safe; it reads no clock.
 *
 * <p>It holds at most {@value #HELD_MAX}: what is more goes early, those that would go next first. A result that comes again, or
 * is corrected, takes the place of the one that is held; once that has gone it is left out, for nobody could know what to correct.
 */
public final class Held {
    static final int HELD_MAX = 20_000;
    static final int KNOWN_MAX = 20_000;
    /** More at once would show that they come from one box: after a long rest they are drawn anew, over a day. */
    static final int AT_ONCE_MAX = 8;

    private static final long DAY_MS = 86_400_000;
    private static final int ID_BYTES = 16;

    private final Signals signals;
    private final ZoneId zone;
    private final boolean weekly;
    private final RandomGenerator random;
    private final UnaryOperator<String> seal;
    private final Map<String, Waiting> byName = new HashMap<>();
    private final Map<String, Boolean> gone = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > KNOWN_MAX;
        }
    };

    /**
     * One signal. Immutable.
     *
     * @param name sealed: by which the result is known when it comes again
     * @param id of the document
     * @param dueMs UTC
     * @param document as it will be published
     */
    public record Waiting(String name, String id, long dueMs, String document) {}

    /**
     * @param weekly whether signals are held until the week is over, else until the day is
     * @param random not to be guessed
     * @param seal makes of a name a short text that only this box can make; the same for the same name
     */
    public Held(Signals signals, boolean weekly, RandomGenerator random, UnaryOperator<String> seal) {
        this.signals = signals;
        this.zone = signals.zone();
        this.weekly = weekly;
        this.random = random;
        this.seal = seal;
    }

    /**
     * @param nowMs UTC
     * @return what is to be made durable; empty when the result is known and has gone
     */
    public Optional<Waiting> take(Signal signal, long nowMs) {
        String own = "";
        for (String name : signal.names()) {
            String sealed = seal.apply(name);
            own = own.isEmpty() ? sealed : own;
            if (gone.containsKey(sealed)) {
                return Optional.empty();
            }
            Waiting before = byName.get(sealed);
            if (before != null) {
                return Optional.of(
                        put(new Waiting(sealed, before.id(), before.dueMs(), signals.document(signal, before.id()))));
            }
        }
        String id = id();
        return Optional.of(put(new Waiting(own, id, dueMs(nowMs), signals.document(signal, id))));
    }

    private String id() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** As it was made durable. */
    public Waiting put(Waiting waiting) {
        byName.put(waiting.name(), waiting);
        return waiting;
    }

    private long dueMs(long nowMs) {
        LocalDate today = Instant.ofEpochMilli(nowMs).atZone(zone).toLocalDate();
        LocalDate next = weekly ? today.with(TemporalAdjusters.next(DayOfWeek.MONDAY)) : today.plusDays(1);
        long fromMs = startMs(next);
        return fromMs + random.nextLong(startMs(next.plusDays(weekly ? 7 : 1)) - fromMs);
    }

    private long startMs(LocalDate day) {
        return day.atStartOfDay(zone).toInstant().toEpochMilli();
    }

    /** Those that are to go now, in an order that says nothing; {@link #gone} takes them away. */
    public List<Waiting> due(long nowMs) {
        List<Waiting> due = new ArrayList<>();
        for (Waiting each : byName.values()) {
            if (each.dueMs() <= nowMs) {
                due.add(each);
            }
        }
        if (due.size() > AT_ONCE_MAX) {
            due.forEach(each ->
                    put(new Waiting(each.name(), each.id(), nowMs + 1 + random.nextLong(DAY_MS), each.document())));
            due.clear();
        }
        if (byName.size() > HELD_MAX) {
            due.addAll(byName.values().stream()
                    .sorted(Comparator.comparingLong(Waiting::dueMs))
                    .limit(byName.size() - (long) HELD_MAX)
                    .toList());
        }
        due.sort(Comparator.comparing(Waiting::id));
        return due;
    }

    /** The result with this sealed name has gone; one that comes again is left out. */
    public void gone(String name) {
        byName.remove(name);
        gone.put(name, true);
    }

    /** How many names are known. */
    public int size() {
        return byName.size() + gone.size();
    }

    /** All that wait. */
    public List<Waiting> all() {
        return List.copyOf(byName.values());
    }

    /** Sealed names of what has gone, the oldest first. */
    public List<String> allGone() {
        return List.copyOf(gone.keySet());
    }
}
