package org.wasla.gateway.codec;

import org.jspecify.annotations.Nullable;
import org.wasla.gateway.codec.Hl7Spec.Part;
import org.wasla.gateway.hl7.Er7Message;
import org.wasla.gateway.hl7.Er7Segment;

/** Which of the devices behind one port a message is of. Stateless. */
final class Hl7Places {
    private static final int LOCATION = 3;
    private static final int ADDRESS = 9;
    private static final int EQUIPMENT = 18;

    private Hl7Places() {}

    /**
     * @param visit the PV1 of the patient whose values these are, or null
     * @param obx one of the values
     * @return null when nothing tells it: then it is the port's own device
     */
    static @Nullable String part(Part by, Er7Message message, @Nullable Er7Segment visit, Er7Segment obx) {
        return switch (by) {
            case NONE -> null;
            case BED -> visit == null ? null : bed(visit);
            case EQUIPMENT -> equipment(message, obx);
        };
    }

    /** Unit, room and bed; some monitors put the bed behind a subcomponent mark, some only their own address. */
    private static @Nullable String bed(Er7Segment visit) {
        StringBuilder bed = new StringBuilder();
        for (int component = 1; component <= 3; component++) {
            for (int sub = 1; sub <= 2; sub++) {
                String text = visit.text(LOCATION, component, sub).strip();
                bed.append(bed.length() == 0 || text.isEmpty() ? "" : "-").append(text);
            }
        }
        String text = bed.length() == 0 ? visit.text(LOCATION, ADDRESS).strip() : bed.toString();
        return text.isEmpty() ? null : text;
    }

    private static @Nullable String equipment(Er7Message message, Er7Segment obx) {
        String own = obx.text(EQUIPMENT).strip();
        String universal = message.header().text(3, 2).strip();
        String text =
                own.isEmpty() ? universal.isEmpty() ? message.header().text(3).strip() : universal : own;
        return text.isEmpty() ? null : text;
    }

    /** @return the time in a field of HL7 as it is: digits and a zone; empty when there is none */
    static String time(Er7Segment obx, @Nullable Er7Segment order, Er7Message message) {
        String own = obx.text(14).strip();
        if (!own.isEmpty()) {
            return own;
        }
        String ordered = order == null ? "" : order.text(7).strip();
        return ordered.isEmpty() ? message.header().text(7).strip() : ordered;
    }
}
