package org.wasla.gateway.ward;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.hl7.Er7Message;
import org.wasla.gateway.hl7.Er7Segment;
import org.wasla.gateway.identity.SiteKey;
import org.wasla.gateway.patient.Association;
import org.wasla.gateway.patient.Association.State;
import org.wasla.gateway.patient.PatientId;
import org.wasla.gateway.patient.PcimReport;

/**
 * Reads messages of IHE PCIM (Devices technical framework, supplement Point-of-care identity management, DEV-51 and DEV-52):
 * ORU^R01 whose OBR-4 is MDC_OBS_ASSOCIATION_PATIENT_DEVICE. Stateless.
 */
final class PcimReader {
    private static final String SUBJECT = "69136";
    private static final String CONDITION = "68487";
    private static final String BEGINS = "198332";
    private static final String ENDS = "198334";
    private static final int ROLE = 4;
    private static final int PERSON = 5;
    private static final int DEVICE = 10;
    private static final int BEGIN = 11;
    private static final int END = 12;

    private PcimReader() {}

    static boolean isOne(Er7Message message) {
        return message.first("OBR").filter(obr -> obr.text(4).equals(SUBJECT)).isPresent();
    }

    /**
     * @param report null when the message cannot be used
     * @param patient whose it is, null likewise
     * @param problem why, without anything of a patient
     */
    record Heard(@Nullable PcimReport report, @Nullable PatientId patient, String problem) {
        static Heard not(String problem) {
            return new Heard(null, null, problem);
        }
    }

    static Heard read(Er7Message message, Ward ward) {
        Er7Segment obr = message.first("OBR").orElseThrow();
        Er7Segment condition = message.segments().stream()
                .filter(each -> each.name().equals("OBX") && each.text(3).equals(CONDITION))
                .findFirst()
                .orElse(null);
        State state = condition == null ? null : state(condition.text(11));
        boolean isEnd = condition != null && condition.text(5).equals(ENDS);
        if (condition == null || state == null || !isEnd && !condition.text(5).equals(BEGINS)) {
            return Heard.not("no association or disassociation with a known state in OBX");
        }
        Optional<PatientId> patient =
                message.first("PID").flatMap(pid -> PatientId.best(AdtReader.ids(pid, 3, ward.settings())));
        String ref = patient.map(ward::ref).orElse(null);
        if (patient.isEmpty() || ref == null) {
            return Heard.not("unknown patient");
        }
        Er7Segment equipment = part(message, "EQUIP");
        String device =
                equipment == null ? null : device(equipment, ward.settings().labels());
        if (equipment == null || device == null) {
            return Heard.not("unknown device");
        }
        if (obr.text(3).isEmpty()) {
            return Heard.not("no id of the association in OBR-3");
        }
        OptionalLong beginMs = time(ward, equipment.text(BEGIN), obr.text(7));
        if (beginMs.isEmpty()) {
            return Heard.not("no time in PRT-11 or OBR-7");
        }
        OptionalLong endMs = time(ward, equipment.text(END), isEnd ? obr.text(8) : "");
        String parent = obr.text(29, 2).isEmpty() ? obr.text(29) : obr.text(29, 2);
        SiteKey key = ward.key();
        return new Heard(
                new PcimReport(
                        key.foreign(obr.text(3)),
                        parent.isEmpty() ? null : key.foreign(parent),
                        device,
                        ref,
                        isEnd,
                        state,
                        who(message, key),
                        beginMs.getAsLong(),
                        endMs.orElse(Association.OPEN)),
                patient.get(),
                "");
    }

    private static @Nullable State state(String code) {
        for (State each : State.values()) {
            if (each.name().equals(code)) {
                return each;
            }
        }
        return null;
    }

    private static @Nullable Er7Segment part(Er7Message message, String role) {
        return message.segments().stream()
                .filter(each -> each.name().equals("PRT") && each.text(ROLE).equals(role))
                .findFirst()
                .orElse(null);
    }

    /** By name or by number, in any letters: the parts of PRT-10 are name and EUI-64. */
    private static @Nullable String device(Er7Segment equipment, Map<String, String> labels) {
        Map<String, String> folded = new TreeMap<>();
        labels.forEach((label, id) -> folded.put(label.toLowerCase(Locale.ROOT), id));
        for (String name : List.of(equipment.text(DEVICE), equipment.text(DEVICE, 2))) {
            String id = folded.get(name.toLowerCase(Locale.ROOT));
            if (id != null) {
                return id;
            }
        }
        return null;
    }

    private static OptionalLong time(Ward ward, String first, String second) {
        OptionalLong ms = Hl7Time.ms(first, ward.settings().zone());
        return ms.isPresent() ? ms : Hl7Time.ms(second, ward.settings().zone());
    }

    private static @Nullable String who(Er7Message message, SiteKey key) {
        for (String role : List.of("AUT", "RO")) {
            Er7Segment person = part(message, role);
            if (person != null && !person.text(PERSON).isEmpty()) {
                return key.staff(person.text(PERSON));
            }
        }
        return null;
    }
}
