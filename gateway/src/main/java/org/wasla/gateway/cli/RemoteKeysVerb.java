package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.trust.BoxKey;
import org.wasla.gateway.trust.Ed25519;
import org.wasla.gateway.trust.Jws;
import org.wasla.gateway.trust.Keyring;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wasla remote keys}: the list of keys that boxes believe, signed by a root. */
@Command(
        name = "keys",
        description = {
            "Makes the list of keys from lines of wasla remote key, and signs it with a root's key; the root's public key is"
                    + " printed: it stands in the boxes' configuration as trust.roots.",
            "A root's key is made when its file is not there. Keep it away from the network.",
            "With --cosign a further root signs a list that is there, and what it signs is shown: read it before it is given away."
        })
final class RemoteKeysVerb implements Callable<Integer> {
    private static final long DAY_S = 86_400;

    @Mixin
    Shared shared = new Shared();

    @Option(names = "--root", required = true, paramLabel = "FILE", description = "The root's key.")
    Path root = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The list to write.")
    Path out = Path.of("");

    @Option(names = "--cosign", paramLabel = "FILE", description = "A list that other roots have signed.")
    @Nullable
    Path cosign;

    @Option(
            names = "--signed-by",
            paramLabel = "KEY",
            description =
                    "With --cosign: the public key of a root that must have signed the list. More than once for several.")
    List<String> signedBy = List.of();

    @Option(
            names = "--rev",
            paramLabel = "N",
            description =
                    "Rises with each list (default: the time in seconds). A box takes none that is older than its own.")
    long revision = System.currentTimeMillis() / 1_000;

    @Option(names = "--days", paramLabel = "N", description = "How long the list counts (default: ${DEFAULT-VALUE}).")
    long days = 365;

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "Lines of wasla remote key, one a technician.")
    List<Path> lines = List.of();

    @Override
    public Integer call() throws Failure, IOException {
        BoxKey key = BoxKey.open(root);
        if (cosign == null && !signedBy.isEmpty() || cosign != null && !lines.isEmpty()) {
            throw new Failure(
                    2,
                    "--signed-by goes with --cosign; and with --cosign the list is what was signed before: name no lines");
        }
        String before = cosign == null ? "" : Files.readString(cosign).strip() + "\n";
        byte[] payload = cosign == null ? payload() : payload(before, key);
        String signed = before + key.sign("root", Keyring.TYPE, payload) + "\n";
        read(signed, List.of(key.open())).told().forEach(System.err::println);
        Files.writeString(out, signed);
        System.out.println(Ed25519.text(key.open()));
        return 0;
    }

    private byte[] payload() throws Failure, IOException {
        List<String> entries = new ArrayList<>();
        for (Path file : lines) {
            Files.readAllLines(file).stream().filter(line -> !line.isBlank()).forEach(entries::add);
        }
        if (entries.isEmpty()) {
            throw new Failure(2, "no keys; write the files with the lines of wasla remote key");
        }
        String text = "{\"v\":1,\"rev\":" + revision + ",\"exp\":" + (System.currentTimeMillis() / 1_000 + days * DAY_S)
                + ",\"keys\":[" + String.join(",", entries) + "]}";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What others have signed, once it is sure that they did, all the same. */
    private byte[] payload(String list, BoxKey own) throws Failure, IOException {
        List<PublicKey> before = new ArrayList<>();
        for (String each : signedBy) {
            before.add(Ed25519.key(each)
                    .orElseThrow(() -> new Failure(2, "--signed-by: '" + each + "' is no Ed25519 key in base64url")));
        }
        try {
            for (String line : list.strip().split("\\s+")) {
                if (Jws.parse(line).isSignedBy(own.open())) {
                    throw new Failure(2, "this root has signed the list already; another one must");
                }
            }
            if (!before.isEmpty()) {
                read(list, before);
            }
            return Jws.parse(list.strip().split("\\s+")[0]).payload();
        } catch (Jws.Unreadable unreadable) {
            throw new Failure(2, "--cosign: " + unreadable.getMessage());
        }
    }

    /** @param by all of them must have signed */
    private static Keyring read(String signed, List<PublicKey> by) throws Failure {
        List<String> problems = new ArrayList<>();
        return Keyring.read(signed, new Keyring.Roots(by, by.size()), problems)
                .orElseThrow(() -> new Failure(2, String.join(System.lineSeparator(), problems)));
    }
}
