package org.wasla.bridge.link;

import java.io.Closeable;
import java.io.IOException;

/**
 * An open line that moves bytes both ways. One thread reads and writes it; {@link #close} may be called from any
 * thread and frees a blocked reader or writer at once.
 */
public interface Link extends Closeable {
    /** What {@link #read} gives when the peer of a listening link went away; the link waits for the next peer. */
    int PEER_GONE = -1;

    /**
     * Reads what has arrived, waiting for the first byte.
     *
     * @param waitMs 0 to 3,600,000: how long to wait when nothing is there; the call never waits longer
     * @return how many bytes were put at the start of the buffer, 0 when the time ran out, or {@link #PEER_GONE}
     * @throws IOException when the line is lost; the link is of no more use and is to be closed and opened anew
     */
    int read(byte[] buffer, int waitMs) throws IOException;

    /**
     * Writes all the bytes, within two seconds. A listening link drops them while it has no peer, and when its peer goes
     * meanwhile, which the next read tells.
     *
     * @throws IOException when the line is lost, does not take the bytes in time, or is read-only
     */
    void write(byte[] bytes) throws IOException;

    /** Closes the line; calling it again does nothing. */
    @Override
    void close();
}
