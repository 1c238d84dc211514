package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.backup.BackupNote;
import org.wasla.gateway.backup.Restore;
import org.wasla.gateway.vault.BackupSeal;
import org.wasla.gateway.vault.KeySource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wasla restore}: a box out of a backup. */
@Command(
        name = "restore",
        description = {
            "Makes a box of a backup, once all of the backup was found to be as it was written. Writes over nothing.",
            "The box has the same id; the one that was backed up must not run beside it."
        })
final class RestoreVerb implements Callable<Integer> {
    @Option(names = "--in", required = true, paramLabel = "FILE", description = "What wasla backup wrote.")
    Path in = Path.of("");

    @Option(
            names = "--with",
            required = true,
            paramLabel = "KEY",
            description = "What opens it: the PEM file of the private X25519 key, or the word passphrase.")
    String with = "";

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "Where the configuration goes.")
    Path config = Path.of("");

    @Option(names = "--buffer", paramLabel = "DIR", description = "Where the buffer goes, when not where it was.")
    @Nullable
    Path buffer;

    @Option(names = "--patients", paramLabel = "DIR", description = "Where the patients go, when not where they were.")
    @Nullable
    Path patients;

    @Option(
            names = "--key",
            paramLabel = "SOURCE",
            description = "What this board offers, as buffer.key; without it the source that the backup names.")
    @Nullable
    String key;

    @Option(
            names = "--replaces",
            description = {
                "The box that was backed up never runs again, and has sent nothing since:",
                "go on with its numbers. Without it the buffer goes on under a new epoch."
            })
    boolean replaces;

    @Option(names = "--yes", description = "Do not ask.")
    boolean yes;

    @Override
    public Integer call() throws Failure, IOException {
        KeySource source = source(key);
        BackupSeal seal = with.equals(BackupVerb.PASSPHRASE)
                ? BackupSeal.passphrase(Secret.ask("passphrase of the backup"))
                : BackupSeal.with(Path.of(with));
        Restore restore = Restore.open(in, seal);
        BackupNote note = restore.note();
        Map<String, Path> asked = new HashMap<>();
        if (buffer != null) {
            asked.put("buffer", buffer.toAbsolutePath().normalize());
        }
        if (patients != null) {
            asked.put("patients", patients.toAbsolutePath().normalize());
        }
        Map<String, Path> places = restore.places(config, asked);
        System.out.println("backup of " + note.gateway() + " made " + note.made() + ": " + restore.files() + " files, "
                + restore.bytes() + " bytes, whole");
        places.forEach((area, place) -> System.out.println("  " + area + " to " + place));
        System.out.println(
                replaces
                        ? "  numbers go on under epoch " + note.epoch() + ": the old box must never run again"
                        : "  a new epoch: numbers begin anew, what waits keeps its ids");
        if (!yes) {
            Secret.confirm("Two boxes of one id push each other off the broker: stop the old one.", note.gateway());
        }
        restore.write(config, places, key == null ? note.key() : source, replaces);
        System.out.println("restored; give the files to the agent's user (chown), then start it");
        return 0;
    }

    private static KeySource source(@Nullable String text) throws Failure {
        return KeySource.of(text == null ? "" : text)
                .orElseThrow(() -> new Failure(2, "wasla: --key is '" + text + "'; " + KeySource.REMEDY));
    }
}
