package org.wasla.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Message.Alarm;
import org.wasla.gateway.message.Message.Alarms;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Gap;
import org.wasla.gateway.message.Message.Item;
import org.wasla.gateway.message.Message.Samples;
import org.wasla.gateway.message.Message.Scale;

/** What polled objects become (bedside.md 2.1). A wrong value is worse than none, and so is one in another unit. */
class IntellivueObjectsTest {
    private static final Map<Integer, String> UNITS =
            Map.of(0x0AA0, "/min", 0x0220, "%", 0x0F20, "mm[Hg]", 0x10B2, "mV");
    private final IntellivueObjects objects = new IntellivueObjects(UNITS);

    private static Consumer<ApduWriter> attribute(int id, String hex) {
        return out -> out.u2(id).sized(value -> value.hex(hex));
    }

    private static Consumer<ApduWriter> label(String label) {
        StringBuilder hex = new StringBuilder(String.format("%04x", 2 * label.length()));
        label.chars().forEach(c -> hex.append(String.format("%04x", c)));
        return attribute(0x0927, hex.toString());
    }

    @SafeVarargs
    private static Consumer<ApduWriter> object(int handle, Consumer<ApduWriter>... attributes) {
        return out -> out.u2(handle).list(attributes.length, list -> {
            for (Consumer<ApduWriter> each : attributes) {
                each.accept(list);
            }
        });
    }

    @SafeVarargs
    private static Bytes polled(int of, long time, String wallClock, Consumer<ApduWriter>... polled) {
        return new ApduWriter()
                .hex("E1000002 0002")
                .sized(unit -> unit.hex("0001 0007")
                        .sized(body -> body.hex("0021 00000000 F13B")
                                .sized(result -> result.hex("0001 0000")
                                        .u4(time)
                                        .hex(wallClock)
                                        .u2(1)
                                        .u2(of)
                                        .u2(0)
                                        .list(
                                                1,
                                                contexts -> contexts.u2(1).list(polled.length, list -> {
                                                    for (Consumer<ApduWriter> each : polled) {
                                                        each.accept(list);
                                                    }
                                                })))))
                .bytes();
    }

    private List<Field> numerics(Consumer<ApduWriter> object) {
        return fields(polled(IntellivueApdu.NUMERICS, 8_000, "FFFFFFFFFFFFFFFF", object));
    }

    private List<Field> fields(Bytes unit) {
        IntellivueApdu apdu = IntellivueApdu.parse(unit);
        return Objects.requireNonNull(objects.fields(Objects.requireNonNull(apdu)));
    }

    /** FLOAT and measurement state; the text is empty where there is no value. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "0000,00000062,98,-",
                "0003,00000062,98,-",
                "0000,FF000170,36.8,-",
                "0000,FFFFFFF7,-0.9,-",
                "0000,FE000000,0.00,-",
                "0000,0200000C,1200,-",
                "0000,FFFFFFFF,-0.1,-",
                "0000,007FFFFF,'',na",
                "0000,00800000,'',na",
                "0000,007FFFFE,'',overflow",
                "0000,00800002,'',underflow",
                "4000,007FFFFF,'',na",
                "0000,7F000001,'',na",
                "8000,007FFFFF,'',invalid",
                "A000,00000062,98,invalid",
                "2000,00000062,98,na",
                "4020,00000062,98,ongoing",
                "4080,00000062,98,questionable",
                "1400,00000062,98,calibrating",
                "0C00,00000062,98,test",
                "0400,00000062,98,demo",
                "0040,00000062,98,early",
                "0080,00000062,98,validated"
            })
    void aNumberKeepsItsDigitsAndItsFlag(String state, String bits, String text, String flag) {
        assertEquals(
                List.of(new Item("19384", text, "%", flag)),
                numerics(object(9, attribute(0x0950, "4BB8" + state + "0220" + bits))));
    }

    @Test
    void aCompoundValueIsOneFieldForEach() {
        String values = "0003 001E 4A05 0000 0F20 00000078 4A06 0000 0F20 00000050 4A07 2000 0F20 007FFFFF";
        assertEquals(
                List.of(
                        new Item("18949", "120", "mm[Hg]", null),
                        new Item("18950", "80", "mm[Hg]", null),
                        new Item("18951", "", "mm[Hg]", "na"),
                        new Item("18949.time", "2026-06-16 07:55:04")),
                numerics(object(9, attribute(0x094B, values), attribute(0x0990, "2026061607550400"))));
    }

    /** A temperature in Fahrenheit must not be taken for one in Celsius because nobody knew the unit's code. */
    @Test
    void anUnknownUnitIsToldByItsCode() {
        assertEquals(
                List.of(new Item("19272", "98.6", "{unit-4416}", null)),
                numerics(object(9, attribute(0x0950, "4B48 0000 1140 FF0003DA"))));
    }

