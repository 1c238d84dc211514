package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.wasla.gateway.dicom.CommandSet.N_ACTION;
import static org.wasla.gateway.dicom.CommandSet.N_CREATE;
import static org.wasla.gateway.dicom.CommandSet.N_DELETE;
import static org.wasla.gateway.dicom.CommandSet.N_GET;
import static org.wasla.gateway.dicom.CommandSet.N_SET;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetBytes;
import org.wasla.gateway.dicom.DataSetFile;
import org.wasla.gateway.dicom.Element;
import org.wasla.gateway.dicom.Tags;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.imaging.FilmCaller.Reply;
import org.wasla.gateway.imaging.ImagingSettings.Limits;
import org.wasla.gateway.print.PrintClass;

/**
 * A scanner that can only print loses nothing: its films are objects before it is told that they are printed (PS3.4 annex
 * H).
 */
class PrintingIT {
    @TempDir
    Path dir;

    /** A film with places, made by a caller; gives the film and then its boxes. */
    private static Reply film(FilmCaller caller, String format) throws IOException {
        assertEquals(
                0,
                caller.ask(N_CREATE, PrintClass.FILM_SESSION, "1.2.1", Films.session())
                        .status());
        Reply film = caller.ask(N_CREATE, PrintClass.FILM_BOX, "", Films.film("1.2.1", format));
        assertEquals(0, film.status());
        return film;
    }

    private record Held(DataSet data, Extract extract, Bytes pixels) {}

    /** What is in the store, in the order of the instance numbers. */
    private List<Held> held() throws IOException {
        List<Held> all = new ArrayList<>();
        for (Instance instance : Objects.listed(dir).values()) {
            Path file = dir.resolve(instance.file());
            try (InputStream in = Files.newInputStream(file)) {
                DataSetFile.Reading reading = DataSetFile.read(in, Files.size(file), "");
                assertEquals(List.of(), reading.oddities());
                Element pixels = java.util.Objects.requireNonNull(reading.data().element(Tags.PIXEL_DATA));
                int from = (int) pixels.at();
                Bytes bytes = Bytes.of(Files.readAllBytes(file), from, from + (int) pixels.length());
                all.add(new Held(reading.data(), Extract.of(reading), bytes));
            }
        }
        all.sort(Comparator.comparing(
                each -> Integer.valueOf(String.valueOf(each.data().text(0x0020_0013)))));
        return all;
    }

    private static byte[] pixels(int count, int seed) {
        byte[] pixels = new byte[2 * count];
        for (int i = 0; i < count; i++) {
            int value = (i * 7 + seed) & 0xfff;
            pixels[2 * i] = (byte) value;
            pixels[2 * i + 1] = (byte) (value >> 8);
        }
        return pixels;
    }

    private static Reply picture(FilmCaller caller, String box, int position) throws IOException {
        return caller.picture(box, position, 30, 40, i -> i * 7 + position & 0xfff);
    }

    @Test
    void aFilmOfTwelvePicturesIsOneSeriesInTheirOrder() throws Exception {
        try (Receiver receiver = Receiver.start(dir)) {
            try (FilmCaller caller = new FilmCaller(receiver.socket())) {
                assertEquals(List.of(1, 3, 5), caller.accepted());
                Reply film = film(caller, "STANDARD\\4,3");
                List<String> boxes = film.boxes(Films.IMAGE_BOXES);
                assertEquals(12, boxes.size());
                // The order of sending is the caller's business.
                for (int position = 12; position >= 1; position--) {
                    assertEquals(
                            0,
                            picture(caller, boxes.get(position - 1), position).status());
                }
                assertEquals(List.of(), held());
                assertEquals(
                        0,
                        caller.ask(N_ACTION, PrintClass.FILM_BOX, film.instance())
                                .status());
                assertEquals(12, Objects.listed(dir).size());
                // A copy of the same film is no other one.
                assertEquals(
                        0,
                        caller.ask(N_ACTION, PrintClass.FILM_SESSION, "1.2.1").status());
                assertEquals(
                        0,
                        caller.ask(N_DELETE, PrintClass.FILM_BOX, film.instance())
                                .status());
                assertEquals(
                        0,
                        caller.ask(N_DELETE, PrintClass.FILM_SESSION, "1.2.1").status());
            }
        }
        List<Held> held = held();
        assertEquals(12, held.size());
        assertEquals(
                1,
                held.stream()
                        .map(each -> each.data().text(0x0020_000d))
                        .distinct()
                        .count());
        assertEquals(
                1,
                held.stream()
                        .map(each -> each.data().text(0x0020_000e))
                        .distinct()
                        .count());
        for (int position = 1; position <= 12; position++) {
            assertArrayEquals(
                    pixels(1_200, position), held.get(position - 1).pixels().toArray());
            DataSet data = held.get(position - 1).data();
            assertEquals("STANDARD\\4,3", data.text(0x2010_0010));
            assertEquals("INVENTED LABEL", data.text(0x2000_0050));
            assertEquals("NORMAL", data.text(0x2020_0020));
            assertEquals("12", data.text(0x0028_0101));
            Extract extract = held.get(position - 1).extract();
            assertEquals(List.of("secondary-capture", "printed", "unmatched"), extract.marks());
            // What somebody typed on a printer may be a name.
            assertTrue(!ObjectRecords.known(extract).toString().contains("INVENTED"));
        }
        assertEquals(List.of(), Objects.files(dir, ".part"));
    }

