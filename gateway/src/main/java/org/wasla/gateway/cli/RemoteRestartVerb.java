package org.wasla.gateway.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code wasla remote restart}: ends the agent, which systemd starts anew. */
@Command(
        name = "restart",
        description = {
            "Ends the agent of each box cleanly once its answer has left; systemd starts it anew.",
            "No record is lost: what is not sent yet stays in the buffer."
        })
final class RemoteRestartVerb implements Callable<Integer> {
    private static final long WAIT_S = 20;

    @Mixin
    Shared shared = new Shared();

    @Mixin
    RemoteAt at = new RemoteAt();

    @Override
    public Integer call() throws Failure, IOException, InterruptedException {
        return RemoteOrders.tell(at, RemoteOrders.give(at, "restart", WAIT_S, json -> {}), "restarts");
    }
}
