package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;
import picocli.CommandLine.Option;

/** What every verb takes: where device profiles stand. */
final class Shared {
    /** Set by the launcher: the folder of the shipped profiles. */
    private static final String SHIPPED = "wasla.profiles";

    private static final String TERMINAL = "wasla.terminal";

    @Option(
            names = "--profiles",
            paramLabel = "DIR",
            description = "A folder of device profiles beside the shipped ones; may be given more than once.")
    List<Path> folders = new ArrayList<>();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help;

    static Path shipped() {
        return Path.of(System.getProperty(SHIPPED, "/usr/share/wasla/device-profiles"));
    }

    /** Whether stdout is a terminal, as the launcher tells. */
    static boolean isTerminal() {
        return Boolean.getBoolean(TERMINAL);
    }

    ProfileStore store() throws Failure {
        List<Path> all = new ArrayList<>();
        all.add(shipped());
        all.addAll(folders);
        try {
            return ProfileStore.open(all);
        } catch (IOException unreadable) {
            throw new Failure(2, String.valueOf(unreadable.getMessage()));
        }
    }

    /** Reads one profile; its mistakes end the command with exit code 2, one line each. */
    static Profile profile(ProfileStore store, String idOrFolder) throws Failure, IOException {
        Optional<Path> folder = store.find(idOrFolder);
        if (folder.isEmpty()) {
            List<String> known = store.all().stream()
                    .map(path -> path.getFileName().toString())
                    .toList();
            throw new Failure(
                    2,
                    "no device profile '" + idOrFolder + "'; write one of " + String.join(", ", known)
                            + ", or the path of a folder with a profile.yaml");
        }
        Problems problems = new Problems();
        Profile profile = store.read(folder.get(), problems);
        if (!problems.isEmpty()) {
            throw Failure.of(problems);
        }
        return profile;
    }
}
