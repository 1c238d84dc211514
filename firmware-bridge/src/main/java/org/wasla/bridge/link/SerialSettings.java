package org.wasla.bridge.link;

import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A serial port of this box. Immutable.
 *
 * @param path the device file, best one that follows the socket: {@code /dev/serial/by-path/...}
 * @param baud bits a second, 300 to 4,000,000
 * @param dataBits 5 to 8
 * @param stopBits 1 or 2
 * @param rs485 the box's output that turns the line's transceiver to sending, null: it needs none
 */
public record SerialSettings(
        String path,
        int baud,
        int dataBits,
        Parity parity,
        int stopBits,
        Flow flow,
        boolean readOnly,
        @Nullable String rs485)
        implements LinkSettings {
    private static final Pattern LINE = Pattern.compile("([0-9]{1,9}) ([0-9])([NEO])([0-9])");

    public SerialSettings {
        if (!path.startsWith("/") || path.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException("\"" + path
                    + "\" is no full path; write one, as in serial:/dev/ttyUSB0 (speed and parity go apart)");
        }
        require(baud >= 300 && baud <= 4_000_000, "speed " + baud, "300 to 4000000 baud");
        require(dataBits >= 5 && dataBits <= 8, dataBits + " data bits", "5, 6, 7 or 8");
        require(stopBits == 1 || stopBits == 2, stopBits + " stop bits", "1 or 2");
        require(rs485 == null || flow == Flow.NONE, "flow control on two wires (rs485)", "flow: none");
    }

    private static void require(boolean possible, String what, String instead) {
        if (!possible) {
            throw new IllegalArgumentException(what + " is not possible; write " + instead);
        }
    }

    /**
     * Takes speed, data bits, parity and stop bits in the short form.
     *
     * @param line for example {@code 9600 8N1}
     * @throws IllegalArgumentException saying what to write instead
     */
    public static SerialSettings of(String path, String line, Flow flow, boolean readOnly) {
        Matcher parts = LINE.matcher(line.strip().toUpperCase(Locale.ROOT));
        if (!parts.matches()) {
            throw new IllegalArgumentException("line \"" + line + "\" cannot be read; write speed, data bits, parity"
                    + " (N, E or O) and stop bits, as in \"9600 8N1\"");
        }
        Parity parity = switch (parts.group(3)) {
            case "E" -> Parity.EVEN;
            case "O" -> Parity.ODD;
            default -> Parity.NONE;
        };
        int baud = Integer.parseInt(parts.group(1));
        int dataBits = Integer.parseInt(parts.group(2));
        return new SerialSettings(path, baud, dataBits, parity, Integer.parseInt(parts.group(4)), flow, readOnly, null);
    }

    /** Speed, data bits, parity and stop bits in the short form, for example {@code 9600 8N1}. */
    public String line() {
        return baud + " " + dataBits + parity.name().charAt(0) + stopBits;
    }

    /** The same port at the speed and format of a short form. */
    public SerialSettings withLine(String line) {
        SerialSettings other = of(path, line, flow, readOnly);
        return new SerialSettings(
                path, other.baud, other.dataBits, other.parity, other.stopBits, flow, readOnly, rs485);
    }

    /** The same port with this flow control. */
    public SerialSettings withFlow(Flow value) {
        return new SerialSettings(path, baud, dataBits, parity, stopBits, value, readOnly, rs485);
    }

    @Override
    public SerialSettings withReadOnly(boolean value) {
        return new SerialSettings(path, baud, dataBits, parity, stopBits, flow, value, rs485);
    }

    @Override
    public Link open() throws IOException {
        return SerialLink.open(this, Direction.NONE);
    }

    @Override
    public Link open(Direction direction) throws IOException {
        return SerialLink.open(this, direction);
    }

    @Override
    public String text() {
        return "serial:" + path;
    }
}
