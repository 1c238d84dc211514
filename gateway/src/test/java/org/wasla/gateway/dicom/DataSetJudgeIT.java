package org.wasla.gateway.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * DICOM JSON beside DCMTK's dcm2json and pydicom's, as Debian has them. Where the judges see it otherwise, the reason
 * stands here.
 */
class DataSetJudgeIT {
    /** Files of which a judge makes nothing, something of its own, or something that is no JSON. */
    private static final Set<String> NOT_DCMTK = Set.of(
            // Its converter lacks the character set, or writes bytes that are no UTF-8.
            "charset/chrH31.dcm",
            "charset/chrSQEncoding.dcm",
            "odd/2021-02-19-MalaterreCP246.dcm",
            "odd/explicit_VR-UN.dcm",
            "odd/syn_charset_absent_utf8.dcm",
            // It takes data for a header and leaves it out, or a value beyond the end for one.
            "odd/syn_meta_len_lies.dcm",
            "odd/no_preamble_dicm_in_data.dcm",
            // It has no bounds.
            "odd/2026-05-06-Deeply-Nested-Sequence.dcm",
            "odd/syn_nested_400.dcm",
            "odd/syn_deflate_bomb_64MB.dcm");

    private static final Set<String> NOT_PYDICOM = Set.of(
            "odd/2026-05-06-Deeply-Nested-Sequence.dcm",
            "odd/syn_nested_400.dcm",
            "odd/syn_deflate_bomb_64MB.dcm",
            "odd/syn_charset_absent_utf8.dcm",
            "odd/no_preamble_dicm_in_data.dcm",
            "odd/no_meta.dcm",
            // A value that is cut off is none for us, and 1A is no number for it.
            "odd/syn_vl_beyond_end.dcm",
            "odd/badVR.dcm");

    private static final String PYDICOM = """
            import json, os, sys, warnings
            warnings.simplefilter('ignore')
            import pydicom
            for name in sys.argv[2:]:
                try:
                    data = pydicom.dcmread(name, force=True)
                    data.decode()
                    text = json.dumps(data.to_json_dict(1 << 40, None, suppress_invalid_tags=True))
                except Exception:
                    text = ''
                with open(os.path.join(sys.argv[1], name.replace('/', '_')), 'w') as out:
                    out.write(text)
            """;

    @TempDir
    private Path folder;

    @Test
    void equalsDcm2json() throws IOException, InterruptedException {
        assumeRuns("dcm2json", "--version");
        int judged = 0;
        List<String> differences = new ArrayList<>();
        for (Path file : Samples.all()) {
            if (NOT_DCMTK.contains(Samples.name(file))) {
                continue;
            }
            Path out = folder.resolve("judge.json");
            // It writes pixels as text, but only plain ones: without them it judges every image.
            Files.write(folder.resolve("headers"), withoutPixels(file));
            if (run("dcm2json", folder.resolve("headers").toString(), out.toString()) == 0) {
                differences.addAll(differences(file, Files.readAllBytes(out)));
                judged++;
            }
        }
        assertEquals(List.of(), differences);
        assertTrue(judged > 70, judged + " judged");
    }

    @Test
    void equalsPydicom() throws IOException, InterruptedException {
        assumeRuns("/usr/bin/python3", "-c", "import pydicom");
        List<String> command = new ArrayList<>(List.of("/usr/bin/python3", "-c", PYDICOM, folder.toString()));
        Samples.all().forEach(file -> command.add(file.toString()));
        command.removeIf(name -> NOT_PYDICOM.stream().anyMatch(name::endsWith));
        assertEquals(0, run(command.toArray(String[]::new)));
        int judged = 0;
        List<String> differences = new ArrayList<>();
        for (Path file : Samples.all()) {
            Path out = folder.resolve(file.toString().replace('/', '_'));
            if (Files.exists(out) && Files.size(out) > 0) {
                differences.addAll(differences(file, Files.readAllBytes(out)));
                judged++;
            }
        }
        assertEquals(List.of(), differences);
        assertTrue(judged > 75, judged + " judged");
    }

    private static byte[] withoutPixels(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        DataSetFile.Reading read = DataSetBytes.read(bytes);
        Element pixels = read.data().element(Tags.PIXEL_DATA);
        boolean isDeflated = Encoding.DEFLATED_UID.equals(read.transferSyntax());
        boolean isLast = pixels != null
                && read.data().elements().indexOf(pixels)
                        == read.data().elements().size() - 1;
        return pixels == null || isDeflated || !isLast || pixels.at() > bytes.length
                ? bytes
                : java.util.Arrays.copyOf(bytes, (int) pixels.at() - (isLong(bytes, pixels) ? 12 : 8));
    }

