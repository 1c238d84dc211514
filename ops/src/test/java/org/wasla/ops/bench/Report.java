package org.wasla.ops.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The finished page of one mode: machine, date, command, tables and bars, in Markdown. One thread. */
final class Report {
    private final Path file;
    private final List<String> lines = new ArrayList<>();
    private boolean missed;

    /** @param command what the user typed */
    Report(Path file, String mode, String command) throws IOException {
        this.file = file;
        add("## " + mode);
        add("");
        add(LocalDate.now(ZoneOffset.UTC) + ", " + machine() + ", JVM " + System.getProperty("java.vm.version") + ", "
                + mosquitto() + ".");
        add("`" + command + "`");
        add("");
    }

    private static String machine() throws IOException {
        String model = "unknown processor";
        for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
            if (line.startsWith("model name")) {
                model = line.substring(line.indexOf(':') + 1).strip();
            }
        }
        long kb = Long.parseLong(
                Files.readAllLines(Path.of("/proc/meminfo")).get(0).replaceAll("\\D", ""));
        return Runtime.getRuntime().availableProcessors() + " cores " + model + ", " + kb / 1024 / 1024 + " GiB, Linux "
                + System.getProperty("os.version");
    }

    private static String mosquitto() throws IOException {
        Process process = new ProcessBuilder("sh", "-c", "PATH=$PATH:/usr/sbin mosquitto -h | head -1")
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).strip();
    }

    /** Writes a line now, so that a run that is cut short leaves what it has measured. */
    void add(String line) throws IOException {
        lines.add(line);
        System.out.println(line);
        Files.write(file, lines);
    }

    void header(String... cells) throws IOException {
        row((Object[]) cells);
        add("|" + "---|".repeat(cells.length));
    }

    /** Doubles are written with one decimal. */
    void row(Object... cells) throws IOException {
        StringBuilder line = new StringBuilder("|");
        for (Object cell : cells) {
            line.append(' ')
                    .append(cell instanceof Double number ? String.format(Locale.ROOT, "%.1f", number) : cell)
                    .append(" |");
        }
        add(line.toString());
    }

    /** One bar of the product's promises. */
    void bar(String what, double measured, String relation, double bar) throws IOException {
        boolean holds = relation.equals(">=") ? measured >= bar : measured <= bar;
        missed |= !holds;
        add(String.format(Locale.ROOT, "- %s: %.2f, bar %s %.2f: %s", what, measured, relation, bar, verdict(holds)));
    }

    private static String verdict(boolean holds) {
        return holds ? "ok" : "**MISS**";
    }

    boolean missed() {
        return missed;
    }
}
