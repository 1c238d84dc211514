package org.wasla.gateway.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.audit.Auditor;
import org.wasla.gateway.outbox.NewEpoch;
import org.wasla.gateway.trust.AuditLog;
import org.wasla.gateway.trust.BoxKey;
import org.wasla.gateway.vault.BackupSeal;
import org.wasla.gateway.vault.DataKey;
import org.wasla.gateway.vault.KeyFile;
import org.wasla.gateway.vault.KeySource;
import org.wasla.gateway.vault.Safe;

/**
 * Makes a box of a backup. Nothing is written before every byte of the backup was found to be as it was written, and nothing
 * that is there is written over: each folder is put together beside its place and moved there whole. One thread.
 */
public final class Restore {
    private static final String DRAFT = ".restoring";
    private static final int NOTE_BYTES_MAX = 1 << 20;

    private final Path backup;
    private final BackupSeal seal;
    private final BackupNote note;
    private final int files;
    private final long bytes;

    private Restore(Path backup, BackupSeal seal, BackupNote note, int files, long bytes) {
        this.backup = backup;
        this.seal = seal;
        this.note = note;
        this.files = files;
        this.bytes = bytes;
    }

    /** Counts, and takes the note. */
    private static final class Count implements Archive.Taker {
        private @Nullable BackupNote note;
        private int files;
        private long bytes;

        @Override
        public void take(String area, String name, int mode, long length, InputStream content) throws IOException {
            if (area.equals(BackupNote.AREA)) {
                note = BackupNote.of(new String(content.readNBytes(NOTE_BYTES_MAX), StandardCharsets.UTF_8));
                return;
            }
            BackupNote known = note;
            if (known == null
                    || !area.equals(BackupNote.CONFIG) && !known.folders().containsKey(area)) {
                throw new IOException("this backup has a file of no folder that it names: " + area);
            }
            files++;
            bytes += length;
        }
    }

    /**
     * Reads all of it, and changes nothing.
     *
     * @throws IOException when it is damaged, cut off, for another key, or not made by us
     */
    public static Restore open(Path backup, BackupSeal seal) throws IOException {
        if (!Files.isRegularFile(backup)) {
            throw new IOException("there is no file " + backup + "; give the one that wasla backup wrote");
        }
        Count count = new Count();
        Archive.read(backup, seal, count);
        BackupNote note = count.note;
        if (note == null) {
            throw new IOException("this backup says nothing of itself; it was not made by wasla backup");
        }
        return new Restore(backup, seal, note, count.files, count.bytes);
    }

    public BackupNote note() {
        return note;
    }

    public int files() {
        return files;
    }

    public long bytes() {
        return bytes;
    }

    /** Where everything will stand, by area: the areas of the backup, or others that were asked for. */
    public Map<String, Path> places(Path config, Map<String, Path> asked) {
        Map<String, Path> places = new LinkedHashMap<>();
        places.put(BackupNote.CONFIG, config.toAbsolutePath().normalize().resolveSibling(""));
        note.folders().forEach((area, folder) -> places.put(area, asked.getOrDefault(area, Path.of(folder))));
        return places;
    }

