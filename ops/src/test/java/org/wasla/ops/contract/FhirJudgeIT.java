package org.wasla.ops.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.render.Fhir;

/** HAPI's validator, which is not ours, on bundles of every profile's own records. */
class FhirJudgeIT {
    private static final Path JUDGES = ContractTest.CONTRACT.resolve("judges");
    private static final Path LIBRARIES = ContractTest.ROOT.resolve("ops/target/judges");

    @TempDir
    Path folder;

    // A server that refuses a bundle refuses a patient's values: what is invalid here is lost there.
    @Test
    void everyBundleIsValid() throws IOException, InterruptedException {
        Assumptions.assumeTrue(hasJudge(), "skipped: the validator cannot be had");
        List<String> bundles = new ArrayList<>();
        add(ContractTest.CONTRACT.resolve("samples/records.jsonl"), 100, bundles);
        try (Stream<Path> files = Files.walk(ContractTest.ROOT.resolve("device-profiles"), 3)) {
            for (Path file : files.filter(each -> each.toString().endsWith("ordinary.expected.jsonl"))
                    .sorted()
                    .toList()) {
                add(file, 2, bundles);
                addWaves(file, bundles);
            }
        }
        assertTrue(bundles.size() > 50, "only " + bundles.size());
        Path all = Files.write(folder.resolve("bundles.jsonl"), bundles);
        String said = run(List.of(
                "java",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                LIBRARIES + File.separator + "*",
                JUDGES.resolve("FhirJudge.java").toString(),
                all.toString()));
        assertTrue(said.contains(bundles.size() + " judged, 0 errors"), said);
    }

    private static void add(Path records, int most, List<String> bundles) throws IOException {
        int taken = 0;
        for (String record : Files.readAllLines(records)) {
            byte[] bundle = Fhir.bundle(record.getBytes(StandardCharsets.UTF_8), new Fhir.Source("device", "Maker"));
            if (bundle != null && taken < most) {
                taken++;
                bundles.add(new String(bundle, StandardCharsets.UTF_8));
            }
        }
    }

    /** Excerpts of the waves, joined from several records. */
    private static void addWaves(Path records, List<String> bundles) throws IOException {
        List<byte[]> waves = Files.readAllLines(records).stream()
                .filter(record -> record.contains("\"k\":\"wav\""))
                .map(record -> record.getBytes(StandardCharsets.UTF_8))
                .toList();
        Fhir.waves(waves, 2, 0, new Fhir.Source("device", "Maker")).stream()
                .limit(2)
                .forEach(bundle -> bundles.add(new String(bundle, StandardCharsets.UTF_8)));
    }

    private boolean hasJudge() throws IOException, InterruptedException {
        if (Files.isDirectory(LIBRARIES) && holdsJars()) {
            return true;
        }
        Process maven = new ProcessBuilder(
                        "mvn",
                        "-q",
                        "-B",
                        "-f",
                        JUDGES.toString(),
                        "dependency:copy-dependencies",
                        "-DoutputDirectory=" + LIBRARIES.toAbsolutePath().normalize())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("maven.txt").toFile())
                .start();
        if (maven.waitFor() != 0) {
            return false;
        }
        return Files.isDirectory(LIBRARIES) && holdsJars();
    }

    private static boolean holdsJars() throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(LIBRARIES, "hapi-fhir-validation-*.jar")) {
            return jars.iterator().hasNext();
        }
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        int code = process.waitFor();
        String said = Files.readString(out);
        assertEquals(0, code, said);
        return said;
    }
}
