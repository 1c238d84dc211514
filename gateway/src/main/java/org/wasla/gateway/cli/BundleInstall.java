package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.health.StatusSocket;
import org.wasla.gateway.state.BundleDoor;
import org.wasla.gateway.trust.BundleFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wasla bundle install}: hands a bundle to the agent and tells what came of it. */
@Command(
        name = "install",
        description = {
            "Checks a bundle with the keys of this box, and hands it to the agent, which tries it as any change from"
                    + " outside: captures, the last bytes of the lines, one device, then all.",
            "Without a running agent the next start tries it. Give the command as the agent's user."
        })
final class BundleInstall implements Callable<Integer> {
    private static final long LOOK_MS = 200;

    @Mixin
    Shared shared = new Shared();

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The configuration of this box.")
    Path config = Path.of("");

    @Parameters(paramLabel = "FILE", description = "The bundle.")
    Path file = Path.of("");

    @Override
    public Integer call() throws Failure, IOException, InterruptedException {
        BundleFile bundle = BundleVerb.file(file);
        Config box = CheckVerb.read(config, shared);
        BundleDoor door = BundleVerb.door(box);
        List<String> problems = new ArrayList<>();
        door.check(bundle, problems);
        if (!problems.isEmpty()) {
            System.out.println("refused");
            problems.forEach(each -> System.out.println("  bundle: " + each));
            return 1;
        }
        boolean runs = StatusSocket.ask(box.buffer().dir()).isPresent();
        door.put(bundle);
        if (!runs) {
            System.out.println(
                    "no agent answers on this box: the next start tries it; wasla audit tells what came of it");
            return 0;
        }
        return tell(outcome(door, bundle));
    }

    private static String outcome(BundleDoor door, BundleFile bundle)
            throws Failure, IOException, InterruptedException {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(door.trialMs());
        CountDownLatch pause = new CountDownLatch(1);
        Optional<String> outcome = door.outcome(bundle);
        while (outcome.isEmpty() && endNs - System.nanoTime() > 0 && !pause.await(LOOK_MS, TimeUnit.MILLISECONDS)) {
            outcome = door.outcome(bundle);
        }
        return outcome.orElseThrow(() -> new Failure(1, "wasla: the agent has not told the outcome; look at its log"));
    }

    private static int tell(String json) throws Failure {
        Map<String, @Nullable Object> said = Json.object(json.getBytes(StandardCharsets.UTF_8))
                .orElseThrow(() -> new Failure(1, "wasla: the agent's outcome is no JSON object"));
        boolean counts = "applied".equals(said.get("s"));
        System.out.println(said.get("s") + (counts ? ", revision " + said.get("rev") : ""));
        if (said.get("why") instanceof List<?> why) {
            for (Object each : why) {
                if (each instanceof Map<?, ?> one) {
                    System.out.println("  " + one.get("at") + ": " + one.get("what"));
                }
            }
        }
        return counts ? 0 : 1;
    }
}
