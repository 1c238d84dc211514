package org.wasla.gateway.hospital;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What health says of a receiver: by numbers, and never without a bound. */
class CountsTest {
    private final Counts counts = new Counts("his");

    private static Letter letter(List<Letter.Span> missing) {
        return new Letter("oxi", "obs", 5, 20, missing, 0, null);
    }

    private HospitalProgress progress() {
        return counts.progress(false, 0, 0);
    }

    @Test
    void whatIsMissingIsCountedRecordByRecordAndNamed() {
        counts.settled(letter(List.of(new Letter.Span(5, 9), new Letter.Span(12, 12))));
        assertEquals(6, progress().missed());
        assertEquals("oxi.obs 12-12", progress().lastMissed());
        counts.settled(letter(List.of()));
        assertEquals(6, progress().missed());
    }

    // A receiver could make up codes for ever.
    @Test
    void reasonsHaveABound() {
        for (int i = 0; i < 10_000; i++) {
            counts.refused(letter(List.of()), "AE-" + i);
        }
        assertEquals(51, progress().refused().size());
        assertEquals(9_950, progress().refused().get("other"));
    }

    @Test
    void anErrorIsOverWhenAMessageIsTaken() {
        counts.failed("no-answer");
        assertEquals("no-answer", progress().lastError());
        counts.sent();
        assertNull(progress().lastError());
    }
}
