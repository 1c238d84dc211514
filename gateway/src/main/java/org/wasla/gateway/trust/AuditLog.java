package org.wasla.gateway.trust;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.files.Durable;

/**
 * What was done to a box, as a chain of hashes that is only added to. Thread-safe. Its files are {@code audit-{n}.log}, n
 * the number of the first record; the oldest are deleted when there are more than {@value #FILES_MAX}, which is itself a
 * record. No record says anything of a patient.
 *
 * <p>A head, which is a record signed with the box's key, vouches for all before it: whoever cuts off the end after it,
 * or makes the chain anew, has no signature for it.
 */
public final class AuditLog implements Closeable {
    /** What the header of a signed head says in {@code typ}. */
    public static final String TYPE = "wasla-audit+jws";

    static final int FILES_MAX = 16;
    private static final long FILE_BYTES_MAX = 4L << 20;
    private static final String BEFORE = "audit-";
    private static final String AFTER = ".log";

    private final Path folder;
    private final String gateway;
    private final BoxKey key;
    private final long fileBytesMax;
    private FileChannel file;
    private long number;
    private String hash;
    private String last;
    private boolean isHead;

    private AuditLog(Path folder, String gateway, BoxKey key, long fileBytesMax, FileChannel file) {
        this.folder = folder;
        this.gateway = gateway;
        this.key = key;
        this.fileBytesMax = fileBytesMax;
        this.file = file;
        this.hash = AuditLine.START;
        this.last = "";
    }

    /**
     * Opens the chain, begun when there is none. A last line that a power cut left unfinished is cut off, and a record
     * says so; one that is damaged stays for {@code wasla audit verify}.
     *
     * @param key signs heads
     */
    public static AuditLog open(Path folder, String gateway, BoxKey key, long nowMs) throws IOException {
        return open(folder, gateway, key, nowMs, FILE_BYTES_MAX);
    }

    static AuditLog open(Path folder, String gateway, BoxKey key, long nowMs, long fileBytesMax) throws IOException {
        Files.createDirectories(folder);
        NavigableMap<Long, Path> files = files(folder);
        Path newest = files.isEmpty() ? create(folder, 1) : files.lastEntry().getValue();
        FileChannel channel = FileChannel.open(newest, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        AuditLog log = new AuditLog(folder, gateway, key, fileBytesMax, channel);
        List<String> lines = new ArrayList<>();
        int torn = log.load(newest, lines);
        // A file that was begun and got no record: the chain ends in the one before.
        Map.Entry<Long, Path> before = files.isEmpty() ? null : files.lowerEntry(files.lastKey());
        if (lines.isEmpty() && before != null) {
            log.load(before.getValue(), lines);
        }
        log.goOn(lines);
        if (torn > 0) {
            log.append("audit-torn", Map.of("bytes", String.valueOf(torn)), nowMs);
        }
        return log;
    }

    static NavigableMap<Long, Path> files(Path folder) throws IOException {
        TreeMap<Long, Path> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path each : all.toList()) {
                String name = each.getFileName().toString();
                if (name.matches("audit-\\d{1,18}\\.log")) {
                    files.put(Long.parseLong(name.substring(BEFORE.length(), name.length() - AFTER.length())), each);
                }
            }
        }
        return files;
    }

    private static Path create(Path folder, long first) throws IOException {
        Path file = folder.resolve(BEFORE + first + AFTER);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Durable.sync(folder);
        return file;
    }

    /** Whole lines of the file; the rest of a line is cut off. Returns how many bytes that were. */
    private int load(Path from, List<String> lines) throws IOException {
        byte[] all = Files.readAllBytes(from);
        int whole = all.length;
        while (whole > 0 && all[whole - 1] != '\n') {
            whole--;
        }
        if (whole < all.length) {
            try (FileChannel cut = FileChannel.open(from, StandardOpenOption.WRITE)) {
                cut.truncate(whole);
                cut.force(true);
            }
        }
        new String(all, 0, whole, StandardCharsets.UTF_8).lines().forEach(lines::add);
        return all.length - whole;
    }

    private void goOn(List<String> lines) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            Optional<AuditLine> line = AuditLine.read(lines.get(i));
            if (line.isPresent()) {
                number = line.get().number();
                hash = line.get().hash();
                last = line.get().text();
                isHead = "head".equals(line.get().fields().get("e"));
                return;
            }
        }
    }

    /**
     * Returns the record once it would survive the plug being pulled.
     *
     * @param event what happened, lower case with hyphens
     * @param fields lower-case names; {@code v gw n t e p h} are taken
     */
    public synchronized String append(String event, Map<String, String> fields, long nowMs) throws IOException {
        if (file.size() >= fileBytesMax) {
            roll(nowMs);
        }
        return add(event, fields, nowMs);
    }

    private String add(String event, Map<String, String> fields, long nowMs) throws IOException {
        write(AuditLine.of(gateway, number + 1, nowMs, event, new TreeMap<>(fields), hash));
        isHead = event.equals("head");
        return last;
    }

    private void write(AuditLine line) throws IOException {
        long end = file.size();
        ByteBuffer rest = ByteBuffer.wrap((line.text() + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (rest.hasRemaining()) {
                file.write(rest);
            }
            file.force(false);
        } catch (IOException notKept) {
            file.truncate(end);
            throw notKept;
        }
        number = line.number();
        hash = line.hash();
        last = line.text();
    }

    private void roll(long nowMs) throws IOException {
        Path next = create(folder, number + 1);
        file.close();
        file = FileChannel.open(next, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        NavigableMap<Long, Path> files = files(folder);
        if (files.size() > FILES_MAX) {
            long upTo = new ArrayList<>(files.keySet()).get(1) - 1;
            write(AuditLine.of(gateway, number + 1, nowMs, "audit-trimmed", Map.of("to", String.valueOf(upTo)), hash));
            Files.delete(files.firstEntry().getValue());
            Durable.sync(folder);
        }
    }

    /** Signs all that is there; nothing when the last record is a head already. Returns the record. */
    public synchronized @Nullable String head(long nowMs) throws IOException {
        if (isHead || number == 0) {
            return null;
        }
        if (file.size() >= fileBytesMax) {
            roll(nowMs);
        }
        String payload = "{\"gw\":\"" + gateway + "\",\"n\":" + number + ",\"h\":\"" + hash + "\"}";
        String jws = Jws.sign(gateway, TYPE, payload.getBytes(StandardCharsets.UTF_8), key.secret());
        return add("head", Map.of("jws", jws), nowMs);
    }

    /** The last record, empty when there is none: told again after a start, since it may not have been told. */
    public synchronized String last() {
        return last;
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
