package org.wasla.gateway.observation;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Numbers as devices write them, turned into JSON numbers without losing or adding a digit after the point. */
final class Digits {
    private Digits() {}

    /**
     * @param sent digits with an optional sign before or after blanks and an optional point
     * @return the same number as JSON writes it ("036.80" gives "36.80"), or null when it is none
     */
    static @Nullable String json(String sent) {
        String text = sent.strip();
        boolean negative = text.startsWith("-");
        String digits = negative || text.startsWith("+") ? text.substring(1).strip() : text;
        int point = digits.indexOf('.');
        String whole = point < 0 ? digits : digits.substring(0, point);
        String fraction = point < 0 ? "" : digits.substring(point + 1);
        if (whole.isEmpty() && fraction.isEmpty() || !allDigits(whole) || !allDigits(fraction)) {
            return null;
        }
        int zeros = 0;
        while (zeros < whole.length() - 1 && whole.charAt(zeros) == '0') {
            zeros++;
        }
        String front = whole.isEmpty() ? "0" : whole.substring(zeros);
        return (negative ? "-" : "") + front + (fraction.isEmpty() ? "" : "." + fraction);
    }

    /** @return value * scale + offset, with the digits that the scale gives */
    static String scaled(String json, @Nullable BigDecimal scale, @Nullable BigDecimal offset) {
        if (scale == null && offset == null) {
            return json;
        }
        BigDecimal value = new BigDecimal(json);
        BigDecimal scaled = scale == null ? value : value.multiply(scale);
        return (offset == null ? scaled : scaled.add(offset)).toPlainString();
    }

    static boolean within(String json, @Nullable BigDecimal low, @Nullable BigDecimal high) {
        if (low == null && high == null) {
            return true;
        }
        BigDecimal value = new BigDecimal(json);
        return (low == null || value.compareTo(low) >= 0) && (high == null || value.compareTo(high) <= 0);
    }

    private static boolean allDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
