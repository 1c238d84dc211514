package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.agent.Agent;
import org.wasla.gateway.agent.ConfigMark;
import org.wasla.gateway.config.Config;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wasla run}: the agent, until it is told to stop. */
@Command(name = "run", description = "Runs the agent in the foreground. SIGTERM or Ctrl-C stops it cleanly.")
final class RunVerb implements Callable<Integer> {
    @Mixin
    Shared shared = new Shared();

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The configuration.")
    Path file = Path.of("");

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description =
                    "Keeps the configuration that it started with there, and starts with that when FILE is wrong.")
    @Nullable
    Path folder;

    @Override
    public Integer call() throws Failure, IOException, InterruptedException {
        ConfigMark mark = ConfigMark.of(file);
        LastGood lastGood = new LastGood(file, folder);
        Config config = lastGood.read(shared);
        Agent agent;
        try {
            agent = new Agent(config, Main.VERSION);
        } catch (IOException unusable) {
            throw new Failure(1, "wasla: " + unusable.getMessage());
        }
        Thread.setDefaultUncaughtExceptionHandler(RunVerb::end);
        try (Stop stop = Stop.onSignal()) {
            AtomicInteger exitCode = new AtomicInteger();
            agent.onRestart(() -> {
                // Told by 1: systemd starts the agent anew, on-failure as well as always.
                exitCode.set(1);
                stop.ask();
            });
            agent.start();
            agent.tellFile(mark);
            agent.tellMistakes(lastGood.mistakes());
            lastGood.keep();
            stop.await();
            agent.close();
            return stop.finished(exitCode.get());
        }
    }

    /** A thread that dies would leave a device unread in silence: the process ends, and systemd starts it anew. */
    private static void end(Thread thread, Throwable why) {
        System.err.println("wasla: the thread " + thread.getName() + " died; ending, to be started anew");
        why.printStackTrace();
        Runtime.getRuntime().halt(1);
    }
}
