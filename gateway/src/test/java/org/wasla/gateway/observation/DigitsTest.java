package org.wasla.gateway.observation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.observation.Mapping.Formula;

/** A digit that is lost or added changes what the device said about its precision. */
class DigitsTest {
    @Test
    void trailingZerosStayAndLeadingOnesGo() {
        assertEquals("36.80", Digits.json("036.80"));
        assertEquals("98", Digits.json("098"));
        assertEquals("0.00", Digits.json("00.00"));
        assertEquals("0", Digits.json("000"));
        assertEquals("0.5", Digits.json(".5"));
        assertEquals("5", Digits.json("5."));
    }

    @Test
    void whatNeedsNoPatternReadsTheSameWithOne() {
        Random random = new Random(7);
        int plain = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(6); length > 0; length--) {
                text.append("0123456789.. -+".charAt(random.nextInt(15)));
            }
            if (Digits.isJson(text.toString())) {
                plain++;
                assertEquals(text.toString(), Digits.json(text.toString()));
                assertTrue(Mapping.Form.Number.ANY.matcher(text).matches(), () -> text.toString());
            }
        }
        assertTrue(plain > 1_000, "only " + plain);
    }

    @Test
    void signsMayStandApart() {
        assertEquals("-80", Digits.json("-  80"));
        assertEquals("-0.0", Digits.json("-0.0"));
        assertEquals("3", Digits.json("+3"));
        assertEquals("-1", Digits.json("  -1 "));
    }

    @Test
    void whatIsNoNumberGivesNone() {
        for (String text :
                new String[] {"", " ", ".", "-", "--", "1e3", "1,5", "1.2.3", "0x10", "٣", "NaN", "--.-", "1 2"}) {
            assertNull(Digits.json(text), text);
        }
    }

    private static String formed(String json, @Nullable BigDecimal scale, @Nullable BigDecimal offset) {
        return Digits.formed(json, null, new Formula(null, scale, offset, null));
    }

    @Test
    void aProductIsRoundedWhereTheProfileSaysSo() {
        Formula formula = new Formula("AMB", new BigDecimal("0.00001"), null, 1);
        assertEquals("38.0", Digits.formed("500", "7600", formula));
        assertEquals("36.7", Digits.formed("487", "7526", formula));
    }

    @Test
    void aScaleMovesThePointAndKeepsTheDigits() {
        assertEquals("37.00", formed("3700", new BigDecimal("0.01"), null));
        assertEquals("12.5", formed("125", new BigDecimal("0.1"), null));
        assertEquals("-5", formed("95", null, new BigDecimal("-100")));
    }

    /** Short numbers are read by ourselves: the result must be that of the JDK to the last digit, and so its scale. */
    @Test
    void rangesAreThoseOfTheExactNumber() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            String json = BigDecimal.valueOf(random.nextLong() >> random.nextInt(64), random.nextInt(6))
                    .toPlainString();
            BigDecimal exact = new BigDecimal(json);
            BigDecimal next = exact.add(exact.ulp());
            assertTrue(Digits.within(json, exact, exact), json);
            assertFalse(Digits.within(json, next, null), json);
            assertEquals(exact.add(BigDecimal.ONE).toPlainString(), formed(json, null, BigDecimal.ONE), json);
        }
    }
}
