package org.wasla.gateway.imaging;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.dicom.DataSetFile;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.print.Picture;

/**
 * The pictures that one association has sent to the boxes of its films, each as a part in the store, never in the heap.
 * What is not printed leaves nothing. One thread.
 */
final class Sheets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sheets.class);
    private static final int CHUNK_BYTES = 64 << 10;
    /** Held while one is read: until most of it is left out, its attributes may take some memory. */
    private static final Object READING = new Object();

    private final ObjectStore store;
    private final String caller;
    private final Map<String, Incoming> sheets = new HashMap<>();
    private @Nullable Incoming coming;
    private String comingIn = "";

    Sheets(ObjectStore store, String caller) {
        this.store = store;
        this.caller = caller;
    }

    /** Begins what is sent to a box; false when there is no room for more. */
    boolean begin(String box, String syntax) throws IOException {
        comingIn = syntax;
        // The class is that of what it may become; as long as it is a part nobody reads it.
        coming = store.begin(Picture.SOP_CLASS, box, syntax, caller);
        return coming != null;
    }

    boolean isComing() {
        return coming != null;
    }

    /** Takes the next bytes; false when there is no room for them. */
    boolean write(byte[] chunk, int from, int to) throws IOException {
        return coming == null || coming.write(chunk, from, to);
    }

    /** Reads what was sent, now that it is whole; null when there is no room for the last of it. */
    DataSetFile.@Nullable Reading read() throws IOException {
        if (coming == null || !coming.park()) {
            return null;
        }
        Path file = coming.part();
        synchronized (READING) {
            try (InputStream in = Files.newInputStream(file)) {
                in.skipNBytes(coming.headBytes());
                return DataSetFile.read(in, Files.size(file) - coming.headBytes(), comingIn, "");
            }
        }
    }

    /** What was last sent is good, and takes the place of what was there before. */
    void keep(String box) {
        Incoming part = coming;
        coming = null;
        if (part != null) {
            drop(sheets.put(box, part));
        }
    }

    /** What was last sent is not to be kept. */
    void refuse() {
        drop(coming);
        coming = null;
    }

    /** Leaves those of boxes that are still there. */
    void retain(Set<String> boxes) {
        for (Map.Entry<String, Incoming> each : Map.copyOf(sheets).entrySet()) {
            if (!boxes.contains(each.getKey())) {
                drop(sheets.remove(each.getKey()));
            }
        }
    }

    /** Makes a picture an object; null when there is no room for it. */
    @Nullable
    Instance store(Picture picture, Bytes head) throws IOException {
        Incoming sheet = sheets.get(picture.box());
        try (Incoming to = store.begin(Picture.SOP_CLASS, picture.uid(), Uids.EXPLICIT_LITTLE, caller)) {
            if (sheet == null || to == null || !to.write(head.toArray(), 0, head.size())) {
                return null;
            }
            if (!copy(sheet.part(), sheet.headBytes() + picture.at(), picture.length(), to)
                    || to.commit() == Incoming.Outcome.NO_ROOM) {
                return null;
            }
            return to.stored();
        }
    }

    private static boolean copy(Path file, long from, long length, Incoming to) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(from);
            long left = length;
            while (left > 0) {
                int read = in.readNBytes(chunk, 0, (int) Math.min(chunk.length, left));
                if (read <= 0 || !to.write(chunk, 0, read)) {
                    return false;
                }
                left -= read;
            }
        }
        return length % 2 == 0 || to.write(new byte[1], 0, 1);
    }

    private static void drop(@Nullable Incoming sheet) {
        if (sheet != null) {
            try {
                sheet.close();
            } catch (IOException e) {
                LOG.warn("imaging printed part not removed error=\"{}\"", e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        refuse();
        retain(Set.of());
    }
}
