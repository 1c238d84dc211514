package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.state.BundleDoor;
import org.wasla.gateway.trust.BundleFile;
import org.wasla.gateway.trust.PemKey;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code wasla bundle vouch|make|show|install}. */
@Command(
        name = "bundle",
        description = "Signed profiles in a file, for boxes that no network reaches.",
        synopsisSubcommandLabel = "VERB")
final class BundleVerb extends VerbGroup {
    static CommandLine commandLine() {
        return new CommandLine(new BundleVerb())
                .addSubcommand("vouch", new BundleVouch())
                .addSubcommand("make", new BundleMake())
                .addSubcommand("show", new BundleShow())
                .addSubcommand("install", new BundleInstall());
    }

    static PrivateKey key(Path file) throws Failure {
        try {
            return PemKey.read(file)
                    .orElseThrow(() -> new Failure(
                            2,
                            "wasla: " + file + " is no Ed25519 key in PEM; make one with 'openssl genpkey -algorithm"
                                    + " ed25519 -out " + file.getFileName() + "'"));
        } catch (IOException unreadable) {
            throw new Failure(2, "wasla: the key " + file + " cannot be read; check path and rights");
        }
    }

    static BundleFile file(Path file) throws Failure {
        List<String> problems = new ArrayList<>();
        return BundleFile.read(file, problems)
                .orElseThrow(() -> new Failure(1, "wasla: " + file + ": " + String.join("; ", problems)));
    }

    static BundleDoor door(Config config) throws Failure {
        return BundleDoor.of(config)
                .orElseThrow(() -> new Failure(
                        1,
                        "wasla: nobody may change this box: its configuration has no section trust; add trust:"
                                + " {roots: [KEY], keys: FILE}"));
    }
}
