package org.wasla.gateway.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.identity.PatientStore;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.vault.BackupSeal;
import org.wasla.gateway.vault.KeySource;

/** A box out of the backup of another: all that waited is there, under keys of openssl, and nothing half or forged is taken. */
class BackupTest {
    private static final int RECORDS = 200;

    @TempDir
    Path dir;

    private AtRest box;
    private Path file;
    private BackupSeal open;

    @BeforeEach
    void backUp() throws Exception {
        box = new AtRest(dir.resolve("old"), 1);
        box.fill(RECORDS);
        try (Outbox outbox = box.open();
                PatientStore patients = PatientStore.open(box.patients(), outbox.safe("identity"))) {
            assertEquals(1, patients.key().version());
        }
        Path key = dir.resolve("backup.key");
        openssl("genpkey", "-algorithm", "X25519", "-out", key.toString());
        openssl(
                "pkey",
                "-in",
                key.toString(),
                "-pubout",
                "-out",
                dir.resolve("backup.pub").toString());
        open = BackupSeal.with(key);
        file = write(BackupSeal.to(dir.resolve("backup.pub")), "box.backup");
    }

    private static void openssl(String... args) throws Exception {
        String[] command = Stream.concat(Stream.of("openssl"), Stream.of(args)).toArray(String[]::new);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0, String.join(" ", command));
    }

    private Path write(BackupSeal seal, String name) throws IOException {
        Path to = dir.resolve(name);
        try (OutputStream out = Files.newOutputStream(to)) {
            new Backup(box.config(), box.file(), "test").write(out, seal, List.of(Path.of("../device-profiles")));
        }
        return to;
    }

    private KeySource otherBoard() throws IOException {
        Path secret = Files.writeString(dir.resolve("other"), "what the new board offers");
        return KeySource.of("file:" + secret).orElseThrow();
    }

    /** The old box is gone: its files are moved away, and the new ones come into their place. */
    private Outbox restored(boolean replaces) throws IOException {
        Files.move(dir.resolve("old"), dir.resolve("gone"));
        Files.createDirectories(dir.resolve("old"));
        Restore restore = Restore.open(file, open);
        Files.createDirectories(dir.resolve("old/etc"));
        restore.write(box.file(), restore.places(box.file(), Map.of()), otherBoard(), replaces);
        String text = Files.readString(box.file());
        Files.writeString(box.file(), text.replace(dir.resolve("old/secret").toString(), dir.resolve("other") + ""));
        return box.open();
    }

    private String epoch() throws IOException {
        try (Outbox outbox = box.open()) {
            return outbox.epoch();
        }
    }

    @Test
    void onAnotherBoardAllThatWaitedIsThereUnderANewEpoch() throws Exception {
        String before = epoch();
        String fresh;
        try (Outbox outbox = restored(false)) {
            assertEquals(RECORDS, AtRest.records(outbox).size());
            fresh = outbox.epoch();
            assertNotEquals(before, fresh);
            PatientStore.open(box.patients(), outbox.safe("identity")).close();
        }
        assertEquals(fresh, epoch(), "drawn once");
        assertEquals(List.of(), AtRest.readable(List.of(box.buffer()), List.of(AtRest.RECORD)));
        assertTrue(Files.exists(dir.resolve("old/etc/ca.pem")));
    }

    @Test
    void whoReplacesTheOldBoxGoesOnWithItsNumbers() throws Exception {
        String before = epoch();
        try (Outbox outbox = restored(true)) {
            assertEquals(before, outbox.epoch());
            assertEquals(RECORDS, outbox.lastNumber("a", "obs"));
        }
    }

    @Test
    void theBackupTellsNothingWithoutItsKey() throws Exception {
        assertEquals(
                List.of(),
                AtRest.readable(List.of(dir.resolve("old")), List.of(AtRest.RECORD)),
                "the box is encrypted");
        String all = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertFalse(all.contains("gw-9"));
        openssl(
                "genpkey",
                "-algorithm",
                "X25519",
                "-out",
                dir.resolve("wrong.key").toString());
        assertThrows(IOException.class, () -> Restore.open(file, BackupSeal.with(dir.resolve("wrong.key"))));
        assertThrows(IOException.class, () -> Restore.open(file, BackupSeal.passphrase("six words are better")));
    }

    @Test
    void aPassphraseDoesAsWell() throws Exception {
        Path other = write(BackupSeal.passphrase("correct horse battery"), "other.backup");
        assertEquals(
                "gw-9",
                Restore.open(other, BackupSeal.passphrase("correct horse battery"))
                        .note()
                        .gateway());
        assertThrows(IOException.class, () -> Restore.open(other, BackupSeal.passphrase("correct horse batterie")));
        assertThrows(IOException.class, () -> BackupSeal.passphrase("short"));
    }

    /** Found before anything is written: a chunk missing, in another place, changed, or the end cut off. */
    @Test
    void whatIsNotAsItWasWrittenIsRefused() throws Exception {
        byte[] good = Files.readAllBytes(file);
        int chunk = 5 + (64 << 10) + 16;
        int head = 41;
        assertTrue(good.length > head + 3 * chunk, "too small to move chunks: " + good.length);
        for (int at : new int[] {0, 8, 20, head, head + 3, head + 5, head + chunk, head + chunk + 9, good.length - 1}) {
            byte[] changed = good.clone();
            changed[at] ^= 1;
            refused(changed, "byte " + at);
        }
        for (int length : new int[] {0, 40, head, head + chunk, head + 2 * chunk, good.length - 1}) {
            refused(Arrays.copyOf(good, length), "cut at " + length);
        }
        byte[] swapped = good.clone();
        // Both lie in one file, where nothing but their numbers tells them apart.
        System.arraycopy(good, head + chunk, swapped, head + 2 * chunk, chunk);
        System.arraycopy(good, head + 2 * chunk, swapped, head + chunk, chunk);
        refused(swapped, "chunks changed places");
        ByteArrayOutputStream without = new ByteArrayOutputStream();
        without.write(good, 0, head + chunk);
        without.write(good, head + 2 * chunk, good.length - head - 2 * chunk);
        refused(without.toByteArray(), "a chunk is missing");
        refused(Arrays.copyOf(good, good.length + 1), "something behind the end");
    }

    private void refused(byte[] bytes, String what) throws IOException {
        Path bad = Files.write(dir.resolve("bad.backup"), bytes);
        assertThrows(IOException.class, () -> Restore.open(bad, open), what);
    }

    /** Anybody may lock something for a public key: a name must not lead out of its folder. */
    @Test
    void namesThatLeadElsewhereAreRefused() throws Exception {
        for (String name : new String[] {"../x", "a/../../x", "/etc/x", "a//b", ".", "a/./b", "a\\b", "x\0y", ""}) {
            Path forged = dir.resolve("forged.backup");
            try (OutputStream out = Files.newOutputStream(forged)) {
                Archive.Writer writer = new Archive.Writer(out, BackupSeal.to(dir.resolve("backup.pub")));
                BackupNote note = new BackupNote(
                        "gw-9", "", "", "", "", KeySource.NONE, "wasla.yaml", Map.of("buffer", dir + "/forged"));
                writer.text(BackupNote.AREA, BackupNote.AREA, note.text());
                writer.text("buffer", name, "x");
                writer.end();
            }
            assertThrows(IOException.class, () -> Restore.open(forged, open), name);
        }
    }

    @Test
    void nothingThatIsThereIsWrittenOver() throws Exception {
        Restore restore = Restore.open(file, open);
        String before = Files.readString(box.file());
        IOException there = assertThrows(
                IOException.class,
                () -> restore.write(box.file(), restore.places(box.file(), Map.of()), otherBoard(), true));
        assertTrue(String.valueOf(there.getMessage()).contains("is there already"), there.getMessage());
        assertEquals(before, Files.readString(box.file()));
        Map<String, Path> elsewhere = Map.of("buffer", dir.resolve("b"), "patients", dir.resolve("p"));
        assertThrows(
                IOException.class,
                () -> restore.write(box.file(), restore.places(box.file(), elsewhere), otherBoard(), true),
                "the configuration is there");
        assertFalse(Files.exists(dir.resolve("b")));
    }

    @Test
    void aRunningBoxIsNotBackedUp() throws Exception {
        try (Outbox running = box.open()) {
            assertThrows(IOException.class, () -> write(BackupSeal.to(dir.resolve("backup.pub")), "running.backup"));
            assertEquals(RECORDS, AtRest.records(running).size());
        }
    }
}
