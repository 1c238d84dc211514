package org.wasla.gateway.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.outbox.BufferLook;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wasla buffer export}: everything that is held, also of damaged files. */
@Command(
        name = "export",
        description = {
            "Writes all records that the buffer of a stopped agent holds as JSON lines, each once, in order.",
            "What is damaged is passed over and told on stderr. The output holds patient data.",
            "Ends with 0 when everything could be read, with 1 when something was found."
        })
final class BufferExport implements Callable<Integer> {
    private static final int OUT_BYTES = 64 << 10;

    @Mixin
    BufferVerb.Which which = new BufferVerb.Which();

    @Option(names = "--out", paramLabel = "FILE", description = "A new file, for its owner only; stdout without it.")
    @Nullable
    Path out;

    @Option(names = "--stream", paramLabel = "DEV.KIND", description = "Only this stream, such as oxi-b07.obs.")
    @Nullable
    String stream;

    @Option(names = "--unpublished", description = "Only what the platform does not have yet.")
    boolean unpublished;

    private int found;

    @Override
    public Integer call() throws Failure, IOException {
        if (stream != null && !stream.matches("[a-z0-9-]+\\.[a-z]+")) {
            throw new Failure(2, "--stream is '" + stream + "'; write DEV.KIND, such as oxi-b07.obs");
        }
        Config config = which.config();
        try (BufferLook look = BufferVerb.open(config);
                OutputStream to = open()) {
            System.err.println("The output holds patient data: keep it where only those may read it who must.");
            long count = look.export(
                    new BufferLook.Wanted(stream, unpublished),
                    BufferVerb::told,
                    entry -> {
                        to.write(entry.payload());
                        to.write('\n');
                    },
                    finding -> {
                        found++;
                        System.err.println(
                                "FAULT " + finding.file() + ": " + finding.what() + "; what is whole in it is written");
                    });
            to.flush();
            System.err.println(count + " records written" + (out == null ? "" : " to " + out));
        }
        return found == 0 ? 0 : 1;
    }

    private OutputStream open() throws Failure, IOException {
        if (out == null) {
            return new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), OUT_BYTES);
        }
        try {
            FileChannel file = FileChannel.open(
                    out,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return new BufferedOutputStream(Channels.newOutputStream(file), OUT_BYTES);
        } catch (FileAlreadyExistsException there) {
            throw new Failure(1, "wasla: " + out + " is there already; name a new file");
        } catch (NoSuchFileException nowhere) {
            throw new Failure(1, "wasla: " + out + " cannot be made; its folder is not there");
        }
    }
}
