package org.wasla.gateway.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wasla remote logs}: the last lines of the boxes' logs. */
@Command(name = "logs", description = "Prints the last lines of the log. Nothing of a patient is ever logged.")
final class RemoteLogsVerb implements Callable<Integer> {
    private static final int LINES_MAX = 500;
    private static final long WAIT_S = 20;

    @Mixin
    Shared shared = new Shared();

    @Mixin
    RemoteAt at = new RemoteAt();

    @Option(names = "--lines", paramLabel = "N", description = "How many, 1 to 500 (default: ${DEFAULT-VALUE}).")
    int lines = 100;

    @Override
    public Integer call() throws Failure, IOException, InterruptedException {
        if (lines < 1 || lines > LINES_MAX) {
            throw new Failure(2, "--lines is " + lines + "; write 1 to " + LINES_MAX);
        }
        return RemoteOrders.tell(
                at, RemoteOrders.give(at, "logs", WAIT_S, json -> json.writeNumberField("n", lines)), "");
    }
}
