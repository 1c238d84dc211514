package org.wasla.gateway.codec;

import java.util.List;
import org.wasla.gateway.codec.Hl7Spec.Content;
import org.wasla.gateway.hl7.Er7Message;
import org.wasla.gateway.hl7.Er7Segment;
import org.wasla.gateway.message.Message;

/** What an HL7 message says, whatever kind it is of. Stateless but for its profile. */
final class Hl7Content {
    /** The IHE device profiles stand below these (lab.md 2.3); the second is the older spelling of PCD-04. */
    private static final List<String> DEVICE_PROFILES =
            List.of("1.3.6.1.4.1.19376.1.6.1.", "1.3.6.1.4.1.19376.1.6.4.4");

    /** MDC_OBS_ASSOCIATION_PATIENT_DEVICE: IHE PCIM speaks in ORU messages too, to another port. */
    private static final String ASSOCIATION = "69136";

    private final Hl7Spec spec;
    private final Hl7Results results = new Hl7Results();
    private final Hl7Device device;
    private final Hl7Alarms alarms;

    Hl7Content(Hl7Spec spec) {
        this.spec = spec;
        this.device = new Hl7Device(spec);
        this.alarms = new Hl7Alarms(spec.part());
    }

    /** Observations are taken; orders, queries, patient administration and who is on which device are not. */
    static boolean takes(Er7Message message) {
        String type = message.type();
        boolean isAssociation = message.segments().stream()
                .anyMatch(segment ->
                        segment.name().equals("OBR") && segment.text(4).equals(ASSOCIATION));
        return !isAssociation && isObservation(type);
    }

    private static boolean isObservation(String type) {
        return type.equals("ORU") || type.equals("OUL") || type.startsWith("ORU_") || type.startsWith("OUL_");
    }

    /** @return at least one, in the order sent */
    List<Message> messages(Er7Message message) {
        boolean isAlarm = Hl7Alarms.isAlarm(message);
        if (isAlarm && spec.content() != Content.RESULTS) {
            return alarms.messages(message);
        }
        return isOfDevice(message) ? device.messages(message) : results.messages(message);
    }

    private boolean isOfDevice(Er7Message message) {
        if (spec.content() != Content.AUTO) {
            return spec.content() == Content.DEVICE;
        }
        String profile = message.header().text(21, 3);
        if (DEVICE_PROFILES.stream().anyMatch(profile::startsWith)) {
            return true;
        }
        for (Er7Segment segment : message.segments()) {
            if (segment.name().equals("OBX") && segment.text(3, 3).equals("MDC")) {
                return true;
            }
        }
        return false;
    }
}
