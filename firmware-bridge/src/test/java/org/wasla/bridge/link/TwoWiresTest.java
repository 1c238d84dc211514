package org.wasla.bridge.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.wasla.bridge.gpio.Board;
import org.wasla.bridge.gpio.MockBoard;
import org.wasla.bridge.gpio.Output;
import org.wasla.bridge.gpio.Panel;

/** A line of two wires: its output is on while bytes leave, and never else. The wire is a pty, the output Pi4J's mock. */
@Timeout(30)
@Execution(ExecutionMode.CONCURRENT)
@SuppressWarnings("try") // closing early is what is tested here
final class TwoWiresTest {
    private static final int WRITE_MS = 200;
    private static final int MESSAGE_BYTES = 8;
    /** At 600 baud. */
    private static final long CHAR_NS = 16_666_667;

    private final BlockingQueue<String> turned = new LinkedBlockingQueue<>();
    private final Direction noted = (output, isSending) -> turned.add(output + " " + isSending);

    private static SerialSettings settings(Pty pty, int baud) {
        return new SerialSettings(pty.path().toString(), baud, 8, Parity.NONE, 1, Flow.NONE, false, "direction-a");
    }

    private List<String> turned() {
        return List.copyOf(turned);
    }

    private static Direction of(Panel panel) {
        return (output, isSending) -> panel.turn(Output.DIRECTION_A, isSending);
    }

    @Test
    void theOutputIsOnBeforeTheFirstByteAndUntilTheLastHasLeft() throws IOException {
        MockBoard mock = new MockBoard();
        List<String> seen = new CopyOnWriteArrayList<>();
        byte[] read = new byte[64];
        Board board = Objects.requireNonNull(Board.all().get("rpi5"));
        try (Pty pty = Pty.open();
                Panel panel = mock.open(board, (input, isClosed) -> {});
                Link link = settings(pty, 600).open(of(panel))) {
            long[] atNs = new long[2];
            mock.onChange(Output.DIRECTION_A, isOn -> {
                atNs[isOn ? 0 : 1] = System.nanoTime();
                seen.add(isOn + " " + there(pty, read));
            });
            link.write(new byte[MESSAGE_BYTES]);
            assertEquals(List.of("true 0", "false " + MESSAGE_BYTES), seen);
            // The pty took them at once; a wire of this speed would not have.
            assertTrue(atNs[1] - atNs[0] >= (MESSAGE_BYTES + 1) * CHAR_NS, "held for " + (atNs[1] - atNs[0]) + " ns");
            pty.write(new byte[] {5});
            assertEquals(1, link.read(read, Lines.PATIENCE_MS));
            assertEquals(2, seen.size(), "listening does not turn it");
        }
    }

    private static int there(Pty pty, byte[] buffer) {
        try {
            return pty.read(buffer, 20);
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }

    @Test
    void aLineThatIsOpenedAndClosedIsLetGo() throws IOException {
        try (Pty pty = Pty.open()) {
            try (Link link = settings(pty, 9600).open(noted)) {
                assertEquals(List.of("direction-a false"), turned());
                assertEquals(0, link.read(new byte[1], 0));
            }
            assertEquals(List.of("direction-a false", "direction-a false"), turned());
        }
    }

    @Test
    void aWriteThatNobodyTakesLetsTheLineGo() throws IOException {
        try (Pty pty = Pty.open();
                Link link = SerialLink.open(settings(pty, 4_000_000), WRITE_MS, noted)) {
            assertThrows(IOException.class, () -> link.write(new byte[100_000]));
            assertEquals(List.of("direction-a false", "direction-a true", "direction-a false"), turned());
        }
        assertEquals(3, turned().size(), "another line may hold it by now");
    }

    @Test
    void closingLetsTheLineGoWhileBytesLeave() throws IOException, InterruptedException {
        try (Pty pty = Pty.open();
                Link link = settings(pty, 300).open(noted)) {
            // Half a minute on the wire.
            BlockingQueue<Object> writing = Lines.outcome(() -> {
                link.write(new byte[900]);
                return "sent";
            });
            assertEquals("direction-a false", turned.poll(Lines.PATIENCE_MS, TimeUnit.MILLISECONDS));
            assertEquals("direction-a true", turned.poll(Lines.PATIENCE_MS, TimeUnit.MILLISECONDS));
            assertTrue(pty.read(new byte[64], Lines.PATIENCE_MS) > 0);
            link.close();
            assertEquals("direction-a false", turned.poll(Lines.PATIENCE_MS, TimeUnit.MILLISECONDS));
            assertEquals(pty.path() + " is closed", Lines.failure(writing));
            assertEquals(List.of(), turned());
        }
    }

    @Test
    void aBoxWithoutTheOutputDoesNotOpenTheLine() throws IOException {
        try (Pty pty = Pty.open();
                Panel dark = new Panel(null)) {
            String why = Lines.failure(() -> settings(pty, 9600).open(of(dark)));
            assertTrue(why.contains("no such direction output"), why);
            settings(pty, 9600).open(noted).close();
        }
    }

    // wasla check and the page's assistant open lines without the board's outputs: they must not send on two wires.
    @Test
    void whoHasNoOutputsMayOpenButNotSend() throws IOException {
        try (Pty pty = Pty.open();
                Link link = settings(pty, 9600).open()) {
            assertEquals(
                    "only the running agent sends on a line with rs485",
                    Lines.failure(() -> link.write(new byte[] {1})));
            assertEquals(0, pty.read(new byte[1], 20));
        }
    }
}
