package org.wasla.gateway.trust;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads an audit chain again and says where it was changed. One thread. */
public final class AuditCheck {
    private static final int PROBLEMS_MAX = 100;
    private final @Nullable PublicKey key;
    private final List<String> problems = new ArrayList<>();
    private @Nullable AuditLine before;
    private long first;
    private long records;
    private long heads;
    private long signedTo;

    /**
     * What a check found. Immutable.
     *
     * @param records how many there are
     * @param first number of the first
     * @param last number of the last
     * @param heads signed heads whose signature is right
     * @param signedTo the last number that such a head vouches for
     * @param problems {@code file:line: what is wrong}, at most 100
     */
    public record Finding(long records, long first, long last, long heads, long signedTo, List<String> problems) {
        /** Copies the list. */
        public Finding {
            problems = List.copyOf(problems);
        }
    }

    private AuditCheck(@Nullable PublicKey key) {
        this.key = key;
    }

    /**
     * @param place a folder of an audit, or one file of records
     * @param key the box's; null: signatures are not checked
     */
    public static Finding check(Path place, @Nullable PublicKey key) throws IOException {
        AuditCheck check = new AuditCheck(key);
        if (Files.isDirectory(place)) {
            NavigableMap<Long, Path> files = AuditLog.files(place);
            for (Map.Entry<Long, Path> each : files.entrySet()) {
                check.file(each.getValue());
            }
        } else {
            check.file(place);
        }
        AuditLine last = check.before;
        return new Finding(
                check.records,
                check.first,
                last == null ? 0 : last.number(),
                check.heads,
                check.signedTo,
                check.problems);
    }

    private void file(Path file) throws IOException {
        long at = 0;
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            for (String raw = lines.readLine(); raw != null; raw = lines.readLine()) {
                at++;
                String text = new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
                Optional<AuditLine> line = AuditLine.read(text);
                String where = file.getFileName() + ":" + at + ": ";
                if (line.isEmpty()) {
                    problem(where + "no record");
                } else {
                    follow(line.get(), where);
                }
            }
        }
    }

    private void follow(AuditLine line, String where) {
        records++;
        AuditLine last = before;
        if (last == null) {
            first = line.number();
            if (first == 1 && !line.previous().equals(AuditLine.START)) {
                problem(where + "the first record names one before it");
            }
        } else if (line.number() != last.number() + 1) {
            problem(where + "number " + line.number() + " follows " + last.number()
                    + ": records were removed or moved");
        } else if (!line.previous().equals(last.hash())) {
            problem(where + "does not follow from record " + last.number() + ": one of them was replaced");
        }
        if (!line.isWhole()) {
            problem(where + "record " + line.number() + " was altered");
        }
        if ("head".equals(line.fields().get("e"))) {
            head(line, where);
        }
        before = line;
    }

    private void head(AuditLine line, String where) {
        if (key == null) {
            return;
        }
        try {
            Jws jws = Jws.parse(line.fields().getOrDefault("jws", ""));
            String expected = "{\"gw\":\"" + line.fields().get("gw") + "\",\"n\":" + (line.number() - 1) + ",\"h\":\""
                    + line.previous() + "\"}";
            boolean isOurs = jws.type().equals(AuditLog.TYPE) && jws.isSignedBy(key);
            if (isOurs && new String(jws.payload(), StandardCharsets.UTF_8).equals(expected)) {
                heads++;
                signedTo = line.number() - 1;
                return;
            }
        } catch (Jws.Unreadable unreadable) {
            // told below
        }
        problem(where + "head " + line.number() + " is not signed by the box's key for what stands before it");
    }

    private void problem(String what) {
        if (problems.size() < PROBLEMS_MAX) {
            problems.add(what);
        }
    }
}
