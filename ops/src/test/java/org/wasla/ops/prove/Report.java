package org.wasla.ops.prove;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** What a proof prints at its end and leaves in {@code ops/target/prove-<name>.md}: Markdown. One thread. */
final class Report {
    private final String name;
    private final boolean isControl;
    private final List<String> lines = new ArrayList<>();
    private final List<String> claims = new ArrayList<>();
    private final long startNs = System.nanoTime();
    private boolean failed;

    Report(String name, Options options) {
        this(name, options.isControl());
    }

    Report(String name, boolean isControl) {
        this.name = name;
        this.isControl = isControl;
    }

    boolean hasFailed() {
        return failed;
    }

    void head(String... cells) {
        lines.add("");
        row((Object[]) cells);
        lines.add("|---".repeat(cells.length) + "|");
    }

    void row(Object... cells) {
        StringBuilder line = new StringBuilder("|");
        for (Object cell : cells) {
            line.append(' ').append(cell).append(" |");
        }
        lines.add(line.toString());
    }

    void text(String text) {
        lines.add("");
        lines.add(text);
    }

    /** What must be so; in a control run use {@link #mustBeRed}. */
    void must(boolean holds, String what) {
        claims.add("- " + (holds ? "holds: " : "**FAILS**: ") + what);
        failed |= !holds;
    }

    /** The control: a proof that cannot fail proves nothing. */
    void mustBeRed(Verdict verdict, String what) {
        must(!verdict.holds(), "the control is red, as it must be: " + what + " (" + verdict.summary() + ")");
    }

    /** Judges by the invariant, or by its opposite in a control run. */
    void judge(Verdict verdict, String what) {
        if (isControl) {
            mustBeRed(verdict, what);
        } else {
            must(verdict.holds(), what + " (" + verdict.summary() + ")");
        }
    }

    /** All of it. */
    String page() {
        String head = "# " + title() + "\n" + Instant.now().truncatedTo(ChronoUnit.SECONDS) + ", "
                + (System.nanoTime() - startNs) / 1_000_000_000L + " s, "
                + Runtime.getRuntime().availableProcessors() + " cores, Linux " + System.getProperty("os.version")
                + ", JDK " + System.getProperty("java.version") + "\n";
        return head + String.join("\n", lines) + "\n\n" + String.join("\n", claims) + "\n\n"
                + (failed ? "**FAILED**" : "passed") + "\n";
    }

    private String title() {
        return "prove-" + name + (isControl ? "-control" : "");
    }

    /** Prints and writes it. @return the exit code */
    int end() throws IOException {
        Path file = Tool.ROOT.resolve("ops/target/" + title() + ".md");
        Files.createDirectories(file.getParent());
        Files.writeString(file, page(), StandardCharsets.UTF_8);
        System.out.println(page());
        return failed ? 1 : 0;
    }

    /** Says why nothing could be proven here. @return the exit code */
    int skip(String why) throws IOException {
        text("**SKIPPED, nothing is proven**: " + why);
        return end();
    }
}
