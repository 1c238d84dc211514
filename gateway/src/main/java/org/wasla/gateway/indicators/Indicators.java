package org.wasla.gateway.indicators;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.render.Tree;

/**
 * Counts what the devices of a box do, and closes minutes, hours and days. What it is told counts in the periods that are open
 * at that moment. Thread-safe; it reads no clock.
 *
 * <p>When the clock is set the open periods end, and those of the new time begin: a period may so have several documents, each
 * of other seconds, which a reader adds up.
 */
public final class Indicators {
    private static final int OVER_MAX = 200;
    private static final int TOLD_MAX = 100;
    private static final int STUDIES_MAX = 1_000;
    /** A minute of which less was covered says nothing of who was missing in it. */
    private static final long MINUTE_MS_MIN = 30_000;

    private final ZoneId zone;
    private final Set<Grain> wanted;
    private Set<String> configured;
    private final Function<String, Optional<Place>> places;
    private final Turnarounds turnarounds;
    private final Map<Grain, Book> open = new EnumMap<>(Grain.class);
    private final List<Book> over = new ArrayList<>();
    private final Map<Grain, Map<Long, Integer>> told = new EnumMap<>(Grain.class);
    private final Map<String, Set<String>> openAlarms = new HashMap<>();
    private final Map<String, Boolean> studies = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > STUDIES_MAX;
        }
    };

    /**
     * A look at the box. Immutable.
     *
     * @param nowMs UTC
     * @param elapsedMs monotonic, since the look before; 0 at the first
     * @param clockState sync, holdover or unsync
     * @param clockStepped whether the clock was set since the look before
     * @param up the devices whose lines are looked at, and whether each is heard
     * @param waiting records that are not published yet
     * @param oldestMs age of the oldest of them, 0 when there is none
     */
    public record Look(
            long nowMs,
            long elapsedMs,
            String clockState,
            boolean clockStepped,
            Map<String, Boolean> up,
            long waiting,
            long oldestMs) {
        public Look {
            up = Map.copyOf(up);
        }
    }

    /**
     * @param zone in which days begin
     * @param wanted the periods that become documents
     * @param configured devices that count although nothing is heard of them
     * @param places what a device counts for; empty: it is none of this box
     */
    public Indicators(
            ZoneId zone,
            Set<Grain> wanted,
            Set<String> configured,
            Function<String, Optional<Place>> places,
            Turnarounds turnarounds) {
        this.zone = zone;
        this.wanted = Set.copyOf(wanted);
        this.configured = Set.copyOf(configured);
        this.places = places;
        this.turnarounds = turnarounds;
        for (Grain grain : Grain.values()) {
            told.put(grain, new LinkedHashMap<>());
        }
    }

    /** From the next period on these count although nothing is heard of them. */
    public synchronized void configured(Set<String> devices) {
        configured = Set.copyOf(devices);
    }

    /** So many of something of a device; of a device that is none of this box nothing counts. */
    public synchronized void count(String device, Count what, long n) {
        Place place = places.apply(device).orElse(null);
        if (place != null) {
            open.values().forEach(book -> book.device(device, place).add(what, n));
        }
    }

    /** The alarms of a device that are open from now on, by their priorities. */
    public synchronized void alarms(String device, Set<String> priorities) {
        openAlarms.put(device, Set.copyOf(priorities));
    }

    /**
     * Counts what a record of results, alarms or events tells.
     *
     * @param nowNs monotonic
     */
    public synchronized void record(Tree record, long nowNs) {
        String device = record.text("dev");
        switch (record.text("k")) {
            case "res" -> results(device, record, nowNs);
            case "alarm" -> {
                if (record.text("phase").equals("start")) {
                    Count.started(record.text("prio")).ifPresent(count -> count(device, count, 1));
                }
            }
            case "evt" -> event(device, record);
            default -> {}
        }
    }

    private void results(String device, Tree record, long nowNs) {
        List<Tree> results = record.trees("res");
        if (record.has("qc")) {
            count(device, Count.CONTROLS, results.size());
        }
        if (!FinalResult.isOfSpecimen(record)) {
            return;
        }
        long analyses = results.stream()
                .filter(each -> FinalResult.is(each) && !FinalResult.isCorrection(each))
                .count();
        if (analyses > 0) {
            count(device, Count.ANALYSES, analyses);
            count(device, Count.SPECIMENS, 1);
            turnarounds.ended(record.text("sp"), device, nowNs, (from, seconds) -> took(device, from, seconds));
        }
    }

    private void took(String device, Turnarounds.From from, long seconds) {
        Place place = places.apply(device).orElse(null);
        if (place != null) {
            open.values()
                    .forEach(book -> book.device(device, place).turnaround(from).add(seconds));
        }
    }

    private void event(String device, Tree record) {
        switch (record.text("e")) {
            case "study-closed" -> {
                // One that goes on later is closed again.
                if (studies.put(record.text("study"), true) == null) {
                    count(device, Count.EXAMS, 1);
                }
            }
            case "act" -> count(device, Count.ACTS, 1);
            case "gap" -> {
                String of = record.text("of");
                int dot = of.lastIndexOf('.');
                count(of.substring(0, Math.max(0, dot)), Count.LOST, record.whole("to") - record.whole("from") + 1);
            }
            default -> {}
        }
    }

    /** The time since the look before counts for the open periods; then those that are over are closed. */
    public synchronized void look(Look look) {
        for (Book book : open.values()) {
            book.cover(look.elapsedMs(), look.clockState());
            book.stepped(look.clockStepped() ? 1 : 0);
            book.waited(look.waiting(), look.oldestMs());
        }
        look.up().forEach((device, isUp) -> {
            count(device, Count.WATCHED_MS, look.elapsedMs());
            count(device, Count.UP_MS, isUp ? look.elapsedMs() : 0);
        });
        openAlarms.forEach((device, priorities) -> priorities.forEach(priority ->
                Count.started(priority).ifPresent(count -> count(device, count.lasting(), look.elapsedMs()))));
        // Minutes first: hours and days count them.
        for (Grain grain : Grain.values()) {
            roll(grain, look.nowMs());
        }
    }

    private void roll(Grain grain, long nowMs) {
        Grain.Period period = grain.period(nowMs, zone);
        Book book = open.get(grain);
        if (book != null && book.period().equals(period)) {
            return;
        }
        if (book != null) {
            close(book);
        }
        int part = told(grain).getOrDefault(period.fromMs(), 0) + 1;
        Book next = new Book(grain, period, part);
        configured.forEach(device -> places.apply(device).ifPresent(place -> next.device(device, place)));
        open.put(grain, next);
    }

    private void close(Book book) {
        if (book.grain() == Grain.MINUTE && book.coveredMs() >= MINUTE_MS_MIN) {
            minuteOver(book);
        }
        // Of what was not looked at nothing is told: no document is not a document of zeros.
        if (!wanted.contains(book.grain()) || book.coveredMs() == 0) {
            return;
        }
        Map<Long, Integer> parts = told(book.grain());
        parts.remove(book.period().fromMs());
        parts.put(book.period().fromMs(), book.part());
        if (parts.size() > TOLD_MAX) {
            parts.remove(parts.keySet().iterator().next());
        }
        over.add(book);
        if (over.size() > OVER_MAX) {
            over.remove(0);
        }
    }

    private void minuteOver(Book minute) {
        for (Book book : open.values()) {
            if (book.grain() != Grain.MINUTE) {
                book.countMinute(1);
                minute.devices()
                        .forEach((device, counts) -> book.device(device, counts.place())
                                .add(Count.MINUTES, counts.get(Count.VALUES) > 0 ? 1 : 0));
            }
        }
    }

    private Map<Long, Integer> told(Grain grain) {
        Map<Long, Integer> parts = told.get(grain);
        if (parts == null) {
            throw new IllegalStateException("every grain has its list");
        }
        return parts;
    }

    /** The period that was closed first and is not told yet, null when all are; {@link #told()} takes it away. */
    public synchronized @Nullable Report next() {
        return over.isEmpty() ? null : new Report(over.get(0), zone);
    }

    /** The period of {@link #next} is in the buffer. */
    public synchronized void told() {
        over.remove(0);
    }

    /** All that must be known after a restart, as JSON. */
    public synchronized byte[] state() {
        return State.write(open.values(), over, told);
    }

    /**
     * Goes on from what {@link #state} gave. Periods that are over by now are closed at the next look.
     *
     * @return whether it could be read; otherwise nothing has changed
     */
    public synchronized boolean restore(byte[] state) {
        State saved = State.read(state).orElse(null);
        if (saved == null) {
            return false;
        }
        saved.open().forEach(book -> open.put(book.grain(), book));
        over.addAll(saved.over());
        saved.told().forEach((grain, parts) -> told(grain).putAll(parts));
        return true;
    }
}
