package org.wasla.gateway.observation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.math.BigDecimal;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Message.Item;
import org.wasla.gateway.message.Message.Samples;
import org.wasla.gateway.message.Message.Scale;
import org.wasla.gateway.observation.Mapping.Absent;
import org.wasla.gateway.observation.Mapping.By;
import org.wasla.gateway.observation.Mapping.Clock;
import org.wasla.gateway.observation.Mapping.Form;
import org.wasla.gateway.observation.Mapping.Formula;
import org.wasla.gateway.observation.Mapping.Misfit;
import org.wasla.gateway.observation.Mapping.Rule;
import org.wasla.gateway.observation.Mapping.Status;
import org.wasla.gateway.observation.Mapping.Target;
import org.wasla.gateway.observation.Mapping.Test.Found;
import org.wasla.gateway.observation.Mapping.WaveRule;
import org.wasla.gateway.observation.Observation.Meaning;
import org.wasla.gateway.observation.Observation.Value.Quantity;
import org.wasla.gateway.observation.Observation.Value.Text;
import org.wasla.gateway.observation.RecordBody.Numerics;
import org.wasla.gateway.observation.RecordBody.Wave;

/** Absent is never zero, invalid is never a value, unknown is never dropped. */
class MapperTest {
    private static final Meaning SPO2 = new Meaning("SPO2", "SPO2", 150456, "spo2", null, "%", null);
    private static final Target SPO2_FIELD = new Target(List.of(), "SPO2");
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("MM/dd/yy HH:mm:ss", Locale.ENGLISH);

    private static Mapping mapping(Misfit misfit) {
        Form number = new Form.Number(Pattern.compile("(\\d{3})%?"), BigDecimal.ZERO, new BigDecimal(100), null, null);
        Target state = new Target(List.of(), "STATE");
        return new Mapping(
                List.of(new Rule(SPO2_FIELD, SPO2, number, List.of())),
                List.of(new Absent(Pattern.compile("-+%?"), Flag.NA, "no-value")),
                List.of(
                        new Status(state, new Found(Pattern.compile("OFF")), Flag.OFF, "sensor-off", List.of("SPO2")),
                        new Status(
                                state, new Found(Pattern.compile("MO")), Flag.QUESTIONABLE, "motion", List.of("SPO2"))),
                List.of(new WaveRule(
                        new Target(List.of(), "PLETH"),
                        new Meaning("PLETH", "PLETH", 150452, "pleth", null, null, null),
                        "75",
                        0,
                        255)),
                List.of(new Clock(List.of(), List.of("TIME"), CLOCK, Clock.Output.SECOND)),
                List.of(new Mapping.Omitted(new Target(List.of(), "RSV"), "reserved")),
                misfit);
    }

    private static Mapped map(Message.Field... fields) {
        return new Mapper(mapping(Misfit.REFUSE)).map(new Message("row", List.of(fields)));
    }

    private static List<Observation> numerics(Message.Field... fields) {
        return ((Numerics) map(fields).bodies().get(0)).observations();
    }

    @Test
    void aValueKeepsItsDigits() {
        assertEquals(
                List.of(new Observation(SPO2, new Quantity("98"), null, null, null)),
                numerics(new Item("SPO2", "098%")));
    }

    @Test
    void dashesAreAbsentAndNeverZero() {
        assertEquals(
                List.of(new Observation(SPO2, null, Flag.NA, "no-value", null)), numerics(new Item("SPO2", "---%")));
    }

    @Test
    void aNumberShownWhileTheSensorIsOffIsNoValue() {
        Observation expected = new Observation(SPO2, null, Flag.OFF, "sensor-off", "072");
        assertEquals(
                expected,
                numerics(new Item("SPO2", "072"), new Item("STATE", "OFF MO")).get(0));
    }

