package org.wasla.gateway.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.LineFrame;
import org.wasla.gateway.message.Dialogue;
import org.wasla.gateway.message.ExchangeSpec;
import org.wasla.gateway.message.Template;
import org.wasla.gateway.simulator.SimulatorSpec.Alive;
import org.wasla.gateway.simulator.SimulatorSpec.Answer;
import org.wasla.gateway.simulator.SimulatorSpec.Output;
import org.wasla.gateway.simulator.SimulatorSpec.Push;

/** A simulated device that wants to be spoken to, as the real ones do. */
class SimulationTest {
    private static final long SECOND = 1_000_000_000L;
    private static final LocalDateTime NOON = LocalDateTime.of(2026, 6, 16, 12, 0, 0);

    private static Simulation simulation(boolean isStarted, boolean isKeptAlive) {
        List<Answer> answers = List.of(
                new Answer(Template.parse("HELLO {nr}\r"), new Output("ID {nr};", null, 0, 0)),
                new Answer(Template.parse("GO\r"), new Output("gone;", null, 0, 0)),
                new Answer(Template.parse("GO"), new Output("never", null, 0, 0)));
        SimulatorSpec spec = new SimulatorSpec(
                List.of(new Push(SECOND, new Output("tick;", null, 0, 0))),
                answers,
                Map.of(),
                isStarted ? Template.parse("GO\r") : null,
                isKeptAlive ? new Alive(Template.parse("ALIVE{check}\r"), 3 * SECOND) : null);
        LineFrame line = new LineFrame(Bytes.latin1("\n"), 64, false);
        return new Simulation(spec, new ExchangeSpec(line, List.of(), 10 * SECOND, 2 * SECOND, Dialogue.NONE), 0);
    }

    private static String told(List<Bytes> bytes) {
        return bytes.stream().map(Bytes::latin1).collect(Collectors.joining());
    }

    private static String hears(Simulation simulation, String text, long nowNs) {
        byte[] bytes = Bytes.latin1(text).toArray();
        return told(simulation.onBytes(bytes, bytes.length, nowNs, NOON));
    }

    private static String says(Simulation simulation, long nowNs) {
        return told(simulation.onTime(nowNs, NOON));
    }

    @Test
    void questionsAreAnsweredInTheOrderHeardWithWhatTheyHold() {
        Simulation simulation = simulation(false, false);
        assertEquals("gone;ID 017;", hears(simulation, "noiseGO\rHELLO 017\rHEL", 0));
        assertEquals("ID x;", hears(simulation, "LO x\r", 0));
    }

    @Test
    void nothingIsPushedBeforeTheStart() {
        Simulation simulation = simulation(true, false);
        assertEquals("", says(simulation, 5 * SECOND));
        assertTrue(simulation.waitNs(5 * SECOND) > SECOND);
        assertEquals("gone;", hears(simulation, "GO\r", 5 * SECOND));
        assertEquals("tick;", says(simulation, 5 * SECOND));
        assertEquals("tick;", says(simulation, 6 * SECOND));
    }

    /** Facts 2.2: without its message the monitor stops; facts 2.8 to 2.10: so does what is not acknowledged. */
    @Test
    void withoutItsKeepAliveItFallsSilent() {
        Simulation simulation = simulation(false, true);
        assertEquals("tick;", says(simulation, 0));
        assertEquals("", hears(simulation, "ALIVE12\r", 2 * SECOND));
        assertEquals("tick;", says(simulation, 4 * SECOND));
        assertEquals("", says(simulation, 5 * SECOND));
        assertTrue(simulation.waitNs(5 * SECOND) > SECOND);
        assertEquals("", hears(simulation, "ALIVE12\r", 9 * SECOND));
        assertEquals("tick;", says(simulation, 9 * SECOND));
    }

    @Test
    void afterSilenceOneThatWasStartedWantsToBeStartedAgain() {
        Simulation simulation = simulation(true, true);
        hears(simulation, "GO\r", 0);
        assertEquals("tick;", says(simulation, 0));
        assertEquals("", says(simulation, 3 * SECOND));
        hears(simulation, "ALIVE12\r", 4 * SECOND);
        assertEquals("", says(simulation, 4 * SECOND));
        hears(simulation, "GO\r", 5 * SECOND);
        assertEquals("tick;", says(simulation, 5 * SECOND));
    }
}
