package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.health.Health;
import org.wasla.gateway.health.StatusSocket;
import org.wasla.gateway.outbox.BufferLook;
import org.wasla.gateway.outbox.InUseException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wasla buffer status}: the running agent's figures, or those of the files. */
@Command(
        name = "status",
        description = {
            "Shows how full the buffer is and what waits in it.",
            "Asks the running agent; when none runs, reads the files and changes nothing."
        })
final class BufferStatus implements Callable<Integer> {
    @Mixin
    BufferVerb.Which which = new BufferVerb.Which();

    @Option(names = "--json", description = "Prints the health document.")
    boolean json;

    @Override
    public Integer call() throws Failure, IOException {
        byte[] document = document(which.config());
        Map<String, @Nullable Object> health =
                Json.object(document).orElseThrow(() -> new Failure(1, "wasla: the agent's answer is no JSON object"));
        if (json) {
            System.out.println(new String(document, StandardCharsets.UTF_8));
        } else {
            new BufferTable(health).lines().forEach(System.out::println);
        }
        return 0;
    }

    private static byte[] document(Config config) throws Failure, IOException {
        Optional<byte[]> answer = StatusSocket.ask(config.buffer().dir());
        if (answer.isPresent()) {
            return answer.get();
        }
        try (BufferLook look = BufferVerb.look(config)) {
            return Health.stopped(config.gateway().id(), look.figures()).getBytes(StandardCharsets.UTF_8);
        } catch (InUseException silent) {
            throw new Failure(
                    1,
                    "wasla: " + silent.getMessage() + " that does not answer on status.sock; it is starting or"
                            + " stopping, or its log says why it has no socket");
        }
    }
}
