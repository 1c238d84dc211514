package org.wasla.ops.papers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A page that names proofs must not name those that are gone, and must not promise more in one language. */
class SecurityPageTest {
    private static final Path ROOT =
            Path.of(System.getProperty("wasla.root", "..")).toAbsolutePath().normalize();
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|IT))`");
    private static final Pattern THREAT = Pattern.compile("\\| ([WNBCULTS]\\d+) \\| ([STRIDE]) \\|.*");
    private static final Pattern REQUIREMENT = Pattern.compile("\\| ((?:CR|EDR) \\d+\\.\\d+) \\|.*");
    private static final Map<String, String> IN_ENGLISH = Map.of(
            "tenu",
            "claimed",
            "en partie",
            "in part",
            "plateforme",
            "platform",
            "non",
            "not",
            "sans objet",
            "does not apply",
            "ouvert",
            "open");

    private static List<String> lines(String name) throws IOException {
        return Files.readAllLines(ROOT.resolve("ops").resolve(name));
    }

    private static Set<String> testClasses() throws IOException {
        Set<String> found = new TreeSet<>();
        for (String module : List.of("firmware-bridge", "gateway", "device-profiles", "ops")) {
            Path tests = ROOT.resolve(module).resolve("src/test/java");
            if (Files.isDirectory(tests)) {
                try (Stream<Path> all = Files.walk(tests)) {
                    all.map(each -> each.getFileName().toString())
                            .filter(each -> each.endsWith(".java"))
                            .forEach(each -> found.add(each.substring(0, each.length() - ".java".length())));
                }
            }
        }
        return found;
    }

    private static List<String> cells(String row) {
        List<String> cells = new ArrayList<>();
        for (String cell : row.substring(1, row.lastIndexOf('|')).split("\\|")) {
            cells.add(IN_ENGLISH.getOrDefault(cell.strip(), cell.strip()));
        }
        return cells;
    }

    /** What of a row is the same in every language. */
    private static List<String> rows(List<String> page) {
        List<String> rows = new ArrayList<>();
        for (String line : page) {
            if (THREAT.matcher(line).matches()) {
                List<String> cells = cells(line);
                rows.add(cells.get(0) + " " + cells.get(1) + " " + shown(cells.get(4)));
            } else if (REQUIREMENT.matcher(line).matches()) {
                List<String> cells = cells(line);
                rows.add(cells.get(0) + " " + cells.get(2) + " " + shown(cells.get(4)));
            }
        }
        return rows;
    }

    private static String shown(String cell) {
        List<String> words = new ArrayList<>();
        for (String word : cell.split(",")) {
            words.add(IN_ENGLISH.getOrDefault(word.strip(), word.strip()));
        }
        return String.join(", ", words);
    }

    @Test
    void everyProofThatIsNamedIsThere() throws IOException {
        Set<String> classes = testClasses();
        for (String name :
                List.of("SECURITY.md", "SECURITE.md", "DATA.md", "DONNEES.md", "BUNDLE.md", "BUNDLE.fr.md")) {
            Matcher named = TEST.matcher(String.join("\n", lines(name)));
            while (named.find()) {
                assertTrue(classes.contains(named.group(1)), name + " names " + named.group(1));
            }
        }
    }

    @Test
    void bothLanguagesSayTheSame() throws IOException {
        List<String> english = rows(lines("SECURITY.md"));
        assertTrue(english.size() > 90, "threats and requirements: " + english.size());
        assertEquals(english, rows(lines("SECURITE.md")));
        assertEquals(english.size(), Set.copyOf(english).size(), "each row once");
    }

    /** Whoever claims shows, and what is not there is shown by nothing. */
    @Test
    void aClaimHasAProof() throws IOException {
        for (String line : lines("SECURITY.md")) {
            if (REQUIREMENT.matcher(line).matches()) {
                List<String> cells = cells(line);
                boolean claims = Set.of("claimed", "in part").contains(cells.get(2));
                assertEquals(claims, TEST.matcher(cells.get(4)).find(), line);
                assertTrue(claims || Set.of("platform", "not", "does not apply").contains(cells.get(2)), line);
            } else if (THREAT.matcher(line).matches()) {
                assertFalse(cells(line).get(4).isEmpty(), line);
            }
        }
    }

    @Test
    void bothPagesOnDataHaveTheSameTables() throws IOException {
        assertEquals(tables(lines("DATA.md")), tables(lines("DONNEES.md")));
    }

    /** Rows of each table by their number, with what stands between back quotes. */
    private static List<String> tables(List<String> page) {
        List<String> rows = new ArrayList<>();
        for (String line : page) {
            if (line.startsWith("|")) {
                Matcher code = Pattern.compile("`[^`]+`").matcher(line);
                StringBuilder row = new StringBuilder()
                        .append(line.chars().filter(each -> each == '|').count());
                while (code.find()) {
                    row.append(' ').append(code.group());
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }
}
