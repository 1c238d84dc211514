package org.wasla.gateway.indicators;

import java.util.Optional;

/** What is counted of each device in each period. Immutable. */
public enum Count {
    /** Records that were given a number, of every kind. */
    RECORDS,
    /** Observations and results that have a value. */
    VALUES,
    /** Numbers that a gap event names: records that will never come. */
    LOST,
    /** Minutes in which a value came. */
    MINUTES,
    /** Milliseconds in which the line was looked at. */
    WATCHED_MS,
    /** Those of them in which the device was heard. */
    UP_MS,
    /** Final results of patients' specimens, one for each test; a correction is none. */
    ANALYSES,
    /** Records with at least one of them. */
    SPECIMENS,
    /** Results of controls. */
    CONTROLS,
    /** Examinations that were closed. */
    EXAMS,
    /** Act candidates for the care sheet. */
    ACTS,
    /** Alarms that started, by priority, and the milliseconds in which at least one was open. */
    HIGH,
    HIGH_MS,
    MEDIUM,
    MEDIUM_MS,
    LOW,
    LOW_MS,
    NONE,
    NONE_MS;

    /** @param priority as in records: high, medium, low or none */
    public static Optional<Count> started(String priority) {
        return switch (priority) {
            case "high" -> Optional.of(HIGH);
            case "medium" -> Optional.of(MEDIUM);
            case "low" -> Optional.of(LOW);
            case "none" -> Optional.of(NONE);
            default -> Optional.empty();
        };
    }

    /** The milliseconds that belong to a count of alarms. */
    public Count lasting() {
        return switch (this) {
            case HIGH -> HIGH_MS;
            case MEDIUM -> MEDIUM_MS;
            case LOW -> LOW_MS;
            case NONE -> NONE_MS;
            default -> throw new IllegalStateException(this + " counts no alarms");
        };
    }
}