    @Test
    void theMonitorsTimeIsAField() {
        Consumer<ApduWriter> rate = object(9, attribute(0x0950, "4182 0000 0AA0 0000003C"));
        assertEquals(
                new Item("time", "2026-06-16 08:00:04"),
                fields(polled(IntellivueApdu.NUMERICS, 1, "2026061608000412", rate))
                        .get(0));
        assertEquals(
                1,
                fields(polled(IntellivueApdu.NUMERICS, 1, "FFFFFFFFFFFFFFFF", rate))
                        .size());
    }

    /** Pressures P1 and P2 have one id; published under one name each would be taken for the other. */
    @Test
    void twoObjectsOfOneIdAreToldApartByTheirLabels() {
        Consumer<ApduWriter> first = object(1, label("P1 "), attribute(0x0950, "4A00 0000 0F20 0000000A"));
        Consumer<ApduWriter> second = object(2, label("P2\0"), attribute(0x0950, "4A00 0000 0F20 0000000B"));
        assertEquals(
                List.of(new Item("18944/P1", "10", "mm[Hg]", null), new Item("18944/P2", "11", "mm[Hg]", null)),
                fields(polled(IntellivueApdu.NUMERICS, 1, "FFFFFFFFFFFFFFFF", first, second)));
    }

    /** A module that is plugged in again has another handle: its values are the same ones. */
    @Test
    void anObjectThatComesAgainUnderAnotherHandleKeepsItsName() {
        fields(polled(6, 1, "FFFFFFFFFFFFFFFF", object(1, attribute(0x0950, "4BB8 0000 0220 00000062"))));
        assertEquals(
                List.of(new Item("19384", "97", "%", null)),
                fields(polled(6, 8_001, "FFFFFFFFFFFFFFFF", object(2, attribute(0x0950, "4BB8 0000 0220 00000061")))));
    }

    private static final Consumer<ApduWriter> SHAPE = attribute(0x096D, "0004 10 0E 3000");
    private static final Consumer<ApduWriter> SCALE = attribute(0x096F, "FEFFF000 FD009FFB 0000 3FFF");

    private List<Field> wave(long time, String samples, boolean described) {
        Consumer<ApduWriter> run = attribute(0x096E, "0102 0000 0008" + samples);
        return fields(polled(
                IntellivueApdu.WAVES,
                time,
                "FFFFFFFFFFFFFFFF",
                described
                        ? object(7, run, SHAPE, SCALE, attribute(0x098D, "00000080"), attribute(0x0996, "10B2"))
                        : object(7, run)));
    }

    private static final Scale ECG = new Scale("62.5", "-40.96", "40.955", 0, 16_383, "mV");

    /** Facts 1.4, #110 and #143: rate and scale are the monitor's, and 62.5 Hz stays 62.5. */
    @Test
    void samplesHaveTheScaleThatTheMonitorToldBefore() {
        assertEquals(List.of(), wave(0, "2000 2001 2002 2003", false), "samples of which nothing is known");
        List<Integer> values = List.of(8_192, 8_193, 8_194, 8_195);
        assertEquals(List.of(new Samples("258", values, List.of(), ECG, null)), wave(512, "2000 2001 2002 2003", true));
        assertEquals(
                List.of(new Samples("258", values, List.of(), ECG, null)), wave(1_024, "2000 2001 2002 2003", false));
    }

    /** Facts 1.3, 6: the monitor's clock says what was lost; a jitter of less than a sample says nothing. */
    @Test
    void lostRunsAreAGap() {
        wave(512, "2000 2001 2002 2003", true);
        Samples late =
                (Samples) wave(512 + 3 * 512 + 9, "2000 2001 2002 2003", false).get(0);
        assertEquals(List.of(new Gap(0, 8)), late.gaps());
        Samples next =
                (Samples) wave(512 + 4 * 512, "2000 2001 2002 2003", false).get(0);
        assertEquals(List.of(), next.gaps());
    }

