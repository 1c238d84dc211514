package org.wasla.gateway.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.LineFrame;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Exchange;
import org.wasla.gateway.message.ExchangeSpec;
import org.wasla.gateway.simulator.Simulation;
import org.wasla.gateway.simulator.SimulatorSpec;

/** Both ends of one profile talk with each other: what the dialogue says is what keeps the device talking. */
class DialogueRoundTest {
    private static final long STEP_NS = 100_000_000L;
    private static final LocalDateTime NOON = LocalDateTime.of(2026, 6, 16, 12, 0, 0);
    private static final String PROFILE = """
            message:
              - {id: row, pattern: 'V=(?<value>\\d+)'}
              - {id: hello, pattern: 'ID=(?<serial>.*)', skip: names the device}
              - {id: subscribed, pattern: 'SUB (?<nr>\\d+)', skip: answer}
            dialogue:
              poll:
                quiet: 4s
                ask: {send: "SUB {serial} {nr}{check}\\n", every: 9s, timeout: 1s, retries: 2, answer: subscribed}
              init:
                step:
                  - {send: "WHO\\n", answer: hello, timeout: 1s, retries: 1, wait: 200ms}
                  - {send: "GO {serial}\\n"}
                pause: 1s
              reply: {to: row, send: "ACK\\n", refused: "NAK\\n"}
              vars:
                serial: {message: hello, field: serial}
                nr: {count: [1, 9], digits: 2}
              check: {kind: sum8, as: hex}
            simulator:
              start: "GO 0815\\n"
              alive: {to: "ACK\\n", within: 3s}
              push: {every: 1s, message: row, text: "V={value}\\n"}
              answer:
                - {to: "WHO\\n", text: "ID=0815\\n"}
                - {to: "SUB 0815 {nr}{check}\\n", text: "SUB {nr}\\n"}
              values: {value: '7'}
            """;

    /** What came of a talk of some seconds. */
    private record Talk(int rows, List<String> said, int faults) {}

    /** @param keeps whether the records of a moment can be kept; after a refusal the device falls silent */
    private static Talk talk(boolean isReadOnly, int seconds, IntPredicate keeps) {
        Problems problems = new Problems();
        Section profile = Section.parse("profile.yaml", PROFILE, problems);
        LineFrame line = new LineFrame(Bytes.latin1("\n"), 64, false);
        ExchangeSpec spec = DialogueReader.read(profile, line, MessageReader.read(profile, 64));
        SimulatorSpec device = SimulatorReader.read(profile.section("simulator"), spec.messages(), line);
        profile.end();
        assertEquals(List.of(), problems.list());
        Exchange exchange = new Exchange(isReadOnly ? spec.listening() : spec, 0);
        Simulation simulation = new Simulation(device, spec, 0);
        List<String> said = new ArrayList<>();
        List<Bytes> heard = new ArrayList<>();
        int rows = 0;
        int faults = 0;
        for (long nowNs = 0; nowNs < seconds * 1_000_000_000L; nowNs += STEP_NS) {
            heard.addAll(simulation.onTime(nowNs, NOON));
            List<Action> actions = new ArrayList<>(exchange.onTime(nowNs));
            for (Bytes bytes : heard) {
                actions.addAll(exchange.onBytes(bytes.toArray(), bytes.size(), nowNs));
            }
            heard.clear();
            for (Action action : actions) {
                Bytes out = Bytes.NONE;
                if (action instanceof Action.Deliver deliver) {
                    rows += deliver.message().fields().isEmpty() ? 0 : 1;
                    out = keeps.test((int) (nowNs / 1_000_000_000L)) ? deliver.ifKept() : deliver.ifRefused();
                } else if (action instanceof Action.Send send) {
                    out = send.bytes();
                } else {
                    faults++;
                }
                if (out.size() > 0) {
                    said.add(out.latin1().strip());
                    heard.addAll(simulation.onBytes(out.toArray(), out.size(), nowNs, NOON));
                }
            }
        }
        return new Talk(rows, said, faults);
    }

    @Test
    void theTalkGoesOnForAsLongAsBothPlayTheirPart() {
        Talk talk = talk(false, 60, second -> true);
        assertEquals(0, talk.faults());
        assertTrue(talk.rows() >= 59, talk.rows() + " rows");
        assertEquals(List.of("WHO", "GO 0815", "SUB 0815 01"), head(talk.said()));
        assertEquals(
                7, talk.said().stream().filter(text -> text.startsWith("SUB")).count());
        assertEquals(1, talk.said().stream().filter("WHO"::equals).count());
    }

    /** The first three things said, without the check. */
    private static List<String> head(List<String> said) {
        List<String> head = new ArrayList<>(said.subList(0, 2));
        head.add(said.get(2).substring(0, 11));
        return head;
    }

    /** A full disk: nothing is acknowledged, the device falls silent, and is started anew once there is room. */
    @Test
    void whatCannotBeKeptIsNotAcknowledgedAndTheTalkStartsAnew() {
        Talk talk = talk(false, 60, second -> second < 10 || second >= 20);
        assertTrue(talk.said().contains("NAK"));
        assertTrue(
                talk.said().stream().filter("WHO"::equals).count() >= 2,
                talk.said().toString());
        assertEquals("ACK", talk.said().get(talk.said().size() - 1));
        assertTrue(talk.rows() > 40, talk.rows() + " rows");
    }

    @Test
    void onAReadOnlyLineNothingIsSaid() {
        assertEquals(new Talk(0, List.of(), 0), talk(true, 60, second -> true));
    }
}
