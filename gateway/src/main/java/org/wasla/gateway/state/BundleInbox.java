package org.wasla.gateway.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.command.Release;
import org.wasla.gateway.files.Durable;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;
import org.wasla.gateway.trust.BundleFile;

/**
 * The folder {@code trust/offered} of a buffer, in which bundles are put for the agent: {@code {hash}.wasla}, and what came
 * of it as {@code {hash}.outcome}. One thread at either end. A bundle stays until its outcome is written: after a power cut
 * it is tried again, and one that counts already is told so.
 */
final class BundleInbox {
    private static final Logger LOG = LoggerFactory.getLogger(BundleInbox.class);
    private static final String BUNDLE = ".wasla";
    private static final String OUTCOME = ".outcome";

    private final Path folder;
    private final Set<Path> seen = new HashSet<>();
    private @Nullable Path current;

    /** @param buffer the buffer's folder */
    BundleInbox(Path buffer) {
        this.folder = buffer.resolve("trust").resolve("offered");
    }

    /** Puts a bundle there, whole or not at all. */
    void put(BundleFile bundle) throws IOException {
        Files.createDirectories(folder);
        Files.deleteIfExists(folder.resolve(bundle.hash() + OUTCOME));
        String signed = bundle.signed() + "\n";
        Durable.write(folder.resolve(bundle.hash() + BUNDLE), signed.getBytes(StandardCharsets.UTF_8));
    }

    /** What came of a bundle, as {@code cfg/reported} would say it; empty while nothing has. */
    Optional<String> outcome(String hash) throws IOException {
        try {
            return Optional.of(Files.readString(folder.resolve(hash + OUTCOME)));
        } catch (NoSuchFileException notYet) {
            return Optional.empty();
        }
    }

    /** Whether a bundle is there that this run has not looked at; {@link #read} then reads it. */
    boolean hasNext() {
        current = null;
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> all = Files.list(folder)) {
            current = all.filter(each -> each.toString().endsWith(BUNDLE))
                    .filter(each -> !seen.contains(each))
                    .findFirst()
                    .orElse(null);
        } catch (IOException unreadable) {
            LOG.debug("bundles cannot be looked for cause=\"{}\"", unreadable.getMessage());
        }
        return current != null;
    }

    /** @param problems gets why it is no bundle; then nothing is returned */
    Optional<BundleFile> read(List<String> problems) {
        Path file = current;
        if (file == null) {
            return Optional.empty();
        }
        // Put there again it is tried again; one that cannot be deleted is not tried for ever.
        seen.add(file);
        return BundleFile.read(file, problems);
    }

    /** Keeps what came of the bundle that was read last, as {@code cfg/reported} says it, and lets go of it. */
    void told(String json) {
        Path file = current;
        if (file == null) {
            return;
        }
        try {
            forget();
            String name = file.getFileName().toString();
            String outcome = name.substring(0, name.length() - BUNDLE.length()) + OUTCOME;
            Durable.write(file.resolveSibling(outcome), json.getBytes(StandardCharsets.UTF_8));
            Files.delete(file);
            seen.remove(file);
        } catch (IOException notTold) {
            LOG.warn("what came of a bundle cannot be written cause=\"{}\"", notTold.getMessage());
        }
        current = null;
    }

    /** One outcome is kept, the newest. */
    private void forget() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path each :
                    all.filter(each -> each.toString().endsWith(OUTCOME)).toList()) {
                Files.delete(each);
            }
        }
    }

    /**
     * Tells which profiles of a release would take the place of a newer one, or of another content of the same version.
     *
     * @param installed where profiles stand, the shipped ones first
     * @param state the profiles of the state in force
     */
    static void compare(Release release, List<Path> installed, Optional<Path> state, List<String> problems)
            throws IOException {
        List<Path> folders = new ArrayList<>(installed);
        state.filter(each -> Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)).ifPresent(folders::add);
        ProfileStore profiles = ProfileStore.open(folders);
        for (Desired.Bundle bundle : release.profiles()) {
            Optional<Path> home = profiles.find(bundle.id());
            if (home.isPresent()) {
                Problems own = new Problems();
                Profile inForce = profiles.read(home.get(), own);
                Optional<String> refusal =
                        own.isEmpty() ? Release.refusal(bundle, inForce.version(), inForce.hash()) : Optional.empty();
                refusal.ifPresent(why -> problems.add("profile " + bundle.id() + ": " + why));
            }
        }
    }
}
