package org.wasla.profiles;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;

/** The profiles of this folder, for the tests. */
final class Shelf {
    static final Path FOLDER = Path.of("").toAbsolutePath();

    private Shelf() {}

    static ProfileStore store() throws IOException {
        return ProfileStore.open(List.of(FOLDER));
    }

    static Profile profile(String id) throws IOException {
        Problems problems = new Problems();
        Profile profile = store().read(FOLDER.resolve(id), problems);
        assertEquals(List.of(), problems.list());
        return profile;
    }

    static List<Profile> profiles() throws IOException {
        List<Profile> profiles = new ArrayList<>();
        for (Path folder : store().all()) {
            profiles.add(profile(folder.getFileName().toString()));
        }
        return profiles;
    }

    static List<Path> captures(Profile profile) throws IOException {
        try (Stream<Path> files = Files.list(profile.folder().resolve("captures"))) {
            return files.filter(file -> file.toString().endsWith(".cap"))
                    .sorted()
                    .toList();
        }
    }

    /** What lies beside the checkout on the developers' machines; tests that need it are skipped elsewhere. */
    static Path shared() {
        return FOLDER.getParent().resolveSibling("shared");
    }
}
