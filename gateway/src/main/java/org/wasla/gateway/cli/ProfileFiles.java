package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.command.DesiredReader;
import org.wasla.gateway.profile.Golden;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileReader;
import org.wasla.gateway.profile.ProfileStore;

/** A profile's folder as a bundle carries it: the profile, its captures and what is expected of them. Stateless. */
final class ProfileFiles {
    private static final String CAPTURES = "captures";

    private ProfileFiles() {}

    /** A profile whose captures pass; else the verb ends. */
    static Desired.Bundle read(ProfileStore store, String idOrFolder, List<String> statements)
            throws Failure, IOException {
        Profile profile = Shared.profile(store, idOrFolder);
        for (Golden.Result result : Golden.test(profile, store.codes().version(), false)) {
            if (!result.difference().isEmpty()) {
                throw new Failure(
                        1,
                        "wasla: profile " + profile.id() + ": capture " + result.capture() + " does not pass: "
                                + result.difference() + "; see 'wasla profiles test'");
            }
        }
        Map<String, String> files = new TreeMap<>();
        files.put(ProfileReader.FILE, text(profile.folder().resolve(ProfileReader.FILE)));
        try (Stream<Path> captures = Files.list(profile.folder().resolve(CAPTURES))) {
            for (Path each : captures.sorted().toList()) {
                String name = each.getFileName().toString();
                if (name.endsWith(".cap") || name.endsWith(".expected.jsonl")) {
                    files.put(CAPTURES + "/" + name, text(each));
                }
            }
        }
        String hash = DesiredReader.sha256(files.get(ProfileReader.FILE));
        return new Desired.Bundle(profile.id(), profile.version(), hash, statements, files);
    }

    private static String text(Path file) throws Failure, IOException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException notUtf8) {
            throw new Failure(2, "wasla: " + file + " is not UTF-8; save it as UTF-8");
        }
    }
}
