package org.wasla.gateway.observation;

/** The form of LOINC codes. Stateless. */
public final class Loinc {
    private Loinc() {}

    /** @return whether the last digit of the code is its check digit (mod 10, Luhn) */
    public static boolean isValid(String code) {
        if (!code.matches("\\d{1,7}-\\d")) {
            return false;
        }
        int dash = code.indexOf('-');
        int sum = 0;
        for (int i = 0; i < dash; i++) {
            int digit = code.charAt(dash - 1 - i) - '0';
            int weighted = i % 2 == 0 ? 2 * digit : digit;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }
        return (10 - sum % 10) % 10 == code.charAt(dash + 1) - '0';
    }
}
