package org.wasla.gateway.orders;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that the platform has ordered: tests on a specimen, a step of an examination, or both. Immutable. What is not
 * known is empty. It holds clear text of a patient: it goes to devices that ask, and into no log, topic or record.
 *
 * @param id names it at the platform; a second order of the same id replaces the first
 * @param specimen number on the tube, may be empty where there is a step
 * @param tests codes as the device knows them
 * @param priority as ASTM O-6 has it: S, A, R, C or P
 * @param devices ids of the devices that it is for; none: any
 * @param step the examination, or null
 * @param untilMs UTC; from then on it is no order any more
 */
public record Order(
        String id,
        String specimen,
        List<String> tests,
        String priority,
        List<String> devices,
        Patient patient,
        @Nullable Step step,
        long untilMs) {
    public Order {
        tests = List.copyOf(tests);
        devices = List.copyOf(devices);
    }

    /**
     * Whom it is for, in clear text.
     *
     * @param number the patient's number
     * @param authority who gave it
     * @param birth date as {@code 1970-01-31}, or its year, or its year and month
     * @param sex M, F, O or U
     */
    public record Patient(String number, String authority, String family, String given, String birth, String sex) {
        public static final Patient NONE = new Patient("", "", "", "", "", "");

        @Override
        public String toString() {
            return "Patient[hidden]";
        }
    }

    /**
     * A scheduled procedure step (DICOM PS3.4 K.6).
     *
     * @param accession number of the request
     * @param procedure id of the requested procedure
     * @param procedureText what the requested procedure is
     * @param id of the step
     * @param modality such as CT, or empty
     * @param station AE title of the device it is scheduled on, may be empty
     * @param start local time of the site, {@code 2026-06-16T08:00}, with or without seconds
     * @param text what the step is
     * @param study the study's UID, may be empty
     * @param physician who referred the patient, as DICOM writes names, may be empty
     */
    public record Step(
            String accession,
            String procedure,
            String procedureText,
            String id,
            String modality,
            String station,
            String start,
            String text,
            String study,
            String physician) {}

    /** The same, to be forgotten from another moment on. */
    public Order until(long endMs) {
        return new Order(id, specimen, tests, priority, devices, patient, step, endMs);
    }

    /** The same for a patient who is known better. */
    public Order of(Patient whose) {
        return new Order(id, specimen, tests, priority, devices, whose, step, untilMs);
    }

    /** Whether it counts at this time for this device. */
    public boolean isFor(String device, long nowMs) {
        return nowMs < untilMs && (devices.isEmpty() || devices.contains(device));
    }

    /** Hides the patient. */
    @Override
    public String toString() {
        return "Order[" + id + "]";
    }
}
