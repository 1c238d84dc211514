package org.wasla.gateway.command;

import java.util.regex.Pattern;

/** Reads what a technician orders of a box at a distance. Stateless. */
final class ServiceReader {
    static final int LINES_MAX = 500;
    static final int CAPTURE_S_MAX = 300;
    static final int CAPTURE_BYTES_MAX = 1 << 20;
    static final int SHOW_S_MAX = 300;

    private static final int LINES = 100;
    private static final int SHOW_S = 30;
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,128}");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final Pattern PORT = Pattern.compile("/dev/[A-Za-z0-9_.:/-]{1,200}");

    private ServiceReader() {}

    static Command logs(Body body, String jti, String client) {
        return new Command.Logs(jti, client, body.has("n") ? (int) body.number("n", 1, LINES_MAX) : LINES);
    }

    static Command identify(Body body, String jti, String client) {
        int seconds = body.has("s") ? (int) body.number("s", 1, SHOW_S_MAX) : SHOW_S;
        String port = body.optional("port", PORT, "a serial port such as /dev/ttyUSB0");
        if (port.contains("/../")) {
            body.problem("port leads out of /dev; write a serial port such as /dev/ttyUSB0");
        }
        return new Command.Identify(jti, client, seconds, port);
    }

    static Command capture(Body body, String jti, String client) {
        return new Command.Capture(
                jti,
                client,
                body.text("dev", NAME, "the device's id, such as oxi-b07"),
                (int) body.number("s", 1, CAPTURE_S_MAX),
                (int) body.number("max", 1, CAPTURE_BYTES_MAX),
                body.text("to", KEY, "the X25519 key that it is sealed for, 32 bytes in base64url"));
    }
}
