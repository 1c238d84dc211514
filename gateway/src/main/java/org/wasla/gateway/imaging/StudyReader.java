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

/** Finds out which study an object belongs to, from its file. Stateless. */
final class StudyReader {
    private static final int STUDY = 0x0020000d;
    private static final int SERIES = 0x0020000e;
    private static final int WHY_CHARS_MAX = 200;

    private StudyReader() {}

    /** What cannot be read is kept, and told with the names of what is odd about it. */
    static Reading read(Path file, Instance instance) throws IOException {
        DataSetFile.Reading read;
        try (InputStream in = Files.newInputStream(file)) {
            read = DataSetFile.read(in, Files.size(file), "");
        }
        String why = read.oddities().stream()
                .map(oddity -> oddity.what().wire())
                .distinct()
                .collect(Collectors.joining(","));
        String study = usable(read.data().text(STUDY));
        return new Reading(
                instance.number(),
                study,
                usable(read.data().text(SERIES)),
                why.isEmpty() && study.isEmpty()
                        ? "no-study"
                        : why.substring(0, Math.min(WHY_CHARS_MAX, why.length())));
    }

    private static String usable(@Nullable String uid) {
        return uid != null && Uids.isUsable(uid) ? uid : "";
    }
}
