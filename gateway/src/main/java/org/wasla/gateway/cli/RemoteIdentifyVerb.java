package org.wasla.gateway.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wasla remote identify}: which box is it, and who speaks at a port of it. */
@Command(
        name = "identify",
        description = {
            "Lets the lamps of a box blink, after five short sounds, so that somebody finds it.",
            "With --port it listens at a serial port that no device uses, sends nothing, and tells which profiles fit."
        })
final class RemoteIdentifyVerb implements Callable<Integer> {
    private static final int SECONDS_MAX = 300;
    private static final long WAIT_S = 20;
    private static final long HEARING_S = 50;

    @Mixin
    Shared shared = new Shared();

    @Mixin
    RemoteAt at = new RemoteAt();

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long the lamps blink, 1 to 300 (default: ${DEFAULT-VALUE}).")
    int seconds = 30;

    @Option(names = "--port", paramLabel = "PORT", description = "A serial port of the box, such as /dev/ttyUSB1.")
    String port = "";

    @Override
    public Integer call() throws Failure, IOException, InterruptedException {
        if (seconds < 1 || seconds > SECONDS_MAX) {
            throw new Failure(2, "--seconds is " + seconds + "; write 1 to " + SECONDS_MAX);
        }
        return RemoteOrders.tell(
                at,
                RemoteOrders.give(at, "identify", port.isEmpty() ? WAIT_S : HEARING_S, json -> {
                    json.writeNumberField("s", seconds);
                    if (!port.isEmpty()) {
                        json.writeStringField("port", port);
                    }
                }),
                "");
    }
}
