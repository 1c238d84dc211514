package org.wasla.ops.prove;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.imaging.Imaging;
import org.wasla.gateway.imaging.Imaging.Told;
import org.wasla.gateway.imaging.ImagingSettings;
import org.wasla.gateway.imaging.ImagingSettings.Limits;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.observation.RecordJson.Envelope;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;

/**
 * The imaging side of a box on a disk of its own: receiver and store, and the buffer that its records go to. Nothing is
 * published, so that all that was told stands in the buffer. As a program it says its port, and runs until its input ends.
 */
final class ScanBox implements AutoCloseable {
    static final String TITLE = "WASLA";
    private static final long BUFFER_BYTES = 16L << 20;
    /** A tenth of it has to be free, so that small disks do. */
    private static final long STORE_BYTES = 60L << 20;

    private static final long QUIET_MS = 60_000;
    private static final int BATCH = 1_000;
    private final Outbox outbox;
    private final Imaging imaging;

    private ScanBox(Outbox outbox, Imaging imaging) {
        this.outbox = outbox;
        this.imaging = imaging;
    }

    static Path store(Path root) {
        return root.resolve("dicom");
    }

    static ScanBox open(Path root) throws IOException {
        Outbox outbox = Outbox.open(new OutboxSettings(root.resolve("buffer"), BUFFER_BYTES, 0), Gaps.by("gw-proof"));
        ImagingSettings settings =
                new ImagingSettings(TITLE, false, 0, List.of(), store(root), STORE_BYTES, QUIET_MS, null, Limits.USUAL);
        try {
            return new ScanBox(outbox, Imaging.start(settings, Timing.USUAL, told -> outbox.append(drafts(told))));
        } catch (IOException unusable) {
            outbox.close();
            throw unusable;
        }
    }

    private static List<Draft> drafts(Told told) {
        Envelope envelope = new Envelope("gw-proof", "scan", null, null, null, null, told.timeMs(), null, null);
        List<Draft> drafts = new ArrayList<>();
        for (RecordBody body : told.bodies()) {
            drafts.add(new Draft(
                    "scan",
                    body.kind(),
                    Urgency.RESULT,
                    told.timeMs(),
                    RecordJson.unnumbered(envelope, body)::numbered));
        }
        return drafts;
    }

    int port() {
        return imaging.ports().get(0);
    }

    /** All that was told. */
    List<String> records() throws IOException {
        List<String> all = new ArrayList<>();
        List<Entry> some = outbox.next(Urgency.RESULT, 0, BATCH);
        while (!some.isEmpty()) {
            some.forEach(entry -> all.add(new String(entry.payload(), StandardCharsets.UTF_8)));
            some = outbox.next(Urgency.RESULT, some.get(some.size() - 1).position(), BATCH);
        }
        return all;
    }

    public static void main(String[] args) throws IOException {
        try (ScanBox box = open(Path.of(args[0]))) {
            System.out.println(box.port());
            while (System.in.read() >= 0) {
                // whoever started us is still there
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            imaging.close();
        } finally {
            outbox.close();
        }
    }
}
