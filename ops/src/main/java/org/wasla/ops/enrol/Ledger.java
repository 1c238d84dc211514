package org.wasla.ops.enrol;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Tokens and boxes of a region, in two files that the endpoint and the commands share: read and written under a lock.
 * Thread-safe through {@link #change}.
 *
 * <pre>
 * tokens.tsv  gateway, site, SHA-256 of the secret, expiry in s, open or used, hold or free
 * boxes.tsv   gateway, site, state, enrolled at in ms, certificate until in ms, its number, six words
 * </pre>
 */
final class Ledger {
    private final Path dir;
    private final List<Token> tokens = new ArrayList<>();
    private final Map<String, Box> boxes = new LinkedHashMap<>();

    /** @param holds whether the box is to begin in quarantine */
    record Token(String gateway, String site, String hash, long expiresS, boolean used, boolean holds) {
        Token spent() {
            return new Token(gateway, site, hash, expiresS, true, holds);
        }
    }

    record Box(
            String gateway, String site, Policy.State state, long sinceMs, long untilMs, String serial, String words) {
        Box in(Policy.State other) {
            return new Box(gateway, site, other, sinceMs, untilMs, serial, words);
        }
    }

    /** Something to do with the lists. */
    interface Work<T> {
        T with(Ledger ledger) throws IOException;
    }

    private Ledger(Path dir) {
        this.dir = dir;
    }

    /** Does something while nobody else does; what was changed is written, unless it throws. */
    static <T> T change(Path dir, Work<T> work) throws IOException {
        synchronized (Ledger.class) {
            try (FileChannel file =
                            FileChannel.open(dir.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = file.lock()) {
                Ledger ledger = new Ledger(dir);
                ledger.read();
                T result = work.with(ledger);
                if (lock.isValid()) {
                    ledger.write();
                }
                return result;
            }
        }
    }

    private static List<String[]> rows(Path file) throws IOException {
        List<String[]> rows = new ArrayList<>();
        for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
            rows.add(line.split("\t"));
        }
        return rows;
    }

    private void read() throws IOException {
        for (String[] row : rows(dir.resolve("tokens.tsv"))) {
            tokens.add(new Token(
                    row[0], row[1], row[2], Long.parseLong(row[3]), row[4].equals("used"), row[5].equals("hold")));
        }
        for (String[] row : rows(dir.resolve("boxes.tsv"))) {
            put(new Box(
                    row[0],
                    row[1],
                    Policy.State.valueOf(row[2].toUpperCase(Locale.ROOT)),
                    Long.parseLong(row[3]),
                    Long.parseLong(row[4]),
                    row[5],
                    row[6]));
        }
    }

    void write() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Token each : tokens) {
            lines.add(String.join(
                    "\t",
                    each.gateway(),
                    each.site(),
                    each.hash(),
                    String.valueOf(each.expiresS()),
                    each.used() ? "used" : "open",
                    each.holds() ? "hold" : "free"));
        }
        write("tokens.tsv", lines);
        lines.clear();
        for (Box each : boxes.values()) {
            lines.add(String.join(
                    "\t",
                    each.gateway(),
                    each.site(),
                    each.state().name().toLowerCase(Locale.ROOT),
                    String.valueOf(each.sinceMs()),
                    String.valueOf(each.untilMs()),
                    each.serial(),
                    each.words()));
        }
        write("boxes.tsv", lines);
    }

    private void write(String name, List<String> lines) throws IOException {
        Path draft = dir.resolve(name + ".new");
        Files.write(draft, lines);
        Files.move(draft, dir.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    List<Token> tokens() {
        return List.copyOf(tokens);
    }

    /** A new token takes the place of those of the same gateway that were not used. */
    void add(Token token) {
        tokens.removeIf(each -> each.gateway().equals(token.gateway()) && !each.used());
        tokens.add(token);
    }

    /** The token is used from now on, whatever comes: written at once. */
    void spend(Token token) throws IOException {
        tokens.set(tokens.indexOf(token), token.spent());
        write();
    }

    List<Box> boxes() {
        return List.copyOf(boxes.values());
    }

    /** @throws IOException when there is none */
    Box box(String gateway) throws IOException {
        Box box = boxes.get(gateway);
        if (box == null) {
            throw new IOException("no box " + gateway + " is enrolled here; ops/region/enrol list shows all");
        }
        return box;
    }

    void put(Box box) {
        boxes.put(box.gateway(), box);
    }
}
