package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.command.DesiredReader;
import org.wasla.gateway.trust.BoxKey;
import org.wasla.gateway.trust.Ed25519;
import org.wasla.gateway.trust.Jws;
import org.wasla.gateway.trust.SealKey;

/**
 * A technician's folder. One thread.
 *
 * <pre>
 * id                  what the key is called in the list of keys
 * sign.key            the key that signs states, statements and commands
 * seal.key            the key that captures are sealed for
 * states/HASH.jws     states that were pushed from here, as signed
 * </pre>
 */
final class RemoteFolder {
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private final Path folder;
    private final String keyId;
    private final BoxKey sign;

    private RemoteFolder(Path folder, String keyId, BoxKey sign) {
        this.folder = folder;
        this.keyId = keyId;
        this.sign = sign;
    }

    /** A state that was pushed from here. */
    record Known(String hash, Desired state) {}

    /** @throws Failure when there are no keys yet */
    static RemoteFolder open(Path folder) throws Failure, IOException {
        try {
            String id = Files.readString(folder.resolve("id")).strip();
            BoxKey sign = BoxKey.read(folder.resolve("sign.key"))
                    .orElseThrow(() -> new Failure(2, folder.resolve("sign.key") + " is no key"));
            return new RemoteFolder(folder, id, sign);
        } catch (NoSuchFileException none) {
            throw new Failure(
                    2,
                    "no keys in " + folder + "; make them with wasla remote key --keys " + folder
                            + " --id tech-1 --who YOU");
        }
    }

    /** Makes both keys; those that are there stay. */
    static RemoteFolder create(Path folder, String keyId) throws Failure, IOException {
        if (!KEY_ID.matcher(keyId).matches()) {
            throw new Failure(2, "--id is '" + keyId + "'; write up to 64 letters, digits and . _ -");
        }
        Files.createDirectories(folder.resolve("states"));
        Path id = folder.resolve("id");
        if (Files.exists(id) && !Files.readString(id).strip().equals(keyId)) {
            throw new Failure(
                    2,
                    folder + " holds the keys of " + Files.readString(id).strip()
                            + "; give another --keys, or that --id");
        }
        Files.writeString(id, keyId + "\n");
        BoxKey.open(folder.resolve("sign.key"));
        if (!Files.exists(folder.resolve("seal.key"))) {
            SealKey.fresh().write(folder.resolve("seal.key"));
        }
        return open(folder);
    }

    String keyId() {
        return keyId;
    }

    /** The public half, as a list of keys writes it. */
    String publicKey() {
        return Ed25519.text(sign.open());
    }

    String sign(String type, String payload) {
        return sign.sign(keyId, type, payload.getBytes(StandardCharsets.UTF_8));
    }

    SealKey seal() throws Failure, IOException {
        Path file = folder.resolve("seal.key");
        try {
            return SealKey.read(file).orElseThrow(() -> new Failure(2, file + " is no key"));
        } catch (NoSuchFileException none) {
            throw new Failure(2, "no " + file + "; make it with wasla remote key");
        }
    }

    /** Keeps a state, to go back to. */
    void keep(String signed) throws IOException {
        try {
            String hash = DesiredReader.sha256(Jws.parse(signed).payload());
            Files.createDirectories(folder.resolve("states"));
            Files.writeString(folder.resolve("states").resolve(hash + ".jws"), signed);
        } catch (Jws.Unreadable ourBug) {
            throw new IllegalStateException(ourBug);
        }
    }

    /** The state with this hash; empty when it was not pushed from here. */
    Optional<Known> known(String hash) throws IOException {
        Path file = folder.resolve("states").resolve(hash + ".jws");
        if (!hash.matches("[0-9a-f]{64}") || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            byte[] payload = Jws.parse(Files.readString(file).strip()).payload();
            Optional<Desired> state = DesiredReader.read(payload, new ArrayList<>());
            return DesiredReader.sha256(payload).equals(hash)
                    ? state.map(desired -> new Known(hash, desired))
                    : Optional.empty();
        } catch (Jws.Unreadable damaged) {
            return Optional.empty();
        }
    }

    /** All states that were pushed from here. */
    List<Known> all() throws IOException {
        List<Known> all = new ArrayList<>();
        Path states = folder.resolve("states");
        if (Files.isDirectory(states)) {
            try (Stream<Path> files = Files.list(states)) {
                for (Path each : files.sorted().toList()) {
                    known(each.getFileName().toString().replace(".jws", "")).ifPresent(all::add);
                }
            }
        }
        return all;
    }
}
