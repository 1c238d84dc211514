package org.wasla.gateway.observation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Message.Alarms;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Item;
import org.wasla.gateway.observation.Mapping.AlarmRule;
import org.wasla.gateway.observation.Mapping.Form;
import org.wasla.gateway.observation.Mapping.Misfit;
import org.wasla.gateway.observation.Mapping.Rule;
import org.wasla.gateway.observation.Mapping.Target;
import org.wasla.gateway.observation.Mapping.Test.AnyBit;
import org.wasla.gateway.observation.Mapping.Test.Found;
import org.wasla.gateway.observation.Observation.Meaning;
import org.wasla.gateway.observation.RecordBody.Alarm;

/** What messages say of alarms, through the mapper as a device worker uses it. */
class AlarmWatchTest {
    private static final Target LEVEL = new Target(List.of("row"), "LEVEL");
    private static final Target BITS = new Target(List.of(), "BITS");
    private static final Meaning SPO2 = new Meaning("SPO2", "SPO2", 150456, "spo2", null, "%", null);
    private static final Pattern LATCHED = Pattern.compile("MEDIUM");

    private static AlarmRule level(String found, Map<String, String> priorities) {
        return new AlarmRule(
                LEVEL, new Found(Pattern.compile(found)), "low", "Low", "phys", "none", priorities, LATCHED, "SPO2");
    }

    private static final Mapping MAPPING = new Mapping(
            List.of(
                    new Rule(
                            LEVEL,
                            Meaning.unmapped("LEVEL"),
                            new Form.Text(Pattern.compile("(|NORMAL|MEDIUM|HIGH) *")),
                            List.of()),
                    new Rule(new Target(List.of("other"), "SPO2"), SPO2, new Form.Text(LATCHED), List.of())),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(new Mapping.Omitted(new Target(List.of(), "hidden"), "reserved")),
            Misfit.TEXT,
            List.of(
                    level("HIGH", Map.of("HIGH", "high")),
                    level("MEDIUM", Map.of()),
                    new AlarmRule(BITS, new AnyBit(2, 16), "tech", "Tech", "tech", "low", Map.of(), null, null)));

    private final Mapper mapper = new Mapper(MAPPING);

    private static List<String> told(Mapped mapped) {
        List<String> told = new ArrayList<>();
        for (RecordBody body : mapped.bodies()) {
            if (body instanceof Alarm alarm) {
                Condition what = alarm.condition();
                told.add(alarm.phase().wire() + " " + what.alarm() + " " + what.priority() + " " + what.state());
            }
        }
        return told;
    }

    private List<String> row(Field... fields) {
        return told(mapper.map(new Message("row", List.of(fields))));
    }

    @Test
    void aFieldThatIsThereSaysWhetherAnAlarmIsOnAndOneThatIsNotSaysNothing() {
        assertEquals(List.of(), row(new Item("BITS", "00")));
        assertEquals(List.of("start tech low active"), row(new Item("BITS", "0F")));
        assertEquals(List.of(), row(new Item("SPO2", "98")));
        assertEquals(List.of("end tech low inactive"), row(new Item("BITS", "01")));
    }

    /** Two rules with one id are two ways to say the same alarm. */
    @Test
    void rulesWithOneIdAreOneAlarmAndTheFirstThatHoldsTellsHow() {
        assertEquals(List.of("start low high active"), row(new Item("LEVEL", "HIGH ")));
        assertEquals(List.of("update low none latched"), row(new Item("LEVEL", "MEDIUM")));
        assertEquals(List.of("end low none inactive"), row(new Item("LEVEL", "NORMAL")));
    }

    /** No wrong value ever: a damaged word is no end of an alarm. */
    @Test
    void aTextThatIsNotOfItsFieldsFormSaysNothing() {
        row(new Item("LEVEL", "HIGH"), new Item("BITS", "02"));
        assertEquals(List.of(), row(new Item("LEVEL", "NORM4L"), new Item("BITS", "--")));
        assertEquals(
                List.of("end low high inactive", "end tech low inactive"),
                row(new Item("LEVEL", ""), new Item("BITS", "00")));
    }

    @Test
    void aRuleOfAnotherMessageIsNotAsked() {
        Mapped mapped = mapper.map(new Message("other", List.of(new Item("LEVEL", "HIGH"))));
        assertEquals(List.of(), told(mapped));
        assertNull(mapped.alarms());
    }

    @Test
    void theSourceIsWhatTheFieldMeansInAnyMessage() {
        Mapped mapped = mapper.map(new Message("row", List.of(new Item("LEVEL", "HIGH"))));
        Condition condition = Objects.requireNonNull(mapped.alarms()).open().get(0);
        Meaning told = new Meaning("", SPO2.label(), SPO2.code(), SPO2.name(), SPO2.loinc(), null, null);
        assertEquals(told, condition.source(), "what a record says of it");
        assertEquals("LEVEL", condition.label());
    }

