package org.wasla.ops.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wasla.gateway.monitor.Metric;

/** The pages, the rules and the dashboard speak of what the agent tells, and of all of it. */
class MonitoringTest {
    private static final Path ROOT = Path.of(System.getProperty("wasla.root", ".."));
    private static final Path FOLDER = ROOT.resolve("ops/monitoring");
    private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
    private static final Pattern METRIC = Pattern.compile("\\bwasla_[a-z_]+");
    private static final Pattern MESSAGE =
            Pattern.compile("LOG\\.(?:warn|error)\\(\\s*\"((?:[^\"\\\\]|\\\\.)*)\"", Pattern.DOTALL);

    private static Set<String> metricsIn(String file) throws IOException {
        TreeSet<String> names = new TreeSet<>();
        Matcher found = METRIC.matcher(Files.readString(FOLDER.resolve(file)));
        while (found.find()) {
            names.add(found.group());
        }
        return names;
    }

    private static Set<String> known() {
        TreeSet<String> names = new TreeSet<>();
        Metric.all().forEach(metric -> names.add(metric.name()));
        return names;
    }

    @ParameterizedTest
    @CsvSource({"README.md,false", "LISEZMOI.md,true"})
    void thePagesListEveryMetricInItsWords(String page, boolean french) throws Exception {
        String text = Files.readString(FOLDER.resolve(page));
        assertEquals(known(), metricsIn(page));
        for (Metric metric : Metric.all()) {
            String what = french ? metric.french() : metric.help();
            assertTrue(
                    text.lines().anyMatch(line -> line.startsWith("| `" + metric.name() + "`") && line.contains(what)),
                    metric.name());
        }
    }

    /** A number without its unit is read wrongly by somebody; the name says the base units, and both pages count the same. */
    @Test
    void thePagesTellKindUnitAndLabelsOfEveryMetric() throws Exception {
        Map<String, String> french = new HashMap<>();
        for (Metric metric : Metric.all()) {
            List<String> english = cells("README.md", metric.name());
            String kind = metric.type() == Metric.Type.COUNTER ? "counter" : "gauge";
            assertEquals(List.of(kind, metric.unit()), english.subList(2, 4), metric.name());
            List<String> other = cells("LISEZMOI.md", metric.name());
            assertEquals(english.get(2), other.get(2), metric.name());
            assertEquals(english.get(4), other.get(4), metric.name());
            String unit = french.computeIfAbsent(metric.unit(), first -> other.get(3));
            assertEquals(unit, other.get(3), "one unit, one word: " + metric.name());
            assertFalse(other.get(3).isEmpty(), metric.name());
            assertEquals(metric.name().contains("_seconds"), metric.unit().equals("s"), metric.name());
            assertEquals(metric.name().contains("_bytes"), metric.unit().startsWith("B"), metric.name());
        }
    }

    private static List<String> cells(String page, String metric) throws IOException {
        return Files.readAllLines(FOLDER.resolve(page)).stream()
                .filter(line -> line.startsWith("| `" + metric + "` |"))
                .map(line -> Stream.of(line.split("\\|", -1)).map(String::strip).toList())
                .findFirst()
                .orElseThrow(() -> new AssertionError(metric + " is not in " + page));
    }

    @ParameterizedTest
    @CsvSource({"alerts.yaml", "dashboard.json"})
    void rulesAndDashboardNameOnlyMetricsThatThereAre(String file) throws Exception {
        Set<String> unknown = metricsIn(file);
        assertFalse(unknown.isEmpty());
        unknown.removeAll(known());
        assertEquals(List.of(), List.copyOf(unknown));
    }

    /** Prometheus's own tool judges the rules, and sees them fire. */
    @ParameterizedTest
    @CsvSource({"check,alerts.yaml", "test,alerts.test.yaml"})
    void theRulesAreRight(String verb, String file) throws Exception {
        assumeTrue(Files.isExecutable(PROMTOOL), "promtool of Debian's package prometheus is not installed");
        Process judge = new ProcessBuilder(PROMTOOL.toString(), verb, "rules", file)
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(judge.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, judge.waitFor(), said);
    }

    /** As the journal's pages write it. */
    private static List<String> messages() throws IOException {
        List<String> all = new ArrayList<>();
        for (String module : List.of("gateway", "firmware-bridge")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module + "/src/main/java"))) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    Matcher found = MESSAGE.matcher(Files.readString(file));
                    while (found.find()) {
                        all.add(found.group(1).replace("{}", "…").replace("\\\"", "\""));
                    }
                }
            }
        }
        assertTrue(all.size() > 100, "so few messages were found: " + all.size());
        return all;
    }

    @ParameterizedTest
    @CsvSource({"JOURNAL.md", "JOURNAL.fr.md"})
    void everyMessageHasACauseAndARemedy(String page) throws Exception {
        List<String> beginnings = rows(page).stream()
                .flatMap(row -> Stream.of(row.substring(2).split(" <br> ")))
                .map(each -> each.replace("`", ""))
                .toList();
        List<String> messages = messages();
        assertEquals(
                List.of(),
                messages.stream()
                        .filter(message -> beginnings.stream().noneMatch(message::startsWith))
                        .toList(),
                "add them to " + page);
        assertEquals(
                List.of(),
                beginnings.stream()
                        .filter(beginning -> messages.stream().noneMatch(message -> message.startsWith(beginning)))
                        .toList(),
                "no message begins so any more; take them out of " + page);
    }

    @Test
    void bothJournalsHaveTheSameRows() throws Exception {
        assertEquals(rows("JOURNAL.md"), rows("JOURNAL.fr.md"));
    }

    private static List<String> rows(String page) throws IOException {
        return Files.readAllLines(FOLDER.resolve(page)).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split(" \\| ", 2)[0])
                .toList();
    }
}
