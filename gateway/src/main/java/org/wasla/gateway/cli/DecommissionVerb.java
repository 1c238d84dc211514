package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.backup.Decommission;
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
        Config config = which.config();
        String id = config.gateway().id();
        Path beside = which.file.toAbsolutePath().resolveSibling("wasla-decommission-" + id + ".txt");
        Path to = report == null ? beside : report;
        if (!yes) {
            Secret.confirm("All that " + id + " holds is deleted, and cannot be had back.", id);
        }
        Decommission decommission = new Decommission(config, Main.VERSION, to);
        decommission.send(seconds * SECOND_MS, losesUnsent);
        decommission.destroy();
        System.out.println("out of service; the report is in " + to);
        return 0;
    }
}
