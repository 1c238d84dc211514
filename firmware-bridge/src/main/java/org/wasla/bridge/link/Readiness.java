package org.wasla.bridge.link;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/**
 * Waits, without turning, until one of a few sockets has something to read or to accept. One thread waits; {@link
 * #close} may come from any thread and frees it. Waits are in milliseconds, 1 or more.
 */
final class Readiness {
    private static final int INPUT = SelectionKey.OP_READ | SelectionKey.OP_ACCEPT;

    private final Selector selector;

    Readiness() throws IOException {
        selector = Selector.open();
    }

    /** Makes the socket non-blocking and waits for its input from now on, until it is closed. */
    SelectionKey add(SelectableChannel channel) throws IOException {
        try {
            channel.configureBlocking(false);
            return channel.register(selector, channel.validOps() & INPUT);
        } catch (ClosedSelectorException e) {
            throw closed(e);
        }
    }

    void awaitInput(long waitMs) throws IOException {
        try {
            selector.select(ready -> {}, waitMs);
        } catch (ClosedSelectorException | CancelledKeyException e) {
            throw closed(e);
        }
    }

    /** Waits until the socket takes bytes, and for nothing else: input would end the wait over and over. */
    void awaitRoom(SelectionKey socket, long waitMs) throws IOException {
        try {
            for (SelectionKey key : selector.keys()) {
                key.interestOps(key == socket ? SelectionKey.OP_WRITE : 0);
            }
            selector.select(ready -> {}, waitMs);
            for (SelectionKey key : selector.keys()) {
                key.interestOps(key.channel().validOps() & INPUT);
            }
        } catch (ClosedSelectorException | CancelledKeyException e) {
            throw closed(e);
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("stopped while writing");
        }
    }

    /** Lets go of the sockets that were closed since: their descriptors are held until then. */
    void forgetClosed() throws IOException {
        try {
            selector.selectNow(ready -> {});
        } catch (ClosedSelectorException | CancelledKeyException e) {
            throw closed(e);
        }
    }

    void close() {
        try {
            selector.close();
        } catch (IOException ignored) {
            // nothing is left to be done about it
        }
    }

    private static IOException closed(Exception cause) {
        IOException closed = new ClosedChannelException();
        closed.initCause(cause);
        return closed;
    }
}
