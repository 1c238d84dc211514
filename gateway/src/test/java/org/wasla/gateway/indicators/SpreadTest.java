package org.wasla.gateway.indicators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpreadTest {
    private static Spread of(List<Long> seconds) {
        Spread spread = new Spread();
        seconds.forEach(spread::add);
        return spread;
    }

    // A region judges laboratories by these: the class must hold what the sorted list says.
    @Test
    void partsAreThoseOfTheSortedList() {
        Random random = new Random(7);
        for (int run = 0; run < 300; run++) {
            List<Long> seconds = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(40); i++) {
                seconds.add((long) random.nextInt(100_000));
            }
            Spread spread = of(seconds);
            Collections.sort(seconds);
            for (int percent : List.of(50, 90)) {
                long exact = seconds.get((seconds.size() * percent + 99) / 100 - 1);
                long told = spread.within(percent);
                assertTrue(told >= exact, "run " + run + ": " + told + " for " + exact);
                long below = Spread.ENDS_S.stream()
                        .filter(end -> end < told)
                        .mapToLong(Long::longValue)
                        .max()
                        .orElse(-1);
                assertTrue(exact > below, "run " + run + ": " + exact + " lies in a class before " + told);
            }
            assertEquals(seconds.size(), spread.n());
            assertEquals(seconds.get(0), spread.leastS());
            assertEquals(seconds.get(seconds.size() - 1), spread.mostS());
        }
    }

    @Test
    void twoAddedAreOneOfBoth() {
        Spread both = of(List.of(10L, 60L, 61L, 100_000L));
        Spread sum = of(List.of(60L, 100_000L));
        sum.add(of(List.of(61L, 10L)));
        assertEquals(both.numbers(), sum.numbers());
        Spread read = new Spread();
        read.read(both.numbers());
        assertEquals(both.numbers(), read.numbers());
        assertThrows(IllegalArgumentException.class, () -> read.read(List.of(1L)));
    }
}
