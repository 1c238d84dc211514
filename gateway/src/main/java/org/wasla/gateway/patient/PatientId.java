package org.wasla.gateway.patient;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One number that somebody has given a patient. Immutable. It is clear text: it goes into no log, topic or record.
 *
 * @param value the number, not empty
 * @param authority who gave it (CX-4: name, else universal id), empty where nobody says
 * @param type kind of number (CX-5, HL7 table 0203), may be empty
 */
public record PatientId(String value, String authority, String type) {
    public static final int CHARS_MAX = 100;
    /** Numbers of the state, of taxes and of insurance: a box does not keep them while there is another one. */
    private static final Set<String> CIVIL = Set.of("NI", "NH", "SS", "SSN", "CF", "DL", "PPN", "CZ", "NNMAR");

    private static final Set<String> HOUSE = Set.of("PI", "MR", "PT", "PN");

    /** Without characters that would make two ids one text; empty where nothing is left of the value. */
    public static Optional<PatientId> of(String value, String authority, String type) {
        String number = clean(value);
        boolean isNone = number.isEmpty() || number.equals("\"\"") || number.length() > CHARS_MAX;
        return isNone ? Optional.empty() : Optional.of(new PatientId(number, clean(authority), clean(type)));
    }

    /** Reads the parts of a CX: number, check digit, its scheme, authority, type. */
    public static Optional<PatientId> of(List<String> parts) {
        return of(part(parts, 0), part(parts, 3), part(parts, 4));
    }

    private static String part(List<String> parts, int index) {
        return index < parts.size() ? parts.get(index) : "";
    }

    private static String clean(String text) {
        return text.replaceAll("[\\p{Cntrl}^~|]", " ").strip();
    }

    /** The same number, of this authority where none is said. */
    public PatientId orAuthority(String usual) {
        return authority.isEmpty() ? new PatientId(value, usual, type) : this;
    }

    /** The one that stands for the patient: a number of the house, then any, and one of the state only for want of it. */
    public static Optional<PatientId> best(List<PatientId> ids) {
        return ids.stream()
                .filter(id -> HOUSE.contains(id.type()))
                .findFirst()
                .or(() -> ids.stream().filter(id -> !CIVIL.contains(id.type())).findFirst())
                .or(() -> ids.stream().findFirst());
    }

    /** Hides the number: an id must not come into a log by being printed. */
    @Override
    public String toString() {
        return "PatientId[hidden]";
    }
}
