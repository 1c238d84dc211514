package org.wasla.gateway.imaging;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.files.Durable;

/**
 * Which objects are settled at which destination, by the objects' numbers: a log that is only added to, one checksummed
 * line each, written anew without what later lines have overtaken. A line that a power cut takes from its end means that
 * an object is sent again, never that it is not sent. Thread-safe.
 *
 * <pre>
 * S  destination  from  to          | crc      these are there
 * N  destination  from  to          | crc      these it does not take
 * A  destination  from  to  reason  | crc      these it refused: set aside
 * W  destination  from  to          | crc      these are to be sent, whatever was before
 * </pre>
 */
public final class ForwardLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ForwardLog.class);
    private static final String NAME = "forward.log";
    private static final int LINES_SPARE = 20_000;
    private final Path dir;
    private final Map<String, State> states;
    private FileChannel log;
    private int lines;
    private boolean isDirty;

    private ForwardLog(Path dir, Map<String, State> states, FileChannel log) {
        this.dir = dir;
        this.states = states;
        this.log = log;
    }

    /** What is settled at one destination. One thread at a time. */
    public static final class State {
        private final BitSet sent = new BitSet();
        private final BitSet unwanted = new BitSet();
        private final TreeMap<Integer, String> aside = new TreeMap<>();

        private void set(String kind, int from, int to, String reason) {
            sent.set(from, to + 1, kind.equals("S"));
            unwanted.set(from, to + 1, kind.equals("N"));
            aside.subMap(from, true, to, true).clear();
            for (int number = from; kind.equals("A") && number <= to; number++) {
                aside.put(number, reason.intern());
            }
        }

        public boolean isSent(int number) {
            return sent.get(number);
        }

        public boolean isUnwanted(int number) {
            return unwanted.get(number);
        }

        /** Why an object was set aside, null when it was not. */
        public @Nullable String reason(int number) {
            return aside.get(number);
        }

        private int last() {
            return Math.max(Math.max(sent.length(), unwanted.length()), aside.isEmpty() ? 0 : aside.lastKey() + 1) - 1;
        }
    }

    static ForwardLog open(Path dir) throws IOException {
        Map<String, State> states = new TreeMap<>();
        read(dir, states);
        Files.deleteIfExists(draft(dir));
        ForwardLog log = new ForwardLog(dir, states, channel(dir.resolve(NAME)));
        log.compact();
        return log;
    }

    private static FileChannel channel(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    private static Path draft(Path dir) {
        return dir.resolve(NAME + ".new");
    }

    /** What the log of a store tells, by destination; also while an agent adds to it. */
    public static Map<String, State> read(Path dir) throws IOException {
        Map<String, State> states = new TreeMap<>();
        read(dir, states);
        return states;
    }

    private static void read(Path dir, Map<String, State> states) throws IOException {
        LogLines.each(dir.resolve(NAME), (line, fields) -> {
            if (fields.size() == 5) {
                int from = Integer.parseInt(fields.get(2));
                int to = Integer.parseInt(fields.get(3));
                states.computeIfAbsent(fields.get(1), name -> new State()).set(fields.get(0), from, to, fields.get(4));
            }
        });
    }

    private State state(String destination) {
        return states.computeIfAbsent(destination, name -> new State());
    }

    /** The highest number that any line speaks of. */
    synchronized int last() {
        return states.values().stream().mapToInt(State::last).max().orElse(0);
    }

    /** Takes out of these numbers what is settled. */
    synchronized void removeSettled(String destination, BitSet numbers) {
        State state = state(destination);
        numbers.andNot(state.sent);
        numbers.andNot(state.unwanted);
        state.aside.keySet().forEach(numbers::clear);
    }

    /** The numbers of what was set aside. */
    synchronized BitSet aside(String destination) {
        BitSet numbers = new BitSet();
        state(destination).aside.keySet().forEach(numbers::set);
        return numbers;
    }

    /** How many are set aside, by reason. */
    synchronized Map<String, Integer> reasons(String destination) {
        Map<String, Integer> reasons = new TreeMap<>();
        state(destination).aside.values().forEach(reason -> reasons.merge(reason, 1, Integer::sum));
        return reasons;
    }

    /** The numbers of what is there. */
    synchronized BitSet sent(String destination) {
        return (BitSet) state(destination).sent.clone();
    }

    synchronized void sent(String destination, int number) throws IOException {
        add("S", destination, number, number, "");
    }

    synchronized void unwanted(String destination, int number) throws IOException {
        add("N", destination, number, number, "");
    }

    synchronized void aside(String destination, int number, String reason) throws IOException {
        add("A", destination, number, number, reason);
    }

    synchronized void again(String destination, int from, int to) throws IOException {
        add("W", destination, from, to, "");
    }

    private void add(String kind, String destination, int from, int to, String reason) throws IOException {
        write(log, line(kind, destination, from, to, reason));
        state(destination).set(kind, from, to, reason);
        isDirty = true;
        lines++;
        if (lines > LINES_SPARE) {
            compact();
        }
    }

    private static String line(String kind, String destination, int from, int to, String reason) {
        return Instance.line(List.of(kind, destination, Integer.toString(from), Integer.toString(to), reason));
    }

    private static void write(FileChannel to, String text) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        while (out.hasRemaining()) {
            to.write(out);
        }
    }

    /** Writes anew what holds; the old file is there until the new one is on disk, and stays where that cannot be. */
    private void compact() throws IOException {
        Path draft = draft(dir);
        lines = 0;
        try (FileChannel to = channel(draft)) {
            for (Map.Entry<String, State> each : states.entrySet()) {
                State state = each.getValue();
                runs(to, "S", each.getKey(), state.sent);
                runs(to, "N", each.getKey(), state.unwanted);
                for (Map.Entry<Integer, String> aside : state.aside.entrySet()) {
                    write(to, line("A", each.getKey(), aside.getKey(), aside.getKey(), aside.getValue()));
                }
            }
            to.force(true);
        } catch (IOException full) {
            LOG.warn("imaging forward log not written anew error=\"{}\"", full.getMessage());
            Files.deleteIfExists(draft);
            return;
        }
        Files.move(draft, dir.resolve(NAME), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Durable.sync(dir);
        log.close();
        log = channel(dir.resolve(NAME));
        isDirty = false;
    }

    private static void runs(FileChannel to, String kind, String destination, BitSet numbers) throws IOException {
        int from = numbers.nextSetBit(0);
        while (from >= 0) {
            int next = numbers.nextClearBit(from);
            write(to, line(kind, destination, from, next - 1, ""));
            from = numbers.nextSetBit(next);
        }
    }

    /** Makes durable what was added. */
    synchronized void sync() throws IOException {
        if (isDirty) {
            isDirty = false;
            log.force(false);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        sync();
        log.close();
    }
}
