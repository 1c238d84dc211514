package org.wasla.gateway.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.health.StatusSocket;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code wasla imaging status}: figures of the running agent. */
@Command(name = "status", description = "Shows how full the store is, what came and how far each destination is.")
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
        Map<Object, Object> figures = new TreeMap<>(imaging);
        Object forward = figures.remove("forward");
        figures.forEach((name, value) -> System.out.println(name + " " + value));
        if (forward instanceof List<?> destinations) {
            destinations.forEach(ImagingStatus::destination);
        }
        return 0;
    }

    private static void destination(Object each) {
        if (!(each instanceof Map<?, ?> of)) {
            return;
        }
        StringBuilder line = new StringBuilder("forward " + of.get("to"));
        for (String name : List.of("waiting", "sent", "warned", "withheld")) {
            line.append(' ').append(name).append('=').append(of.get(name));
        }
        if (of.get("oldest") instanceof Number oldest) {
            line.append(" oldest=").append(Instant.ofEpochMilli(oldest.longValue()));
        }
        if (of.get("aside") instanceof Map<?, ?> aside && !aside.isEmpty()) {
            line.append(" aside=").append(new TreeMap<Object, Object>(aside));
        }
        if (of.get("lastError") != null) {
            line.append(" error=\"").append(of.get("lastError")).append('"');
        }
        System.out.println(line);
    }
}
