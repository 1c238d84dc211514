package org.wasla.gateway.profile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs a profile on the captures of its folder and compares with the records that are expected of them. The version
 * and hash of profile and code table are left out of the comparison: they change with each edit.
 */
public final class Golden {
    private Golden() {}

    /** @param difference empty when the capture passed; else what differs first */
    public record Result(String capture, String difference) {
        /** Whether it does not pass because a pattern of the profile searches without end. */
        public boolean isEndless() {
            return difference.equals(Probe.FOUND);
        }
    }

    /**
     * Tests {@code captures/*.cap} against {@code captures/*.expected.jsonl}.
     *
     * @param write makes what comes out the new expectation, to be read before it is trusted
     */
    public static List<Result> test(Profile profile, String codes, boolean write) throws IOException {
        Path folder = profile.folder().resolve("captures");
        List<Path> captures = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> file.toString().endsWith(".cap")).sorted().forEach(captures::add);
            }
        }
        List<Result> results = new ArrayList<>();
        if (captures.isEmpty()) {
            results.add(new Result("captures", "there are none; add captures/NAME.cap"));
        }
        for (Path capture : captures) {
            results.add(test(profile, codes, write, capture));
        }
        return results;
    }

    private static Result test(Profile profile, String codes, boolean write, Path capture) throws IOException {
        String name = capture.getFileName().toString();
        Path expected = capture.resolveSibling(name.replaceFirst("\\.cap$", ".expected.jsonl"));
        List<String> records = new ArrayList<>();
        Trial.run(profile, codes, capture, json -> records.add(new String(json, StandardCharsets.UTF_8)));
        if (write) {
            Files.write(expected, records);
        }
        if (!Files.exists(expected)) {
            return new Result(name, "no " + expected.getFileName() + "; write it, or run with --write and read it");
        }
        String difference = difference(Files.readAllLines(expected), records);
        boolean isEndless = difference.isEmpty() && Probe.finds(profile, codes, capture);
        return new Result(name, isEndless ? Probe.FOUND : difference);
    }

    private static String difference(List<String> expected, List<String> records) {
        for (int i = 0; i < Math.min(expected.size(), records.size()); i++) {
            String want = neutral(expected.get(i));
            String have = neutral(records.get(i));
            if (!want.equals(have)) {
                return "record " + (i + 1) + " is " + have + " and should be " + want;
            }
        }
        return expected.size() == records.size()
                ? ""
                : records.size() + " records came out and " + expected.size() + " were expected";
    }

    private static String neutral(String json) {
        return json.replaceFirst("\"prof\":\"[^\"]*\",", "")
                .replaceFirst("\"ph\":\"[^\"]*\",", "")
                .replaceFirst("\"map\":\"[^\"]*\",", "");
    }
}
