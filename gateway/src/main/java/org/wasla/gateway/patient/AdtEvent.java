package org.wasla.gateway.patient;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the hospital says of one patient's stay (HL7 v2, chapter 3). Immutable. A swap (A17) is two of them.
 *
 * @param eventMs UTC, when it happened: EVN-6, else EVN-2, else MSH-7
 * @param patient the number that stands for the patient
 * @param ids all numbers of the patient
 * @param bed the location of PV1-3, or null where no bed is named
 * @param merged the number that goes into {@code patient} (A40), else null
 */
public record AdtEvent(
        Trigger trigger,
        long eventMs,
        PatientId patient,
        List<PatientId> ids,
        Demographics about,
        @Nullable String bed,
        @Nullable PatientId merged) {
    public AdtEvent {
        ids = List.copyOf(ids);
    }

    /** The events that are followed; others say nothing of who lies where. */
    public enum Trigger {
        /** Admitted. */
        A01,
        /** Moved to another bed. */
        A02,
        /** Discharged. */
        A03,
        /** Something about the patient is told anew. */
        A08,
        /** The admission did not take place. */
        A11,
        /** The move did not take place. */
        A12,
        /** The discharge did not take place. */
        A13,
        /** Two patients changed beds. */
        A17,
        /** Two numbers are one patient. */
        A40;

        public static Optional<Trigger> of(String code) {
            return Arrays.stream(values())
                    .filter(each -> each.name().equals(code))
                    .findFirst();
        }

        /** The event that this one takes back, or null. */
        @Nullable
        Trigger cancels() {
            return switch (this) {
                case A11 -> A01;
                case A12 -> A02;
                case A13 -> A03;
                default -> null;
            };
        }
    }

    /**
     * What a monitor may ask for, as the hospital sent it, empty where it said nothing. Clear text: it leaves the box only as
     * the answer to such a question.
     */
    public record Demographics(String family, String given, String birth, String sex, String visit) {
        public static final Demographics NONE = new Demographics("", "", "", "", "");

        /** What is told anew replaces what was known; what is left out does not. */
        Demographics or(Demographics older) {
            return new Demographics(
                    family.isEmpty() ? older.family : family,
                    given.isEmpty() && family.isEmpty() ? older.given : given,
                    birth.isEmpty() ? older.birth : birth,
                    sex.isEmpty() ? older.sex : sex,
                    visit.isEmpty() ? older.visit : visit);
        }

        @Override
        public String toString() {
            return "Demographics[hidden]";
        }
    }
}