    /**
     * Writes all of it.
     *
     * @param config where the configuration goes
     * @param key what this board offers; the key of the buffer is wrapped with it anew
     * @param replaces whether the box that was backed up never runs again: only then this one may go on with its numbers
     * @throws IOException when something is there already, or cannot be written; nothing of it is in its place then, or all of
     *     some folders
     */
    public void write(Path config, Map<String, Path> places, KeySource key, boolean replaces) throws IOException {
        checkFree(config, places);
        Map<String, Path> drafts = new LinkedHashMap<>();
        places.forEach((area, place) -> drafts.put(area, draft(area, place)));
        try {
            for (Path draft : drafts.values()) {
                delete(draft);
                Files.createDirectories(
                        draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Path buffer = drafts.getOrDefault(BackupNote.BUFFER, Path.of("unset"));
            DataKey data = note.secret().isEmpty() ? null : DataKey.ofSecretText(note.secret());
            if (data != null) {
                if (key.isNone()) {
                    throw new IOException("this backup is of an encrypted box; " + KeySource.REMEDY + " with --key");
                }
                KeyFile.write(buffer, key, data);
            }
            Archive.read(backup, seal, (area, name, mode, length, content) -> {
                Path draft = drafts.get(area);
                if (draft != null) {
                    copy(content, draft.resolve(named(area, name, config)), mode);
                }
            });
            if (!replaces) {
                NewEpoch.order(buffer);
            }
            audit(buffer, data, replaces);
            for (Path draft : drafts.values()) {
                syncAll(draft);
            }
            settle(config, places, drafts);
        } finally {
            for (Path draft : drafts.values()) {
                delete(draft);
            }
        }
    }

    private static Path draft(String area, Path place) {
        return area.equals(BackupNote.CONFIG)
                ? place.resolve("wasla-config" + DRAFT)
                : place.resolveSibling(place.getFileName() + DRAFT);
    }

    /** The configuration may get another name. */
    private String named(String area, String name, Path config) {
        return area.equals(BackupNote.CONFIG) && name.equals(note.config())
                ? String.valueOf(config.getFileName())
                : name;
    }

    private void checkFree(Path config, Map<String, Path> places) throws IOException {
        for (Map.Entry<String, Path> each : places.entrySet()) {
            if (!each.getKey().equals(BackupNote.CONFIG) && !isFree(each.getValue())) {
                throw new IOException(
                        each.getValue() + " is there already; move it away: a restore writes over nothing");
            }
        }
        Path folder = places.getOrDefault(BackupNote.CONFIG, config);
        Archive.read(backup, seal, (area, name, mode, length, content) -> {
            Path target = folder.resolve(named(area, name, config));
            if (area.equals(BackupNote.CONFIG) && Files.exists(target)) {
                throw new IOException(target + " is there already; move it away: a restore writes over nothing");
            }
        });
    }

    private static boolean isFree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return true;
        }
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.findAny().isEmpty();
        }
    }

    private static void copy(InputStream content, Path to, int mode) throws IOException {
        Files.createDirectories(
                to.getParent(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (OutputStream out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW)) {
            content.transferTo(out);
        }
        Files.setPosixFilePermissions(to, Archive.permissions(mode));
    }

    /** The chain of what was done to the box goes on; the agent publishes the record when it starts. */
    private void audit(Path buffer, @Nullable DataKey data, boolean replaces) throws IOException {
        Path keyFile = Auditor.keyFile(buffer);
        if (!Files.exists(keyFile)) {
            return;
        }
        long nowMs = System.currentTimeMillis();
        BoxKey own = BoxKey.open(keyFile, data == null ? Safe.NONE : data.safe(Auditor.PURPOSE));
        try (AuditLog log = AuditLog.open(Auditor.folder(buffer), note.gateway(), own, nowMs)) {
            log.append("restore", Map.of("made", note.made(), "numbers", replaces ? "go on" : "new epoch"), nowMs);
        }
    }

    private static void syncAll(Path draft) throws IOException {
        List<Path> found;
        try (Stream<Path> all = Files.walk(draft)) {
            found = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : found) {
            sync(each);
        }
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel open = FileChannel.open(path, StandardOpenOption.READ)) {
            open.force(true);
        }
    }

    /** The configuration comes last: without it no agent starts on half of a box. */
    private static void settle(Path config, Map<String, Path> places, Map<String, Path> drafts) throws IOException {
        for (Map.Entry<String, Path> each : places.entrySet()) {
            Path draft = drafts.getOrDefault(each.getKey(), config);
            if (!each.getKey().equals(BackupNote.CONFIG)) {
                Files.deleteIfExists(each.getValue());
                Files.move(draft, each.getValue(), StandardCopyOption.ATOMIC_MOVE);
                sync(each.getValue().resolveSibling(""));
            }
        }
        Path folder = places.getOrDefault(BackupNote.CONFIG, config);
        Path draft = drafts.getOrDefault(BackupNote.CONFIG, config);
        List<Path> found = new ArrayList<>();
        try (Stream<Path> all = Files.walk(draft)) {
            all.filter(Files::isRegularFile).sorted().forEach(found::add);
        }
        for (Path each : found) {
            Path target = folder.resolve(draft.relativize(each).toString());
            Files.createDirectories(target.getParent());
            Files.move(each, target, StandardCopyOption.ATOMIC_MOVE);
        }
        sync(folder);
    }

    private static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> all = Files.walk(tree)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }
}
