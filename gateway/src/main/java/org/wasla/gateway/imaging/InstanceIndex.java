package org.wasla.gateway.imaging;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the box knows of its objects: a log that is only added to, one checksummed line each. The files are the truth:
 * what a power cut takes from the end of the log is found again in them, so the log is synced by the second and not by the
 * object. Thread-safe.
 *
 * <pre>
 * I  number  received ms  bytes  crc  differs?  class  instance  syntax  caller  | crc      an object
 * R  number  study  series  what was odd                                         | crc      what its data set said
 * C  study                                                                       | crc      no more objects are expected
 * </pre>
 */
public final class InstanceIndex implements AutoCloseable {
    private static final String NAME = "index.log";
    private static final String CLOSED = "C";
    private static final int LINE_BYTES_MAX = 4_096;
    private final FileChannel log;
    private final Places places = new Places();
    private final BitSet numbers = new BitSet();
    private long end;
    private long bytes;
    private boolean isDirty;

    private InstanceIndex(FileChannel log) {
        this.log = log;
    }

    /** What the data set of an object said, or why it said nothing. */
    public record Reading(int number, String study, String series, String why) {
        private static final String KIND = "R";

        String line() {
            return Instance.line(List.of(KIND, Integer.toString(number), study, series, why));
        }

        static @Nullable Reading of(List<String> fields) {
            return fields.size() == 5 && fields.get(0).equals(KIND)
                    ? new Reading(Integer.parseInt(fields.get(1)), fields.get(2), fields.get(3), fields.get(4))
                    : null;
        }
    }

    static InstanceIndex open(Path dir) throws IOException {
        Path file = dir.resolve(NAME);
        FileChannel log =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        InstanceIndex index = new InstanceIndex(log);
        boolean isWhole = false;
        try {
            index.load(file);
            isWhole = true;
            return index;
        } finally {
            if (!isWhole) {
                log.close();
            }
        }
    }

    private void load(Path file) throws IOException {
        try (BufferedReader lines = reader(file)) {
            String line = lines.readLine();
            while (line != null) {
                note(line, end);
                end += line.length() + 1;
                line = lines.readLine();
            }
        }
        if (end > log.size()) {
            // The last line has no end: it was torn, and the next must not be glued to it.
            end = log.size();
            append("\n");
        }
    }

    private static BufferedReader reader(Path file) throws IOException {
        return new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.ISO_8859_1));
    }

    private void note(String line, long offset) {
        List<String> fields = Instance.fields(line);
        Instance instance = fields == null ? null : Instance.read(fields);
        if (instance != null && !numbers.get(instance.number())) {
            places.add(instance.uid(), offset);
            numbers.set(instance.number());
            bytes += instance.bytes();
        }
    }

    /** Takes what a log tells, in its order. */
    public interface Visitor {
        void instance(Instance instance);

        void reading(Reading reading);

        void closed(String study);
    }

    /** Goes through the log of a store; also of one that an agent is filling. */
    public static void visit(Path dir, Visitor visitor) throws IOException {
        Path file = dir.resolve(NAME);
        if (!Files.exists(file)) {
            return;
        }
        try (BufferedReader lines = reader(file)) {
            String line = lines.readLine();
            while (line != null) {
                visit(line, visitor);
                line = lines.readLine();
            }
        }
    }

    private static void visit(String line, Visitor visitor) {
        List<String> fields = Instance.fields(line);
        if (fields == null) {
            return;
        }
        Instance instance = Instance.read(fields);
        Reading reading = Reading.of(fields);
        if (instance != null) {
            visitor.instance(instance);
        } else if (reading != null) {
            visitor.reading(reading);
        } else if (fields.size() == 2 && fields.get(0).equals(CLOSED)) {
            visitor.closed(fields.get(1));
        }
    }

    private void append(String line) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(line.getBytes(StandardCharsets.ISO_8859_1));
        long at = end;
        while (out.hasRemaining()) {
            at += log.write(out, at);
        }
        end = at;
        isDirty = true;
    }

    synchronized void add(Instance instance) throws IOException {
        String line = instance.line();
        long offset = end;
        append(line);
        note(line.substring(0, line.length() - 1), offset);
    }

    synchronized void add(Reading reading) throws IOException {
        append(reading.line());
    }

    synchronized void addClosed(String study) throws IOException {
        append(Instance.line(List.of(CLOSED, study)));
    }

    /** The objects with this instance UID. */
    synchronized List<Instance> find(String uid) throws IOException {
        List<Instance> found = new ArrayList<>();
        for (long offset : places.find(uid)) {
            Instance instance = at(offset);
            if (instance != null && instance.uid().equals(uid)) {
                found.add(instance);
            }
        }
        return found;
    }

    private @Nullable Instance at(long offset) throws IOException {
        ByteBuffer line = ByteBuffer.allocate((int) Math.min(LINE_BYTES_MAX, end - offset));
        while (line.hasRemaining() && log.read(line, offset + line.position()) > 0) {
            // a read may give less than asked for
        }
        String text = new String(line.array(), 0, line.position(), StandardCharsets.ISO_8859_1);
        List<String> fields = Instance.fields(text.substring(0, Math.max(0, text.indexOf('\n'))));
        return fields == null ? null : Instance.read(fields);
    }

    synchronized boolean has(int number) {
        return numbers.get(number);
    }

    synchronized int count() {
        return places.size();
    }

    /** Of all data sets together. */
    synchronized long bytes() {
        return bytes;
    }

    /** Makes durable what was added. */
    void sync() throws IOException {
        synchronized (this) {
            if (!isDirty) {
                return;
            }
            isDirty = false;
        }
        try {
            log.force(false);
        } catch (IOException failed) {
            synchronized (this) {
                isDirty = true;
            }
            throw failed;
        }
    }

    @Override
    public void close() throws IOException {
        sync();
        log.close();
    }
}
