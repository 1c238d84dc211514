package org.wasla.gateway.imaging;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Knows since when a write has been waiting: sockets have no limit for it. One thread writes, any may ask. */
final class WatchedOutput extends FilterOutputStream {
    private volatile long sinceNs;
    private volatile boolean isWriting;

    WatchedOutput(OutputStream out) {
        super(out);
    }

    /** How long the write under way has lasted, 0 when none is. */
    long waitsNs(long nowNs) {
        return isWriting ? Math.max(0, nowNs - sinceNs) : 0;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        sinceNs = System.nanoTime();
        isWriting = true;
        try {
            out.write(bytes, from, count);
        } finally {
            isWriting = false;
        }
    }
}
