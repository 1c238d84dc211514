package org.wasla.ops.demo;

import java.io.IOException;
import org.wasla.bridge.link.Link;
import org.wasla.bridge.link.Pty;

/** The device's end of a pseudo-terminal as a line. Thread-safety as {@link Link}. */
public final class PtyLink implements Link {
    private final Pty pty;

    public PtyLink(Pty pty) {
        this.pty = pty;
    }

    @Override
    public int read(byte[] buffer, int waitMs) throws IOException {
        return pty.read(buffer, waitMs);
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        pty.write(bytes);
    }

    @Override
    public void close() {
        pty.close();
    }
}
