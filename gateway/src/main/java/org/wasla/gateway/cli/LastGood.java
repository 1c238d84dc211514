package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.files.Durable;

/**
 * The configuration that an agent last ran with, kept beside what it writes: a ward is not without its box because somebody
 * made a mistake in an editor. One thread.
 */
final class LastGood {
    private static final Logger LOG = LoggerFactory.getLogger(LastGood.class);
    private static final String NAME = "last-good.yaml";

    private final Path file;
    private final @Nullable Path copy;
    private int mistakes;

    /** @param folder where the copy is kept, null: nowhere, and a mistake ends the start */
    LastGood(Path file, @Nullable Path folder) {
        this.file = file;
        this.copy = folder == null ? null : folder.resolve(NAME);
    }

    /**
     * Reads the file, and the copy where the file is wrong.
     *
     * @throws Failure with the mistakes of the file, when there is no copy that is right
     */
    Config read(Shared shared) throws Failure {
        try {
            return CheckVerb.read(file, shared);
        } catch (Failure wrong) {
            Optional<Config> before = before(shared);
            if (before.isEmpty()) {
                throw wrong;
            }
            String lines = String.valueOf(wrong.getMessage());
            mistakes = (int) lines.lines().count();
            lines.lines().forEach(line -> LOG.error("configuration has a mistake {}", line));
            LOG.error("configuration is wrong, starting with the last good one file={} copy={}", file, copy);
            return before.get();
        }
    }

    private Optional<Config> before(Shared shared) {
        if (copy == null || !Files.isReadable(copy)) {
            return Optional.empty();
        }
        try {
            return Optional.of(CheckVerb.read(copy, shared));
        } catch (Failure wrongToo) {
            LOG.error("configuration kept from before is wrong, too: a profile or a file that it names has changed");
            return Optional.empty();
        }
    }

    /** Mistakes in the file; 0 when it is the file that was read. */
    int mistakes() {
        return mistakes;
    }

    /** Keeps the file, now that an agent has started with it; whole or not at all. */
    void keep() {
        if (copy == null || mistakes > 0) {
            return;
        }
        try {
            byte[] now = Files.readAllBytes(file);
            if (Files.exists(copy) && Arrays.equals(now, Files.readAllBytes(copy))) {
                return;
            }
            Files.createDirectories(copy.toAbsolutePath().getParent());
            Durable.writeOwned(copy, now);
        } catch (IOException notKept) {
            LOG.warn("configuration not kept for a time when it is wrong cause=\"{}\"", notKept.getMessage());
        }
    }
}