    @Test
    void theReasonOfTheDeviceWinsOverTheDashes() {
        Observation expected = new Observation(SPO2, null, Flag.OFF, "sensor-off", null);
        assertEquals(
                expected,
                numerics(new Item("SPO2", "---"), new Item("STATE", "OFF")).get(0));
    }

    @Test
    void aDoubtfulValueStaysWithItsFlag() {
        Observation expected = new Observation(SPO2, new Quantity("97"), Flag.QUESTIONABLE, "motion", null);
        assertEquals(
                expected,
                numerics(new Item("SPO2", "097"), new Item("STATE", "MO")).get(0));
    }

    @Test
    void unknownFieldsPassThroughUnderTheirOwnLabel() {
        assertEquals(
                List.of(
                        new Observation(Meaning.unmapped("PVI"), new Quantity("14"), null, null, null),
                        new Observation(Meaning.unmapped("MODE"), new Text("A/C"), null, null, null),
                        new Observation(Meaning.unmapped("CODE"), new Text("0038"), null, null, null)),
                numerics(new Item("PVI", "14"), new Item("MODE", "A/C"), new Item("CODE", "0038")));
    }

    @Test
    void implausibleTextRefusesTheFrameWhereNothingElseProvesIt() {
        assertEquals("SPO2", map(new Item("SPO2", "98")).refused());
        assertEquals("SPO2", map(new Item("SPO2", "198")).refused());
        assertEquals(List.of(), map(new Item("SPO2", "9x8")).bodies());
    }

    /** Without the field's unit: "16.5" of a monitor set to kPa is not 16.5 mmHg. */
    @Test
    void implausibleTextStaysTextWhereCountsProveTheFrame() {
        Mapped mapped = new Mapper(mapping(Misfit.TEXT)).map(new Message("row", List.of(new Item("SPO2", "HIGH"))));
        Observation expected = new Observation(SPO2.withoutUnit(), new Text("HIGH"), null, null, null);
        assertEquals(List.of(expected), ((Numerics) mapped.bodies().get(0)).observations());
    }

    @Test
    void theDeviceTimeIsToldOnceAndAnImpossibleOneIsShownAsSent() {
        Mapped good = map(new Item("TIME", "02/22/16 22:47:45"), new Item("SPO2", "098"));
        assertEquals("2016-02-22T22:47:45", good.deviceTime());
        assertEquals(1, ((Numerics) good.bodies().get(0)).observations().size());
        Mapped unset = map(new Item("TIME", "00/00/00 00:00:00"), new Item("SPO2", "098"));
        assertNull(unset.deviceTime());
        assertEquals(2, ((Numerics) unset.bodies().get(0)).observations().size());
    }

    @Test
    void wavesCountTheirSamplesFromMessageToMessage() {
        Mapper mapper = new Mapper(mapping(Misfit.REFUSE));
        Message message = new Message("row", List.of(new Samples("PLETH", List.of(1, 2, 3))));
        assertEquals(0, ((Wave) mapper.map(message).bodies().get(0)).first());
        assertEquals(3, ((Wave) mapper.map(message).bodies().get(0)).first());
    }

    @Test
    void missingSamplesAreCountedAndNotFilled() {
        Mapper mapper = new Mapper(mapping(Misfit.REFUSE));
        List<Message.Gap> gaps = List.of(new Message.Gap(0, 5), new Message.Gap(1, 2), new Message.Gap(3, 1));
        Message message = new Message("row", List.of(new Samples("PLETH", List.of(1, 2, 3), gaps, null, null)));
        Wave wave = (Wave) mapper.map(message).bodies().get(0);
        assertEquals(5, wave.first());
        assertEquals(List.of(new Wave.Gap(0, 5), new Wave.Gap(6, 2), new Wave.Gap(10, 1)), wave.gaps());
        assertEquals(List.of(1, 2, 3), wave.samples());
        assertEquals(16, ((Wave) mapper.map(message).bodies().get(0)).first());
    }

