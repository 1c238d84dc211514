package org.wasla.gateway.cli;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.agent.Config;
import org.wasla.gateway.agent.StatusSocket;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code wasla imaging status}: figures of the running agent. */
@Command(name = "status", description = "Shows how full the store is and what came; asks the running agent.")
final class ImagingStatus implements Callable<Integer> {
    @Mixin
    ImagingVerb.Which which = new ImagingVerb.Which();

    @Override
    public Integer call() throws Failure, IOException {
        Config config = which.config();
        ImagingVerb.Which.dicom(config);
        Optional<byte[]> answer = StatusSocket.ask(config.buffer().dir());
        if (answer.isEmpty()) {
            throw new Failure(1, "wasla: no agent answers; wasla imaging list shows what is there all the same");
        }
        Map<String, @Nullable Object> health = Json.object(answer.get()).orElse(Map.of());
        if (!(health.get("imaging") instanceof Map<?, ?> imaging)) {
            throw new Failure(1, "wasla: the agent receives no images; its log says why");
        }
        new TreeMap<Object, Object>(imaging).forEach((name, value) -> System.out.println(name + " " + value));
        return 0;
    }
}
