package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.dicom.DataSetBytes;

/** A print client that is not ours prints on us, and its tools find what it printed in our files. */
class DcmtkPrintIT {
    private static final String CONFIGURATION = """
            [[GENERAL]]
            [APPLICATION]
            LogDirectory = .
            [PRINT]
            Spooler = dcmprscu
            Directory = spool
            MinPrintResolution = 32\\32
            MaxPrintResolution = 8192\\8192
            [DATABASE]
            Directory = database
            [NETWORK]
            aetitle = CT1
            [[COMMUNICATION]]
            [WASLA]
            Aetitle = WASLA
            Description = the box
            Hostname = localhost
            Port = %d
            Type = PRINTER
            DisplayFormat = 1,1\\2,1
            MaxPDU = 16384
            Supports12Bit = true
            SupportsPresentationLUT = true
            ImplicitOnly = %s
            Annotation = 2\\ANNOTATION
            """;

    @TempDir
    Path dir;

    @TempDir
    Path work;

    private Path image(int number) throws Exception {
        byte[] pixels = Objects.noise(2 * 64 * 64, number);
        for (int i = 1; i < pixels.length; i += 2) {
            pixels[i] &= 0x0f;
        }
        byte[] data = DataSetBytes.explicit()
                .text(0x0008_0016, "UI", Objects.CT)
                .text(0x0008_0018, "UI", "1.2." + number)
                .text(0x0008_0060, "CS", "CT")
                .text(0x0020_000d, "UI", "1.2")
                .text(0x0020_000e, "UI", "1.2.1")
                .raw(Films.module(64, 64).toArray())
                .element(0x7fe0_0010, "OW", pixels)
                .toArray();
        return Objects.file(work, "1.2." + number, data);
    }

    /** The pixels of files as DCMTK reads them, in the order of their names or numbers. */
    private List<byte[]> pixels(List<Path> files, String name) throws Exception {
        List<byte[]> all = new ArrayList<>();
        for (Path file : files) {
            Path out = Files.createDirectory(work.resolve(name + all.size()));
            String dcmdump = Tool.need("dcmdump", "dcmtk");
            assertEquals(0, Tool.run(work, dcmdump, "+W", out.toString(), file.toString()), Tool.said(work, dcmdump));
            try (Stream<Path> raw = Files.list(out)) {
                all.add(Files.readAllBytes(raw.findFirst().orElseThrow()));
            }
        }
        return all;
    }

    @Test
    void whatDcmtkPrintsIsWhatWeHold() throws Exception {
        String render = Tool.need("dcmpsprt", "dcmtk");
        String print = Tool.need("dcmprscu", "dcmtk");
        Files.createDirectory(work.resolve("spool"));
        Files.createDirectory(work.resolve("database"));
        try (Receiver receiver = Receiver.start(dir)) {
            String text = String.format(CONFIGURATION, receiver.port(), "false");
            Path explicit = Files.writeString(work.resolve("explicit.cfg"), text);
            Path implicit = Files.writeString(
                    work.resolve("implicit.cfg"), text.replace("ImplicitOnly = false", "ImplicitOnly = true"));
            List<String> command = List.of(
                    render, "-c", explicit.toString(), "-p", "WASLA", "-l", "2", "1", "--identity", "-a", "LEFT");
            List<String> images = new ArrayList<>(command);
            images.add(image(1).toString());
            images.add(image(2).toString());
            assertEquals(0, Tool.run(work, images), Tool.said(work, render));
            List<Path> rendered = listed("HG");
            String stored = listed("SP").get(0).toString();
            List<String> base = List.of(print, "-p", "WASLA", stored, "-c");
            List<String> film = new ArrayList<>(base);
            film.addAll(List.of(explicit.toString(), "--label", "INVENTED"));
            List<String> session = new ArrayList<>(base);
            session.addAll(List.of(implicit.toString(), "--session-print"));
            // The client rests a second after each.
            for (List<String> each : Boolean.getBoolean("wasla.long") ? List.of(film, session) : List.of(session)) {
                assertEquals(0, Tool.run(work, each), Tool.said(work, print));
            }
            List<byte[]> expected = pixels(rendered, "rendered");
            List<byte[]> held = pixels(
                    Objects.listed(dir).values().stream()
                            .map(each -> dir.resolve(each.file()))
                            .toList(),
                    "held");
            assertEquals(Boolean.getBoolean("wasla.long") ? 4 : 2, held.size());
            for (int i = 0; i < held.size(); i++) {
                byte[] one = held.get(i);
                assertEquals(
                        1,
                        expected.stream()
                                .filter(each -> java.util.Arrays.equals(each, one))
                                .count());
            }
            Path first =
                    dir.resolve(Objects.listed(dir).values().iterator().next().file());
            String shown = Tool.need("dcm2pnm", "dcmtk");
            assertEquals(0, Tool.run(work, shown, first.toString(), "shown.pgm"), Tool.said(work, shown));
        }
    }

    private List<Path> listed(String start) throws Exception {
        try (Stream<Path> all = Files.list(work.resolve("database"))) {
            return all.filter(each -> each.getFileName().toString().startsWith(start))
                    .sorted()
                    .toList();
        }
    }
}
