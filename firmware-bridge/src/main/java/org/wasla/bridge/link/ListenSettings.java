package org.wasla.bridge.link;

import java.io.IOException;

/** A TCP port of this box, on all its addresses, that one device connects to. Immutable. */
public record ListenSettings(int port, boolean readOnly) implements LinkSettings {
    public ListenSettings {
        Ports.check(port);
    }

    @Override
    public Link open() throws IOException {
        return ListenLink.open(this);
    }

    @Override
    public String text() {
        return "listen:" + port;
    }

    @Override
    public ListenSettings withReadOnly(boolean value) {
        return new ListenSettings(port, value);
    }
}
