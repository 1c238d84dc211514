package org.wasla.bridge.link;

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A serial port. One thread reads and writes; {@link #close} may come from any thread.
 *
 * <p>The kernel counts a read's time-out in tenths of a second, up to 25.5 s, and every change of it sets the whole
 * port anew. Waits are therefore made of slices of a second, one of whole tenths, and what is left is polled. The kernel
 * may end a slice up to 3 % late.
 */
final class SerialLink implements Link {
    private static final int WRITE_MS = 2000;
    private static final int LONG_SLICE_MS = 1000;
    private static final int SLICE_MS = 100;
    /** As precise as the kernel's own count; without it most waits would end in polling. */
    private static final int EARLY_MS = 5;

    private static final long POLL_NS = 10_000_000;
    private static final long CHECK_NS = 1_000_000_000;
    private static final int FREEING_MS = 100;
    /** Drivers take 4096 bytes without blocking; a piece is written only when no more than this is still to go out. */
    private static final int PIECE_BYTES = 1024;

    private static final int WIRE_MS_MAX = 3_600_000;

    private final SerialSettings settings;
    private final Path device;
    private final SerialPort port;
    private final int writeMs;
    private final Direction direction;
    private final Turnaround turnaround;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile CountDownLatch written = new CountDownLatch(0);
    private int sliceMs = LONG_SLICE_MS;
    private long checkedNs = System.nanoTime();

    private SerialLink(SerialSettings settings, Path device, SerialPort port, int writeMs, Direction direction) {
        this.direction = direction;
        this.turnaround = Turnaround.of(settings);
        this.settings = settings;
        this.device = device;
        this.port = port;
        this.writeMs = writeMs;
    }

    static SerialLink open(SerialSettings settings, Direction direction) throws IOException {
        return open(settings, WRITE_MS, direction);
    }

    static SerialLink open(SerialSettings settings, int writeMs, Direction direction) throws IOException {
        String path = settings.path();
        if (!Files.exists(Path.of(path))) {
            throw noSuchPort(path, null);
        }
        Path device = Path.of(path).toRealPath();
        try {
            SerialPort port = SerialPort.getCommPort(device.toString());
            // A pseudo-terminal has no parity bit and eight data bits; the C library refuses to ask it for others.
            boolean isWire = !device.startsWith("/dev/pts");
            port.setComPortParameters(
                    settings.baud(),
                    isWire ? settings.dataBits() : 8,
                    stopBits(settings.stopBits()),
                    parity(isWire ? settings.parity() : Parity.NONE));
            port.setFlowControl(flow(settings));
            port.setComPortTimeouts(SerialPort.TIMEOUT_READ_SEMI_BLOCKING, LONG_SLICE_MS, 0);
            if (!port.openPort()) {
                throw refused(path, port.getLastErrorCode());
            }
            SerialLink link = new SerialLink(settings, device, port, writeMs, direction);
            link.letGoAtFirst();
            return link;
        } catch (SerialPortInvalidPortException e) {
            throw noSuchPort(path, e);
        } catch (LinkageError e) {
            // only the serial devices are out of order then; the others are to go on
            throw new IOException("the serial library does not load here; set -DjSerialComm.library.path: " + e, e);
        }
    }

    private static int parity(Parity parity) {
        return switch (parity) {
            case NONE -> SerialPort.NO_PARITY;
            case EVEN -> SerialPort.EVEN_PARITY;
            case ODD -> SerialPort.ODD_PARITY;
        };
    }

    private static int stopBits(int count) {
        return count == 2 ? SerialPort.TWO_STOP_BITS : SerialPort.ONE_STOP_BIT;
    }

    private static int flow(SerialSettings settings) {
        return switch (settings.flow()) {
            case NONE -> SerialPort.FLOW_CONTROL_DISABLED;
            case RTS_CTS -> SerialPort.FLOW_CONTROL_RTS_ENABLED | SerialPort.FLOW_CONTROL_CTS_ENABLED;
            // "in" would let the kernel send XOFF by itself: a byte on a line on which nothing is to be sent
            case XON_XOFF ->
                SerialPort.FLOW_CONTROL_XONXOFF_OUT_ENABLED
                        | (settings.readOnly() ? 0 : SerialPort.FLOW_CONTROL_XONXOFF_IN_ENABLED);
        };
    }

    private static IOException noSuchPort(String path, @Nullable Throwable cause) {
        return new IOException("no such port: " + path + "; plug the adapter in or correct the path", cause);
    }

    private static IOException refused(String path, int errno) {
        Path file = Path.of(path);
        if (!Files.exists(file)) {
            return noSuchPort(path, null);
        }
        if (!Files.isReadable(file) || !Files.isWritable(file)) {
            return new IOException("no right to open " + path + "; add the program's user to the group of that file");
        }
        // 2: the library's own mark for a port that this process has open; 11 EAGAIN: locked; 16 EBUSY: exclusive
        if (errno == 2 || errno == 11 || errno == 16) {
            return new IOException(path + " is in use by another program; stop it or choose another port");
        }
        return new IOException(path + " is no serial port that can be set up (errno " + errno + "); correct the path");
    }

    @Override
    public int read(byte[] buffer, int waitMs) throws IOException {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        long leftNs = endNs - System.nanoTime();
        do {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(leftNs);
            int count = leftMs >= SLICE_MS - EARLY_MS ? readSlice(buffer, leftMs) : poll(buffer, leftNs);
            if (count > 0) {
                return count;
            }
            requireStillThere();
            leftNs = endNs - System.nanoTime();
        } while (leftNs > 0 && !Thread.currentThread().isInterrupted());
        return 0;
    }

    private int readSlice(byte[] buffer, long leftMs) throws IOException {
        int wantedMs = (int) Math.min(LONG_SLICE_MS, (leftMs + EARLY_MS) / SLICE_MS * SLICE_MS);
        if (wantedMs != sliceMs && port.bytesAvailable() == 0) {
            if (!port.setComPortTimeouts(SerialPort.TIMEOUT_READ_SEMI_BLOCKING, wantedMs, 0)) {
                throw lost();
            }
            sliceMs = wantedMs;
        }
        return take(buffer);
    }

    private int poll(byte[] buffer, long leftNs) throws IOException {
        int available = port.bytesAvailable();
        if (available > 0) {
            return take(buffer);
        }
        if (available < 0) {
            throw lost();
        }
        if (leftNs > 0) {
            pause(Math.min(leftNs, POLL_NS));
        }
        return 0;
    }

    private int take(byte[] buffer) throws IOException {
        int count = port.readBytes(buffer, buffer.length);
        if (count < 0) {
            throw lost();
        }
        return count;
    }

    /** Some drivers go on timing out after the adapter was pulled; the device file tells then. */
    private void requireStillThere() throws IOException {
        long nowNs = System.nanoTime();
        if (nowNs - checkedNs < CHECK_NS) {
            return;
        }
        checkedNs = nowNs;
        Path path = Path.of(settings.path());
        if (!Files.exists(path) || !path.toRealPath().equals(device)) {
            throw lost();
        }
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        if (settings.readOnly()) {
            throw new IOException(settings.path() + " is read-only");
        }
        CountDownLatch done = new CountDownLatch(1);
        written = done;
        WriteGuard guard = WriteGuard.start(this::close, writeMs + wireMs(bytes.length));
        boolean whole = false;
        boolean inTime;
        try {
            whole = send(bytes);
        } finally {
            done.countDown();
            inTime = guard.finish();
        }
        if (!inTime) {
            close();
            throw new IOException(settings.path() + " did not take " + bytes.length + " bytes within " + writeMs
                    + " ms; check flow control and cable");
        }
        if (!whole) {
            throw lost();
        }
    }

    /** On two wires it waits until the last byte has left. */
    private int wireMs(int bytes) {
        return settings.rs485() == null ? 0 : (int) Math.min(WIRE_MS_MAX, turnaround.wireNs(bytes) / 1_000_000);
    }

    /** A line that cannot be turned is found when it is opened, not when something is to be sent. */
    private void letGoAtFirst() throws IOException {
        try {
            turn(false);
        } catch (IOException noOutput) {
            close();
            throw noOutput;
        }
    }

    private boolean send(byte[] bytes) throws IOException {
        if (settings.rs485() == null) {
            return writePieces(bytes);
        }
        try {
            turn(true);
            turnaround.begin(System.nanoTime());
            return writePieces(bytes) && hasLeft();
        } finally {
            turn(false);
        }
    }

    /** Nothing on a closed line, which was let go: its output may be another line's by now. */
    private void turn(boolean isSending) throws IOException {
        String output = settings.rs485();
        synchronized (closed) {
            if (output != null && isOpen()) {
                direction.turn(output, isSending);
            }
        }
    }

    /** Waits for the last byte to leave the wire; false when the line is closed before. */
    private boolean hasLeft() throws IOException {
        long leftNs = turnaround.waitNs(port.bytesAwaitingWrite(), System.nanoTime());
        while (leftNs > 0 && isOpen()) {
            pause(leftNs);
            requireNotStopped();
            leftNs = turnaround.waitNs(port.bytesAwaitingWrite(), System.nanoTime());
        }
        return isOpen();
    }

    private void requireNotStopped() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("stopped while writing to " + settings.path());
        }
    }

    /** Ends early, with false, when the port fails or is closed. */
    private boolean writePieces(byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; at += PIECE_BYTES) {
            while (port.bytesAwaitingWrite() > PIECE_BYTES && isOpen()) {
                pause(POLL_NS);
                requireNotStopped();
            }
            int count = Math.min(PIECE_BYTES, bytes.length - at);
            turnaround.wrote(count, System.nanoTime());
            if (!isOpen() || port.writeBytes(bytes, count, at) != count) {
                return false;
            }
        }
        return true;
    }

    /** Waits, but not beyond {@link #close} or an interrupt. */
    private void pause(long waitNs) {
        try {
            closed.await(waitNs, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isOpen() {
        return closed.getCount() > 0;
    }

    private IOException lost() {
        return new IOException(isOpen() ? "line lost: " + settings.path() : settings.path() + " is closed");
    }

    @Override
    public void close() {
        synchronized (closed) {
            try {
                turn(false);
            } catch (IOException boardIsGone) {
                // it let go of every line when it went
            }
            closed.countDown();
        }
        if (written.getCount() > 0) {
            freeWriter();
        }
        port.closePort();
    }

    /**
     * Throws away what is not sent yet, so that a blocked writer returns. The library's native code must not be in a
     * write while the port is closed: it would go on with a file descriptor that may be another file's by then.
     */
    private void freeWriter() {
        port.flushIOBuffers();
        // not every driver wakes the writer by itself; setting the port anew does
        port.setComPortTimeouts(SerialPort.TIMEOUT_READ_SEMI_BLOCKING, LONG_SLICE_MS, 0);
        try {
            written.await(FREEING_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
