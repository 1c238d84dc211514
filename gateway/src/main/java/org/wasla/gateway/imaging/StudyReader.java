package org.wasla.gateway.imaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds out which study an object belongs to. Stateless. */
final class StudyReader {
    private StudyReader() {}

    static InstanceIndex.Reading read(Path file, Instance instance) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException("no such file");
        }
        return new InstanceIndex.Reading(instance.number(), "", "", "not-read");
    }
}
