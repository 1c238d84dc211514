package org.wasla.bridge.link;

/** Checks port numbers, 1 to 65535, and hosts. Stateless. */
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

    static void checkHost(String host, String kind) {
        if (host.isBlank() || host.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException(
                    "\"" + host + "\" is no host; write a name or an address, as in " + kind + ":192.168.1.20:4601");
        }
    }

    static String unbracketed(String host, String kind) {
        if (host.startsWith("[") && host.endsWith("]")) {
            return host.substring(1, host.length() - 1);
        }
        if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("host \"" + host
                    + "\" has colons; write an IPv6 address in brackets, as in " + kind + ":[fe80::1]:4601");
        }
        return host;
    }
}
