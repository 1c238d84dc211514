package org.wasla.gateway.codec;

import java.util.Locale;

/** What a MEDIBUS device can be asked for again and again (90 28 258; bedside.md 2.3), and how its answer is written. */
public enum MedibusQuestion {
    DATA(0x24, Form.VALUES, "cp1."),
    LOW_LIMITS(0x25, Form.VALUES, "lim-low."),
    HIGH_LIMITS(0x26, Form.VALUES, "lim-high."),
    ALARMS(0x27, Form.ALARMS, "cp1"),
    DATA_2(0x2b, Form.VALUES, "cp2."),
    LOW_LIMITS_2(0x2c, Form.VALUES, "lim2-low."),
    HIGH_LIMITS_2(0x2d, Form.VALUES, "lim2-high."),
    ALARMS_2(0x2e, Form.ALARMS, "cp2"),
    ALARMS_3(0x23, Form.ALARMS, "cp3"),
    SETTINGS(0x29, Form.SETTINGS, "set."),
    TEXTS(0x2a, Form.TEXTS, "txt."),
    TIME(0x28, Form.TIME, "");

    /** How the records of an answer are written. */
    public enum Form {
        /** Code (2 hex digits) and 4 characters. */
        VALUES,
        /** Code (2 hex digits) and 5 characters. */
        SETTINGS,
        /** Priority (1 to 31, plus 30h), code (2 hex digits) and 12 characters. */
        ALARMS,
        /** Code (2 hex digits), length (plus 30h), so many characters, 03h. */
        TEXTS,
        /** One date and time. */
        TIME
    }

    private final int code;
    private final Form form;
    private final String prefix;

    MedibusQuestion(int code, Form form, String prefix) {
        this.code = code;
        this.form = form;
        this.prefix = prefix;
    }

    /** @return the code of the command and of its answer */
    public int code() {
        return code;
    }

    public Form form() {
        return form;
    }

    /** @return what stands before a record's code in the name of its field; of alarms the name of the list */
    public String prefix() {
        return prefix;
    }

    /** @return its name in profiles, and the type of the message that answers it */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
