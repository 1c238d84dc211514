package org.wasla.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.codec.MedibusStream.Offer;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Message.Gap;
import org.wasla.gateway.message.Message.Samples;
import org.wasla.gateway.message.Message.Scale;

/** The real-time stream, by the manual's example: a pressure of 0.125 mbar and one of 1.964 mmHg (bedside.md 2.3). */
class MedibusWavesTest {
    private static final String OFFERS = "00   16000  -10  10037006   16000  -20  100460";
    private static final int ALL = 1000;

    private static List<Samples> read(int hzMax, String hex) {
        MedibusWaves waves = new MedibusWaves();
        List<MedibusStream> streams = new ArrayList<>();
        MedibusStream.offers(OFFERS).forEach(offer -> streams.add(new MedibusStream(offer, hzMax)));
        waves.start(streams);
        Bytes bytes = Bytes.hex(hex + "d0");
        for (int i = 0; i < bytes.size(); i++) {
            waves.put(bytes.at(i), 0);
        }
        return waves.take().stream().map(Samples.class::cast).toList();
    }

    private static String hz(int hzMax) {
        return Objects.requireNonNull(read(hzMax, "d391818d83").get(0).scale()).hz();
    }

    @Test
    void theExampleOfTheManualGivesItsValues() {
        Scale mbar = new Scale("62.5", "-10", "100", 0, 0x370, null);
        Scale mmHg = new Scale("62.5", "-20", "100", 0, 0x460, null);
        List<Samples> samples = read(ALL, "d391818d83");
        assertEquals(new Samples("rt.00", List.of(81), mbar, null), samples.get(0));
        assertEquals(new Samples("rt.06", List.of(205), mmHg, null), samples.get(1));
        assertEquals(0.125, -10 + 81 * 110 / 880.0, 1e-9);
        assertEquals(1.964, -20 + 205 * 120 / 1120.0, 1e-3);
    }

    @Test
    void aBreathMarkIsNoSample() {
        assertEquals(read(ALL, "d390818a83"), read(ALL, "d3c6c090818a83"));
    }

    /** Absent is never zero: what the device marks, what is damaged and what cannot be is a gap. */
    @Test
    void whatIsNotASampleIsAGap() {
        String good = "d391818d83";
        for (String bad : List.of(
                "d3cfc091818d83", // corrupt
                "d391818d", // a byte lost
                "d391818d838080", // a byte that began a record lost
                "d391cfc0818d83", // a command within a value
                "d791818d838080", // a wave that was not chosen
                "d3c4c191818d83", // a fifth wave
                "d391e18d83")) { // no byte of the stream
            List<Samples> samples = read(ALL, good + bad + good);
            assertEquals(List.of(81, 81), samples.get(0).values(), bad);
            assertEquals(List.of(new Gap(1, 1)), samples.get(0).gaps(), bad);
            assertEquals(List.of(205, 205), samples.get(1).values(), bad);
            assertEquals(List.of(new Gap(1, 1)), samples.get(1).gaps(), bad);
        }
    }

    @Test
    void aBinAboveTheHighestOrAMissingWaveIsAGapInThatWaveAlone() {
        List<Samples> samples = read(ALL, "d3b1bf8d83d28d83d391818d83");
        assertEquals(List.of(81), samples.get(0).values());
        assertEquals(List.of(new Gap(0, 2)), samples.get(0).gaps());
        assertEquals(List.of(205, 205, 205), samples.get(1).values());
        assertEquals(List.of(), samples.get(1).gaps());
    }

    @Test
    void bytesBeforeTheFirstRecordAreAGap() {
        Samples samples = read(ALL, "8d83d391818d83").get(0);
        assertEquals(List.of(new Gap(0, 1)), samples.gaps());
        assertEquals(List.of(81), samples.values());
    }

    /** The multiplier holds the rate below what the profile wants; the record then tells the true one. */
    @Test
    void theRateIsThatOfTheIntervalTimesTheMultiplier() {
        Offer offer = MedibusStream.offers(OFFERS).get(0);
        assertEquals("0001", new MedibusStream(offer, ALL).choice());
        assertEquals("0002", new MedibusStream(offer, 32).choice());
        assertEquals("0007", new MedibusStream(offer, 10).choice());
        assertEquals("00FF", new MedibusStream(new Offer("00", 1, "0", "1", 9), 1).choice());
        assertEquals("31.25", hz(32));
        assertEquals("8.928571", hz(10));
    }

    @Test
    void offersThatSayNothingUsefulAreLeftOut() {
        for (String offer : List.of(
                "00       0  -10  100370",
                "00   16000  -10  100000",
                "00   16000  100  -10370",
                "00   16000  abc  100370",
                "0g   16000  -10  100370")) {
            assertEquals(List.of(), MedibusStream.offers(offer), offer);
        }
        assertEquals(List.of(), MedibusStream.offers(OFFERS + "0"));
        assertEquals(
                "-0.5", MedibusStream.offers("00   16000 -0.5  1.5370").get(0).low());
    }

    @Test
    void aSecondIsTakenAtATimeAndWhatIsLeftWhenTheDeviceFallsSilent() {
        MedibusWaves waves = new MedibusWaves();
        waves.start(List.of(new MedibusStream(MedibusStream.offers(OFFERS).get(0), ALL)));
        byte[] record = Bytes.hex("d19181").toArray();
        for (int i = 0; i < 63; i++) {
            assertFalse(waves.isDue(0, Line.SECOND), "after " + i);
            for (byte octet : record) {
                waves.put(octet & 0xff, 0);
            }
        }
        waves.put(0xd1, 0);
        assertTrue(waves.isDue(0, Line.SECOND));
        assertEquals(63, ((Samples) waves.take().get(0)).values().size());
        assertEquals(190, waves.takeHeard());
        waves.put(0x91, 5);
        waves.put(0x81, 5);
        waves.put(0xd1, 5);
        assertTrue(waves.isDue(Line.SECOND + 5, Line.SECOND));
        waves.stop();
        assertTrue(waves.isDue(5, Line.SECOND));
        assertEquals(List.of(81), ((Samples) waves.take().get(0)).values());
        waves.put(0xd1, 6);
        assertFalse(waves.isReading());
        assertFalse(waves.isDue(Line.SECOND * 9, Line.SECOND));
    }
}
