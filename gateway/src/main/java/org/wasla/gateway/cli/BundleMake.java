package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.command.Release;
import org.wasla.gateway.profile.ProfileStore;
import org.wasla.gateway.trust.BundleFile;
import org.wasla.gateway.trust.Jws;
import org.wasla.gateway.trust.Vouch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wasla bundle make}: profiles and statements into one signed file. */
@Command(name = "make", description = "Makes a bundle of profiles for which two persons stand, and signs it.")
final class BundleMake implements Callable<Integer> {
    private static final int STATEMENTS_BYTES_MAX = 1 << 20;
    private static final long MS_PER_S = 1_000;

    @Mixin
    Shared shared = new Shared();

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The bundle; ends in .wasla.")
    Path out = Path.of("");

    @Option(names = "--key", required = true, paramLabel = "FILE", description = "The release key, Ed25519 in PEM.")
    Path key = Path.of("");

    @Option(names = "--key-id", required = true, paramLabel = "KID", description = "Its kid in the list of keys.")
    String keyId = "";

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "What people call the bundle.")
    String name = "";

    @Option(names = "--min-sw", paramLabel = "VERSION", description = "The oldest software that it is for.")
    String softwareMin = "";

    @Option(
            names = "--statements",
            required = true,
            paramLabel = "FILE",
            description = "What 'wasla bundle vouch' printed, a statement a line; may be given more than once.")
    List<Path> statements = new ArrayList<>();

    @Parameters(arity = "1..*", paramLabel = "ID|DIR", description = "The profiles.")
    List<String> profiles = new ArrayList<>();

    @Override
    public Integer call() throws Failure, IOException {
        if (!out.toString().endsWith(".wasla")) {
            throw new Failure(2, "wasla: --out is '" + out + "'; write a name that ends in .wasla");
        }
        List<String> said = said();
        ProfileStore store = shared.store();
        List<Desired.Bundle> bundles = new ArrayList<>();
        for (String each : profiles) {
            Desired.Bundle bare = ProfileFiles.read(store, each, List.of());
            bundles.add(new Desired.Bundle(bare.id(), bare.version(), bare.hash(), about(bare, said), bare.files()));
        }
        Release release = new Release(name, System.currentTimeMillis() / MS_PER_S, softwareMin, bundles);
        String signed = BundleFile.sign(release, keyId, BundleVerb.key(key));
        // What no box would read is not written.
        List<String> problems = new ArrayList<>();
        boolean isRead = BundleFile.parse(signed, problems)
                .flatMap(bundle -> bundle.release(problems))
                .isPresent();
        if (!isRead) {
            throw new Failure(1, "wasla: " + String.join(System.lineSeparator() + "wasla: ", problems));
        }
        Files.writeString(out, signed + "\n", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        System.out.println(out + ": " + bundles.size() + " profiles, " + Files.size(out) + " bytes");
        return 0;
    }

    private List<String> said() throws Failure, IOException {
        List<String> said = new ArrayList<>();
        for (Path file : statements) {
            if (Files.size(file) > STATEMENTS_BYTES_MAX) {
                throw new Failure(2, "wasla: " + file + " is too large for statements");
            }
            Files.readString(file, StandardCharsets.ISO_8859_1)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .forEach(said::add);
        }
        return said;
    }

    /** An author's statement and an approver's; whose they are the box checks. */
    private static List<String> about(Desired.Bundle profile, List<String> said) throws Failure {
        List<String> found = new ArrayList<>();
        boolean author = false;
        boolean approver = false;
        for (String statement : said) {
            try {
                Jws jws = Jws.parse(statement);
                Map<String, @Nullable Object> fields =
                        Json.object(jws.payload()).orElse(Map.of());
                if (profile.id().equals(fields.get("id"))
                        && profile.version().equals(fields.get("version"))
                        && profile.hash().equals(fields.get("sha256"))) {
                    found.add(statement);
                    author |= jws.type().equals(Vouch.AUTHOR);
                    approver |= jws.type().equals(Vouch.APPROVAL);
                }
            } catch (Jws.Unreadable unreadable) {
                throw new Failure(2, "wasla: a statement cannot be read: " + unreadable.getMessage());
            }
        }
        if (!author || !approver) {
            throw new Failure(
                    1,
                    "wasla: profile " + profile.id() + " " + profile.version() + " has no statement of "
                            + (author ? "an approver" : "an author")
                            + " for this very content; give 'wasla bundle vouch' again after every change");
        }
        return found;
    }
}
