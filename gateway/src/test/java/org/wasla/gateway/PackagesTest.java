package org.wasla.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Holds packages.txt: nobody keeps a package map by good will. Every library has one door, and reading the packages in
 * order is reading the flow.
 */
class PackagesTest {
    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Pattern EDGE = Pattern.compile("\\s+(\\S+)\\s+->\\s+(\\S+).*");
    private static final Set<String> FREE = Set.of(
            "java.lang",
            "java.util",
            "java.io",
            "java.nio",
            "java.time",
            "java.math",
            "java.text",
            "java.security",
            "org.jspecify");
    private static final Set<String> PURE =
            Set.of("java.lang", "java.util", "java.time", "java.math", "java.nio.charset", "java.io", "org.jspecify");
    private static final Map<String, Rule> RULES = new LinkedHashMap<>();
    private static final List<String[]> EDGES = new ArrayList<>();

    private record Rule(Set<String> ours, Set<String> foreign, boolean pure) {}

    @BeforeAll
    static void readMapAndClasses() throws IOException {
        for (String line : Files.readAllLines(MODULE.resolve("packages.txt"))) {
            if (!line.startsWith("#") && !line.isBlank()) {
                String[] sides = line.split("\\|", 2);
                String[] names = sides[0].split(":", 2);
                Set<String> foreign = words(sides.length > 1 ? sides[1] : "");
                boolean pure = foreign.remove("pure");
                RULES.put(names[0].strip(), new Rule(words(names[1]), foreign, pure));
            }
        }
        StringWriter out = new StringWriter();
        ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
        Path bridge = MODULE.resolveSibling("firmware-bridge").resolve("target/classes");
        int code = jdeps.run(
                new PrintWriter(out),
                new PrintWriter(out),
                "-verbose:package",
                "--ignore-missing-deps",
                "--multi-release",
                "17",
                MODULE.resolve("target/classes").toString(),
                bridge.toString());
        assertEquals(0, code, out.toString());
        for (String line : out.toString().split("\n")) {
            Matcher edge = EDGE.matcher(line);
            if (edge.matches() && edge.group(1).startsWith("org.wasla.")) {
                EDGES.add(new String[] {edge.group(1), edge.group(2)});
            }
        }
        assertTrue(EDGES.size() > 20, "jdeps told too little:\n" + out);
    }

    @Test
    void everyPackageStandsInTheMap() {
        Set<String> unknown = new TreeSet<>();
        EDGES.forEach(edge -> unknown.add(shortName(edge[0])));
        unknown.removeAll(RULES.keySet());
        assertEquals(Set.of(), unknown, "add a line to packages.txt");
    }

    @Test
    void aLineNamesOnlyPackagesAboveIt() {
        Set<String> above = new TreeSet<>();
        RULES.forEach((name, rule) -> {
            assertTrue(above.containsAll(rule.ours()), name + " names a package that does not stand above it");
            above.add(name);
        });
    }

    @Test
    void packagesImportOnlyWhatTheMapAllows() {
        List<String> forbidden = new ArrayList<>();
        for (String[] edge : EDGES) {
            Rule rule = RULES.get(shortName(edge[0]));
            if (rule != null && !isAllowed(rule, edge[1]) && !edge[0].equals(edge[1])) {
                forbidden.add(shortName(edge[0]) + " imports " + shortName(edge[1]));
            }
        }
        assertEquals(List.of(), forbidden);
    }

    private static boolean isAllowed(Rule rule, String target) {
        if (target.startsWith("org.wasla.")) {
            return rule.ours().contains(shortName(target));
        }
        return within(target, rule.pure() ? PURE : FREE) || within(target, rule.foreign());
    }

    private static boolean within(String target, Set<String> prefixes) {
        return prefixes.stream().anyMatch(prefix -> target.equals(prefix) || target.startsWith(prefix + "."));
    }

    private static String shortName(String name) {
        return name.replace("org.wasla.gateway.", "").replace("org.wasla.", "");
    }

    private static Set<String> words(String text) {
        Set<String> words = new TreeSet<>(List.of(text.strip().split("\\s+")));
        words.remove("");
        return words;
    }
}
