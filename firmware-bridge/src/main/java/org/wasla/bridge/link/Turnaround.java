package org.wasla.bridge.link;

/**
 * When a line of two wires may be let go after bytes were written to it: not before the last of them has left the wire, or
 * the device hears a cut message; and soon after, or it answers into our own sending. Times are monotonic, ns. Does no
 * I/O; one thread.
 *
 * <p>What the driver still holds is known, what the UART holds is not. So the bytes are counted with their time on the
 * wire, from when they were written, and from when the driver was last seen to hold some. Asking the driver to drain
 * (tcdrain) comes back up to two ticks of the kernel late, 8 ms and more: later than quick devices answer.
 */
final class Turnaround {
    private final long charNs;
    private long endNs;

    /** @param bits of one character, with start, parity and stop bits */
    Turnaround(int baud, int bits) {
        this.charNs = (bits * 1_000_000_000L + baud - 1) / baud;
    }

    static Turnaround of(SerialSettings settings) {
        int parity = settings.parity() == Parity.NONE ? 0 : 1;
        return new Turnaround(settings.baud(), 1 + settings.dataBits() + parity + settings.stopBits());
    }

    /** How long so many bytes are on the wire, and the time after them. */
    long wireNs(int bytes) {
        return (bytes + 1) * charNs;
    }

    /** The line was turned; nothing is on it yet. */
    void begin(long nowNs) {
        endNs = nowNs;
    }

    /** @param nowNs when they were given to the driver, or before that */
    void wrote(int bytes, long nowNs) {
        endNs = later(endNs, nowNs) + bytes * charNs;
    }

    /**
     * @param held bytes that the driver has not given to the wire yet
     * @return how long to wait before asking again; 0: let it go now
     */
    long waitNs(int held, long nowNs) {
        if (held > 0) {
            endNs = later(endNs, nowNs + held * charNs);
        }
        return Math.max(0, endNs + charNs - nowNs);
    }

    private static long later(long a, long b) {
        return a - b > 0 ? a : b;
    }
}
