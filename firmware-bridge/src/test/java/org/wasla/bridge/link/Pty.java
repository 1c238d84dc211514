package org.wasla.bridge.link;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A pseudo-terminal inside this process: a serial port that simulators and tests speak through. Linux only.
 *
 * <p>Thread-safe; one thread may read while another writes, and {@link #close} from a third frees both within a
 * twentieth of a second. The program on the other side may open and close {@link #path} as often as it likes, for this
 * object keeps that side open too. What is written while no program reads stays in the kernel (about 64 KiB) and is
 * read by the next one.
 */
public final class Pty implements AutoCloseable {
    private static final int WRITE_MS = 2000;
    /** Descriptors must not be closed under a poll, so that polls are short and closing waits for them. */
    private static final int SLICE_MS = 50;

    private static final int TERMIOS_BYTES_MAX = 256;
    private static final LibC C = LibC.INSTANCE;

    private final int master;
    private final int slave;
    private final Path device;
    private final Path path;
    private final ReadWriteLock descriptors = new ReentrantReadWriteLock();
    private volatile boolean closed;
    private boolean hungUp;

    private Pty(int master, int slave, Path device, Path path) {
        this.master = master;
        this.slave = slave;
        this.device = device;
        this.path = path;
    }

    /** Opens a new one, raw from the start. */
    public static Pty open() throws IOException {
        int master =
                checked("posix_openpt", C.posix_openpt(LibC.O_RDWR | LibC.O_NOCTTY | LibC.O_NONBLOCK | LibC.O_CLOEXEC));
        int slave = -1;
        try {
            checked("grantpt", C.grantpt(master));
            checked("unlockpt", C.unlockpt(master));
            String name = slaveName(master);
            slave = checked("open " + name, C.open(name, LibC.O_RDWR | LibC.O_NOCTTY | LibC.O_CLOEXEC));
            makeRaw(slave);
            return new Pty(master, slave, Path.of(name), Path.of(name));
        } catch (IOException e) {
            if (slave >= 0) {
                C.close(slave);
            }
            C.close(master);
            throw e;
        }
    }

    /**
     * Opens a new one behind a symbolic link, as a USB adapter has one. An older link is replaced in one step, anything
     * else in its place is left alone and is an error. Closing removes the link unless it leads elsewhere by then.
     */
    public static Pty open(Path link) throws IOException {
        if (Files.exists(link, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(link)) {
            throw new IOException(link + " exists and is no symbolic link; remove it or choose another path");
        }
        Pty bare = open();
        Path fresh = link.resolveSibling(link.getFileName() + ".new-" + bare.device.getFileName());
        try {
            Files.deleteIfExists(fresh);
            Files.createSymbolicLink(fresh, bare.device);
            Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
            return new Pty(bare.master, bare.slave, bare.device, link);
        } catch (IOException e) {
            bare.close();
            throw e;
        }
    }

    /** The path that the program under test is to open: the link where there is one. */
    public Path path() {
        return path;
    }

    /** The speed that the program on the other side set, bits a second; 38400 before it did. */
    public int baud() throws IOException {
        descriptors.readLock().lock();
        try (Memory termios2 = new Memory(TERMIOS_BYTES_MAX)) {
            requireOpen();
            checked("ioctl TCGETS2", C.ioctl(master, new NativeLong(LibC.TCGETS2 & 0xFFFFFFFFL), termios2));
            return termios2.getInt(40);
        } finally {
            descriptors.readLock().unlock();
        }
    }

    /**
     * Reads what the program on the other side wrote.
     *
     * @param waitMs how long to wait for the first byte
     * @return the count of bytes, 0 when the time ran out
     * @throws IOException when this is closed
     */
    public int read(byte[] buffer, int waitMs) throws IOException {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        int count = readSlice(buffer, Math.min(waitMs, SLICE_MS));
        long leftMs = leftMs(endNs);
        while (count == 0 && leftMs > 0) {
            count = readSlice(buffer, (int) Math.min(leftMs, SLICE_MS));
            leftMs = leftMs(endNs);
        }
        return count;
    }

    private int readSlice(byte[] buffer, int waitMs) throws IOException {
        descriptors.readLock().lock();
        try {
            requireOpen();
            return isReady(LibC.POLLIN, waitMs) ? count("read", C.read(master, buffer, size(buffer.length))) : 0;
        } finally {
            descriptors.readLock().unlock();
        }
    }

    /**
     * Sends to the program on the other side.
     *
     * @throws IOException when this is closed, or when the kernel's buffer is full and for two seconds nobody read any
     *     of it; a part may have been sent then
     */
    public void write(byte[] bytes) throws IOException {
        int sent = 0;
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WRITE_MS);
        while (sent < bytes.length) {
            int count = writeSlice(Arrays.copyOfRange(bytes, sent, bytes.length));
            if (count > 0) {
                sent += count;
                endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WRITE_MS);
            } else if (leftMs(endNs) <= 0) {
                throw new IOException("nobody reads " + path + ": " + sent + " of " + bytes.length + " bytes sent");
            }
        }
    }

    private int writeSlice(byte[] bytes) throws IOException {
        descriptors.readLock().lock();
        try {
            requireOpen();
            return isReady(LibC.POLLOUT, SLICE_MS) ? count("write", C.write(master, bytes, size(bytes.length))) : 0;
        } finally {
            descriptors.readLock().unlock();
        }
    }

    /** Hangs up: the program on the other side sees its line lost, as when an adapter is pulled. */
    @Override
    public void close() {
        closed = true;
        descriptors.writeLock().lock();
        try {
            if (!hungUp) {
                hungUp = true;
                C.close(slave);
                C.close(master);
                removeLink();
            }
        } finally {
            descriptors.writeLock().unlock();
        }
    }

    private void removeLink() {
        try {
            if (!path.equals(device)
                    && Files.isSymbolicLink(path)
                    && Files.readSymbolicLink(path).equals(device)) {
                Files.deleteIfExists(path);
            }
        } catch (IOException ignored) {
            // somebody else was quicker; the line is hung up in any case
        }
    }

    private boolean isReady(int event, int waitMs) throws IOException {
        try (Memory pollFd = new Memory(8)) {
            pollFd.setInt(0, master);
            pollFd.setInt(4, event);
            int ready = C.poll(pollFd, new NativeLong(1), waitMs);
            if (ready < 0 && Native.getLastError() != LibC.EINTR) {
                throw failed("poll");
            }
            return ready > 0;
        }
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException(path + " is closed");
        }
    }

    private static String slaveName(int master) throws IOException {
        byte[] name = new byte[128];
        if (C.ptsname_r(master, name, size(name.length)) != 0) {
            throw failed("ptsname_r");
        }
        return Native.toString(name, StandardCharsets.US_ASCII);
    }

    private static void makeRaw(int slave) throws IOException {
        try (Memory termios = new Memory(TERMIOS_BYTES_MAX)) {
            checked("tcgetattr", C.tcgetattr(slave, termios));
            C.cfmakeraw(termios);
            checked("tcsetattr", C.tcsetattr(slave, 0, termios));
        }
    }

    private static int count(String call, NativeLong result) throws IOException {
        if (result.intValue() >= 0) {
            return result.intValue();
        }
        int errno = Native.getLastError();
        if (errno == LibC.EAGAIN || errno == LibC.EINTR) {
            return 0;
        }
        throw failed(call);
    }

    private static int checked(String call, int result) throws IOException {
        if (result < 0) {
            throw failed(call);
        }
        return result;
    }

    private static IOException failed(String call) {
        return new IOException(call + " failed, errno " + Native.getLastError());
    }

    private static NativeLong size(int bytes) {
        return new NativeLong(bytes);
    }

    private static long leftMs(long endNs) {
        return TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
    }
}
