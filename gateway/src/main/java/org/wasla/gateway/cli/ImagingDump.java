package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.wasla.gateway.imaging.Extract;
import org.wasla.gateway.imaging.ObjectRecords;
import org.wasla.gateway.imaging.StudyReader;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.observation.RecordJson.Envelope;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wasla imaging dump}: the records that an object would give. */
@Command(
        name = "dump",
        description = {
            "Prints the records that a DICOM file gives, one JSON object a line. Never whose it is.",
            "Ends with 1 where it says nothing that is published."
        })
final class ImagingDump implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "A DICOM file.")
    Path file = Path.of("");

    @Option(names = "--json", description = "JSON, as always.")
    boolean json;

    @Override
    public Integer call() throws Failure, IOException {
        if (!Files.isReadable(file)) {
            throw new Failure(1, "wasla: " + file + ": cannot be read; name a DICOM file");
        }
        Extract extract = StudyReader.extract(file);
        Envelope envelope = new Envelope("decode", "dicom", null, null, null, null, 0, null, null);
        Map<String, Long> numbers = new HashMap<>();
        for (RecordBody body : ObjectRecords.of(extract, file.toString(), false)) {
            byte[] record = RecordJson.write(envelope, body, "00000000", numbers.merge(body.kind(), 1L, Long::sum));
            System.out.println(new String(record, StandardCharsets.UTF_8));
        }
        if (!extract.marks().isEmpty()) {
            System.err.println("marks: " + String.join(" ", extract.marks()));
        }
        return numbers.isEmpty() ? 1 : 0;
    }
}
