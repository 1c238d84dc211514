package org.wasla.gateway.ward;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.wasla.gateway.hl7.Er7Segment;
import org.wasla.gateway.hl7.Er7Value;
import org.wasla.gateway.hl7.Er7Writer;
import org.wasla.gateway.patient.AdtEvent.Demographics;
import org.wasla.gateway.patient.PatientId;
import org.wasla.gateway.patient.Person;

/** The parts of questions for a patient and of their answers. Stateless. */
final class Queries {
    private Queries() {}

    /** QRD-8, the subject: number first, its authority in the ninth part (XCN). */
    static Optional<PatientId> subject(Er7Segment qrd) {
        return PatientId.of(qrd.text(8), qrd.text(8, 9), "");
    }

    /** QPD-3, pairs of a field's name and its value: {@code @PID.3.1}, and {@code @PID.3.4} or its parts for the authority. */
    static Optional<PatientId> parameter(Er7Segment qpd) {
        String number = "";
        String authority = "";
        for (Er7Value pair : qpd.values(3)) {
            switch (pair.text(1)) {
                case "@PID.3.1", "@PID.3" -> number = pair.text(2);
                case "@PID.3.4", "@PID.3.4.1" -> authority = pair.text(2);
                case "@PID.3.4.2" -> authority = authority.isEmpty() ? pair.text(2) : authority;
                default -> {
                    // Names and dates are asked for by people, who may choose; a box must not.
                }
            }
        }
        return PatientId.of(number, authority, "");
    }

    static void echo(Er7Writer answer, Er7Segment question) {
        answer.segment(question.name());
        for (int field = 1; field <= question.fields(); field++) {
            answer.raw(question.raw(field));
        }
    }

    /** @param withVisit whether the structure of the answer has a place for it */
    static void patient(Er7Writer answer, Person person, boolean withVisit) {
        PatientId id = person.ids().get(0);
        Demographics about = person.about();
        answer.segment("PID")
                .field("1")
                .field()
                .field(id.value(), "", "", id.authority(), id.type())
                .field()
                .field(about.family(), about.given())
                .field()
                .field(about.birth())
                .field(about.sex());
        if (withVisit) {
            answer.segment("PV1")
                    .field("1")
                    .field("I")
                    .field(bed(person))
                    .skip(15)
                    .field(about.visit());
        }
    }

    private static String[] bed(Person person) {
        String bed = person.bed();
        int slash = bed == null ? -1 : bed.indexOf('/');
        List<String> parts = new ArrayList<>();
        if (bed != null) {
            parts.addAll(slash < 0 ? List.of(bed) : List.of(bed.substring(0, slash), "", bed.substring(slash + 1)));
        }
        return parts.toArray(new String[0]);
    }
}
