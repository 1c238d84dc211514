package org.wasla.gateway.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.codec.MedibusQuestion;
import org.wasla.gateway.codec.MedibusSpec;
import org.wasla.gateway.codec.MedibusSpec.Ask;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Message.Alarms;
import org.wasla.gateway.message.Message.Samples;
import org.wasla.gateway.message.Talk;
import org.wasla.gateway.simulator.SimulatorSpec.Generator;

/**
 * Both ends of a MEDIBUS line talk for simulated minutes: with the stream between any two bytes, commands in the middle of
 * answers, items that come and go, and a device that falls silent when it is not answered.
 */
class MedibusRoundTest {
    private static final long STEP_NS = 20_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final LocalDateTime OCTOBER = LocalDateTime.of(2026, 10, 7, 9, 33, 0);
    private static final MedibusSpec SPEC = new MedibusSpec(
            List.of(
                    new Ask(MedibusQuestion.DATA, SECOND_NS),
                    new Ask(MedibusQuestion.ALARMS, SECOND_NS),
                    new Ask(MedibusQuestion.SETTINGS, 5 * SECOND_NS),
                    new Ask(MedibusQuestion.TEXTS, 5 * SECOND_NS),
                    new Ask(MedibusQuestion.TIME, 20 * SECOND_NS)),
            List.of("00", "01"),
            32,
            Map.of(),
            Map.of(),
            10 * SECOND_NS);

    private final List<Message> messages = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private int calls;

    private static Map<String, Generator> values() {
        Map<String, Generator> values = new HashMap<>();
        Map.of("id", "8240'Evita 4'04.03:04.00", "cp1.73", "9", "cp1.78", "5.0", "set.0B", "5.0", "txt.01", "VC-CMV")
                .forEach((name, text) -> values.put(name, new Generator.Constant(text)));
        values.put("offers", new Generator.Constant("00   16000  -10  10037001   16000 -180  1805A0"));
        values.put("cp1.79", new Generator.Cycle(List.of("0.4", ""), 10_000));
        values.put("alarm-cp1.19", new Generator.Cycle(List.of("", "28 MV LOW"), 10_000));
        values.put("rt.00", new Generator.Swing(120, 260, 4_000, 3, 0));
        values.put("rt.01", new Generator.Swing(300, 1100, 4_000, 4, 0));
        return values;
    }

    /**
     * @param hears whether the device hears at a time
     * @param speaks whether we hear the device at a time
     */
    private void talk(int seconds, LongPredicate hears, LongPredicate speaks) {
        Simulated device = new MedibusSimulator(values(), 0);
        Talk talk = SPEC.open(0);
        for (long nowNs = 0; nowNs < seconds * SECOND_NS; nowNs += STEP_NS) {
            LocalDateTime now = OCTOBER.plusNanos(nowNs);
            long second = nowNs / SECOND_NS;
            List<Bytes> heard = new ArrayList<>(device.onTime(nowNs, now));
            List<Bytes> said = new ArrayList<>(said(talk.onTime(nowNs)));
            while (!heard.isEmpty() || !said.isEmpty()) {
                for (Bytes bytes : speaks.test(second) ? heard : List.<Bytes>of()) {
                    said.addAll(said(talk.onBytes(bytes.toArray(), bytes.size(), nowNs)));
                }
                heard.clear();
                for (Bytes bytes : hears.test(second) ? said : List.<Bytes>of()) {
                    heard.addAll(device.onBytes(bytes.toArray(), bytes.size(), nowNs, now));
                }
                said.clear();
            }
        }
    }

    private List<Bytes> said(List<Action> actions) {
        List<Bytes> said = new ArrayList<>();
        for (Action action : actions) {
            if (action instanceof Action.Send send) {
                calls += send.bytes().equals(Bytes.latin1("\033Q6C\r")) ? 1 : 0;
                said.add(send.bytes());
            } else if (action instanceof Action.Deliver deliver) {
                messages.add(deliver.message());
            } else {
                faults.add(action.toString());
            }
        }
        return said;
    }

    private List<Message> of(String type) {
        return messages.stream().filter(message -> message.type().equals(type)).toList();
    }

    @Test
    void theTalkGoesOnForMinutesWithoutAFault() {
        talk(300, second -> true, second -> true);
        assertEquals(List.of(), faults);
        assertEquals(1, calls);
        assertTrue(of("data").size() >= 298, of("data").size() + " sets");
        assertEquals("9", of("data").get(0).text("cp1.73"));
        assertTrue(of("data").stream().anyMatch(message -> message.text("cp1.79") == null), "an item is left out");
        assertEquals("2026-10-07", of("time").get(0).text("date"));
        assertEquals("VC-CMV", of("texts").get(0).text("txt.01"));
        List<Integer> alarms = of("alarms").stream()
                .map(message -> ((Alarms) message.fields().get(0)).alarms().size())
                .toList();
        assertTrue(alarms.contains(0) && alarms.contains(1));
    }

    /** 31.25 samples a second; one record in two hundred is marked corrupt and is a gap. */
    @Test
    void theWavesComeWholeAndWithTheirGaps() {
        talk(120, second -> true, second -> true);
        int values = 0;
        int missing = 0;
        for (Message message : of("waves")) {
            assertEquals(2, message.fields().size());
            Samples pressure = (Samples) message.fields().get(0);
            assertEquals("rt.00", pressure.name());
            values += pressure.values().size();
            missing += pressure.gaps().stream().mapToInt(Message.Gap::count).sum();
            assertTrue(pressure.values().stream().allMatch(bin -> bin >= 120 && bin <= 260));
            Samples flow = (Samples) message.fields().get(1);
            assertTrue(flow.values().stream().allMatch(bin -> bin >= 300 && bin <= 1100));
        }
        assertTrue(Math.abs(values + missing - 118 * 31.25) < 50, values + " and " + missing);
        assertEquals(values / 199.0, missing, 2);
    }

    @Test
    void aLineThatWasCutIsInitialisedAnew() {
        talk(60, second -> second < 20 || second >= 26, second -> second < 20 || second >= 26);
        assertTrue(calls >= 2 && calls <= 4, calls + " calls");
        assertTrue(of("data").size() >= 45, of("data").size() + " sets");
        assertEquals(2, of("device-id").size());
        assertTrue(of("waves").size() >= 40, of("waves").size() + " waves");
    }

    /** We hear it, it does not hear us: after three seconds it calls, and only calls. */
    @Test
    void aDeviceThatIsNotAnsweredFallsSilentAndComesBack() {
        talk(60, second -> second < 20 || second >= 30, second -> true);
        assertTrue(of("data").size() >= 40, of("data").size() + " sets");
        assertTrue(of("data").size() <= 52, of("data").size() + " sets");
    }
}
