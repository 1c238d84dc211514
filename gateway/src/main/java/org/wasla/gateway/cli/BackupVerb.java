package org.wasla.gateway.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.wasla.gateway.backup.Backup;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.outbox.InUseException;
import org.wasla.gateway.vault.BackupSeal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wasla backup}: what a box is, in one locked file. */
@Command(
        name = "backup",
        description = {
            "Writes configuration, profiles from outside, trust, patients and buffer of a stopped agent into one locked file.",
            "Images are not in it."
        })
final class BackupVerb implements Callable<Integer> {
    static final String PASSPHRASE = "passphrase";

    @Mixin
    BufferVerb.Which which = new BufferVerb.Which();

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "A new file, for its owner only.")
    Path out = Path.of("");

    @Option(
            names = "--to",
            required = true,
            paramLabel = "KEY",
            description =
                    "Who can open it: the PEM file of a public X25519 key, or the word passphrase, which is asked for.")
    String to = "";

    @Override
    public Integer call() throws Failure, IOException {
        Config config = which.config();
        BackupSeal seal = to.equals(PASSPHRASE)
                ? BackupSeal.passphrase(Secret.ask("passphrase of the backup"))
                : BackupSeal.to(Path.of(to));
        boolean isWhole = false;
        FileChannel file = made();
        try (OutputStream bytes = new BufferedOutputStream(Channels.newOutputStream(file))) {
            Backup.Result result =
                    new Backup(config, which.file, Main.VERSION).write(bytes, seal, List.of(Shared.shipped()));
            bytes.flush();
            file.force(true);
            isWhole = true;
            result.notes().forEach(note -> System.out.println("note  " + note));
            System.out.println(result.files() + " files, " + result.bytes() + " bytes of "
                    + config.gateway().id() + " in " + out);
            return 0;
        } catch (InUseException running) {
            throw new Failure(1, "wasla: " + running.getMessage() + "; stop it first (systemctl stop wasla)");
        } finally {
            if (!isWhole) {
                Files.deleteIfExists(out);
            }
        }
    }

    private FileChannel made() throws Failure, IOException {
        try {
            return FileChannel.open(
                    out,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException there) {
            throw new Failure(1, "wasla: " + out + " is there already; name a new file");
        } catch (NoSuchFileException nowhere) {
            throw new Failure(1, "wasla: " + out + " cannot be made; its folder is not there");
        }
    }
}
