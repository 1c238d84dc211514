package org.wasla.ops.rights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What roles may do, as the pages say it and as the tool's data say it. Stateless. */
final class Rights {

    static final Path ROOT = Path.of(System.getProperty("wasla.root", ".."));
    static final Path REGION = ROOT.resolve("ops/region");
    static final Path PAGES = ROOT.resolve("ops/contract/subscribers");
    private static final Pattern ROLE = Pattern.compile("(?m)^(?:Role|Rôle)s?\u00a0?: `([a-z-]+)`");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (read|write|lire|écrire) \\| `([^`]+)` \\|");

    /** One right, with placeholders. */
    record Right(boolean write, String filter) implements Comparable<Right> {
        @Override
        public int compareTo(Right other) {
            return toString().compareTo(other.toString());
        }
    }

    private Rights() {}

    static Map<String, NavigableSet<Right>> ofData() throws IOException {
        Map<String, NavigableSet<Right>> rights = new TreeMap<>();
        for (String line : Files.readAllLines(REGION.resolve("rights.tsv"))) {
            if (!line.startsWith("#")) {
                String[] fields = line.split("\t");
                rights.computeIfAbsent(fields[0], role -> new TreeSet<>())
                        .add(new Right(fields[1].equals("write"), fields[2]));
            }
        }
        return rights;
    }

    /** Of one role; nothing where there is no such role. */
    static NavigableSet<Right> of(Map<String, NavigableSet<Right>> rights, String role) {
        return rights.getOrDefault(role, new TreeSet<>());
    }

    /** Every page that gives rights, each with one role and one table. */
    static List<Path> pages(String ending) throws IOException {
        try (Stream<Path> files = Files.list(PAGES)) {
            boolean french = ending.startsWith(".fr");
            return files.filter(file -> file.toString().endsWith(ending)
                            && file.toString().endsWith(".fr.md") == french
                            && !file.endsWith("README.md")
                            && !file.endsWith("LISEZMOI.md"))
                    .sorted()
                    .toList();
        }
    }

    static Map<String, NavigableSet<Right>> ofPages(String ending) throws IOException {
        Map<String, NavigableSet<Right>> rights = new TreeMap<>();
        for (Path page : pages(ending)) {
            String text = Files.readString(page);
            List<String> sections = new ArrayList<>(List.of(text.split("(?m)(?=^R[oô]les?\u00a0?: `)")));
            sections.remove(0);
            for (String section : sections) {
                Matcher role = ROLE.matcher(section);
                if (!role.find() || rights.containsKey(role.group(1))) {
                    throw new IOException(page + ": a role named twice, or not readable");
                }
                NavigableSet<Right> found = new TreeSet<>();
                Matcher row = ROW.matcher(section);
                while (row.find()) {
                    found.add(new Right(List.of("write", "écrire").contains(row.group(1)), row.group(2)));
                }
                rights.put(role.group(1), found);
            }
        }
        return rights;
    }

    /** Whether a topic is one of a filter's (MQTT 5, section 4.7). */
    static boolean matches(String filter, String topic) {
        String[] wanted = filter.split("/");
        String[] levels = topic.split("/");
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].equals("#")) {
                return true;
            }
            if (i == levels.length || !wanted[i].equals("+") && !wanted[i].equals(levels[i])) {
                return false;
            }
        }
        return wanted.length == levels.length;
    }
}
