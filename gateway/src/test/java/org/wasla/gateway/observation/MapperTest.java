package org.wasla.gateway.observation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.math.BigDecimal;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Message.Item;
import org.wasla.gateway.message.Message.Samples;
import org.wasla.gateway.observation.Mapping.Absent;
import org.wasla.gateway.observation.Mapping.Clock;
import org.wasla.gateway.observation.Mapping.Form;
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
}
