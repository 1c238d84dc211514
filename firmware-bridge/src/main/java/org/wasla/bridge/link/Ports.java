package org.wasla.bridge.link;

/** Checks TCP port numbers, 1 to 65535. Stateless. */
final class Ports {
    private Ports() {}

    static int parse(String digits, String link) {
        if (!digits.matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException(
                    "link \"" + link + "\" has no port number; write listen:PORT or tcp:HOST:PORT, as in listen:5100");
        }
        return check(Integer.parseInt(digits));
    }

    static int check(int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " does not exist; write one from 1 to 65535");
        }
        return port;
    }
}