    @Test
    void samplesThatTheDeviceCallsOffAreNotPublishedAndStillCounted() {
        Mapping base = mapping(Misfit.REFUSE);
        Status off = new Status(
                new Target(List.of(), "STATE"),
                new Found(Pattern.compile("OFF")),
                Flag.OFF,
                "sensor-off",
                List.of("PLETH"));
        Mapper mapper = new Mapper(new Mapping(
                base.fields(),
                base.absent(),
                List.of(off),
                base.waves(),
                base.clocks(),
                base.omitted(),
                base.misfit()));
        Samples samples = new Samples("PLETH", List.of(1, 2, 3));
        Message message = new Message("row", List.of(samples, new Item("STATE", "OFF")));
        Wave wave = (Wave) mapper.map(message).bodies().get(1);
        assertEquals(List.of(), wave.samples());
        assertEquals(3, ((Wave) mapper.map(message).bodies().get(1)).first());
    }

    /** A text that exhausts the stack of a careless pattern must cost its frame, not the process. */
    @Test
    void aPatternThatRecursesTooDeepRefusesTheFrame() {
        Mapping base = mapping(Misfit.REFUSE);
        Absent careless = new Absent(Pattern.compile("(-|=)*"), Flag.NA, "no-value");
        Mapper mapper = new Mapper(new Mapping(
                base.fields(),
                List.of(careless),
                base.statuses(),
                base.waves(),
                base.clocks(),
                base.omitted(),
                base.misfit()));
        Mapped mapped = mapper.map(new Message("row", List.of(new Item("A", "-".repeat(2_000_000)))));
        assertEquals("a text too long for its pattern", mapped.refused());
    }

    @Test
    void fieldsLeftOutAreListedByTheProfile() {
        assertEquals(1, numerics(new Item("SPO2", "098"), new Item("RSV", "1")).size());
    }

    private static final Formula TIMES = new Formula("AMB", new BigDecimal("0.00001"), null, 1);

    /** Facts 2.4 (percent times ambient pressure, labels of channels) and 2.15 (the unit is a field). */
    private static Mapper bound() {
        Target et = new Target(List.of(), "ET");
        Absent none = new Absent(Form.Number.ANY, new BigDecimal(-32768), new BigDecimal(-32001), Flag.INVALID, "none");
        Meaning bare = new Meaning("CO2", "CO2", null, "co2", null, null, null);
        Meaning kpa = new Meaning("CO2", "CO2", 151708, "co2", null, "kPa", null);
        Target co2 = new Target(List.of(), "CO2");
        Form.Number plain = new Form.Number(Form.Number.ANY, null, null, null, null);
        Form.Number tenth = new Form.Number(Form.Number.ANY, null, null, new BigDecimal("0.1"), null);
        By by = new By("UNIT", Map.of("2", new Rule(co2, kpa, tenth, List.of())), true);
        return new Mapper(new Mapping(
                List.of(
                        new Rule(
                                et,
                                Meaning.unmapped("ET"),
                                new Form.Number(Form.Number.ANY, null, null, TIMES, 10),
                                List.of()),
                        new Rule(co2, bare, plain, List.of(), by)),
                List.of(none),
                List.of(new Status(
                        new Target(List.of(), "STATE"),
                        new Found(Pattern.compile("OFF")),
                        Flag.OFF,
                        "off",
                        List.of("AMB"))),
                List.of(new WaveRule(new Target(List.of(), "W"), Meaning.unmapped("W"), WAVE, null, 1, null)),
                List.of(),
                List.of(new Mapping.Omitted(new Target(List.of(), "UNIT"), "told")),
                Misfit.TEXT));
    }

    private static final Scale WAVE = new Scale("100", "-320", "320", -32000, 32000, "mm[Hg]");

    private static Observation first(Message.Field... fields) {
        Mapped mapped = bound().map(new Message("row", List.of(fields)));
        return ((Numerics) mapped.bodies().get(0)).observations().get(0);
    }

