package org.wasla.gateway.config;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wasla.bridge.gpio.Board;
import org.wasla.bridge.gpio.Output;
import org.wasla.bridge.gpio.Panel;
import org.wasla.bridge.link.Direction;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.bridge.link.SerialSettings;
import org.wasla.gateway.profile.Section;

/** Which output of the board turns which line of two wires (RS-485). Stateless. */
public final class TwoWires {
    private static final List<Output> ALL =
            Arrays.stream(Output.values()).filter(Output::isDirection).toList();
    /** The names of outputs in the configuration. */
    static final List<String> NAMES = ALL.stream().map(TwoWires::name).toList();

    private static final String REMEDY =
            "name the board and the output's line, as in gpio: {board: rpi4, direction-a: 18};"
                    + " an adapter that turns by itself needs no rs485";

    private TwoWires() {}

    static String name(Output output) {
        return output.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Optional<Output> output(String name) {
        return ALL.stream().filter(each -> name(each).equals(name)).findFirst();
    }

    /** The outputs of the box, as lines want them. */
    public static Direction of(Panel panel) {
        return (name, isSending) -> panel.turn(
                output(name).orElseThrow(() -> new IOException("there is no direction output " + name)), isSending);
    }

    /** The output that turns this line, or null. */
    static @Nullable String of(LinkSettings link) {
        return link instanceof SerialSettings serial ? serial.rs485() : null;
    }

    /** The output that turns this line, where the board does not have it. */
    static Optional<String> missing(LinkSettings link, @Nullable Board board) {
        String name = of(link);
        boolean isThere = board != null
                && name != null
                && output(name).filter(board.lines()::containsKey).isPresent();
        return Optional.ofNullable(isThere ? null : name);
    }

    /** Tells of each line that the board cannot turn. */
    static void check(DeviceList devices, @Nullable Board board, Section gpio) {
        devices.lines()
                .forEach((line, device) -> missing(device.link(), board)
                        .ifPresent(output ->
                                gpio.problem("has no " + output + ", which turns the line of " + line, REMEDY)));
    }

    /** The same of one line, in words. */
    public static Optional<String> mistake(LinkSettings link, @Nullable Board board) {
        return missing(link, board).map(output -> "the board has no " + output + "; " + REMEDY);
    }
}
