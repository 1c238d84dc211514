package org.wasla.bridge.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When two wires are let go: a message cut at its end is heard by nobody, one let go late meets the device's answer. */
class TurnaroundTest {
    /** 1,000 baud and ten bits: a character is 10 ms. */
    private static final long CHAR = 10_000_000;

    private final Turnaround turnaround = new Turnaround(1_000, 10);
    /** A monotonic clock may be negative, and go past its end. */
    private long startNs = Long.MAX_VALUE;

    @BeforeEach
    void nearTheEnd() {
        startNs -= 3 * CHAR;
    }

    private long waitAt(long afterNs, int held) {
        return turnaround.waitNs(held, startNs + afterNs);
    }

    @Test
    void theLastByteLeavesTheWireAndOneMoreCharacterPasses() {
        turnaround.begin(startNs);
        turnaround.wrote(5, startNs);
        assertEquals(6 * CHAR, waitAt(0, 0));
        assertEquals(1, waitAt(6 * CHAR - 1, 0));
        assertEquals(0, waitAt(6 * CHAR, 0));
        assertEquals(0, waitAt(600 * CHAR, 0));
    }

    // A machine that was busy between turning the line and writing: the bytes are not on the wire any earlier for it.
    @Test
    void itIsCountedFromTheWritingAndPiecesFollowEachOther() {
        turnaround.begin(startNs);
        turnaround.wrote(2, startNs + 100 * CHAR);
        turnaround.wrote(3, startNs + 101 * CHAR);
        assertEquals(4 * CHAR, waitAt(102 * CHAR, 0));
        turnaround.wrote(1, startNs + 200 * CHAR);
        assertEquals(2 * CHAR, waitAt(200 * CHAR, 0), "after a gap it is counted anew");
    }

    @Test
    void whatTheDriverStillHoldsIsYetToCome() {
        turnaround.begin(startNs);
        turnaround.wrote(5, startNs);
        assertEquals(4 * CHAR, waitAt(7 * CHAR, 3));
        assertEquals(2 * CHAR, waitAt(9 * CHAR, 1));
        assertEquals(1 * CHAR, waitAt(10 * CHAR, 0));
        assertEquals(0, waitAt(11 * CHAR, 0));
    }

    @Test
    void nothingWrittenIsLetGoAfterOneCharacter() {
        turnaround.begin(startNs);
        assertEquals(CHAR, waitAt(0, 0));
        assertEquals(0, waitAt(CHAR, -1), "a closed port holds nothing");
    }

    /** Start, data, parity and stop bits at the line's speed; never too short by rounding. */
    @ParameterizedTest
    @CsvSource({
        "9600 8N1, 1041667",
        "9600 8E1, 1145834",
        "19200 8N2, 572917",
        "1200 7O1, 8333334",
        "4000000 8N1, 2500",
        "300 5N1, 23333334"
    })
    void aCharacterLastsAsLongAsItsBits(String line, long charNs) {
        SerialSettings settings = SerialSettings.of("/dev/ttyAMA0", line, Flow.NONE, false);
        assertEquals(2 * charNs, Turnaround.of(settings).wireNs(1));
    }

    @Test
    void flowControlOnTwoWiresIsRefused() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> new SerialSettings("/dev/ttyAMA0", 9600, 8, Parity.NONE, 1, Flow.RTS_CTS, false, "direction-a"));
        assertTrue(Objects.toString(refused.getMessage()).contains("flow: none"), refused.getMessage());
    }
}