    @Test
    void aProductIsOneOnlyWhereBothAreNumbers() {
        assertEquals(
                new Quantity("38.0"),
                first(new Item("ET", "500"), new Item("AMB", "7600")).value());
        assertEquals(
                "none", first(new Item("ET", "500"), new Item("AMB", "-32767")).why());
        assertEquals(Flag.NA, first(new Item("ET", "500")).flag());
        assertEquals(
                Flag.OFF,
                first(new Item("ET", "500"), new Item("AMB", "7600"), new Item("STATE", "OFF"))
                        .flag());
        assertEquals(
                new Text("500"),
                first(new Item("ET", "500"), new Item("AMB", "?")).value());
    }

    @Test
    void numbersOfARangeAreAbsent() {
        for (String text : List.of("-32768", "-32001")) {
            assertEquals(
                    Flag.INVALID,
                    first(new Item("CO2", text), new Item("UNIT", "2")).flag(),
                    text);
        }
        assertEquals(
                new Quantity("-3200.0"),
                first(new Item("CO2", "-32000"), new Item("UNIT", "2")).value());
    }

    @Test
    void anUnknownUnitLeavesTheValueWithoutOneAndInDoubt() {
        Observation known = first(new Item("CO2", "51"), new Item("UNIT", "2"));
        assertEquals(new Quantity("5.1"), known.value());
        assertEquals("kPa", known.what().unit());
        for (Message.Field[] fields :
                new Message.Field[][] {{new Item("CO2", "51"), new Item("UNIT", "9")}, {new Item("CO2", "51")}}) {
            Observation unknown = first(fields);
            assertEquals(new Quantity("51"), unknown.value());
            assertEquals(Flag.QUESTIONABLE, unknown.flag());
            assertEquals("unit-unknown", unknown.why());
            assertEquals(null, unknown.what().unit());
            assertEquals(null, unknown.what().code());
        }
    }

    @Test
    void rawValuesOutOfRangeAreNoSamplesAndAreCounted() {
        Mapped mapped = bound().map(new Message("row", List.of(new Samples("W", List.of(1, 2, -32767, 3)))));
        List<Wave> waves = mapped.bodies().stream().map(body -> (Wave) body).toList();
        assertEquals(
                List.of(List.of(1, 2), List.of(), List.of(3)),
                waves.stream().map(Wave::samples).toList());
        assertEquals(List.of(0L, 2L, 3L), waves.stream().map(Wave::first).toList());
        assertEquals(Flag.INVALID, waves.get(1).flag());
    }

    @Test
    void fewSamplesAreGatheredUntilTheyAreOfAnotherKind() {
        Mapping mapping = new Mapping(
                List.of(),
                List.of(),
                List.of(new Status(
                        new Target(List.of(), "STATE"),
                        new Found(Pattern.compile("OFF")),
                        Flag.OFF,
                        "off",
                        List.of("W"))),
                List.of(new WaveRule(new Target(List.of(), "W"), Meaning.unmapped("W"), WAVE, null, 3, null)),
                List.of(),
                List.of(new Mapping.Omitted(new Target(List.of(), "STATE"), "told")),
                Misfit.TEXT);
        Mapper mapper = new Mapper(mapping);
        List<RecordBody> bodies = new ArrayList<>();
        for (String state : "on on on on OFF OFF OFF on".split(" ")) {
            bodies.addAll(mapper.map(new Message(
                            "row", List.of(new Samples("W", List.of(bodies.size())), new Item("STATE", state))))
                    .bodies());
        }
        assertEquals(
                List.of(List.of(0, 0, 0), List.of(1), List.of()),
                bodies.stream().map(body -> ((Wave) body).samples()).toList());
        assertEquals(
                List.of(0L, 3L, 4L),
                bodies.stream().map(body -> ((Wave) body).first()).toList());
    }
}
