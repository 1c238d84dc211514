package org.wasla.gateway.imaging;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.DataSetFile;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.imaging.InstanceIndex.Reading;

/** Finds out what an object says and which study it belongs to, from its file. Stateless. */
public final class StudyReader {
    private static final int STUDY = 0x0020000d;
    private static final int SERIES = 0x0020000e;
    private static final int WHY_CHARS_MAX = 200;

    private StudyReader() {}

    /** An object as it was read. One thread. */
    static final class ReadObject {
        private final Reading reading;
        private final DataSetFile.Reading file;
        private @Nullable Extract extract;

        ReadObject(Reading reading, DataSetFile.Reading file) {
            this.reading = reading;
            this.file = file;
        }

        /** The line of the index that tells that it was read. */
        Reading reading() {
            return reading;
        }

        DataSetFile.Reading file() {
            return file;
        }

        /** What it says, made when first asked for: of most slices nobody asks. */
        Extract extract() {
            Extract made = extract == null ? Extract.of(file) : extract;
            extract = made;
            return made;
        }
    }

    /** What cannot be read is kept, and told with the names of what is odd about it. */
    static ReadObject read(Path file, Instance instance) throws IOException {
        DataSetFile.Reading read = read(file);
        String why = read.oddities().stream()
                .map(oddity -> oddity.what().wire())
                .distinct()
                .collect(Collectors.joining(","));
        String study = usable(read.data().text(STUDY));
        Reading reading = new Reading(
                instance.number(),
                study,
                usable(read.data().text(SERIES)),
                why.isEmpty() && study.isEmpty()
                        ? "no-study"
                        : why.substring(0, Math.min(WHY_CHARS_MAX, why.length())));
        return new ReadObject(reading, read);
    }

    /** @return what any DICOM file says */
    public static Extract extract(Path file) throws IOException {
        return Extract.of(read(file));
    }

    private static DataSetFile.Reading read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return DataSetFile.read(in, Files.size(file), "");
        }
    }

    private static String usable(@Nullable String uid) {
        return uid != null && Uids.isUsable(uid) ? uid : "";
    }
}
