package org.wasla.gateway.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.identity.PatientStore;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wasla patient find|erase|rotate}: the folder of patients, while the agent is stopped. */
@Command(
        name = "patient",
        description = "Looks up, erases and renames patients in the box, while the agent is stopped.",
        synopsisSubcommandLabel = "VERB")
final class PatientVerb extends VerbGroup {
    static CommandLine commandLine() {
        return new CommandLine(new PatientVerb());
    }

    @Command(
            description =
                    "Reads a patient's number from the input and tells the pseudonym; exit code 1 when there is none.")
    int find(@Mixin Shared shared, @Option(names = "--config", required = true, paramLabel = "FILE") Path file)
            throws Failure, IOException {
        try (PatientStore store = open(file, shared)) {
            // Not as an argument: those are seen by every user of the machine.
            String number = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            String ref = number == null ? "" : store.find(number.strip()).orElse("");
            System.out.println(ref.isEmpty() ? "nobody of that number" : ref);
            return ref.isEmpty() ? 1 : 0;
        }
    }

    @Command(
            description =
                    "Forgets who is behind a pseudonym. Associations and records stay, and are nobody's any more.")
    int erase(
            @Mixin Shared shared,
            @Option(names = "--config", required = true, paramLabel = "FILE") Path file,
            @Parameters(paramLabel = "REF", description = "The pseudonym, p: and 16 hex digits.") String ref)
            throws Failure, IOException {
        try (PatientStore store = open(file, shared)) {
            boolean wasKnown = store.erase(ref);
            System.out.println(wasKnown ? "erased " + ref : "nobody is known behind " + ref);
            return wasKnown ? 0 : 1;
        }
    }

    @Command(description = "Makes a new site key: patients get new pseudonyms, those that were given stay.")
    int rotate(@Mixin Shared shared, @Option(names = "--config", required = true, paramLabel = "FILE") Path file)
            throws Failure, IOException {
        try (PatientStore store = open(file, shared)) {
            store.rotate();
            System.out.println("site key " + store.key().version());
            return 0;
        }
    }

    private static PatientStore open(Path file, Shared shared) throws Failure, IOException {
        Config config = CheckVerb.read(file, shared);
        Path dir = config.patients().dir();
        if (!Files.isDirectory(dir)) {
            throw new Failure(1, "wasla: there is no folder of patients " + dir);
        }
        return PatientStore.open(dir, config.buffer().looked().safe("identity"));
    }
}
