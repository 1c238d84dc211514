package org.wasla.bridge.gpio;

import com.pi4j.Pi4J;
import com.pi4j.context.Context;
import com.pi4j.io.gpio.digital.DigitalInput;
import com.pi4j.io.gpio.digital.DigitalInputProvider;
import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.gpio.digital.DigitalOutputProvider;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.io.gpio.digital.PullResistance;
import com.pi4j.plugin.gpiod.provider.gpio.digital.GpioDDigitalInputProvider;
import com.pi4j.plugin.gpiod.provider.gpio.digital.GpioDDigitalOutputProvider;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a board through Pi4J. The provider is named: left to itself, Pi4J takes a mock where it finds no chip. Lines
 * that turn the direction of others are taken when they are first used: most boxes have something else there, or nothing.
 */
final class Pi4jPins implements Pins {
    private static final long DEBOUNCE_US = 20_000;

    private final Context context;
    private final DigitalOutputProvider provider;
    private final Map<Output, Integer> lines;
    private final Map<Output, DigitalOutput> outputs = new ConcurrentHashMap<>();
    private final Map<Input, DigitalInput> inputs = new EnumMap<>(Input.class);

    private Pi4jPins(Context context, DigitalOutputProvider provider, Map<Output, Integer> lines) {
        this.context = context;
        this.provider = provider;
        this.lines = lines;
    }

    /**
     * Takes the board's lines.
     *
     * @throws IOException when this machine has no such lines, or they are taken
     */
    static Pi4jPins open(Board board, Contacts contacts) throws IOException {
        return open(board, contacts, GpioDDigitalOutputProvider::newInstance, GpioDDigitalInputProvider::newInstance);
    }

    /** Makes what speaks to the chip; may throw anything, natives among it. */
    @FunctionalInterface
    interface Chip<T> {
        T get();
    }

    static Pi4jPins open(
            Board board, Contacts contacts, Chip<DigitalOutputProvider> outputs, Chip<DigitalInputProvider> inputs)
            throws IOException {
        Context context = null;
        try {
            DigitalOutputProvider out = outputs.get();
            DigitalInputProvider in = inputs.get();
            context = Pi4J.newContextBuilder().add(out, in).build();
            Pi4jPins pins = new Pi4jPins(context, out, board.lines());
            for (Output each : Output.values()) {
                pins.output(each, !each.isDirection());
            }
            for (Map.Entry<Input, Integer> line : board.inputs().entrySet()) {
                pins.listen(in, line.getKey(), line.getValue(), contacts);
            }
            return pins;
        } catch (RuntimeException | LinkageError none) {
            if (context != null) {
                context.shutdown();
            }
            throw new IOException("no GPIO lines of " + board.title() + " here: " + none.getMessage(), none);
        }
    }

    private void listen(DigitalInputProvider provider, Input input, int line, Contacts contacts) {
        DigitalInput contact = provider.create(DigitalInput.newConfigBuilder(context)
                .id(input.name())
                .name(input.name())
                .address(line)
                .pull(PullResistance.PULL_UP)
                .debounce(DEBOUNCE_US)
                .build());
        contact.addListener(event -> contacts.changed(input, event.state().isLow()));
        contacts.changed(input, contact.isLow());
        inputs.put(input, contact);
    }

    DigitalInput input(Input input) {
        return Objects.requireNonNull(inputs.get(input));
    }

    /** Null where the board has no such output, or it was not taken and is not to be. */
    @Nullable
    DigitalOutput output(Output output, boolean takes) {
        Integer line = lines.get(output);
        return line == null || !takes
                ? outputs.get(output)
                : outputs.computeIfAbsent(
                        output,
                        each -> provider.create(DigitalOutput.newConfigBuilder(context)
                                .id(each.name())
                                .name(each.name())
                                .address(line)
                                .initial(DigitalState.LOW)
                                .shutdown(DigitalState.LOW)
                                .build()));
    }

    @Override
    public boolean set(Output output, boolean isOn) {
        DigitalOutput line = output(output, true);
        if (line != null) {
            line.state(isOn ? DigitalState.HIGH : DigitalState.LOW);
        }
        return line != null;
    }

    boolean isOn(Output output) {
        DigitalOutput line = outputs.get(output);
        return line != null && line.isHigh();
    }

    @Override
    public void close() {
        context.shutdown();
    }
}
