package org.wasla.gateway.patient;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Sought;

/** What a scanned code names. Immutable. */
public sealed interface ScanCode {
    /** A patient's wristband. */
    record Wristband(PatientId id) implements ScanCode {}

    /** The label of a configured device, by its id. */
    record Device(String id) implements ScanCode {}

    /** Who scans. Clear text. */
    record Operator(String id) implements ScanCode {
        @Override
        public String toString() {
            return "Operator[hidden]";
        }
    }

    /** A bed, a product, a number that nobody knows: nothing about a patient follows from it. */
    record Other() implements ScanCode {}

    /** Tells codes apart by their form. Immutable. */
    final class Reader {
        private static final String AIM = "(?:\\][A-Za-z]\\d)?";
        private static final Pattern PATIENT = Pattern.compile(AIM + "wasla:patient:([ -:<-~]{1,100});?");
        private static final Pattern DEVICE = Pattern.compile(AIM + "wasla:device:([a-z0-9-]{1,48});");
        private static final Pattern OPERATOR = Pattern.compile(AIM + "wasla:operator:([ -:<-~]{1,64});?");
        /**
         * GS1 8018, the number of one who is cared for, alone or behind other fields. Its last digit is not judged: what was
         * read has the symbol's own check, and a house that prints it wrong still means the patient.
         */
        private static final Pattern GSRN = Pattern.compile(
                "(?:\\]C1|\\]d2|\\]Q3|\\]e0)(?:[ -~]{0,60}\\x1d)?8018(\\d{18})(?:\\x1d?8019\\d{1,10})?\\x1d?");

        private static final Pattern AIM_ID = Pattern.compile("^\\][A-Za-z]\\d");

        private final Map<String, String> devices;
        private final @Nullable Pattern wristband;

        /**
         * @param devices ids of devices by what may stand on their label: id or alias
         * @param wristband form of the house's own wristbands; its first group is the number, else all of it; or null
         */
        public Reader(Map<String, String> devices, @Nullable Pattern wristband) {
            this.devices = Map.copyOf(devices);
            this.wristband = wristband;
        }

        /** @param isPatient whether the hospital knows one patient of this number, which may have no authority */
        public ScanCode read(String code, Predicate<PatientId> isPatient) {
            Matcher device = DEVICE.matcher(code);
            if (device.matches()) {
                return device(device.group(1)).orElse(new Other());
            }
            Matcher operator = OPERATOR.matcher(code);
            if (operator.matches()) {
                return new Operator(operator.group(1));
            }
            Matcher patient = PATIENT.matcher(code);
            if (patient.matches()) {
                return wristband(PatientId.of(List.of(patient.group(1).split("\\^", -1))));
            }
            Matcher gsrn = GSRN.matcher(code);
            if (gsrn.matches()) {
                return wristband(PatientId.of(gsrn.group(1), "gsrn", ""));
            }
            return plain(AIM_ID.matcher(code).replaceFirst(""), isPatient);
        }

        private ScanCode plain(String code, Predicate<PatientId> isPatient) {
            Optional<ScanCode> device = device(code);
            if (device.isPresent()) {
                return device.get();
            }
            Matcher own = wristband == null ? null : Sought.matcher(wristband, code);
            try {
                if (own != null && own.matches()) {
                    String number = own.groupCount() > 0 ? own.group(1) : own.group();
                    return wristband(PatientId.of(number == null ? "" : number, "", ""));
                }
            } catch (Sought.Endless endless) {
                return new Other();
            }
            return wristband(PatientId.of(code, "", "").filter(isPatient));
        }

        private Optional<ScanCode> device(String label) {
            return Optional.ofNullable(devices.get(label)).map(Device::new);
        }

        private static ScanCode wristband(Optional<PatientId> id) {
            return id.<ScanCode>map(Wristband::new).orElse(new Other());
        }
    }
}