    private static boolean isLong(byte[] bytes, Element pixels) {
        int at = (int) pixels.at();
        return bytes[at - 8] == 'O' && (bytes[at - 7] == 'B' || bytes[at - 7] == 'W');
    }

    private static List<String> differences(Path file, byte[] judge) {
        String ours = DataSetJson.write(Samples.read(file).data(), "file");
        List<String> differences = new ArrayList<>();
        compare(
                JsonTree.object(ours.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                JsonTree.object(judge),
                Samples.name(file),
                differences);
        return differences;
    }

    private static void compare(Map<?, ?> ours, Map<?, ?> theirs, String where, List<String> differences) {
        Set<Object> tags = new TreeSet<>(ours.keySet());
        tags.addAll(theirs.keySet());
        for (Object tag : tags) {
            boolean isLeftOut = tag.equals("FFFCFFFC") || tag.toString().endsWith("0000") || tag.equals("7FE00010");
            boolean isCharset = tag.equals("00080005");
            if (isLeftOut || isCharset) {
                continue;
            }
            String at = where + "/" + tag;
            if (ours.get(tag) instanceof Map<?, ?> mine && theirs.get(tag) instanceof Map<?, ?> other) {
                element(mine, other, at, differences);
            } else {
                differences.add(at + " is " + (ours.containsKey(tag) ? "theirs not" : "ours not"));
            }
        }
    }

    private static void element(Map<?, ?> mine, Map<?, ?> other, String at, List<String> differences) {
        // pydicom knows private elements of some makers; to us they are bytes. DCMTK leaves known ones that were
        // written
        // as unknown.
        boolean isKnownToOne = "UN".equals(mine.get("vr")) != "UN".equals(other.get("vr"));
        if (isKnownToOne || mine.containsKey("BulkDataURI")) {
            return;
        }
        if (!String.valueOf(mine.get("vr")).equals(String.valueOf(other.get("vr")))) {
            differences.add(at + " vr " + mine.get("vr") + ", theirs " + other.get("vr"));
        }
        String binary = stripped(mine.get("InlineBinary"));
        if (!binary.equals(stripped(other.get("InlineBinary")))) {
            differences.add(at + " bytes " + binary);
        }
        List<?> values = values(mine);
        List<?> others = values(other);
        for (int i = 0; i < Math.max(values.size(), others.size()); i++) {
            Object value = i < values.size() ? values.get(i) : null;
            Object judged = i < others.size() ? others.get(i) : null;
            if (value instanceof Map<?, ?> item
                    && judged instanceof Map<?, ?> otherItem
                    && "SQ".equals(mine.get("vr"))) {
                compare(item, otherItem, at + "[" + i + "]", differences);
            } else if (!plain(value).equals(plain(judged))) {
                differences.add(at + " " + value + ", theirs " + judged);
            }
        }
    }

    /** DCMTK fills opaque bytes up to an even number. */
    private static String stripped(@Nullable Object base64) {
        if (base64 == null) {
            return "";
        }
        byte[] bytes = java.util.Base64.getDecoder().decode((String) base64);
        boolean isFilled = bytes.length > 0 && bytes[bytes.length - 1] == 0;
        return java.util.HexFormat.of().formatHex(bytes, 0, bytes.length - (isFilled ? 1 : 0));
    }

    private static List<?> values(Map<?, ?> element) {
        return element.get("Value") instanceof List<?> list ? list : List.of();
    }

    /** What does not count: empty components at the end of a name, empty texts, the digits a float is printed with. */
    private static String plain(@Nullable Object value) {
        String text = value == null ? "" : value.toString().replace("\0", "");
        // A number that is filled up with NUL or zeros is a text to DCMTK.
        if (value instanceof BigDecimal || text.matches("-?\\d+(\\.\\d+)?\\s*")) {
            return Float.toString(new BigDecimal(text.strip()).floatValue());
        }
        return text.replaceAll("\\^+(?=[=,}]|$)", "")
                .replaceAll("\\{Alphabetic=\\}", "")
                .strip();
    }

    private static void assumeRuns(String... command) throws InterruptedException {
        boolean runs;
        try {
            runs = run(command) == 0;
        } catch (IOException missing) {
            runs = false;
        }
        Assumptions.assumeTrue(runs, "skipped: " + command[0] + " of Debian is not here");
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (InputStream said = process.getInputStream()) {
            said.transferTo(new java.io.ByteArrayOutputStream());
        }
        return process.waitFor();
    }
}
