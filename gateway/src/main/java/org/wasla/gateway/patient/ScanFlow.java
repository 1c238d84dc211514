package org.wasla.gateway.patient;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What somebody with a scanner wants: wristband, then device: associated; more devices may follow. A device that is on the
 * patient, or any device while no wristband is remembered: ended. One scanner, one thread.
 *
 * <pre>
 *              wristband            device                       time
 *   idle       held, READY          on somebody: END, ENDED      -
 *                                   else REFUSED
 *   held       another, READY       ASSOCIATE, ASSOCIATED        after 60 s idle, TIMEOUT
 *                                   on this patient: END, ENDED
 * </pre>
 *
 * A code that comes again within two seconds was read twice by one pull of the trigger and counts once.
 */
public final class ScanFlow {
    static final long HELD_NS = 60_000_000_000L;
    static final long TWICE_NS = 2_000_000_000L;
    static final long OPERATOR_NS = 15 * 60_000_000_000L;

    private @Nullable PatientId patient;
    private long patientNs;
    private @Nullable String operator;
    private long operatorNs;
    private @Nullable ScanCode last;
    private long lastNs;

    /** What lamp and buzzer are to show. */
    public enum Signal {
        /** A wristband is remembered. */
        READY,
        /** The device is on the patient. */
        ASSOCIATED,
        /** The device is on nobody. */
        ENDED,
        /** Nothing came of it. */
        REFUSED,
        /** The wristband is forgotten. */
        TIMEOUT
    }

    /** What is to be done. A signal that claims success is for who has done it to give. */
    public sealed interface Step {
        /** @param operator who scans, clear text, or null */
        record Associate(
                PatientId patient, String device, @Nullable String operator) implements Step {}

        record End(String device, @Nullable String operator) implements Step {}

        record Show(Signal signal) implements Step {}
    }

    /**
     * @param isOn whether a device is on somebody by a person's word
     * @param isOnPatient the same for the remembered patient
     */
    public List<Step> onCode(ScanCode code, Predicate<String> isOn, IsOnPatient isOnPatient, long nowNs) {
        forget(nowNs);
        boolean isTwice = code.equals(last) && nowNs - lastNs < TWICE_NS;
        last = code;
        lastNs = nowNs;
        if (isTwice) {
            return List.of();
        }
        if (code instanceof ScanCode.Wristband wristband) {
            patient = wristband.id();
            patientNs = nowNs;
            return List.of(new Step.Show(Signal.READY));
        }
        if (code instanceof ScanCode.Operator who) {
            operator = who.id();
            operatorNs = nowNs;
            return List.of(new Step.Show(Signal.READY));
        }
        if (code instanceof ScanCode.Device device) {
            return device(device.id(), isOn, isOnPatient, nowNs);
        }
        return List.of(new Step.Show(Signal.REFUSED));
    }

    /** Whether a device is on a patient by a person's word. */
    @FunctionalInterface
    public interface IsOnPatient {
        boolean test(String device, PatientId patient);
    }

    private List<Step> device(String device, Predicate<String> isOn, IsOnPatient isOnPatient, long nowNs) {
        PatientId held = patient;
        if (held != null) {
            patientNs = nowNs;
            return List.of(
                    isOnPatient.test(device, held)
                            ? new Step.End(device, operator)
                            : new Step.Associate(held, device, operator));
        }
        return List.of(isOn.test(device) ? new Step.End(device, operator) : new Step.Show(Signal.REFUSED));
    }

    /** To be called now and then, so that a forgotten wristband binds no later device. */
    public List<Step> onTime(long nowNs) {
        return forget(nowNs) ? List.of(new Step.Show(Signal.TIMEOUT)) : List.of();
    }

    private boolean forget(long nowNs) {
        if (operator != null && nowNs - operatorNs >= OPERATOR_NS) {
            operator = null;
        }
        if (patient != null && nowNs - patientNs >= HELD_NS) {
            patient = null;
            return true;
        }
        return false;
    }
}
