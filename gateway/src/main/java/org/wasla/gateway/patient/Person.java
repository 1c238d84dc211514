package org.wasla.gateway.patient;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.patient.AdtEvent.Demographics;
import org.wasla.gateway.patient.AdtEvent.Trigger;

/**
 * One patient as the hospital describes him. Immutable. Clear text but for the references.
 *
 * @param ref the pseudonym
 * @param ids the number that stands for the patient first
 * @param moves what happened, by the time of the event and not of its arrival
 * @param absorbed pseudonyms that were merged into this one
 */
public record Person(String ref, List<PatientId> ids, Demographics about, List<Move> moves, List<String> absorbed) {
    private static final int MOVES_MAX = 100;

    public Person {
        ids = List.copyOf(ids);
        moves = List.copyOf(moves);
        absorbed = List.copyOf(absorbed);
    }

    /** @param bed the bed that the patient has after it, or null */
    public record Move(
            Trigger trigger, long eventMs, @Nullable String bed) {}

    /** @param toMs UTC, not included; {@link Association#OPEN} while it lasts */
    public record Stay(String bed, long fromMs, long toMs) {}

    /** The same with one more event, in its place; one that is known already changes nothing of the stays. */
    Person with(AdtEvent event) {
        boolean isNewest = moves.isEmpty()
                || event.eventMs() >= moves.get(moves.size() - 1).eventMs();
        Demographics next = isNewest ? event.about().or(about) : about.or(event.about());
        List<Move> more = event.trigger() == Trigger.A40
                ? List.of()
                : List.of(new Move(event.trigger(), event.eventMs(), event.bed()));
        return new Person(ref, union(ids, event.ids()), next, ordered(moves, more), absorbed);
    }

    /** The same with all that was known under another number. */
    Person absorbing(Person other) {
        List<String> refs = new ArrayList<>(absorbed);
        refs.addAll(other.absorbed);
        refs.add(other.ref);
        return new Person(ref, union(ids, other.ids), about.or(other.about), ordered(moves, other.moves), refs);
    }

    private static <T> List<T> union(List<T> first, List<T> second) {
        Set<T> all = new LinkedHashSet<>(first);
        all.addAll(second);
        return new ArrayList<>(all);
    }

    /** What takes back stands behind what it takes back, when both have the same time. */
    private static List<Move> ordered(List<Move> known, List<Move> more) {
        List<Move> all = union(known, more);
        all.sort(Comparator.comparingLong(Move::eventMs)
                .thenComparing(move -> move.trigger().cancels() != null));
        List<Move> telling = new ArrayList<>();
        for (Move move : all) {
            Move last = telling.isEmpty() ? null : telling.get(telling.size() - 1);
            boolean isOfNoBed = move.bed() == null || last != null && move.bed().equals(last.bed());
            if (move.trigger() != Trigger.A08 || !isOfNoBed) {
                telling.add(move);
            }
        }
        int tooMany = Math.max(0, telling.size() - MOVES_MAX);
        return telling.subList(tooMany, telling.size());
    }

    /** The beds of the patient, in order; they do not overlap. */
    public List<Stay> stays() {
        List<Stay> stays = new ArrayList<>();
        String bed = null;
        long fromMs = 0;
        for (Move move : standing()) {
            String next = move.trigger() == Trigger.A03 ? null : move.bed();
            if (Objects.equals(bed, next)) {
                continue;
            }
            if (bed != null && fromMs < move.eventMs()) {
                stays.add(new Stay(bed, fromMs, move.eventMs()));
            }
            bed = next;
            fromMs = move.eventMs();
        }
        if (bed != null) {
            stays.add(new Stay(bed, fromMs, Association.OPEN));
        }
        return stays;
    }

    /** The events that were not taken back, without those that take back. */
    private List<Move> standing() {
        List<Move> standing = new ArrayList<>();
        for (Move move : moves) {
            Trigger cancelled = move.trigger().cancels();
            if (cancelled == null) {
                standing.add(move);
                continue;
            }
            for (int i = standing.size() - 1; i >= 0; i--) {
                if (standing.get(i).trigger() == cancelled) {
                    standing.remove(i);
                    break;
                }
            }
        }
        return standing;
    }

    /** The bed of this moment, or null. */
    public @Nullable String bed() {
        List<Stay> stays = stays();
        boolean lies = !stays.isEmpty() && stays.get(stays.size() - 1).toMs() == Association.OPEN;
        return lies ? stays.get(stays.size() - 1).bed() : null;
    }

    /** Whether the hospital told of the patient, and not only a scan. */
    public boolean isOfHospital() {
        return !moves.isEmpty() || !about.equals(Demographics.NONE);
    }

    /** UTC of the oldest event that is remembered: of stays before it nothing is known. */
    long oldestMs() {
        return moves.isEmpty() ? Association.OPEN : moves.get(0).eventMs();
    }

    /** UTC of the newest event, 0 without one. */
    long newestMs() {
        return moves.isEmpty() ? 0 : moves.get(moves.size() - 1).eventMs();
    }

    @Override
    public String toString() {
        return "Person[" + ref + "]";
    }
}
