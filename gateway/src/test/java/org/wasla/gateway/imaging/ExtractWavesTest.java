package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.dicom.DataSetBytes;
import org.wasla.gateway.message.Message.Scale;
import org.wasla.gateway.observation.RecordBody.Wave;

/** Waveforms (PS3.3 C.10.9): samples, what they are worth, and when there are none. */
class ExtractWavesTest {
    private static DataSetBytes channel(String source, String sensitivity, String baseline) {
        return DataSetBytes.explicit()
                .sequence(0x003a_0208, Report.code("SCPECG", source, "lead"))
                .text(0x003a_0210, "DS", sensitivity)
                .sequence(0x003a_0211, Report.code("UCUM", "uV", "microvolt"))
                .text(0x003a_0212, "DS", "1")
                .text(0x003a_0213, "DS", baseline)
                .text(0x003a_0220, "DS", "0.05");
    }

    private static DataSetBytes group(String form, int bits, int samples, byte[] data, DataSetBytes... channels) {
        return DataSetBytes.explicit()
                .text(0x003a_0004, "CS", "ORIGINAL")
                .numbers(0x003a_0005, "US", 2, channels.length)
                .numbers(0x003a_0010, "UL", 4, samples)
                .text(0x003a_001a, "DS", "500")
                .text(0x003a_0020, "SH", "RHYTHM")
                .sequence(0x003a_0200, channels)
                .numbers(0x5400_1004, "US", 2, bits)
                .text(0x5400_1006, "CS", form)
                .numbers(0x5400_100a, "OW", 2, 0x8000)
                .element(0x5400_1010, "OW", data);
    }

    private static List<ExtractChannel> read(DataSetBytes group) {
        return Report.extract(DataSetBytes.explicit().sequence(0x5400_0100, group))
                .channels();
    }

    private static byte[] words(int... words) {
        byte[] bytes = new byte[2 * words.length];
        for (int i = 0; i < words.length; i++) {
            bytes[2 * i] = (byte) words[i];
            bytes[2 * i + 1] = (byte) (words[i] >> 8);
        }
        return bytes;
    }

    /** The same number names a lead in an ECG only: elsewhere devices count as they like. */
    @Test
    void leadsByTheirMdcCodeAreNamedInAnEcg() {
        DataSetBytes lead = DataSetBytes.explicit()
                .sequence(0x003a_0208, Report.code("MDC", "2:62", "Lead"))
                .text(0x003a_0210, "DS", "1");
        DataSetBytes potential = DataSetBytes.explicit()
                .sequence(0x003a_0208, Report.code("MDC", "2:259", "V1"))
                .text(0x003a_0210, "DS", "1");
        for (String sopClass : List.of("1.2.840.10008.5.1.4.1.1.9.1.2", "1.2.840.10008.5.1.4.1.1.9.2.1")) {
            List<ExtractChannel> channels = Report.extract(DataSetBytes.explicit()
                            .text(0x0008_0016, "UI", sopClass)
                            .sequence(0x5400_0100, group("SS", 16, 1, words(1, 2), lead, potential)))
                    .channels();
            boolean isEcg = sopClass.endsWith("9.1.2");
            assertEquals(
                    isEcg ? "ecg-avr" : null,
                    channels.get(0).waves().get(0).what().name());
            assertEquals(
                    isEcg ? "ecg-v1" : null,
                    channels.get(1).waves().get(0).what().name());
        }
    }

    /** A device that measured no P wave writes an interval of 0 ms. */
    @Test
    void anIntervalOfNoLengthWasNotMeasured() {
        DataSetBytes none = DataSetBytes.explicit()
                .sequence(0x0040_a043, Report.code("SCPECG", "5.10.2.1-5", "PP Interval"))
                .text(0x0040_a30a, "DS", "0");
        DataSetBytes axis = DataSetBytes.explicit()
                .sequence(0x0040_a043, Report.code("SCPECG", "5.10.3-11", "P Axis"))
                .text(0x0040_a30a, "DS", "0");
        assertEquals(
                List.of("1 ecg-pp=Missing[why=not-measured, sent=0]", "2 ecg-p-axis=0 null"),
                Report.lines(Report.extract(DataSetBytes.explicit().sequence(0x0040_b020, none, axis))));
    }

