package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.backup.Decommission;
import org.wasla.gateway.backup.Wipe;
import org.wasla.gateway.config.Config;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wasla decommission}: a box out of service, with nothing readable left. */
@Command(
        name = "decommission",
        description = {
            "Takes a box out of service: sends what waits, closes the audit, destroys the keys, deletes buffer, patients,",
            "images and trust, and leaves a report. The agent must be stopped. Killed in the middle, run it again."
        })
final class DecommissionVerb implements Callable<Integer> {
    private static final long SECOND_MS = 1_000;

    @Mixin
    BufferVerb.Which which = new BufferVerb.Which();

    @Option(names = "--yes", description = "Do not ask.")
    boolean yes;

    @Option(
            names = "--lose-unsent",
            description = "Delete also what the platform does not have and cannot be sent now.")
    boolean losesUnsent;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "60",
            description = "How long to wait for the platform (${DEFAULT-VALUE}).")
    int seconds;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Where the report goes; without it beside the configuration.")
    @Nullable
    Path report;

    @Override
    public Integer call() throws Failure, IOException {
        Path folder = which.file.toAbsolutePath().resolveSibling("");
        Config config;
        try {
            config = which.config();
        } catch (Failure unreadable) {
            // What the configuration names may be gone already: then the report says what is left.
            Path begun = report == null ? Wipe.begun(folder).orElse(null) : report;
            if (begun == null || !new Wipe(begun).isBegun()) {
                throw unreadable;
            }
            Wipe wipe = new Wipe(begun);
            begin(wipe.gateway(), wipe);
            wipe.destroy();
            return end(begun);
        }
        String id = config.gateway().id();
        Path to = report == null ? folder.resolve("wasla-decommission-" + id + ".txt") : report;
        begin(id, new Wipe(to));
        Decommission decommission = new Decommission(config, Main.VERSION, to);
        decommission.send(seconds * SECOND_MS, losesUnsent);
        decommission.destroy();
        return end(to);
    }

    private void begin(String id, Wipe wipe) throws Failure, IOException {
        if (!wipe.gateway().isEmpty()) {
            List<String> left = wipe.left();
            System.out.println(
                    left.isEmpty()
                            ? "an earlier run has done all"
                            : "an earlier run was cut off; left to do: " + String.join(", ", left));
        }
        if (!yes) {
            Secret.confirm("All that " + id + " holds is deleted, and cannot be had back.", id);
        }
    }

    private static int end(Path to) {
        System.out.println("out of service; the report is in " + to);
        return 0;
    }
}
