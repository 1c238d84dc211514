package org.wasla.gateway.epi;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Ages in classes wide enough that one names nobody. Stateless. */
final class AgeBand {
    private static final int YEARS_MAX = 130;
    private static final int[] FROM = {0, 1, 5, 15, 25, 45, 65, 80};
    private static final String[] BANDS = {"0", "1-4", "5-14", "15-24", "25-44", "45-64", "65-79", "80+"};

    private AgeBand() {}

    /**
     * @param birth a date, its year and month, or its year, with or without hyphens; may be empty
     * @param day when the patient had that age
     * @return null where it is not known to the class
     */
    static @Nullable String of(String birth, LocalDate day) {
        String digits = birth.replace("-", "");
        if (!digits.matches("\\d{4}(\\d\\d){0,2}|\\d{8}\\d*")) {
            return null;
        }
        try {
            int year = Integer.parseInt(digits.substring(0, 4));
            if (digits.length() >= 8) {
                LocalDate date = LocalDate.of(year, month(digits), Integer.parseInt(digits.substring(6, 8)));
                return band(date, date, day);
            }
            if (digits.length() >= 6) {
                YearMonth month = YearMonth.of(year, month(digits));
                return band(month.atDay(1), month.atEndOfMonth(), day);
            }
            return band(LocalDate.of(year, 1, 1), LocalDate.of(year, 12, 31), day);
        } catch (DateTimeException noDate) {
            return null;
        }
    }

    private static int month(String digits) {
        return Integer.parseInt(digits.substring(4, 6));
    }

    private static @Nullable String band(LocalDate first, LocalDate last, LocalDate day) {
        String oldest = band(ChronoUnit.YEARS.between(first, day));
        return last.isAfter(day) || oldest == null || !oldest.equals(band(ChronoUnit.YEARS.between(last, day)))
                ? null
                : oldest;
    }

    private static @Nullable String band(long years) {
        if (years < 0 || years > YEARS_MAX) {
            return null;
        }
        int at = FROM.length - 1;
        while (years < FROM[at]) {
            at--;
        }
        return BANDS[at];
    }
}
