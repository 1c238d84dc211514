package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
            "With --cosign a further root signs a list that is there."
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
        String before = "";
        byte[] payload;
        if (cosign == null) {
            payload = payload();
        } else {
            before = Files.readString(cosign).strip() + "\n";
            payload = payload(before);
        }
        String signed = before + key.sign("root", Keyring.TYPE, payload) + "\n";
        if (cosign == null) {
            List<String> problems = new ArrayList<>();
            Optional<Keyring> read = Keyring.read(signed, new Keyring.Roots(List.of(key.open()), 1), problems);
            if (read.isEmpty()) {
                throw new Failure(2, String.join(System.lineSeparator(), problems));
            }
            System.err.println(
                    read.get().size() + " keys: " + String.join(", ", read.get().ids()));
        }
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

    private static byte[] payload(String list) throws Failure {
        try {
            return Jws.parse(list.split("\n")[0].strip()).payload();
        } catch (Jws.Unreadable unreadable) {
            throw new Failure(2, "--cosign: " + unreadable.getMessage());
        }
    }
}
