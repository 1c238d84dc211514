package org.wasla.gateway.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.frame.Bytes;

/** What comes out of real objects is still an object: DCMTK and pydicom read it to its end, and the pixels are the same. */
class DeidentifierJudgeIT {
    private static final List<Integer> WHO = List.of(0x0010_0010, 0x0010_0020, 0x0008_0090, 0x0008_1070, 0x0008_0050);
    private static final String PYDICOM = """
            import sys, pydicom, warnings
            warnings.simplefilter('ignore')
            for name in sys.argv[1:]:
                data = pydicom.dcmread(name)
                data.decode()
                assert data.PatientIdentityRemoved == 'YES', name
                assert data.DeidentificationMethodCodeSequence[0].CodeValue == '113100', name
                assert not any(e.tag.is_private for e in data.iterall()), name
                assert str(data.get('PatientName', '')) == '', name
            """;

    @TempDir
    private Path folder;

    @Test
    void whatComesOutOfRealObjectsIsValidAndSaysNobodysName() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.exists(Path.of("/usr/bin/dcmdump")), "skipped: dcmtk is not there");
        List<String> files = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (Path sample : Samples.all()) {
            if (!sample.toString().endsWith(".dcm")) {
                continue;
            }
            FileHead head = FileHead.read(Bytes.of(Files.readAllBytes(sample)));
            if (head == null
                    || head.sopClass().isEmpty()
                    || head.transferSyntax().isEmpty()) {
                continue;
            }
            try {
                files.add(write(sample, head, files.size()).toString());
            } catch (Deidentifier.NotUnderstood odd) {
                refused.add(Samples.name(sample) + " " + odd.getMessage());
            }
        }
        assertTrue(files.size() > 60, files.size() + " written, refused: " + refused);
        // One says JPEG and is in the implicit form.
        refused.removeIf(name -> name.startsWith("odd/") || name.equals("img/SC_rgb_jpeg.dcm wrong-transfer-syntax"));
        assertEquals(List.of(), refused);
        files.add(0, "-q");
        assertEquals(0, run("/usr/bin/dcmdump", files), "dcmdump");
        files.remove(0);
        files.addAll(0, List.of("-c", PYDICOM));
        assertEquals(0, run("/usr/bin/python3", files), "pydicom");
    }

    private Path write(Path sample, FileHead head, int number) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String syntax = Deidentifier.transferSyntax(head.transferSyntax());
        out.writeBytes(FileHead.write(head.sopClass(), "2.25.1", syntax, ""));
        try (InputStream in = Files.newInputStream(sample)) {
            in.skipNBytes(head.bytes());
            Deidentifier.write(
                    in, Files.size(sample) - head.bytes(), head.transferSyntax(), DeidentifierTest.NAMES, out);
        }
        byte[] written = out.toByteArray();
        DataSetFile.Reading after = DataSetBytes.read(written);
        DataSet before = Samples.read(sample).data();
        assertTrue(after.isWhole(), Samples.name(sample) + " " + after.oddities());
        samePixels(sample, before, after.data(), written);
        String text = new String(written, StandardCharsets.ISO_8859_1);
        for (int tag : WHO) {
            String who = before.text(tag);
            boolean isTelling = who != null && who.length() > 5 && !text.contains("REMOVED " + who);
            assertTrue(!isTelling || !text.contains(who), () -> Samples.name(sample) + " says " + Tags.hex(tag));
        }
        return Files.write(folder.resolve(number + ".dcm"), written);
    }

    private static void samePixels(Path sample, DataSet before, DataSet after, byte[] written) throws IOException {
        Element then = before.element(Tags.PIXEL_DATA);
        if (then == null || sample.toString().contains("deflate")) {
            return;
        }
        if (then.length() > 0 && then.at() + then.length() <= Files.size(sample)) {
            Element now = Objects.requireNonNull(after.element(Tags.PIXEL_DATA), Samples.name(sample));
            byte[] all = Files.readAllBytes(sample);
            assertTrue(
                    Arrays.equals(
                            all, (int) then.at(), (int) (then.at() + then.length()), written, (int) now.at(), (int)
                                    (now.at() + now.length())),
                    Samples.name(sample));
        }
    }

    private int run(String program, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(arguments);
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), program + " hangs");
        if (process.exitValue() != 0) {
            List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
            System.err.println(String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size())));
        }
        return process.exitValue();
    }
}
