package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.outbox.BufferLook;
import org.wasla.gateway.outbox.GapReader;
import org.wasla.gateway.outbox.InUseException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wasla buffer status|verify|export}. */
@Command(
        name = "buffer",
        description = "Looks at the buffer: how full, whether whole, what is in it. Never changes it.",
        synopsisSubcommandLabel = "VERB")
final class BufferVerb extends VerbGroup {
    static CommandLine commandLine() {
        return new CommandLine(new BufferVerb())
                .addSubcommand("status", new BufferStatus())
                .addSubcommand("verify", new BufferVerify())
                .addSubcommand("export", new BufferExport());
    }

    /** What all three take. */
    static final class Which {
        @Mixin
        Shared shared = new Shared();

        @Option(names = "--config", required = true, paramLabel = "FILE", description = "The configuration.")
        Path file = Path.of("");

        Config config() throws Failure {
            return CheckVerb.read(file, shared);
        }
    }

    /** Opens the buffer for a look; a running agent ends the command. */
    static BufferLook open(Config config) throws Failure, IOException {
        try {
            return look(config);
        } catch (InUseException running) {
            throw new Failure(
                    1,
                    "wasla: " + running.getMessage() + "; stop it first (systemctl stop wasla), or ask it: wasla buffer"
                            + " status");
        }
    }

    static BufferLook look(Config config) throws IOException {
        return BufferLook.open(config.buffer().looked());
    }

    /** Reads which numbers a gap event tells as lost. */
    static GapReader.@Nullable Told told(byte[] payload) {
        Map<String, @Nullable Object> event = Json.object(payload).orElse(Map.of());
        String of = String.valueOf(event.get("of"));
        int dot = of.lastIndexOf('.');
        if (!"gap".equals(event.get("e")) || dot < 0) {
            return null;
        }
        try {
            return new GapReader.Told(
                    of.substring(0, dot),
                    of.substring(dot + 1),
                    Long.parseLong(String.valueOf(event.get("from"))),
                    Long.parseLong(String.valueOf(event.get("to"))));
        } catch (NumberFormatException noGap) {
            return null;
        }
    }
}
