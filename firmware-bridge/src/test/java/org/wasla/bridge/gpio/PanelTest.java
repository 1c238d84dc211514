package org.wasla.bridge.gpio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.pi4j.io.gpio.digital.DigitalOutputProvider;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalInput;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalInputProvider;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalOutputProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class PanelTest {
    private static final long WAIT_S = 20;

    private static Board board() {
        return Objects.requireNonNull(Board.all().get("rpi4"));
    }

    /** Tells each change of a line. */
    private static final class Seen implements Pins {
        private final BlockingQueue<String> changes = new LinkedBlockingQueue<>();

        @Override
        public boolean set(Output output, boolean isOn) {
            if (isOn) {
                changes.add(output.name());
            }
            return true;
        }

        @Override
        public void close() {
            changes.add("closed");
        }

        String next() throws InterruptedException {
            return Objects.requireNonNull(changes.poll(WAIT_S, TimeUnit.SECONDS), "nothing was switched on");
        }
    }

    @Test
    void showsStateThenSignalThenIsDark() throws InterruptedException {
        Seen pins = new Seen();
        try (Panel panel = new Panel(pins)) {
            panel.show(new Show(Map.of(Output.GREEN, Rhythm.STEADY)));
            assertEquals("GREEN", pins.next());
            panel.signal(new Show(Map.of(Output.BUZZER, Rhythm.once(30))), 100);
            assertEquals("BUZZER", pins.next());
        }
        assertEquals("closed", pins.next());
    }

    @Test
    void panelWithoutLinesTakesEverything() {
        try (Panel panel = new Panel(null)) {
            panel.show(new Show(Map.of(Output.GREEN, Rhythm.STEADY)));
            panel.signal(new Show(Map.of(Output.BUZZER, Rhythm.pulses(2))), 0);
        }
    }

    // Pi4J's own mock: the same calls that drive the chip.
    @Test
    void drivesEveryLineOfABoardThroughPi4j() throws IOException {
        DigitalOutputProvider mock = MockDigitalOutputProvider.newInstance();
        try (Pi4jPins pins =
                Pi4jPins.open(board(), (input, isClosed) -> {}, () -> mock, MockDigitalInputProvider::newInstance)) {
            for (Output output : Output.values()) {
                pins.set(output, true);
                assertTrue(pins.isOn(output), output + " is on");
                pins.set(output, false);
                assertFalse(pins.isOn(output), output + " is off");
            }
        }
    }

    // Many boards carry something else on that line, such as sound: it is theirs unless a device's line asks for it.
    @Test
    void aLineThatTurnsOthersIsTakenWhenItIsFirstUsed() throws IOException {
        MockBoard mock = new MockBoard();
        try (Panel panel = mock.open(board(), (input, isClosed) -> {})) {
            assertFalse(mock.isTaken(Output.DIRECTION_A));
            panel.turn(Output.DIRECTION_A, true);
            assertTrue(mock.isOn(Output.DIRECTION_A));
            panel.turn(Output.DIRECTION_A, false);
            assertFalse(mock.isOn(Output.DIRECTION_A));
            assertFalse(mock.isTaken(Output.DIRECTION_B));
            panel.turn(Output.DIRECTION_A, true);
        }
        assertFalse(mock.isOn(Output.DIRECTION_A), "let go when the agent ends");
    }

    @Test
    void aBoxWithoutThatLineSaysSo() throws IOException {
        Map<Output, Integer> lamp = Map.of(Output.GREEN, 17);
        try (Panel dark = new Panel(null);
                Panel lamps = new MockBoard().open(new Board("own", "own", lamp, Map.of()), (input, isClosed) -> {})) {
            for (Panel panel : List.of(dark, lamps)) {
                IOException none = assertThrows(IOException.class, () -> panel.turn(Output.DIRECTION_A, true));
                assertTrue(String.valueOf(none.getMessage()).contains("gpio"), none.getMessage());
            }
        }
    }

    @Test
    void contactsAreToldAtTheStartAndWhenTheyChange() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        try (Pi4jPins pins = Pi4jPins.open(
                board(),
                (input, isClosed) -> told.add(input + (isClosed ? " closed" : " open")),
                MockDigitalOutputProvider::newInstance,
                MockDigitalInputProvider::newInstance)) {
            assertEquals(2, told.size(), told.toString());
            told.clear();
            for (DigitalState state : List.of(DigitalState.HIGH, DigitalState.LOW, DigitalState.HIGH)) {
                ((MockDigitalInput) pins.input(Input.BUTTON)).mockState(state);
            }
            List<String> changes = new ArrayList<>();
            while (changes.size() < 2) {
                String change = Objects.requireNonNull(told.poll(WAIT_S, TimeUnit.SECONDS), "told " + changes);
                if (!change.equals("BUTTON open") || !changes.isEmpty()) {
                    changes.add(change);
                }
            }
            assertEquals(List.of("BUTTON closed", "BUTTON open"), changes);
        }
    }

    @Test
    void whatAPressMeansIsHowLongItWas() {
        assertEquals(Press.Wish.NOTHING, press(20));
        assertEquals(Press.Wish.TOUCH, press(50));
        assertEquals(Press.Wish.TOUCH, press(2_999));
        assertEquals(Press.Wish.IDENTIFY, press(3_000));
        assertEquals(Press.Wish.IDENTIFY, press(9_999));
        assertEquals(Press.Wish.WORDS, press(10_000));
    }

    private static Press.Wish press(long heldMs) {
        Press press = new Press();
        assertEquals(Press.Wish.NOTHING, press.changed(false, 0), "let go before it was held");
        assertEquals(Press.Wish.NOTHING, press.held(5_000));
        press.changed(true, 1_000);
        assertEquals(Press.Wish.NOTHING, press.changed(true, 1_000 + heldMs / 2), "told twice");
        Press.Wish sign = press.held(1_000 + heldMs);
        assertEquals(sign, press.changed(false, 1_000 + heldMs));
        return sign;
    }

    // A box without the chip must say so and go on: the agent catches nothing but IOException.
    @Test
    void machineWithoutTheChipIsAnErrorWithItsCause() {
        Assumptions.assumeFalse(
                Files.exists(Path.of("/dev/gpiochip0")), "this machine has GPIO: its lines are not to be touched");
        IOException none = assertThrows(IOException.class, () -> Panel.open(board(), (input, isClosed) -> {}));
        assertTrue(String.valueOf(none.getMessage()).contains("Raspberry Pi 4"), none.getMessage());
    }

    @Test
    void boardsHaveEachLineOnceAndWithinTheHeader() {
        assertEquals(List.of("rpi4", "rpi5", "cm4"), List.copyOf(Board.all().keySet()));
        for (Board board : Board.all().values()) {
            List<Integer> lines = new ArrayList<>(board.lines().values());
            lines.addAll(board.inputs().values());
            assertEquals(lines.size(), new HashSet<>(lines).size(), board.id());
            lines.forEach(line -> assertTrue(line >= 2 && line <= Board.LINE_MAX, board.id()));
        }
    }
}
