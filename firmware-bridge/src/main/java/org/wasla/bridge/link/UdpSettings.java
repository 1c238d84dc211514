package org.wasla.bridge.link;

import java.io.IOException;

/** Datagrams to and from one device of the network, and from no other. Immutable. */
public record UdpSettings(String host, int port, boolean readOnly) implements LinkSettings {
    /** Where patient monitors listen whose maker fixed the port (bedside.md 2.1). */
    private static final int USUAL_PORT = 24105;

    public UdpSettings {
        Ports.checkHost(host, "udp");
        Ports.check(port);
    }

    static UdpSettings of(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        if (colon < 0 || hostAndPort.endsWith("]")) {
            return new UdpSettings(Ports.unbracketed(hostAndPort, "udp"), USUAL_PORT, false);
        }
        int port = Ports.parse(hostAndPort.substring(colon + 1), "udp:" + hostAndPort);
        return new UdpSettings(Ports.unbracketed(hostAndPort.substring(0, colon), "udp"), port, false);
    }

    @Override
    public Link open() throws IOException {
        return UdpLink.open(this);
    }

    @Override
    public String text() {
        return "udp:" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    @Override
    public boolean isDatagrams() {
        return true;
    }

    @Override
    public UdpSettings withReadOnly(boolean value) {
        return new UdpSettings(host, port, value);
    }
}