    /** What stands around the pictures on the film stays with them. */
    @Test
    void textsTablesAndPolarityAreKept() throws Exception {
        try (Receiver receiver = Receiver.start(dir);
                FilmCaller caller = new FilmCaller(receiver.socket())) {
            DataSetBytes table = DataSetBytes.explicit().text(0x2050_0020, "CS", "LIN OD");
            Reply made = caller.ask(N_CREATE, PrintClass.LOOKUP_TABLE, "", table);
            assertTrue(made.instance().startsWith("2.25."));
            Reply film = film(caller, "ROW\\1,2");
            DataSetBytes reference = DataSetBytes.explicit()
                    .sequence(
                            0x2050_0500,
                            DataSetBytes.explicit()
                                    .text(0x0008_1150, "UI", PrintClass.LOOKUP_TABLE.uid())
                                    .text(0x0008_1155, "UI", made.instance()));
            assertEquals(
                    0,
                    caller.ask(N_SET, PrintClass.FILM_BOX, film.instance(), reference)
                            .status());
            String note = film.boxes(Films.ANNOTATION_BOXES).get(0);
            DataSetBytes text =
                    DataSetBytes.explicit().numbers(0x2030_0010, "US", 2, 1).text(0x2030_0020, "LO", "LEFT");
            assertEquals(
                    0, caller.ask(N_SET, PrintClass.ANNOTATION_BOX, note, text).status());
            String box = film.boxes(Films.IMAGE_BOXES).get(2);
            assertEquals(0, picture(caller, box, 3).status());
            DataSetBytes reverse = DataSetBytes.explicit().text(0x2020_0020, "CS", "REVERSE");
            assertEquals(
                    0, caller.ask(N_SET, PrintClass.IMAGE_BOX, box, reverse).status());
            assertEquals(
                    0,
                    caller.ask(N_ACTION, PrintClass.FILM_BOX, film.instance()).status());
        }
        DataSet data = held().get(0).data();
        assertEquals("3", data.text(0x0020_0013));
        assertEquals("LIN OD", data.text(0x2050_0020));
        assertEquals("REVERSE", data.text(0x2020_0020));
        assertEquals("LEFT", data.item(0x2010_0520).text(0x2030_0020));
        assertArrayEquals(pixels(1_200, 3), held().get(0).pixels().toArray());
    }

    /** Colour is not served: whoever can do with grayscale learns it before it sends. */
    @Test
    void aFilmThatWasNotPrintedLeavesNothingAndColourIsRefused() throws Exception {
        try (Receiver receiver = Receiver.start(dir)) {
            for (boolean isCutInside : new boolean[] {true, false}) {
                FilmCaller caller = new FilmCaller(receiver.socket());
                List<String> boxes = film(caller, "STANDARD\\1,2").boxes(Films.IMAGE_BOXES);
                caller.picture(boxes.get(0), 1, 400, 400, i -> i);
                if (isCutInside) {
                    caller.begin(N_SET, PrintClass.IMAGE_BOX, boxes.get(1));
                    caller.fragments(Films.pictureHead(2, 400, 400), false);
                    caller.fragments(new byte[200_000], false);
                }
                caller.socket.close();
            }
            Objects.await("both ended", () -> receiver.imaging.associations() == 0);
            assertEquals(List.of(), Objects.files(dir, ""));
            try (FilmCaller caller = new FilmCaller(receiver.socket(), List.of(FilmCaller.META, PrintClass.COLOUR))) {
                assertEquals(List.of(1, -1), caller.accepted());
            }
        }
    }

