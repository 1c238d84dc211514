package org.wasla.gateway.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The folders where device profiles stand. A later folder wins over an earlier one. Immutable; reads at each call. */
public final class ProfileStore {
    private final List<Path> folders;
    private final Codes codes;

    private ProfileStore(List<Path> folders, Codes codes) {
        this.folders = List.copyOf(folders);
        this.codes = codes;
    }

    /** @param folders the first holds the shipped profiles and the code table */
    public static ProfileStore open(List<Path> folders) throws IOException {
        Path table = folders.get(0).resolve(Codes.FILE);
        if (!Files.isReadable(table)) {
            throw new IOException(
                    "no code table " + table + "; set profiles.dir to the folder of the shipped profiles");
        }
        return new ProfileStore(folders, Codes.read(table));
    }

    public Codes codes() {
        return codes;
    }

    /** @return the folders of all profiles, by id; of two with one id the later folder's */
    public List<Path> all() throws IOException {
        TreeMap<String, Path> byId = new TreeMap<>();
        for (Path folder : folders) {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> children = Files.list(folder)) {
                    children.filter(child -> Files.isRegularFile(child.resolve(ProfileReader.FILE)))
                            .forEach(child -> byId.put(child.getFileName().toString(), child));
                }
            }
        }
        return new ArrayList<>(byId.values());
    }

    /** @param idOrFolder the id of a profile, or the path of its folder */
    public Optional<Path> find(String idOrFolder) throws IOException {
        if (idOrFolder.contains("/") || idOrFolder.equals(".")) {
            return folder(idOrFolder);
        }
        return all().stream()
                .filter(folder -> folder.getFileName().toString().equals(idOrFolder))
                .findFirst();
    }

    private static Optional<Path> folder(String path) {
        try {
            Path folder = Path.of(path).toAbsolutePath().normalize();
            return Files.isRegularFile(folder.resolve(ProfileReader.FILE)) ? Optional.of(folder) : Optional.empty();
        } catch (InvalidPathException noPath) {
            return Optional.empty();
        }
    }

    /** Reads one profile and tells all of its mistakes. */
    public Profile read(Path folder, Problems problems) {
        Profile profile = new ProfileReader(codes).read(folder, problems);
        String name = folder.toAbsolutePath().normalize().getFileName().toString();
        if (problems.isEmpty() && !profile.id().equals(name)) {
            problems.add(
                    folder.resolve(ProfileReader.FILE).toString(),
                    0,
                    "the id is '" + profile.id() + "' and the folder '" + name + "'",
                    "give both the same name");
        }
        return profile;
    }
}
