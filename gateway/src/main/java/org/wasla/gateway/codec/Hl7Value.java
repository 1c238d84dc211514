package org.wasla.gateway.codec;

import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.hl7.Er7Segment;
import org.wasla.gateway.hl7.Er7Value;

/** The value of an OBX segment as text, by its type in OBX-2. Stateless. */
final class Hl7Value {
    private static final int TYPE = 2;
    private static final int CODE = 3;
    private static final int VALUE = 5;
    private static final int SYSTEM = 3;
    private static final String SNOMED = "SCT";

    private Hl7Value() {}

    /**
     * Numbers keep their digits. A structured number (SN) becomes what it says: {@code <2.00}, {@code 1:80}, {@code 5-10}.
     * Of an image or another document only its kind is told; of a coded value its code and its words, apart by {@code ^}, and {@code
     * ^SCT} where the code is one of SNOMED CT (HL7 table 0396): such a code means the same everywhere. Repetitions stand apart by
     * {@code ~}.
     */
    static String of(Er7Segment obx) {
        List<String> texts = new ArrayList<>();
        for (Er7Value value : obx.values(VALUE)) {
            if (!value.isEmpty()) {
                texts.add(
                        switch (obx.text(TYPE)) {
                            case "SN" -> structured(value);
                            case "ED", "RP" -> document(value);
                            case "CE", "CWE", "CNE", "CF" -> coded(value);
                            default -> value.whole().strip();
                        });
            }
        }
        return String.join("~", texts);
    }

    /** Comparator, number, separator, second number. */
    private static String structured(Er7Value value) {
        String sign = value.text(1).strip();
        String text =
                value.text(2).strip() + value.text(3).strip() + value.text(4).strip();
        return sign.equals("=") ? text : sign + text;
    }

    private static String coded(Er7Value value) {
        String code = value.text(1).strip();
        String words = words(value);
        if (value.text(SYSTEM).strip().equals(SNOMED)) {
            return code + '^' + words + '^' + SNOMED;
        }
        return code.isEmpty() || code.equals(words) ? words : code + '^' + words;
    }

    private static String document(Er7Value value) {
        return (value.text(2) + ' ' + value.text(3) + ' ' + value.text(4)).strip();
    }

    /** @return the words of a coded value, else its code */
    static String words(Er7Value value) {
        String words = value.text(2).strip();
        return words.isEmpty() ? value.text(1).strip() : words;
    }

    /** @return the code of OBX-3: an analyser may leave the first component empty and have its own code in the fourth */
    static String code(Er7Segment obx) {
        for (int component : new int[] {1, 4, 2}) {
            String code = obx.text(CODE, component).strip();
            if (!code.isEmpty()) {
                return code;
            }
        }
        return "";
    }
}
