package org.wasla.gateway.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.ExchangeSpec;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Tally;
import org.wasla.gateway.observation.Mapped;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;
import org.wasla.gateway.profile.Trial;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wasla decode}: a capture through a profile, records out. */
@Command(
        name = "decode",
        description = {
            "Reads a capture with a device profile and prints the records as JSON lines.",
            "The counters follow on stderr as one JSON line."
        })
final class DecodeVerb implements Callable<Integer> {
    @Mixin
    Shared shared = new Shared();

    @Option(
            names = "--profile",
            required = true,
            paramLabel = "ID|DIR",
            description = "The device profile: an id, or the path of its folder.")
    String profile = "";

    @Option(
            names = "--explain",
            description = {
                "Tells on stderr, frame by frame, which rule took which bytes and what became of the fields.",
                "13+2: two bytes at index 13 of the frame, before the end of a line and after unescaping."
            })
    boolean explain;

    @Parameters(paramLabel = "FILE", description = "A .cap capture, or any other file as raw bytes from the device.")
    Path file = Path.of("");

    @Override
    public Integer call() throws Failure, IOException {
        ProfileStore store = shared.store();
        Profile read = Shared.profile(store, profile);
        if (!Files.isReadable(file)) {
            throw new Failure(1, "cannot read " + file + "; check the path and its rights");
        }
        boolean isGrammar = read.talk() instanceof ExchangeSpec;
        if (explain && read.talk() instanceof ExchangeSpec grammar) {
            Explainer.explain(read, grammar, file, System.err);
        }
        try (PrintStream out =
                new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8)) {
            Tally.Counts counts =
                    Trial.run(read, store.codes().version(), file, new Printer(out, explain && !isGrammar));
            out.flush();
            System.err.println(counts.json());
        }
        return 0;
    }

    /** Records to stdout, explanations of what no grammar reads to stderr. */
    private record Printer(PrintStream out, boolean explain) implements Trial.Output {
        @Override
        public void record(byte[] json) {
            out.write(json, 0, json.length);
            out.write('\n');
        }

        @Override
        public void message(long timeMs, Message message, Mapped mapped) {
            if (!explain) {
                return;
            }
            String refused = mapped.refused();
            System.err.println(timeMs + " ms: message '" + message.type() + "', "
                    + message.fields().size() + " fields"
                    + (refused == null ? "" : "; refused: the field '" + refused + "' is implausible"));
            for (Message.Field field : message.fields()) {
                System.err.println("    " + Explanation.of(field, mapped));
            }
            for (String alarm : Explanation.alarms(mapped)) {
                System.err.println("    " + alarm);
            }
        }

        @Override
        public void bad(long timeMs, Fault fault, int size) {
            if (explain) {
                System.err.println(timeMs + " ms: " + size + " bytes are no message: " + fault.counter());
            }
        }
    }
}
