package org.wasla.gateway.observation;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.Mapping.Formula;

/** Numbers as devices write them, turned into JSON numbers without losing or adding a digit after the point. */
final class Digits {
    /** A text of this length fits a long whatever its digits. */
    private static final int LONG_DIGITS = 18;

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
        int whole = point < 0 ? digits.length() : point;
        int given = digits.length() - (point < 0 ? 0 : 1);
        if (given == 0 || !allDigits(digits, 0, whole) || !allDigits(digits, whole + 1, digits.length())) {
            return null;
        }
        int zeros = 0;
        while (zeros < whole - 1 && digits.charAt(zeros) == '0') {
            zeros++;
        }
        // Without a copy where the device writes as JSON does, which is the usual case.
        String number = digits.substring(zeros, given == whole ? whole : digits.length());
        String front = (negative ? "-" : "") + (whole == 0 ? "0" : "");
        return front.isEmpty() ? number : front + number;
    }

    /** @return the number that the hex digits stand for, without a sign; null when they are none or more than 64 bits */
    static @Nullable String hex(String digits) {
        try {
            return digits.startsWith("+") ? null : Long.toUnsignedString(Long.parseUnsignedLong(digits, 16));
        } catch (NumberFormatException notHex) {
            return null;
        }
    }

    /** Whether the text is a number as JSON writes it, without a sign. */
    static boolean isJson(String text) {
        int length = text.length();
        int whole = 0;
        while (whole < length && isDigit(text.charAt(whole))) {
            whole++;
        }
        if (whole == 0 || whole > 1 && text.charAt(0) == '0') {
            return false;
        }
        return whole == length || whole + 1 < length && text.charAt(whole) == '.' && allDigits(text, whole + 1, length);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /**
     * @param factor the number of another field, or null
     * @return what the formula makes of the number, with the digits that this gives
     */
    static String formed(String json, @Nullable String factor, Formula formula) {
        BigDecimal scale = formula.scale();
        if (scale == null && formula.offset() == null && factor == null && formula.decimals() == null) {
            return json;
        }
        BigDecimal value = decimal(json);
        value = factor == null ? value : value.multiply(decimal(factor));
        value = scale == null ? value : value.multiply(scale);
        value = formula.offset() == null ? value : value.add(formula.offset());
        Integer decimals = formula.decimals();
        return (decimals == null ? value : value.setScale(decimals, RoundingMode.HALF_UP)).toPlainString();
    }

    static boolean within(String json, @Nullable BigDecimal low, @Nullable BigDecimal high) {
        if (low == null && high == null) {
            return true;
        }
        BigDecimal value = decimal(json);
        return (low == null || value.compareTo(low) >= 0) && (high == null || value.compareTo(high) <= 0);
    }

    private static BigDecimal decimal(String json) {
        if (json.length() > LONG_DIGITS) {
            return new BigDecimal(json);
        }
        boolean negative = json.charAt(0) == '-';
        long unscaled = 0;
        int point = json.length() - 1;
        for (int i = negative ? 1 : 0; i < json.length(); i++) {
            if (json.charAt(i) == '.') {
                point = i;
            } else {
                unscaled = 10 * unscaled + json.charAt(i) - '0';
            }
        }
        return BigDecimal.valueOf(negative ? -unscaled : unscaled, json.length() - 1 - point);
    }

    private static boolean allDigits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
