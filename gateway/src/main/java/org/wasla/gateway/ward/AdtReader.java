package org.wasla.gateway.ward;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.hl7.Er7Message;
import org.wasla.gateway.hl7.Er7Segment;
import org.wasla.gateway.hl7.Er7Value;
import org.wasla.gateway.patient.AdtEvent;
import org.wasla.gateway.patient.AdtEvent.Demographics;
import org.wasla.gateway.patient.AdtEvent.Trigger;
import org.wasla.gateway.patient.PatientId;

/** Reads ADT messages (HL7 v2, chapter 3): EVN, PID, PV1, MRG. Stateless. */
final class AdtReader {
    private static final int TEXT_CHARS_MAX = 200;

    private AdtReader() {}

    /**
     * What a message says of its patients: one event, two of a swap.
     *
     * @param nowMs UTC, when it came: an event that is said to lie ahead is of now
     */
    static Heard read(Er7Message message, WardSettings settings, long nowMs) {
        Trigger trigger = Trigger.of(message.event()).orElse(null);
        if (trigger == null) {
            return new Heard(List.of(), null);
        }
        OptionalLong atMs = time(message, settings);
        if (atMs.isEmpty()) {
            return new Heard(List.of(), "no time in EVN-6, EVN-2 or MSH-7");
        }
        List<AdtEvent> events = new ArrayList<>();
        for (List<Er7Segment> group : groups(message)) {
            Optional<AdtEvent> event = event(trigger, Math.min(atMs.getAsLong(), nowMs), group, settings);
            if (event.isEmpty()) {
                return new Heard(List.of(), "no patient number in PID-3");
            }
            events.add(event.get());
        }
        boolean lacksMerged = trigger == Trigger.A40 && events.stream().anyMatch(event -> event.merged() == null);
        if (events.isEmpty() || lacksMerged) {
            return new Heard(List.of(), events.isEmpty() ? "no PID" : "no number in MRG-1");
        }
        return new Heard(events, null);
    }

    /**
     * What was read.
     *
     * @param events empty when the message cannot be used, or says nothing of beds
     * @param problem why it cannot be used, without anything of a patient; null when it can
     */
    record Heard(List<AdtEvent> events, @Nullable String problem) {
        Heard {
            events = List.copyOf(events);
        }
    }

    private static OptionalLong time(Er7Message message, WardSettings settings) {
        Optional<Er7Segment> event = message.first("EVN");
        List<String> places = List.of(
                event.map(evn -> evn.text(6)).orElse(""),
                event.map(evn -> evn.text(2)).orElse(""),
                message.header().text(7));
        for (String place : places) {
            OptionalLong ms = Hl7Time.ms(place, settings.zone());
            if (ms.isPresent()) {
                return ms;
            }
        }
        return OptionalLong.empty();
    }

    /** Each PID and what follows it. */
    private static List<List<Er7Segment>> groups(Er7Message message) {
        List<List<Er7Segment>> groups = new ArrayList<>();
        for (Er7Segment segment : message.segments()) {
            if (segment.name().equals("PID")) {
                groups.add(new ArrayList<>());
            }
            if (!groups.isEmpty()) {
                groups.get(groups.size() - 1).add(segment);
            }
        }
        return groups;
    }

    private static Optional<AdtEvent> event(Trigger trigger, long atMs, List<Er7Segment> group, WardSettings settings) {
        Er7Segment pid = group.get(0);
        List<PatientId> ids = ids(pid, 3, settings);
        Er7Segment visit = first(group, "PV1");
        Er7Segment merged = trigger == Trigger.A40 ? first(group, "MRG") : null;
        return PatientId.best(ids)
                .map(best -> new AdtEvent(
                        trigger,
                        atMs,
                        best,
                        ids,
                        about(pid, visit),
                        visit == null ? null : settings.beds().of(parts(visit.value(3))),
                        merged == null
                                ? null
                                : PatientId.best(ids(merged, 1, settings)).orElse(null)));
    }

    private static @Nullable Er7Segment first(List<Er7Segment> group, String name) {
        for (Er7Segment segment : group) {
            if (segment.name().equals(name)) {
                return segment;
            }
        }
        return null;
    }

    /** All numbers of a field; a number without an authority is of the site's usual one. */
    static List<PatientId> ids(Er7Segment segment, int field, WardSettings settings) {
        List<PatientId> ids = new ArrayList<>();
        for (Er7Value value : segment.values(field)) {
            String authority = value.text(4, 1).isEmpty() ? value.text(4, 2) : value.text(4, 1);
            PatientId.of(value.text(1), authority, value.text(5))
                    .map(id -> id.orAuthority(settings.authority()))
                    .ifPresent(ids::add);
        }
        return ids;
    }

    private static List<String> parts(Er7Value value) {
        List<String> parts = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            parts.add(value.text(i));
        }
        return parts;
    }

    private static Demographics about(Er7Segment pid, @Nullable Er7Segment visit) {
        return new Demographics(
                cut(pid.text(5)),
                cut(pid.text(5, 2)),
                cut(pid.text(7)),
                cut(pid.text(8)),
                visit == null ? "" : cut(visit.text(19)));
    }

    private static String cut(String text) {
        return text.length() > TEXT_CHARS_MAX ? text.substring(0, TEXT_CHARS_MAX) : text;
    }
}
