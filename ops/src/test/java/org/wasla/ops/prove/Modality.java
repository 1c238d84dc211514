package org.wasla.ops.prove;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.wasla.gateway.dicom.DataSetBytes;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.imaging.Sender;

/**
 * A scanner in a proof, and the box that it sends to as a process of its own: projections, each with a dose of its own, and
 * when each was acknowledged. One thread.
 */
final class Modality implements AutoCloseable {
    private static final String CLASS = "1.2.840.10008.5.1.4.1.1.1";
    private static final String ROOT = "2.25.4711.";
    private static final int PIXEL_BYTES_MAX = 300_000;
    private static final int EVERY_LARGE = 5;
    private static final int SMALL_BYTES_MAX = 12_000;
    private static final long END_S = 30;
    private final Path folder;
    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private int refused;
    private int number;

    /** @param folder for the files that are being sent; not on the disk of the box */
    Modality(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    /** An object that the box has answered with success, and the monotonic time when that was read. */
    record Acknowledged(int number, long atNs) {
        String uid() {
            return ROOT + number;
        }
    }

    List<Acknowledged> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /** How often the answer was that there is no room. */
    int refused() {
        return refused;
    }

    /** The data set of an object, the same at every call. */
    static byte[] data(int number) {
        Random random = new Random(number);
        byte[] pixels =
                new byte[2 * (1 + random.nextInt(number % EVERY_LARGE == 0 ? PIXEL_BYTES_MAX : SMALL_BYTES_MAX) / 2)];
        random.nextBytes(pixels);
        return DataSetBytes.explicit()
                .text(0x0008_0016, "UI", CLASS)
                .text(0x0008_0018, "UI", ROOT + number)
                .text(0x0008_0060, "CS", "DX")
                .text(0x0018_115e, "DS", Integer.toString(number))
                .text(0x0020_000d, "UI", ROOT + "0.1")
                .text(0x0020_000e, "UI", ROOT + "0.2")
                .numbers(0x0028_0010, "US", 2, 64)
                .element(0x7fe0_0010, "OW", pixels)
                .toArray();
    }

    /** The number of the object with this UID. */
    static int number(String uid) {
        return Integer.parseInt(uid.substring(ROOT.length()));
    }

    /** A box as a process; what it complains of goes to the log. */
    static Process start(Path root, Path log, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ScanBox.class.getName(),
                root.toString());
        builder.environment().putAll(environment);
        return builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    static int port(Process box) throws IOException {
        BufferedReader out = new BufferedReader(new InputStreamReader(box.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        while (line != null && !line.matches("\\d+")) {
            line = out.readLine();
        }
        if (line == null) {
            throw new IOException("the box does not start");
        }
        return Integer.parseInt(line);
    }

    /** Lets the box end in order. */
    static void finish(Process box) throws IOException, InterruptedException {
        box.getOutputStream().close();
        if (!box.waitFor(END_S, TimeUnit.SECONDS)) {
            box.destroyForcibly();
            throw new IOException("the box does not end");
        }
    }

    /** Whether to go on. */
    interface Condition {
        boolean holds();
    }

    /** Sends one object after the other; ends when the association does. */
    void sendWhile(int port, Condition condition) throws IOException {
        FileHead head = head(0);
        Sender.Peer peer = new Sender.Peer("127.0.0.1", port, ScanBox.TITLE, "DX1");
        Path file = folder.resolve("object.dcm");
        try (Sender sender = Sender.open(peer, List.of(head), Timing.USUAL)) {
            while (condition.holds()) {
                number++;
                FileHead next = head(number);
                write(file, number);
                int status = sender.store(file, next).orElse(-1);
                if (status == 0) {
                    acknowledged.add(new Acknowledged(number, System.nanoTime()));
                } else {
                    refused++;
                }
            }
        }
    }

    private static FileHead head(int number) {
        int bytes = FileHead.write(CLASS, ROOT + number, Uids.EXPLICIT_LITTLE, "").length;
        return new FileHead(CLASS, ROOT + number, Uids.EXPLICIT_LITTLE, "", bytes);
    }

    private static void write(Path file, int number) throws IOException {
        byte[] head = FileHead.write(CLASS, ROOT + number, Uids.EXPLICIT_LITTLE, "");
        byte[] data = data(number);
        byte[] all = java.util.Arrays.copyOf(head, head.length + data.length);
        System.arraycopy(data, 0, all, head.length, data.length);
        Files.write(file, all);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(folder.resolve("object.dcm"));
    }
}
