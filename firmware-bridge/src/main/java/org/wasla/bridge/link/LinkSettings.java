package org.wasla.bridge.link;

import java.io.IOException;

/** Where a line goes and how it is set; opens it as often as asked, each time a new {@link Link}. Immutable. */
public sealed interface LinkSettings permits SerialSettings, TcpSettings, UdpSettings, ListenSettings {
    /**
     * Reads the short form, for example {@code serial:/dev/ttyUSB0} (at 9600 8N1), {@code tcp:127.0.0.1:4601},
     * {@code udp:192.168.1.20:24105} or {@code listen:5100}; the line may be written on.
     *
     * @throws IllegalArgumentException saying what to write instead
     */
    static LinkSettings parse(String text) {
        String trimmed = text.strip();
        int colon = trimmed.indexOf(':');
        String rest = trimmed.substring(colon + 1);
        return switch (colon < 0 ? "" : trimmed.substring(0, colon)) {
            case "serial" -> SerialSettings.of(rest, "9600 8N1", Flow.NONE, false);
            case "tcp" -> TcpSettings.of(rest);
            case "udp" -> UdpSettings.of(rest);
            case "listen" -> new ListenSettings(Ports.parse(rest, text), false);
            default ->
                throw new IllegalArgumentException(
                        "link \"" + text
                                + "\" is of no known kind; write serial:/dev/ttyUSB0, tcp:HOST:PORT, udp:HOST:PORT or listen:PORT");
        };
    }

    /**
     * Opens the line.
     *
     * @throws IOException naming the cause and what to do about it
     */
    Link open() throws IOException;

    /**
     * Opens the line for who sends on it, one of two wires among them.
     *
     * @throws IOException naming the cause and what to do about it
     */
    default Link open(Direction direction) throws IOException {
        return open();
    }

    /** The short form that {@link #parse} reads; it leaves out speed, flow control and the right to write. */
    String text();

    /** Whether the link refuses every write, so that nothing is ever sent. */
    boolean readOnly();

    /** Whether what is read or written at once stays one packet; else it is a stream of bytes. */
    default boolean isDatagrams() {
        return false;
    }

    /** The same line with or without the right to write. */
    LinkSettings withReadOnly(boolean readOnly);
}
