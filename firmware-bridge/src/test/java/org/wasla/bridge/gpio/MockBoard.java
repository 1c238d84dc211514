package org.wasla.bridge.gpio;

import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalInput;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalInputProvider;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalOutputProvider;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A board on Pi4J's own mock platform: the calls are those that drive the chip. */
public final class MockBoard {
    private volatile @Nullable Pi4jPins pins;

    public Panel open(Board board, Contacts contacts) throws IOException {
        Pi4jPins opened = Pi4jPins.open(
                board, contacts, MockDigitalOutputProvider::newInstance, MockDigitalInputProvider::newInstance);
        pins = opened;
        return new Panel(opened);
    }

    private Pi4jPins pins() {
        return Objects.requireNonNull(pins, "not open");
    }

    public boolean isOn(Output output) {
        return pins().isOn(output);
    }

    public boolean isTaken(Output output) {
        return pins().output(output, false) != null;
    }

    /** Takes the output's line, and tells each change of its level from now on. */
    public void onChange(Output output, Consumer<Boolean> listener) {
        Objects.requireNonNull(pins().output(output, true), "the board has none")
                .addListener(event -> listener.accept(event.state().isHigh()));
    }

    /** A hand on a contact. */
    public void close(Input input, boolean isClosed) {
        ((MockDigitalInput) pins().input(input)).mockState(isClosed ? DigitalState.LOW : DigitalState.HIGH);
    }
}