    @Test
    void listsOfACodecAreAlarmsBesideThoseOfRules() {
        Message.Alarm alarm = new Message.Alarm("10", "Apnea", "phys", "high", "active", "RR");
        assertEquals(List.of("start cp1:10 high active"), row(new Alarms("cp1", List.of(alarm), true)));
        assertEquals(List.of(), row(new Alarms("cp1", List.of(), false)));
        assertEquals(List.of(), row(new Alarms("hidden", List.of(alarm), true)));
        assertEquals(List.of("end cp1:10 high inactive"), row(new Alarms("cp1", List.of(), true)));
    }

    /** A pump that is unplugged from a rack says nothing of the one beside it. */
    @Test
    void eachDeviceBehindAPortHasItsOwnAlarms() {
        Field on = new Item("BITS", "02");
        for (String part : List.of("A 1", "b")) {
            assertEquals(
                    List.of("start tech low active"), told(mapper.map(new Message("row", List.of(on), part))), part);
        }
        mapper.map(new Message("row", List.of(new Item("BITS", "00")), "b"));
        List<Mapped> lost = mapper.lost();
        assertEquals(1, lost.size());
        assertEquals("port-a-1", lost.get(0).device("port"));
        assertEquals(List.of("unknown tech low active"), told(lost.get(0)));
        assertEquals(List.of(), mapper.lost());
    }

    @Test
    void partsBeyondTheBoundAreNotFollowedUntilOneHasNoAlarmAnyMore() {
        Field on = new Item("BITS", "02");
        for (int i = 0; i < AlarmWatch.PARTS_MAX; i++) {
            mapper.map(new Message("row", List.of(on), "p" + i));
        }
        Mapped beyond = mapper.map(new Message("row", List.of(on), "one-more"));
        assertEquals(List.of(), told(beyond));
        assertEquals(1, Objects.requireNonNull(beyond.alarms()).left());
        mapper.map(new Message("row", List.of(new Item("BITS", "00")), "p7"));
        assertEquals(
                1, told(mapper.map(new Message("row", List.of(on), "one-more"))).size());
    }

    /** The first word of a device on its alarms is told, so that a list of an earlier run does not stay. */
    @Test
    void whatIsOpenIsToldFirstAndWhenItChanges() {
        List<Boolean> changed = new ArrayList<>();
        for (String bits : List.of("00", "00", "02", "02", "00")) {
            Mapped mapped = mapper.map(new Message("row", List.of(new Item("BITS", bits))));
            changed.add(Objects.requireNonNull(mapped.alarms()).changed());
        }
        assertEquals(List.of(true, false, true, false, true), changed);
    }

    @Test
    void aRefusedFrameChangesNoAlarm() {
        Mapping strict = new Mapping(
                MAPPING.fields(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Misfit.REFUSE,
                MAPPING.alarms());
        Mapper refusing = new Mapper(strict);
        refusing.map(new Message("row", List.of(new Item("BITS", "02"))));
        Mapped refused = refusing.map(new Message("row", List.of(new Item("BITS", "00"), new Item("LEVEL", "x"))));
        assertEquals("LEVEL", refused.refused());
        assertFalse(refusing.lost().isEmpty());
    }

    @Test
    void theRecordSaysAllOfTheAlarmAndTheListOfOpenOnesTheSame() {
        Mapped mapped = mapper.map(new Message("row", List.of(new Item("LEVEL", "HIGH"))));
        RecordJson.Envelope envelope = new RecordJson.Envelope("g", "d", null, null, null, null, 5, null, null);
        String said = "\"kind\":\"phys\",\"prio\":\"high\",\"state\":\"active\",\"r\":\"LEVEL\",\"txt\":\"Low\","
                + "\"src\":{\"c\":150456,\"n\":\"spo2\",\"r\":\"SPO2\"}}";
        String record = json(envelope, mapped.bodies().get(1));
        assertTrue(
                record.endsWith("\"k\":\"alarm\",\"seq\":1,\"t\":5,\"a\":\"low\",\"phase\":\"start\"," + said), record);
        assertEquals(
                "{\"v\":1,\"gw\":\"g\",\"dev\":\"d\",\"t\":5,\"at\":7,\"s\":\"known\",\"until\":60007,\"ttl\":60,"
                        + "\"clk\":{\"s\":\"sync\"},\"note\":\"not a primary alarm system\",\"alarms\":[{\"a\":\"low\","
                        + said + "]}",
                new AlarmSet(
                                "g",
                                "d",
                                5,
                                Objects.requireNonNull(mapped.alarms()).open(),
                                7,
                                60,
                                new RecordJson.Clock("sync", null))
                        .json());
        String unknown = json(envelope, mapper.lost().get(0).bodies().get(0));
        assertTrue(unknown.contains("\"phase\":\"unknown\",\"kind\":\"phys\",\"prio\":\"high\",\"r\":"), unknown);
    }

    private static String json(RecordJson.Envelope envelope, RecordBody body) {
        return new String(RecordJson.write(envelope, body, "00000000", 1), StandardCharsets.UTF_8);
    }
}
