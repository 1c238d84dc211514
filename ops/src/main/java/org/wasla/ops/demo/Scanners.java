package org.wasla.ops.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.wasla.gateway.cli.Workshop;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.imaging.Sender;

/**
 * A CT and an ultrasound that send one examination each, by DCMTK's storescu as most scanners do, or by our own sender
 * where DCMTK is not installed. One thread.
 */
final class Scanners implements Workshop.Scanners {
    private static final List<Path> STORESCU =
            List.of(Path.of("/usr/bin/storescu"), Path.of("/usr/local/bin/storescu"));
    private static final String HOST = "127.0.0.1";
    private static final int SUCCESS = 0;
    private static final long SEND_S = 60;
    private final Path folder;
    private final List<Path> storescu;

    Scanners(Path folder) {
        this(folder, STORESCU.stream().filter(Files::isExecutable).toList());
    }

    /** @param storescu where DCMTK's sender is, empty where it is not */
    Scanners(Path folder, List<Path> storescu) {
        this.folder = folder;
        this.storescu = List.copyOf(storescu);
    }

    @Override
    public String sender() {
        return storescu.isEmpty()
                ? "Wasla's own sender (DCMTK is not installed: apt-get install dcmtk)"
                : "DCMTK's storescu";
    }

    @Override
    public void send(String called, int port) throws IOException, InterruptedException {
        ScanObjects objects = new ScanObjects(LocalDateTime.now(ZoneId.systemDefault()));
        Path chest = Files.createDirectories(folder.resolve("ct1"));
        objects.chest(chest);
        send(chest, "CT1", called, port);
        Path fetus = Files.createDirectories(folder.resolve("us1"));
        objects.fetus(fetus);
        send(fetus, "US1", called, port);
    }

    private void send(Path objects, String title, String called, int port) throws IOException, InterruptedException {
        if (storescu.isEmpty()) {
            sendOurselves(objects, new Sender.Peer(HOST, port, called, title));
            return;
        }
        Path log = folder.resolve(title + ".log");
        Process process = new ProcessBuilder(
                        storescu.get(0).toString(),
                        "-R",
                        "-aet",
                        title,
                        "-aec",
                        called,
                        "+sd",
                        HOST,
                        Integer.toString(port),
                        objects.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(SEND_S, TimeUnit.SECONDS)) {
                throw new IOException("storescu of " + title + " is not done after " + SEND_S + " s");
            }
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new IOException(
                    "storescu of " + title + " failed: " + Files.readString(log).strip());
        }
    }

    private static void sendOurselves(Path objects, Sender.Peer peer) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(objects)) {
            files = all.sorted().toList();
        }
        List<FileHead> heads = new ArrayList<>();
        for (Path file : files) {
            FileHead head = Sender.head(file);
            if (head == null) {
                throw new IOException(file + " is no DICOM file");
            }
            heads.add(head);
        }
        try (Sender sender = Sender.open(peer, heads, Timing.USUAL)) {
            for (int i = 0; i < files.size(); i++) {
                if (sender.store(files.get(i), heads.get(i)).orElse(-1) != SUCCESS) {
                    throw new IOException("the box did not take " + files.get(i).getFileName());
                }
            }
        }
    }
}
