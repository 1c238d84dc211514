package org.wasla.gateway.follow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.files.Durable;
import org.wasla.gateway.vault.Safe;

/** The state of acts on disk: the old one or the new one, whenever the power goes. One thread. */
final class ActFile {
    private static final String ABOUT = "acts";

    private final Path file;
    private final Safe safe;

    ActFile(Path folder, Safe safe) {
        this.safe = safe;
        this.file = folder.resolve("acts").resolve("state.json");
    }

    /** @return null when there is none */
    byte @Nullable [] read() throws IOException {
        return Files.exists(file) ? safe.unlock(Files.readAllBytes(file), ABOUT) : null;
    }

    /** Returns when it would survive the plug being pulled. */
    void write(byte[] state) throws IOException {
        Path folder = file.resolveSibling("");
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Durable.sync(folder.resolveSibling(""));
        }
        Durable.write(file, safe.lock(state, ABOUT));
    }

    /** Kept for who wants to know what was in it. */
    void setAside() throws IOException {
        Files.move(file, file.resolveSibling("state.damaged"), StandardCopyOption.REPLACE_EXISTING);
    }
}
