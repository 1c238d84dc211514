package org.wasla.gateway.render;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The records that every profile promises of its captures, and the samples of the contract. */
public final class RecordFiles {
    /** The contract's folder. */
    public static final Path CONTRACT =
            Path.of(System.getProperty("wasla.root", "..")).resolve("ops/contract");

    private RecordFiles() {}

    /** @return one JSON object each, several hundred */
    public static List<String> all() throws IOException {
        List<String> records = new ArrayList<>(Files.readAllLines(CONTRACT.resolve("samples/records.jsonl")));
        try (Stream<Path> files = Files.walk(CONTRACT.resolve("../../device-profiles"), 3)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".expected.jsonl"))
                    .sorted()
                    .toList()) {
                records.addAll(Files.readAllLines(file));
            }
        }
        records.removeIf(String::isBlank);
        return records;
    }
}