    @Test
    void aFullStoreAnswersSoAndThePrinterSaysWhy() throws Exception {
        ImagingSettings small =
                new ImagingSettings("WASLA", false, 0, List.of(), dir, 1_000_000, 1_000, null, Limits.USUAL);
        try (Receiver receiver = new Receiver(dir, small, Timing.USUAL);
                FilmCaller caller = new FilmCaller(receiver.socket())) {
            Reply film = film(caller, "STANDARD\\1,2");
            List<String> boxes = film.boxes(Films.IMAGE_BOXES);
            // The parts do not fit; then the picture twice, as part and as object, does not.
            assertEquals(
                    0xc605,
                    caller.picture(boxes.get(0), 1, 1_000, 1_000, i -> i).status());
            assertEquals(0, caller.picture(boxes.get(1), 2, 600, 500, i -> i).status());
            assertEquals(
                    0xc602,
                    caller.ask(N_ACTION, PrintClass.FILM_BOX, film.instance()).status());
            assertEquals(0, caller.picture(boxes.get(1), 2, 200, 200, i -> i).status());
            assertEquals(
                    0,
                    caller.ask(N_ACTION, PrintClass.FILM_BOX, film.instance()).status());
            assertEquals("NORMAL", printer(caller).text(0x2110_0010));
            assertEquals(1, Objects.listed(dir).size());
            assertEquals(1, receiver.imaging.count("prints"));
            assertEquals(2, receiver.imaging.count("prints-refused"));
        }
    }

    private static DataSet printer(FilmCaller caller) throws IOException {
        return caller.ask(N_GET, PrintClass.PRINTER, "1.2.840.10008.5.1.1.17").data();
    }

    /** A picture of 42 MB goes through a receiver that has 24 MB of heap. */
    @Test
    void aPictureIsNeverInTheHeap() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx24m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReceiverChild.class.getName(),
                        dir.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            int port = Integer.parseInt(String.valueOf(out.readLine()));
            try (FilmCaller caller = new FilmCaller(new Socket(InetAddress.getLoopbackAddress(), port))) {
                Reply film = film(caller, "STANDARD\\1,1");
                String box = film.boxes(Films.IMAGE_BOXES).get(0);
                assertEquals(
                        0, caller.picture(box, 1, 5_120, 4_096, i -> i & 0xfff).status());
                assertEquals(
                        0,
                        caller.ask(N_ACTION, PrintClass.FILM_BOX, film.instance())
                                .status());
            }
        } finally {
            child.destroyForcibly();
            assertTrue(child.waitFor(30, TimeUnit.SECONDS));
        }
        // Killed as it was, it has kept what it said was printed.
        ObjectStore.open(dir, 1L << 32).close();
        byte[] pixels = held().get(0).pixels().toArray();
        assertEquals(2 * 5_120 * 4_096, pixels.length);
        assertEquals(0x0fff, pixels[2 * 4_095] & 0xff | pixels[2 * 4_095 + 1] << 8);
        assertEquals(List.of(), Objects.files(dir, ".part"));
    }

    /** Whatever is sent in the place of a data set, the next print of the same caller goes well. */
    @Test
    void damagedDataSetsAreAnsweredAndTheAssociationLives() throws Exception {
        Random random = new Random(23);
        byte[] whole = Films.picture(1, Films.module(8, 8).element(0x7fe0_0010, "OW", pixels(64, 0)))
                .toArray();
        try (Receiver receiver = Receiver.start(dir);
                FilmCaller caller = new FilmCaller(receiver.socket())) {
            Reply film = film(caller, "STANDARD\\2,1");
            String box = film.boxes(Films.IMAGE_BOXES).get(0);
            List<PrintClass> classes = List.of(PrintClass.values());
            int refused = 0;
            for (int run = 0; run < 100; run++) {
                byte[] bytes = whole.clone();
                for (int flips = random.nextInt(4); flips >= 0; flips--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                byte[] cut = random.nextInt(3) == 0 ? java.util.Arrays.copyOf(bytes, 2 * random.nextInt(100)) : bytes;
                PrintClass what = classes.get(random.nextInt(classes.size()));
                boolean isBox = random.nextBoolean();
                String uid = isBox ? box : film.instance();
                int command = random.nextInt(4) == 0 ? N_CREATE : N_SET;
                DataSetBytes sent = Films.raw(cut);
                Reply reply = command == N_CREATE
                        ? caller.ask(command, what, "1.9." + run, sent)
                        : caller.ask(command, isBox ? PrintClass.IMAGE_BOX : what, uid, sent);
                refused += reply.status() == 0 ? 0 : 1;
            }
            assertTrue(refused > 20, "refused only " + refused);
            assertEquals(0, picture(caller, box, 1).status());
            assertEquals(
                    0,
                    caller.ask(N_ACTION, PrintClass.FILM_BOX, film.instance()).status());
        }
        assertArrayEquals(pixels(1_200, 1), held().get(0).pixels().toArray());
    }
}