    @Test
    void samplesOfInterleavedChannels() {
        DataSetBytes one = channel("5.6.3-9-1", "1.25", "0");
        DataSetBytes two = channel("5.6.3-9-61", "2", "-100");
        List<ExtractChannel> channels = read(group("SS", 16, 3, words(1, -2, 3, -4, 5, -6), one, two));
        Wave first = channels.get(0).waves().get(0);
        Wave second = channels.get(1).waves().get(0);
        assertEquals(List.of(1, 3, 5), first.samples());
        assertEquals(List.of(-2, -4, -6), second.samples());
        assertEquals(new Scale("500", "-40960", "40958.75", -32768, 32767, "uV"), first.scale());
        assertEquals(new Scale("500", "-65636", "65434", -32768, 32767, "uV"), second.scale());
        assertEquals(131_329, first.what().code(), "lead I, as the table of codes has it");
        assertEquals("ecg-iii", second.what().name());
        assertEquals("SCPECG:5.6.3-9-61", second.what().label());
        assertEquals("0.05", channels.get(0).facts().get("low-cut"));
    }

    /** Padding is no sample: what was not taken is a gap, also at the start. */
    @Test
    void paddingIsAGap() {
        DataSetBytes one = channel("5.6.3-9-1", "1", "0");
        Wave wave = read(group("SS", 16, 6, words(-32768, -32768, 7, -32768, 8, 9), one))
                .get(0)
                .waves()
                .get(0);
        assertEquals(List.of(7, 8, 9), wave.samples());
        assertEquals(2, wave.first());
        assertEquals(List.of(new Wave.Gap(0, 2), new Wave.Gap(3, 1)), wave.gaps());
    }

    @Test
    void longWavesAreCutIntoRecordsWithoutLosingASample() {
        int count = 2 * ExtractWaves.SAMPLES_MAX + 1;
        List<Wave> waves = read(group("SS", 16, count, new byte[2 * count], channel("x", "1", "0")))
                .get(0)
                .waves();
        assertEquals(
                List.of(0L, 5_000L, 10_000L), waves.stream().map(Wave::first).toList());
        assertEquals(
                count, waves.stream().mapToInt(wave -> wave.samples().size()).sum());
    }

    @Test
    void otherFormsOfSamples() {
        DataSetBytes one = channel("x", "1", "0");
        assertEquals(List.of(-1, 127, 3), samples(group("SB", 8, 3, new byte[] {-1, 127, 3, 0}, one)));
        assertEquals(List.of(255, 127, 3), samples(group("UB", 8, 3, new byte[] {-1, 127, 3, 0}, one)));
        assertEquals(List.of(65535), samples(group("US", 16, 1, words(-1), one)));
        assertEquals(List.of(-65536), samples(group("SL", 32, 1, words(0, -1), one)));
    }

    /** Samples without the right count, of an unknown form or without a rate give none, rather than shifted ones. */
    @Test
    void whatContradictsItselfGivesNoSamples() {
        DataSetBytes one = channel("5.6.3-9-1", "1", "0");
        DataSetBytes noRate = DataSetBytes.explicit()
                .numbers(0x003a_0005, "US", 2, 1)
                .numbers(0x003a_0010, "UL", 4, 1)
                .sequence(0x003a_0200, one)
                .numbers(0x5400_1004, "US", 2, 16)
                .text(0x5400_1006, "CS", "SS")
                .element(0x5400_1010, "OW", words(1));
        for (DataSetBytes group : List.of(
                group("SS", 16, 4, words(1, 2, 3), one),
                group("SS", 16, 2, words(1, 2, 3), one),
                group("MB", 8, 2, words(1), one),
                group("SS", 8, 3, words(1, 2, 3), one),
                noRate)) {
            List<ExtractChannel> channels = read(group);
            assertEquals(1, channels.size(), "the channel itself is told");
            assertEquals(List.of(), channels.get(0).waves());
        }
    }

    @Test
    void withoutASensitivitySamplesHaveNoUnit() {
        Wave wave = read(group("SS", 16, 1, words(5), channel("x", "none", "0")))
                .get(0)
                .waves()
                .get(0);
        assertEquals(new Scale("500", "-32768", "32767", -32768, 32767, null), wave.scale());
        assertNull(wave.what().code());
    }

    private static List<Integer> samples(DataSetBytes group) {
        return read(group).get(0).waves().get(0).samples();
    }
}
