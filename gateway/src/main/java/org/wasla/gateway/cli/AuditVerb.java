package org.wasla.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.audit.Auditor;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.trust.AuditCheck;
import org.wasla.gateway.trust.BoxKey;
import org.wasla.gateway.trust.Ed25519;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code wasla audit verify}. */
@Command(
        name = "audit",
        description = "Looks at the audit: what was done to a box, as a chain of signed hashes.",
        synopsisSubcommandLabel = "VERB")
final class AuditVerb extends VerbGroup {
    static CommandLine commandLine() {
        return new CommandLine(new AuditVerb()).addSubcommand("verify", new Verify());
    }

    /** Ends with 1 when a record was altered, removed, moved or made anew. */
    @Command(
            name = "verify",
            description = {
                "Says whether a record was altered, removed, moved or made anew.",
                "A chain that was only shortened at its end looks whole here: compare n with the last one that the"
                        + " platform got on .../audit."
            })
    static final class Verify implements Callable<Integer> {
        @Mixin
        Shared shared = new Shared();

        @Spec
        CommandSpec spec = CommandSpec.create();

        @ArgGroup(multiplicity = "1")
        Where where = new Where();

        @Option(
                names = "--key",
                paramLabel = "KEY",
                description = "The box's public key, as .../meta tells it. With --config it is read from the box.")
        @Nullable
        String key;

        /** One of the two. */
        static final class Where {
            @Option(names = "--config", paramLabel = "FILE", description = "The configuration of this box.")
            @Nullable
            Path config;

            @Parameters(
                    index = "0",
                    paramLabel = "PLACE",
                    description = "A folder of an audit, or a file with what came on .../audit, a record a line.")
            @Nullable
            Path place;
        }

        @Override
        public Integer call() throws Failure, IOException {
            Path file = where.config;
            Config config = file == null ? null : CheckVerb.read(file, shared);
            Path place = config == null
                    ? where.place
                    : Auditor.folder(config.buffer().dir());
            if (place == null || !Files.exists(place)) {
                throw new Failure(1, "wasla: no audit at " + place + "; has the agent run?");
            }
            AuditCheck.Finding finding = AuditCheck.check(place, publicKey(config));
            PrintWriter out = spec.commandLine().getOut();
            finding.problems().forEach(out::println);
            out.printf(
                    "records %d to %d, %d in all; signed up to %d by %d heads; %s%n",
                    finding.first(),
                    finding.last(),
                    finding.records(),
                    finding.signedTo(),
                    finding.heads(),
                    finding.problems().isEmpty() ? "whole" : finding.problems().size() + " problems");
            return finding.problems().isEmpty() ? 0 : 1;
        }

        private @Nullable PublicKey publicKey(@Nullable Config config) throws Failure, IOException {
            String text = key;
            if (text != null) {
                return Ed25519.key(text)
                        .orElseThrow(() -> new Failure(
                                2,
                                "wasla: --key is no Ed25519 key; write 43 characters of"
                                        + " base64url, as .../meta tells it"));
            }
            if (config == null) {
                return null;
            }
            Path file = Auditor.keyFile(config.buffer().dir());
            return Files.exists(file) ? BoxKey.publicHalf(file).orElse(null) : null;
        }
    }
}
