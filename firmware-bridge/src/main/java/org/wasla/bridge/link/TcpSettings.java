package org.wasla.bridge.link;

import java.io.IOException;

/** A TCP connection that we make to a device or to a serial device server. Immutable. */
public record TcpSettings(String host, int port, boolean readOnly) implements LinkSettings {
    public TcpSettings {
        Ports.checkHost(host, "tcp");
        Ports.check(port);
    }

    static TcpSettings of(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("link \"tcp:" + hostAndPort + "\" has no port; write tcp:HOST:PORT");
        }
        int port = Ports.parse(hostAndPort.substring(colon + 1), "tcp:" + hostAndPort);
        return new TcpSettings(Ports.unbracketed(hostAndPort.substring(0, colon), "tcp"), port, false);
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
