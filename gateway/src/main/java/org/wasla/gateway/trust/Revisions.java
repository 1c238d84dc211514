package org.wasla.gateway.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.wasla.gateway.files.Durable;

/**
 * The highest revision that a box ever accepted, and the hash of its state; kept in two files, written one after the
 * other, each whole before it takes the place of the one before. One thread. The number never falls: of two files the
 * larger counts, and a damaged one is passed over.
 */
public final class Revisions {
    private static final Pattern LINE = Pattern.compile("(\\d{1,18}) ([0-9a-f]{64}|-) ([0-9a-f]{8})\\n");
    private static final int FILE_BYTES_MAX = 200;

    private final Path first;
    private final Path second;
    private Revision highest;
    private boolean differ;

    /**
     * A revision and what it was.
     *
     * @param number from 1 up; 0: none was ever accepted
     * @param hash SHA-256 of the state's payload, 64 hex digits; empty with 0
     */
    public record Revision(long number, String hash) {
        static final Revision NONE = new Revision(0, "");
    }

    private Revisions(Path first, Path second) {
        this.first = first;
        this.second = second;
        this.highest = Revision.NONE;
    }

    /**
     * @param first one folder
     * @param second another, better on another file system
     */
    public static Revisions open(Path first, Path second) throws IOException {
        Revisions revisions = new Revisions(first.resolve("revision"), second.resolve("revision.second"));
        Optional<Revision> one = read(revisions.first);
        Optional<Revision> other = read(revisions.second);
        Revision a = one.orElse(Revision.NONE);
        Revision b = other.orElse(Revision.NONE);
        revisions.highest = a.number() >= b.number() ? a : b;
        revisions.differ = !a.equals(b);
        if (revisions.differ) {
            revisions.mend();
        }
        return revisions;
    }

    /** On a disk that cannot be written now they stay as they are: the higher counts at every start. */
    private void mend() throws IOException {
        if (Files.isWritable(first.resolveSibling(""))) {
            write();
        }
    }

    private static Optional<Revision> read(Path file) throws IOException {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                return Optional.empty();
            }
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            Matcher line = LINE.matcher(text);
            if (line.matches() && crc(line.group(1) + " " + line.group(2)).equals(line.group(3))) {
                return Optional.of(new Revision(
                        Long.parseLong(line.group(1)), line.group(2).replace("-", "")));
            }
            return Optional.empty();
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    /** Whether the files did not say the same when they were opened: a power cut between them, or somebody's hand. */
    public boolean differed() {
        return differ;
    }

    public Revision highest() {
        return highest;
    }

    /** Returns once both files would survive the plug being pulled. */
    public void raise(Revision to) throws IOException {
        if (to.number() <= highest.number()) {
            throw new IllegalArgumentException("the revision is " + highest.number() + " and does not fall");
        }
        highest = to;
        write();
    }

    private void write() throws IOException {
        String text = highest.number() + " " + (highest.hash().isEmpty() ? "-" : highest.hash());
        write(first, text + " " + crc(text) + "\n");
        write(second, text + " " + crc(text) + "\n");
    }

    private static void write(Path file, String line) throws IOException {
        Durable.write(file, line.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String crc(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
        return String.format("%08x", crc.getValue());
    }
}
