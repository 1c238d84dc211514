package org.wasla.gateway.orders;

import java.util.Locale;
import org.wasla.gateway.orders.Order.Step;

/**
 * The keys by which a scanner asks for its steps (DICOM PS3.4 K.6.1.2.2). Immutable. An empty key matches everything.
 * {@code *} and {@code ?} stand for letters, as in PS3.4 C.2.2.2.4; names match in either case.
 *
 * @param modality such as CT
 * @param station AE title of the device; a step that is scheduled on no device is anybody's
 * @param start day {@code 20260616}, or a range of days, {@code 20260616-20260618}, open at either end
 * @param accession number of the request
 * @param patient the patient's number
 * @param name as DICOM writes names, {@code family^given}
 * @param procedure id of the requested procedure
 * @param step id of the step
 */
public record StepQuery(
        String modality,
        String station,
        String start,
        String accession,
        String patient,
        String name,
        String procedure,
        String step) {
    public static final StepQuery ALL = new StepQuery("", "", "", "", "", "", "", "");
    private static final int DAY = 10;

    boolean matches(Order order) {
        Step scheduled = order.step();
        return scheduled != null
                && isLike(modality, scheduled.modality())
                && (scheduled.station().isEmpty() || isLike(station, scheduled.station()))
                && isOn(day(scheduled.start()))
                && isLike(accession, scheduled.accession())
                && isLike(patient, order.patient().number())
                && isNamed(order.patient())
                && isLike(procedure, scheduled.procedure())
                && isLike(step, scheduled.id());
    }

    private static String day(String start) {
        return start.length() < DAY ? "" : start.substring(0, DAY).replace("-", "");
    }

    private boolean isOn(String day) {
        int to = start.indexOf('-');
        if (to < 0) {
            return start.isEmpty() || start.equals(day);
        }
        String last = start.substring(to + 1);
        return start.substring(0, to).compareTo(day) <= 0 && (last.isEmpty() || day.compareTo(last) <= 0);
    }

    /** A key of the family name alone matches whatever is given; carets at the end mean nothing. */
    private boolean isNamed(Order.Patient of) {
        String key = name.replaceAll("\\^+$", "").toLowerCase(Locale.ROOT);
        String whole = (of.family() + "^" + of.given()).replaceAll("\\^+$", "").toLowerCase(Locale.ROOT);
        return isLike(key, whole)
                || key.indexOf('^') < 0 && isLike(key, of.family().toLowerCase(Locale.ROOT));
    }

    /** A star that was passed is tried again one letter further on, so that no key takes long (64 letters at most). */
    private static boolean isLike(String key, String value) {
        int k = 0;
        int star = -1;
        int from = 0;
        for (int v = 0; v < value.length(); ) {
            char c = k < key.length() ? key.charAt(k) : '\0';
            if (c == '*') {
                star = k++;
                from = v;
            } else if (c != '\0' && (c == '?' || c == value.charAt(v))) {
                k++;
                v++;
            } else if (star >= 0) {
                k = star + 1;
                v = ++from;
            } else {
                return key.isEmpty();
            }
        }
        return key.substring(k).replace("*", "").isEmpty();
    }
}
