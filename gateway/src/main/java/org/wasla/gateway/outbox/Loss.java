package org.wasla.gateway.outbox;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.wasla.gateway.outbox.Spans.Span;

/**
 * What is to be given up: told in one group with the marks that make it final, and only then deleted. Immutable as its
 * lists.
 *
 * @param spans positions that are done from now on
 * @param amounts what of them was still waiting
 * @param forgotten numbers up to which the bytes of a stream are let go
 * @param gaps the records that tell
 */
record Loss(
        Map<Urgency, List<Span>> spans, Map<Urgency, Amount> amounts, Map<Stream, Long> forgotten, List<Draft> gaps) {

    /** One entry that nobody will ever take; its bytes stay. */
    static Loss of(Entry entry, String why, GapEvents events) {
        Draft gap = events.gap(entry.device(), entry.kind(), entry.seq(), entry.seq(), why);
        return new Loss(
                Map.of(entry.urgency(), List.of(new Span(entry.after() + 1, entry.position()))),
                Map.of(entry.urgency(), entry.amount()),
                Map.of(),
                List.of(gap));
    }

    static Loss forgotten(Contents contents) {
        Map<Stream, Long> forgotten = new HashMap<>();
        contents.streams().forEach((stream, range) -> forgotten.put(stream, range.to()));
        return new Loss(Map.of(), Map.of(), forgotten, List.of());
    }

    /** Positions that should be there and are not, and the numbers that are missing with them; empty when all is well. */
    static Loss ofDamage(Book book, Coverage there, GapEvents events) {
        Map<Urgency, List<Span>> spans = new EnumMap<>(Urgency.class);
        for (Urgency urgency : Urgency.values()) {
            List<Span> lost = new ArrayList<>();
            for (Span span :
                    book.progress().unpublished(urgency, 1, book.progress().last(urgency))) {
                lost.addAll(there.of(urgency).missing(span.from(), span.to()));
            }
            if (!lost.isEmpty()) {
                spans.put(urgency, lost);
            }
        }
        List<Draft> gaps = new ArrayList<>();
        if (!spans.isEmpty()) {
            book.streams().forEach((stream, state) -> {
                for (Span lost : there.of(stream).missing(state.forgotten() + 1, state.last())) {
                    gaps.add(events.gap(stream.device(), stream.kind(), lost.from(), lost.to(), GapEvents.DAMAGE));
                }
            });
        }
        return new Loss(spans, Map.of(), Map.of(), gaps);
    }

    /** Of which something goes. */
    Set<Urgency> urgencies() {
        Set<Urgency> urgencies = EnumSet.noneOf(Urgency.class);
        urgencies.addAll(spans.keySet());
        urgencies.addAll(amounts.keySet());
        return urgencies;
    }

    boolean isEmpty() {
        return spans.isEmpty() && gaps.isEmpty() && forgotten.isEmpty();
    }
}
