package org.wasla.gateway.config;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.files.Durable;

/**
 * The states that a box was given, each in a folder by its hash, and which one is in force. One thread. A state is whole
 * on disk before the file {@code current} names it, and that file is replaced in one step: whenever the plug is pulled,
 * the box is on exactly the old or exactly the new state.
 */
public final class StateStore {
    private static final String CURRENT = "current";
    private static final String HASH = "[0-9a-f]{64}";
    private static final String PROFILES = "profiles";
    private static final String STATE = "desired.jws";
    private static final String LOCAL = "local.json";
    private static final String KEYS = "keys.jws";
    private static final String DEVICES = "devices.yaml";
    private final Path folder;

    /** @param buffer the buffer's folder */
    public StateStore(Path buffer) {
        this.folder = folder(buffer);
    }

    public static Path folder(Path buffer) {
        return buffer.resolve("trust").resolve("states");
    }

    /** The hash of the state in force; empty when none was ever given. */
    public Optional<String> current() throws IOException {
        List<String> newest = newestFirst();
        return newest.isEmpty() ? Optional.empty() : Optional.of(newest.get(0));
    }

    /** The hashes of the state in force and of the one before, as far as there are. */
    List<String> newestFirst() throws IOException {
        List<String> found = new ArrayList<>();
        try {
            String text = Files.readString(folder.resolve(CURRENT), StandardCharsets.ISO_8859_1);
            for (String hash : text.lines().limit(2).toList()) {
                if (hash.matches(HASH) && Files.isDirectory(folder.resolve(hash))) {
                    found.add(hash);
                }
            }
        } catch (NoSuchFileException none) {
            return List.of();
        }
        return found;
    }

    /** Where the profiles of the state in force stand; empty when none was ever given. */
    public Optional<Path> profiles() throws IOException {
        return current().map(this::profiles);
    }

    public Path profiles(String hash) {
        return folder.resolve(hash).resolve(PROFILES);
    }

    /** The list of devices of a state, YAML; empty: the one of the configuration file. */
    public Optional<String> devices(String hash) throws IOException {
        String text = read(hash, DEVICES);
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** The list of keys of the state in force, empty when it has none. */
    public String keys() throws IOException {
        return read(current().orElse(""), KEYS);
    }

    /** The text of the state in force: what was signed, or the note of a change on the box; empty when none was given. */
    public String signed() throws IOException {
        String hash = current().orElse("");
        String signed = read(hash, STATE);
        return signed.isEmpty() ? read(hash, LOCAL) : signed;
    }

    private String read(String hash, String name) throws IOException {
        Path file = folder.resolve(hash).resolve(name);
        return !hash.isEmpty() && Files.isRegularFile(file) ? Files.readString(file) : "";
    }

    /**
     * Writes a state beside the one in force: that one's profiles and devices with what is changed and without what is
     * removed.
     *
     * @param signed what was signed, or one JSON object: the note of a change on the box
     */
    public void prepare(String hash, String signed, Desired desired) throws IOException {
        Path state = folder.resolve(hash);
        delete(state);
        Files.createDirectories(state.resolve(PROFILES));
        Optional<Path> before = profiles();
        if (before.isPresent()) {
            copy(before.get(), state.resolve(PROFILES), desired);
        }
        for (Desired.Bundle bundle : desired.profiles()) {
            Path home = state.resolve(PROFILES).resolve(bundle.id());
            for (Map.Entry<String, String> file : bundle.files().entrySet()) {
                Path to = home.resolve(file.getKey());
                Files.createDirectories(to.getParent());
                write(to, file.getValue());
            }
        }
        write(state.resolve(signed.startsWith("{") ? LOCAL : STATE), signed);
        String devices = desired.devices();
        String list = devices == null ? read(current().orElse(""), DEVICES) : devices;
        if (!list.isEmpty()) {
            write(state.resolve(DEVICES), list);
        }
        String keys = desired.keys().isEmpty() ? keys() : desired.keys();
        if (!keys.isEmpty()) {
            write(state.resolve(KEYS), keys);
        }
        try (Stream<Path> all = Files.walk(state)) {
            for (Path each : all.filter(Files::isDirectory).toList()) {
                Durable.sync(each);
            }
        }
        Durable.sync(folder);
    }

    private static void copy(Path from, Path to, Desired desired) throws IOException {
        List<String> left = new ArrayList<>(desired.removed());
        desired.profiles().forEach(bundle -> left.add(bundle.id()));
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                Path name = from.relativize(each);
                if (!left.contains(name.getName(0).toString())) {
                    Path target = to.resolve(name.toString());
                    Files.createDirectories(target.getParent());
                    write(target, Files.readString(each));
                }
            }
        }
    }

    /** From here on the state is in force, whatever happens; the ones before the last are deleted. */
    public void commit(String hash) throws IOException {
        Optional<String> before = current();
        String text = hash + "\n" + before.map(each -> each + "\n").orElse("");
        Durable.write(folder.resolve(CURRENT), text.getBytes(StandardCharsets.UTF_8));
        try (Stream<Path> all = Files.list(folder)) {
            for (Path each : all.toList()) {
                String name = each.getFileName().toString();
                if (name.matches(HASH) && !name.equals(hash) && !name.equals(before.orElse(""))) {
                    delete(each);
                }
            }
        }
    }

    /** Throws away what was prepared and does not count. */
    public void drop(String hash) throws IOException {
        if (!hash.equals(current().orElse(""))) {
            delete(folder.resolve(hash));
        }
    }

    private static void delete(Path what) throws IOException {
        if (Files.exists(what)) {
            try (Stream<Path> all = Files.walk(what)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    private static void write(Path file, String text) throws IOException {
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            Durable.writeAll(out, StandardCharsets.UTF_8.encode(text));
            out.force(true);
        }
    }
}
