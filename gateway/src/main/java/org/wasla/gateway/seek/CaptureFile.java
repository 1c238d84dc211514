package org.wasla.gateway.seek;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/**
 * A capture that is being written: whole lines only, so that it can be read whenever the writing ends. Times count from
 * its opening. One thread.
 */
public final class CaptureFile implements Closeable {
    private final OutputStream target;
    private final OutputStream out;
    private final long maxBytes;
    private final long startNs = System.nanoTime();
    private long written;
    private long fromDevice;
    private long toDevice;

    private CaptureFile(OutputStream target, long maxBytes) throws IOException {
        this.target = target;
        this.out = new BufferedOutputStream(target);
        this.maxBytes = maxBytes;
        line("# start " + Instant.now());
    }

    /** @param maxBytes size of the file beyond which nothing more is written */
    public static CaptureFile create(Path path, long maxBytes) throws IOException {
        return new CaptureFile(new FileOutputStream(path.toFile()), maxBytes);
    }

    /** In memory, for what may turn out not to be worth keeping. */
    public static CaptureFile create(ByteArrayOutputStream memory, long maxBytes) throws IOException {
        return new CaptureFile(memory, maxBytes);
    }

    public void comment(String text) throws IOException {
        line("# " + text);
    }

    public void fromDevice(byte[] chunk, int length) throws IOException {
        bytes(" < ", chunk, length);
        fromDevice += length;
    }

    public void toDevice(byte[] bytes) throws IOException {
        bytes(" > ", bytes, bytes.length);
        toDevice += bytes.length;
    }

    private void bytes(String direction, byte[] chunk, int length) throws IOException {
        line(ms() + direction + HexFormat.of().formatHex(chunk, 0, length));
    }

    private void line(String text) throws IOException {
        byte[] line = (text + "\n").getBytes(StandardCharsets.US_ASCII);
        if (written + line.length <= maxBytes) {
            out.write(line);
            out.flush();
        }
        written += line.length;
    }

    /** Makes sure that what was written outlives a power cut: what a device was told to forget is here. */
    public void sync() throws IOException {
        if (target instanceof FileOutputStream file) {
            file.getFD().sync();
        }
    }

    /** @return milliseconds since the opening */
    public long ms() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    }

    public boolean isFull() {
        return written > maxBytes;
    }

    /** @return bytes that came from the device */
    public long heard() {
        return fromDevice;
    }

    /** @return bytes that went to the device */
    public long said() {
        return toDevice;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
