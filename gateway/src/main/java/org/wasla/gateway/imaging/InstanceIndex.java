package org.wasla.gateway.imaging;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.files.Durable;
import org.wasla.gateway.vault.Safe;

/**
 * What the box knows of its objects: a log that is only added to, one checksummed line each. The files are the truth:
 * what a power cut takes from the end of the log is found again in them, so the log is synced by the second and not by the
 * object. Thread-safe.
 *
 * <pre>
 * I  number  received ms  bytes  crc  differs?  class  instance  syntax  caller  | crc      an object
 * R  number  study  series  what was odd                                         | crc      what its data set said
 * C  study                                                                       | crc      no more objects are expected
 * X  from  to  bytes                                                             | crc      these numbers are deleted
 * </pre>
 *
 * When most lines speak of what is deleted the log is written anew without them. Numbers are never used twice.
 */
public final class InstanceIndex implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceIndex.class);
    private static final String NAME = "index.log";
    private static final String CLOSED = "C";
    private static final String DELETED = "X";
    private static final int LINE_BYTES_MAX = 4_096;
    /** So many lines about what is deleted do no harm. */
    private static final int LINES_SPARE = 20_000;

    private final Path dir;
    private final LineSafe safe;
    private FileChannel log;
    private Places places = new Places();
    private final BitSet numbers = new BitSet();
    private final BitSet read = new BitSet();
    private final BitSet gone = new BitSet();
    private final Object syncing = new Object();
    private long end;
    private int lines;
    private int count;
    private long bytes;
    private boolean isDirty;

    private InstanceIndex(Path dir, LineSafe safe, FileChannel log) {
        this.dir = dir;
        this.safe = safe;
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
        return open(dir, Safe.NONE);
    }

    static InstanceIndex open(Path dir, Safe safe) throws IOException {
        Path file = dir.resolve(NAME);
        Files.deleteIfExists(draft(dir));
        InstanceIndex index = new InstanceIndex(dir, new LineSafe(safe), channel(file));
        boolean isWhole = false;
        try {
            index.load(file);
            index.compact();
            isWhole = true;
            return index;
        } finally {
            if (!isWhole) {
                index.log.close();
            }
        }
    }

    private static FileChannel channel(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static Path draft(Path dir) {
        return dir.resolve(NAME + ".new");
    }

    private void load(Path file) throws IOException {
        try (BufferedReader lines = LogLines.reader(file)) {
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

    private void note(String line, long offset) throws IOException {
        lines++;
        List<String> fields = safe.fields(line);
        if (fields == null) {
            return;
        }
        Instance instance = Instance.read(fields);
        Reading reading = Reading.of(fields);
        if (instance != null && !numbers.get(instance.number())) {
            places.add(instance.uid(), offset);
            numbers.set(instance.number());
            count++;
            bytes += instance.bytes();
        } else if (reading != null) {
            read.set(reading.number());
        } else if (isDeleted(fields)) {
            mark(gone, fields);
            numbers.clear(Integer.parseInt(fields.get(1)), Integer.parseInt(fields.get(2)) + 1);
            count = numbers.cardinality();
            bytes -= Long.parseLong(fields.get(3));
        }
    }

    private static boolean isDeleted(List<String> fields) {
        return fields.size() == 4 && fields.get(0).equals(DELETED);
    }

    private static void mark(BitSet gone, List<String> fields) {
        gone.set(Integer.parseInt(fields.get(1)), Integer.parseInt(fields.get(2)) + 1);
    }

    /** Takes what a log tells, in its order. */
    public interface Visitor {
        void instance(Instance instance);

        void reading(Reading reading);

        void closed(String study);
    }

    /** Goes through what the log of a store tells of objects that are there; also of one that an agent is filling. */
    public static void visit(Path dir, Visitor visitor) throws IOException {
        visit(dir, Safe.NONE, visitor);
    }

    /** The same on a box that is encrypted. */
    public static void visit(Path dir, Safe key, Visitor visitor) throws IOException {
        Path file = dir.resolve(NAME);
        LineSafe safe = new LineSafe(key);
        BitSet gone = new BitSet();
        LogLines.each(file, safe, (line, fields) -> {
            if (isDeleted(fields)) {
                mark(gone, fields);
            }
        });
        LogLines.each(file, safe, (line, fields) -> visit(fields, gone, visitor));
    }

    private static void visit(List<String> fields, BitSet gone, Visitor visitor) {
        Instance instance = Instance.read(fields);
        Reading reading = Reading.of(fields);
        if (instance != null) {
            if (!gone.get(instance.number())) {
                visitor.instance(instance);
            }
        } else if (reading != null) {
            if (!gone.get(reading.number())) {
                visitor.reading(reading);
            }
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
        addLine(instance.line());
    }

    synchronized void add(Reading reading) throws IOException {
        addLine(reading.line());
    }

    synchronized void addClosed(String study) throws IOException {
        addLine(Instance.line(List.of(CLOSED, study)));
    }

    /** Says that objects are no more; their files may go once {@link #sync} has returned. */
    synchronized void remove(int number, long objectBytes) throws IOException {
        if (numbers.get(number)) {
            String text = Integer.toString(number);
            addLine(Instance.line(List.of(DELETED, text, text, Long.toString(objectBytes))));
        }
    }

    private void addLine(String clear) throws IOException {
        String line = safe.locked(clear);
        long offset = end;
        append(line);
        note(line.substring(0, line.length() - 1), offset);
    }

    /** Writes the log anew when most of it speaks of what is deleted; the old one is there until the new one is on disk. */
    synchronized void compact() throws IOException {
        // A living object has a line, one of what it says, and its share of a study's.
        if (lines < 3 * count + LINES_SPARE) {
            return;
        }
        Path draft = draft(dir);
        try {
            writeLiving(draft);
        } catch (IOException full) {
            LOG.warn("imaging index not written anew error=\"{}\"", full.getMessage());
            Files.deleteIfExists(draft);
            return;
        }
        FileChannel fresh = channel(draft);
        fresh.force(true);
        Files.move(draft, dir.resolve(NAME), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Durable.sync(dir);
        log.close();
        log = fresh;
        forget();
        load(dir.resolve(NAME));
        isDirty = false;
    }

    private void writeLiving(Path draft) throws IOException {
        Set<String> studies = new HashSet<>();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(draft))) {
            LogLines.each(dir.resolve(NAME), safe, (line, fields) -> {
                if (isLiving(fields, studies)) {
                    out.write((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
                }
            });
            for (int from = gone.nextSetBit(0); from >= 0; from = gone.nextSetBit(gone.nextClearBit(from))) {
                List<String> run = List.of(DELETED, from + "", gone.nextClearBit(from) - 1 + "", "0");
                out.write(safe.locked(Instance.line(run)).getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }

    private boolean isLiving(List<String> fields, Set<String> studies) {
        Instance instance = Instance.read(fields);
        Reading reading = Reading.of(fields);
        if (reading != null && numbers.get(reading.number())) {
            studies.add(reading.study());
            return true;
        }
        return instance != null && numbers.get(instance.number())
                || fields.size() == 2 && fields.get(0).equals(CLOSED) && studies.contains(fields.get(1));
    }

    private void forget() {
        places = new Places();
        numbers.clear();
        read.clear();
        gone.clear();
        count = 0;
        end = 0;
        bytes = 0;
        lines = 0;
    }

    /** The objects with this instance UID. */
    synchronized List<Instance> find(String uid) throws IOException {
        List<Instance> found = new ArrayList<>();
        for (long offset : places.find(uid)) {
            Instance instance = at(offset);
            if (instance != null && instance.uid().equals(uid) && numbers.get(instance.number())) {
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
        List<String> fields = safe.fields(text.substring(0, Math.max(0, text.indexOf('\n'))));
        return fields == null ? null : Instance.read(fields);
    }

    synchronized boolean has(int number) {
        return numbers.get(number);
    }

    /** The rows of these numbers. */
    synchronized List<Instance> rows(BitSet wanted) throws IOException {
        List<Instance> rows = new ArrayList<>();
        LogLines.each(dir.resolve(NAME), safe, (line, fields) -> {
            Instance instance = Instance.read(fields);
            if (instance != null && wanted.get(instance.number())) {
                rows.add(instance);
            }
        });
        return rows;
    }

    /** Whether it is deleted; its file may still be there. */
    synchronized boolean isGone(int number) {
        return gone.get(number);
    }

    /** The numbers of all objects. */
    synchronized BitSet numbers() {
        return (BitSet) numbers.clone();
    }

    /** The numbers of those whose data set was read. */
    synchronized BitSet read() {
        BitSet both = (BitSet) read.clone();
        both.and(numbers);
        return both;
    }

    /** The highest number that was ever told; 0 when none was. */
    synchronized int last() {
        return Math.max(0, Math.max(numbers.length(), gone.length()) - 1);
    }

    synchronized int count() {
        return count;
    }

    /** Of all data sets together. */
    synchronized long bytes() {
        return bytes;
    }

    /** Makes durable what was added; returns when that is done, also by another thread. */
    void sync() throws IOException {
        synchronized (syncing) {
            FileChannel written;
            synchronized (this) {
                if (!isDirty) {
                    return;
                }
                isDirty = false;
                written = log;
            }
            try {
                written.force(false);
            } catch (ClosedChannelException replaced) {
                // A new log took its place in the meantime, and that one was on disk before.
                LOG.debug("imaging index was written anew");
            } catch (IOException failed) {
                synchronized (this) {
                    isDirty = true;
                }
                throw failed;
            }
        }
    }

    @Override
    public void close() throws IOException {
        sync();
        log.close();
    }
}
