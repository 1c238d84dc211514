package org.wasla.gateway.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.patient.AdtEvent.Demographics;
import org.wasla.gateway.patient.AdtEvent.Trigger;
import org.wasla.gateway.patient.Association;
import org.wasla.gateway.patient.PatientId;
import org.wasla.gateway.patient.Person;

/** Associations and persons as lines of text and back. Fields stand between tabs; an empty one is null. Stateless. */
final class PatientText {
    private static final int ASSOCIATION_FIELDS = 11;

    private PatientText() {}

    static String of(Association of) {
        return String.join(
                "\t",
                of.id(),
                of.device(),
                of.ref(),
                of.state().name(),
                of.source().name(),
                of.how().name(),
                text(of.who()),
                text(of.foreign()),
                Long.toString(of.beginMs()),
                of.endMs() == Association.OPEN ? "" : Long.toString(of.endMs()),
                Long.toString(of.recordedMs()));
    }

    /** Empty when the fields are none of an association. */
    static Optional<Association> association(List<String> fields) {
        if (fields.size() != ASSOCIATION_FIELDS) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Association(
                    fields.get(0),
                    fields.get(1),
                    fields.get(2),
                    Association.State.valueOf(fields.get(3)),
                    Association.Source.valueOf(fields.get(4)),
                    Association.How.valueOf(fields.get(5)),
                    orNull(fields.get(6)),
                    orNull(fields.get(7)),
                    Long.parseLong(fields.get(8)),
                    fields.get(9).isEmpty() ? Association.OPEN : Long.parseLong(fields.get(9)),
                    Long.parseLong(fields.get(10))));
        } catch (IllegalArgumentException noneOfOurs) {
            return Optional.empty();
        }
    }

    static String of(Person person) {
        List<String> lines = new ArrayList<>();
        for (PatientId id : person.ids()) {
            lines.add(line("id", id.value(), id.authority(), id.type()));
        }
        Demographics about = person.about();
        lines.add(line("about", about.family(), about.given(), about.birth(), about.sex(), about.visit()));
        for (Person.Move move : person.moves()) {
            lines.add(line("move", move.trigger().name(), Long.toString(move.eventMs()), text(move.bed())));
        }
        person.absorbed().forEach(ref -> lines.add(line("absorbed", ref)));
        return String.join("\n", lines);
    }

    /** Empty when the text is none of a person. */
    static Optional<Person> person(String ref, String text) {
        List<PatientId> ids = new ArrayList<>();
        Demographics about = Demographics.NONE;
        List<Person.Move> moves = new ArrayList<>();
        List<String> absorbed = new ArrayList<>();
        try {
            for (String line : text.split("\n", -1)) {
                List<String> parts = LineLog.fields(line);
                switch (parts.get(0)) {
                    case "id" -> ids.add(new PatientId(parts.get(1), parts.get(2), parts.get(3)));
                    case "about" ->
                        about = new Demographics(parts.get(1), parts.get(2), parts.get(3), parts.get(4), parts.get(5));
                    case "move" ->
                        moves.add(new Person.Move(
                                Trigger.valueOf(parts.get(1)), Long.parseLong(parts.get(2)), orNull(parts.get(3))));
                    case "absorbed" -> absorbed.add(parts.get(1));
                    default -> {
                        return Optional.empty();
                    }
                }
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException noneOfOurs) {
            return Optional.empty();
        }
        return ids.isEmpty() ? Optional.empty() : Optional.of(new Person(ref, ids, about, moves, absorbed));
    }

    private static String line(String... parts) {
        List<String> clean = new ArrayList<>();
        for (String part : parts) {
            clean.add(part.replaceAll("\\p{Cntrl}", " "));
        }
        return String.join("\t", clean);
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