    /** The relative time wraps after six days. */
    @Test
    void aClockThatWrapsIsNoGap() {
        wave(0xFFFFFE00L, "2000 2001 2002 2003", true);
        assertEquals(List.of(), ((Samples) wave(0, "2000 2001 2002 2003", false).get(0)).gaps());
    }

    /** With bits beyond the 14 significant ones a sample is a mark of a pacer, or invalid: no number. */
    @Test
    void aMarkedSampleIsAGap() {
        assertEquals(
                List.of(new Samples("258", List.of(8_192, 8_195), List.of(new Gap(1, 2)), ECG, "questionable")),
                fields(polled(
                        IntellivueApdu.WAVES,
                        0,
                        "FFFFFFFFFFFFFFFF",
                        object(
                                7,
                                attribute(0x096E, "0102 4000 0008 2000 8008 4001 2003"),
                                SHAPE,
                                SCALE,
                                attribute(0x098D, "00000080"),
                                attribute(0x0996, "10B2")))));
    }

    @Test
    void anAlarmListIsAllThereIs() {
        String text = "0014 002A 002A 0020 0053 0070 004F 2082 0020 0039 0034";
        String alarm = "4BB8 0002 0200 2000 0006 0001 8400 0204 0020 0001 00000000 0000 4000" + text;
        String plain = "5001 0004 0004 0000 0006 0001 0302 0201 000A 0001 00000000 0000 0000";
        assertEquals(
                List.of(
                        new Alarms(
                                "phys",
                                List.of(new Alarm(
                                        "2-19384-99328", "** SpO\u2082 94", "phys", "medium", "latched", "19384")),
                                true),
                        new Alarms(
                                "tech",
                                List.of(new Alarm("4-20481-66306", "", "tech", "high", "active", "20481")),
                                true)),
                fields(polled(
                        IntellivueApdu.ALARMS,
                        0,
                        "FFFFFFFFFFFFFFFF",
                        object(
                                1,
                                attribute(0x0902, "0001 0032" + alarm.replace(" ", "")),
                                attribute(0x0904, "0001 001C" + plain)))));
    }

    private Bytes rich() {
        return polled(
                IntellivueApdu.WAVES,
                0,
                "2026061608000412",
                object(
                        7,
                        label("ECG"),
                        attribute(0x094B, "0001 000A 4A05 0000 0F20 00000078"),
                        attribute(0x096E, "0102 4000 0008 2000 8008 4001 2003"),
                        SHAPE,
                        SCALE,
                        attribute(0x098D, "00000080")),
                object(
                        8,
                        attribute(
                                0x0902,
                                "0001 001C 5001 0004 0004 0000 0006 0001 0302 0201 000A 0001 00000000 0000 0000")));
    }

    /** On a LAN no checksum of ours holds a unit together: its lengths must, all of them. */
    @Test
    void aUnitWithAWrongLengthGivesNothing() {
        Bytes good = rich();
        assertEquals(4, fields(good).size());
        for (int at : new int[] {7, 13, 23, 47, 49, 53, 55, 59, 61, 65, 67}) {
            byte[] bytes = good.toArray();
            bytes[at]++;
            IntellivueApdu apdu = IntellivueApdu.parse(Bytes.of(bytes));
            assertNull(apdu == null ? null : objects.fields(apdu), "length at " + at);
        }
        for (int length = 0; length < good.size(); length++) {
            assertNull(IntellivueApdu.parse(good.slice(0, length)));
        }
    }

    @Test
    void aWaveOfAnotherLengthThanItsShapeGivesNothing() {
        Bytes unit = polled(
                IntellivueApdu.WAVES,
                0,
                "FFFFFFFFFFFFFFFF",
                object(7, attribute(0x096E, "0102 0000 0006 2000 2001 2002"), SHAPE));
        assertNull(objects.fields(Objects.requireNonNull(IntellivueApdu.parse(unit))));
    }

    @Test
    void damagedUnitsNeverThrow() {
        Bytes good = rich();
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = good.toArray();
            for (int i = 0; i <= seed % 4; i++) {
                bytes[8 + random.nextInt(bytes.length - 8)] = (byte) random.nextInt(256);
            }
            IntellivueApdu apdu = IntellivueApdu.parse(Bytes.of(bytes));
            if (apdu != null) {
                objects.fields(apdu);
            }
        }
    }
}
