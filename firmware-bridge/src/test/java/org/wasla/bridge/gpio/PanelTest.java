package org.wasla.bridge.gpio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.pi4j.io.gpio.digital.DigitalOutputProvider;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalOutputProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        public void set(Output output, boolean isOn) {
            if (isOn) {
                changes.add(output.name());
            }
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
        try (Pi4jPins pins = Pi4jPins.open(board(), () -> mock)) {
            for (Output output : Output.values()) {
                pins.set(output, true);
                assertTrue(pins.isOn(output), output + " is on");
                pins.set(output, false);
                assertFalse(pins.isOn(output), output + " is off");
            }
        }
    }

    // A box without the chip must say so and go on: the agent catches nothing but IOException.
    @Test
    void machineWithoutTheChipIsAnErrorWithItsCause() {
        Assumptions.assumeFalse(
                Files.exists(Path.of("/dev/gpiochip0")), "this machine has GPIO: its lines are not to be touched");
        IOException none = assertThrows(IOException.class, () -> Panel.open(board()));
        assertTrue(String.valueOf(none.getMessage()).contains("Raspberry Pi 4"), none.getMessage());
    }

    @Test
    void boardsHaveEachLineOnceAndWithinTheHeader() {
        assertEquals(List.of("rpi4", "rpi5", "cm4"), List.copyOf(Board.all().keySet()));
        for (Board board : Board.all().values()) {
            assertEquals(board.lines().size(), new HashSet<>(board.lines().values()).size(), board.id());
            board.lines().values().forEach(line -> assertTrue(line >= 2 && line <= Board.LINE_MAX, board.id()));
        }
    }
}
