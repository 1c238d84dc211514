package org.wasla.bridge.gpio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The watchdog of a board: from its opening on the board starts anew unless it is fed, most within 15 s of the last time,
 * whatever becomes of this program. One thread. Every write feeds; a {@code V} before closing calls it off (Linux,
 * Documentation/watchdog/watchdog-api.rst, "magic close"), unless the driver was told not to be called off.
 */
public final class Watchdog implements AutoCloseable {
    private final FileChannel device;

    private Watchdog(FileChannel device) {
        this.device = device;
    }

    /**
     * @param file the device, such as {@code /dev/watchdog}
     * @throws IOException when there is none, or something else feeds it; with what to do
     */
    public static Watchdog open(Path file) throws IOException {
        try {
            // Never made: a plain file in its place would be fed for ever, and watch nothing.
            return new Watchdog(FileChannel.open(file, StandardOpenOption.WRITE));
        } catch (NoSuchFileException absent) {
            throw new IOException("there is no " + file + "; switch the board's watchdog on, or leave it out", absent);
        } catch (IOException refused) {
            String next = Files.isWritable(file)
                    ? "something else feeds it: set RuntimeWatchdogSec=off in systemd's system.conf"
                    : "give the agent's user the right to write to it";
            throw new IOException(refused.getMessage() + "; " + next, refused);
        }
    }

    /** Once more; the board goes on until the watchdog's time is over again. */
    public void feed() throws IOException {
        write((byte) 0);
    }

    /** Calls it off, and closes it: the board goes on without. */
    public void callOff() throws IOException {
        write((byte) 'V');
        close();
    }

    private void write(byte word) throws IOException {
        device.write(ByteBuffer.wrap(new byte[] {word}));
    }

    /** Leaves it to its time: the board starts anew, unless it is opened and fed before. */
    @Override
    public void close() throws IOException {
        device.close();
    }
}
