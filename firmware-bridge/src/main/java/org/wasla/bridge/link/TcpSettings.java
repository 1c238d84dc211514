package org.wasla.bridge.link;

import java.io.IOException;

/** A TCP connection that we make to a device or to a serial device server. Immutable. */
public record TcpSettings(String host, int port, boolean readOnly) implements LinkSettings {
    public TcpSettings {
        if (host.isBlank() || host.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException(
                    "\"" + host + "\" is no host; write a name or an address, as in tcp:192.168.1.20:4601");
        }
        Ports.check(port);
    }

    static TcpSettings of(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("link \"tcp:" + hostAndPort + "\" has no port; write tcp:HOST:PORT");
        }
        int port = Ports.parse(hostAndPort.substring(colon + 1), "tcp:" + hostAndPort);
        return new TcpSettings(unbracketed(hostAndPort.substring(0, colon)), port, false);
    }

    private static String unbracketed(String host) {
        if (host.startsWith("[") && host.endsWith("]")) {
            return host.substring(1, host.length() - 1);
        }
        if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "host \"" + host + "\" has colons; write an IPv6 address in brackets, as in tcp:[fe80::1]:4601");
        }
        return host;
    }

    @Override
    public Link open() throws IOException {
        return TcpLink.open(this);
    }

    @Override
    public String text() {
        return "tcp:" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    @Override
    public TcpSettings withReadOnly(boolean value) {
        return new TcpSettings(host, port, value);
    }
}
