package org.wasla.gateway.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.identity.Seal;
import org.wasla.gateway.profile.Entry;
import org.wasla.gateway.profile.Section;
import org.wasla.gateway.ward.RegistrySettings;

/** Reads {@code registry}. Stateless. */
final class RegistryReader {
    private static final long ASK_MS = 60_000;
    private static final long ASK_MS_MIN = 1_000;
    private static final long ASK_MS_MAX = 86_400_000;
    private static final long FILE_BYTES_MAX = 10_000;

    private RegistryReader() {}

    static RegistrySettings read(Section section) {
        long askMs = section.millis("ask", ASK_MS);
        if (askMs != 0 && (askMs < ASK_MS_MIN || askMs > ASK_MS_MAX)) {
            section.need("ask", "60s").problem("is no wait for an answer", "write 1s to 1d, or 0s to ask nothing");
            askMs = ASK_MS;
        }
        Seal seal = section.get("key").map(RegistryReader::seal).orElse(null);
        RegistrySettings settings = new RegistrySettings(askMs, new HashSet<>(section.texts("authorities")), seal);
        section.end();
        return settings;
    }

    private static @Nullable Seal seal(Entry entry) {
        Path file = entry.file().orElse(null);
        if (file == null) {
            return null;
        }
        try {
            Optional<Seal> seal =
                    Files.size(file) > FILE_BYTES_MAX ? Optional.empty() : Seal.of(Files.readString(file));
            if (seal.isEmpty()) {
                entry.problem(
                        "is '" + file + "', no public key for X25519",
                        "write the file that openssl pkey -pubout makes of the registry's key");
            }
            return seal.orElse(null);
        } catch (IOException unreadable) {
            entry.problem(
                    "is '" + file + "', no file that can be read", "correct the path, or give the right to read it");
            return null;
        }
    }
}
