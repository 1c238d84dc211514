package org.wasla.gateway.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.outbox.BufferLook;
import org.wasla.gateway.vault.BackupSeal;
import org.wasla.gateway.vault.DataKey;
import org.wasla.gateway.vault.KeyFile;

/**
 * Puts into one locked file what a box is: its configuration with what stands beside it, profiles from outside, the buffer with
 * trust and audit, and the folder of patients. Not the images: they are many, and stay with their senders or are forwarded.
 * One thread; used once.
 */
public final class Backup {
    /** What belongs to this board or to a running agent. */
    private static final Set<String> LEFT_OUT = Set.of(
            "lock",
            "status.sock",
            "status.new",
            KeyFile.NAME,
            KeyFile.COPY,
            KeyFile.NAME + ".new",
            KeyFile.COPY + ".new");

    private final Config config;
    private final Path file;
    private final String software;
    private final List<String> notes = new ArrayList<>();
    private int files;
    private long bytes;

    /**
     * What became of it. Immutable.
     *
     * @param notes what was not taken, and why
     */
    public record Result(int files, long bytes, List<String> notes) {
        public Result {
            notes = List.copyOf(notes);
        }
    }

    /** @param file the configuration */
    public Backup(Config config, Path file, String software) {
        this.config = config;
        this.file = file.toAbsolutePath().normalize();
        this.software = software;
    }

    /**
     * Writes it all; the agent must not run, and does not start meanwhile.
     *
     * @param shipped folders of profiles that every box has
     * @throws org.wasla.gateway.outbox.InUseException while an agent runs
     */
    public Result write(OutputStream out, BackupSeal seal, List<Path> shipped) throws IOException {
        try (BufferLook look = BufferLook.open(config.buffer().looked())) {
            String epoch = look.figures().epoch();
            Map<String, Path> folders = new LinkedHashMap<>();
            folders.put(BackupNote.BUFFER, config.buffer().dir());
            folders.put(BackupNote.PATIENTS, config.patients().dir());
            Path beside = file.resolveSibling("");
            for (Path each : config.profileFolders()) {
                Path folder = each.toAbsolutePath().normalize();
                if (!shipped.contains(each) && !folder.startsWith(beside)) {
                    folders.put("profiles-" + folders.size(), folder);
                }
            }
            Archive.Writer archive = new Archive.Writer(out, seal);
            archive.text(
                    BackupNote.AREA,
                    BackupNote.AREA,
                    note(epoch == null ? "" : epoch, folders).text());
            configuration(archive, beside, folders);
            for (Map.Entry<String, Path> each : folders.entrySet()) {
                tree(archive, each.getKey(), each.getValue());
            }
            archive.end();
        }
        return new Result(files, bytes, notes);
    }

    private BackupNote note(String epoch, Map<String, Path> folders) throws IOException {
        DataKey key = KeyFile.find(config.buffer().dir(), config.buffer().key());
        Map<String, String> names = new LinkedHashMap<>();
        folders.forEach((area, folder) ->
                names.put(area, folder.toAbsolutePath().normalize().toString()));
        return new BackupNote(
                config.gateway().id(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                software,
                epoch,
                key == null ? "" : key.secretText(),
                config.buffer().key(),
                String.valueOf(file.getFileName()),
                names);
    }

    /** The configuration, and the files and profiles beside it that it names. */
    private void configuration(Archive.Writer archive, Path beside, Map<String, Path> folders) throws IOException {
        take(archive, BackupNote.CONFIG, String.valueOf(file.getFileName()), file);
        List<Path> named = new ArrayList<>();
        for (Path each : new Path[] {
            config.uplink().ca(),
            config.uplink().key(),
            config.trust() == null ? null : config.trust().keys()
        }) {
            // A key that was born on this board stays on it: the other one enrols anew.
            boolean isEnrolled = each != null && each.startsWith(config.enrol().dir());
            if (each != null
                    && !isEnrolled
                    && !named.contains(each.toAbsolutePath().normalize())) {
                named.add(each.toAbsolutePath().normalize());
            }
        }
        for (Path each : config.profileFolders()) {
            Path folder = each.toAbsolutePath().normalize();
            if (folder.startsWith(beside) && !folder.equals(beside) && !folders.containsValue(folder)) {
                named.add(folder);
            }
        }
        for (Path each : named) {
            if (!each.startsWith(beside)) {
                notes.add(each + " is not beside the configuration: copy it yourself");
            } else if (Files.isDirectory(each)) {
                walk(archive, BackupNote.CONFIG, beside, each);
            } else if (Files.isRegularFile(each)) {
                take(archive, BackupNote.CONFIG, name(beside, each), each);
            }
        }
    }

    private void tree(Archive.Writer archive, String area, Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            walk(archive, area, folder, folder);
        }
    }

    private void walk(Archive.Writer archive, String area, Path root, Path from) throws IOException {
        List<Path> found;
        try (Stream<Path> all = Files.walk(from)) {
            found = all.sorted().toList();
        }
        for (Path each : found) {
            boolean isOurs = root.equals(each.getParent()) && LEFT_OUT.contains(String.valueOf(each.getFileName()));
            if (Files.isSymbolicLink(each)) {
                notes.add(each + " is a link and not taken");
            } else if (Files.isRegularFile(each) && !isOurs) {
                take(archive, area, name(root, each), each);
            }
        }
    }

    private static String name(Path root, Path file) {
        return root.relativize(file).toString();
    }

    private void take(Archive.Writer archive, String area, String name, Path from) throws IOException {
        bytes += archive.file(area, name, from);
        files++;
    }
}
