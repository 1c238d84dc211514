package org.wasla.gateway.print;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.wasla.gateway.dicom.CommandSet.N_ACTION;
import static org.wasla.gateway.dicom.CommandSet.N_CREATE;
import static org.wasla.gateway.dicom.CommandSet.N_DELETE;
import static org.wasla.gateway.dicom.CommandSet.N_GET;
import static org.wasla.gateway.dicom.CommandSet.N_SET;
import static org.wasla.gateway.print.PrintClass.ANNOTATION_BOX;
import static org.wasla.gateway.print.PrintClass.FILM_BOX;
import static org.wasla.gateway.print.PrintClass.FILM_SESSION;
import static org.wasla.gateway.print.PrintClass.IMAGE_BOX;
import static org.wasla.gateway.print.PrintClass.LOOKUP_TABLE;
import static org.wasla.gateway.print.PrintClass.PRINTER;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.dicom.CommandSet;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetBytes;
import org.wasla.gateway.dicom.DataSetFile;
import org.wasla.gateway.dicom.Uids;

/** The state rules of print management (PS3.4 annex H), without a network. */
class PrintSessionTest {
    private static final String PRINTER_INSTANCE = "1.2.840.10008.5.1.1.17";
    private final AtomicInteger uids = new AtomicInteger();
    private final PrintSession print = new PrintSession(() -> "2.25." + uids.incrementAndGet());

    private static DataSet read(DataSetBytes bytes) {
        byte[] all = bytes.toArray();
        try {
            return DataSetFile.read(new ByteArrayInputStream(all), all.length, Uids.EXPLICIT_LITTLE, "")
                    .data();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private Answer ask(int command, PrintClass what, String uid, DataSetBytes data) {
        boolean isCreate = command == N_CREATE;
        CommandSet set = CommandSet.of(command)
                .with(isCreate ? CommandSet.SOP_CLASS : CommandSet.REQUESTED_CLASS, what.uid())
                .with(isCreate ? CommandSet.INSTANCE : CommandSet.REQUESTED_INSTANCE, uid)
                .with(CommandSet.ACTION_TYPE, 1);
        return print.on(set, read(data), 1_781_596_804_105L, false);
    }

    private int status(int command, PrintClass what, String uid, DataSetBytes data) {
        return ask(command, what, uid, data).status();
    }

    private static DataSetBytes none() {
        return DataSetBytes.explicit();
    }

    private static DataSetBytes format(String format) {
        return none().text(0x2010_0010, "ST", format);
    }

    private static DataSetBytes image(int rows, int columns, int allocated, int stored, int pixelBytes) {
        return none().numbers(0x0028_0002, "US", 2, 1)
                .text(0x0028_0004, "CS", "MONOCHROME2")
                .numbers(0x0028_0010, "US", 2, rows)
                .numbers(0x0028_0011, "US", 2, columns)
                .numbers(0x0028_0100, "US", 2, allocated)
                .numbers(0x0028_0101, "US", 2, stored)
                .element(0x7fe0_0010, "OW", new byte[pixelBytes]);
    }

    private static DataSetBytes box(DataSetBytes... images) {
        return none().numbers(0x2020_0010, "US", 2, 1).sequence(0x2020_0110, images);
    }

    /** Session and film, of which the first box is given. */
    private String film(String format) {
        assertEquals(0, status(N_CREATE, FILM_SESSION, "1.1", none()));
        Answer film = ask(N_CREATE, FILM_BOX, "1.2", format(format));
        assertEquals(0, film.status());
        return String.valueOf(film.data().items(0x2010_0510).get(0).text(0x0008_1155));
    }

    @Test
    void everyLayoutThatSaysHowManyPlacesItHasIsTaken() {
        assertEquals(0, status(N_CREATE, FILM_SESSION, "1.1", none()));
        List<String> formats = List.of("STANDARD\\4,3", "ROW\\1,2,3", "COL\\2,2", "STANDARD\\10,10");
        List<Integer> boxes = List.of(12, 6, 4, 100);
        for (int i = 0; i < formats.size(); i++) {
            Answer film = ask(N_CREATE, FILM_BOX, "", format(formats.get(i)));
            assertEquals(boxes.get(i), film.data().items(0x2010_0510).size(), formats.get(i));
        }
        for (String other : List.of("SLIDE", "CUSTOM\\1", "STANDARD\\11,10", "STANDARD\\0,3", "STANDARD", "ROW\\x")) {
            assertEquals(PrintStatus.INVALID_VALUE, status(N_CREATE, FILM_BOX, "", format(other)), other);
        }
        assertEquals(PrintStatus.MISSING_ATTRIBUTE, status(N_CREATE, FILM_BOX, "", none()));
    }

    @Test
    void whatIsThereTwiceNeverOrWrongIsAnsweredSo() {
        assertEquals(PrintStatus.INVALID_VALUE, status(N_CREATE, FILM_BOX, "1.2", format("STANDARD\\1,1")));
        String box = film("STANDARD\\1,1");
        assertEquals(PrintStatus.DUPLICATE, status(N_CREATE, FILM_SESSION, "1.1", none()));
        assertEquals(PrintStatus.DUPLICATE, status(N_CREATE, FILM_SESSION, "1.9", none()));
        assertEquals(PrintStatus.DUPLICATE, status(N_CREATE, FILM_BOX, "1.2", format("STANDARD\\1,1")));
        assertEquals(PrintStatus.DUPLICATE, status(N_CREATE, LOOKUP_TABLE, box, none()));
        assertEquals(PrintStatus.INVALID_INSTANCE, status(N_CREATE, FILM_BOX, "1 2", format("STANDARD\\1,1")));
        for (PrintClass each : List.of(FILM_SESSION, FILM_BOX, IMAGE_BOX, ANNOTATION_BOX)) {
            assertEquals(PrintStatus.NO_SUCH_INSTANCE, status(N_SET, each, "1.7", none()), each.toString());
        }
        assertEquals(PrintStatus.NO_SUCH_INSTANCE, status(N_ACTION, FILM_BOX, "1.7", none()));
        assertEquals(PrintStatus.NO_SUCH_INSTANCE, status(N_DELETE, FILM_SESSION, "1.7", none()));
        assertEquals(PrintStatus.NO_SUCH_INSTANCE, status(N_GET, PRINTER, "1.7", none()));
        assertEquals(PrintStatus.UNRECOGNISED_OPERATION, status(N_CREATE, IMAGE_BOX, "1.7", none()));
        assertEquals(PrintStatus.UNRECOGNISED_OPERATION, status(N_ACTION, IMAGE_BOX, box, none()));
        assertEquals(PrintStatus.UNRECOGNISED_OPERATION, status(N_DELETE, PRINTER, PRINTER_INSTANCE, none()));
    }

    /** A picture of which we could not say how it is to be read would be a wrong picture. */
    @Test
    void aPictureWhosePartsDoNotFitIsRefused() {
        String box = film("STANDARD\\1,1");
        assertEquals(0, status(N_SET, IMAGE_BOX, box, box(image(3, 5, 8, 8, 16))));
        assertEquals(0, status(N_SET, IMAGE_BOX, box, box(image(4, 4, 16, 10, 32))));
        assertEquals(PrintStatus.INVALID_VALUE, status(N_SET, IMAGE_BOX, box, box(image(4, 4, 16, 12, 30))));
        assertEquals(PrintStatus.INVALID_VALUE, status(N_SET, IMAGE_BOX, box, box(image(4, 4, 16, 17, 32))));
        assertEquals(PrintStatus.INVALID_VALUE, status(N_SET, IMAGE_BOX, box, box(image(4, 4, 32, 12, 64))));
        assertEquals(PrintStatus.INVALID_VALUE, status(N_SET, IMAGE_BOX, box, box(image(0, 4, 16, 12, 0))));
        DataSetBytes colour = image(4, 4, 8, 8, 48).numbers(0x0028_0002, "US", 2, 3);
        assertEquals(PrintStatus.INVALID_VALUE, status(N_SET, IMAGE_BOX, box, box(colour)));
        assertEquals(PrintStatus.MISSING_ATTRIBUTE, status(N_SET, IMAGE_BOX, box, box(none())));
        // The last good one is still there.
        assertEquals(
                32, ask(N_ACTION, FILM_BOX, "1.2", none()).pictures().get(0).length());
    }

    @Test
    void anEmptyFilmIsAWarningAndAnEmptySessionAFailure() {
        assertEquals(0, status(N_CREATE, FILM_SESSION, "1.1", none()));
        assertEquals(PrintStatus.SESSION_HAS_NO_FILM, status(N_ACTION, FILM_SESSION, "1.1", none()));
        String box = String.valueOf(ask(N_CREATE, FILM_BOX, "1.2", format("STANDARD\\1,1"))
                .data()
                .item(0x2010_0510)
                .text(0x0008_1155));
        assertEquals(PrintStatus.FILM_IS_EMPTY, status(N_ACTION, FILM_BOX, "1.2", none()));
        assertEquals(PrintStatus.SESSION_IS_EMPTY, status(N_ACTION, FILM_SESSION, "1.1", none()));
        assertEquals(0, status(N_SET, IMAGE_BOX, box, box(image(4, 4, 8, 8, 16))));
        // An empty sequence takes the picture away again.
        assertEquals(0, status(N_SET, IMAGE_BOX, box, box()));
        assertEquals(PrintStatus.FILM_IS_EMPTY, status(N_ACTION, FILM_BOX, "1.2", none()));
    }

    /** A copy is the same picture; what has changed is another. */
    @Test
    void onlyWhatIsNotStoredAsItIsNowIsStored() {
        String box = film("STANDARD\\1,1");
        assertEquals(0, status(N_SET, IMAGE_BOX, box, box(image(4, 4, 8, 8, 16))));
        List<Picture> first = ask(N_ACTION, FILM_SESSION, "1.1", none()).pictures();
        // It could not be stored, and is asked for again.
        assertEquals(1, ask(N_ACTION, FILM_BOX, "1.2", none()).pictures().size());
        print.stored(first.get(0));
        assertEquals(List.of(), ask(N_ACTION, FILM_BOX, "1.2", none()).pictures());
        assertEquals(0, status(N_SET, FILM_BOX, "1.2", none().text(0x2010_0140, "CS", "YES")));
        assertEquals(1, ask(N_ACTION, FILM_BOX, "1.2", none()).pictures().size());
    }

    @Test
    void whatIsDeletedIsGoneWithAllThatHangsOnIt() {
        String box = film("STANDARD\\1,1");
        assertTrue(print.boxes().contains(box));
        assertEquals(0, status(N_DELETE, FILM_BOX, "1.2", none()));
        assertTrue(print.boxes().isEmpty());
        assertEquals(0, status(N_CREATE, FILM_BOX, "1.3", format("STANDARD\\1,1")));
        assertEquals(0, status(N_DELETE, FILM_SESSION, "1.1", none()));
        assertTrue(print.boxes().isEmpty());
        assertEquals(0, status(N_CREATE, FILM_SESSION, "1.1", none()));
    }

    @Test
    void thePrinterTellsWhatIsAskedForAndWhenItHasNoRoom() {
        Answer all = ask(N_GET, PRINTER, PRINTER_INSTANCE, none());
        assertEquals("NORMAL", all.data().text(0x2110_0010));
        CommandSet get = CommandSet.of(N_GET)
                .with(CommandSet.REQUESTED_CLASS, PRINTER.uid())
                .with(CommandSet.REQUESTED_INSTANCE, PRINTER_INSTANCE);
        DataSet full = print.on(get, DataSet.EMPTY, 0, true).data();
        assertEquals("FAILURE", full.text(0x2110_0010));
        assertEquals("SUPPLY EMPTY", full.text(0x2110_0020));
    }

    /** What a caller may have held is bounded, however it is sent. */
    @Test
    void aCallerThatSendsAttributesForEverIsRefused() {
        film("STANDARD\\1,1");
        DataSetBytes large = none().text(0x2010_0150, "ST", "x".repeat(60_000));
        int taken = 0;
        for (int i = 0; i < 100; i++) {
            taken += status(N_CREATE, LOOKUP_TABLE, "1.5." + i, large) == 0 ? 1 : 0;
        }
        assertTrue(taken > 5 && taken < 20, "taken " + taken);
        assertEquals(PrintStatus.LIMIT, status(N_SET, FILM_BOX, "1.2", large));
        int films = 0;
        for (int i = 0; i < 100; i++) {
            films += status(N_CREATE, FILM_BOX, "1.6." + i, format("STANDARD\\1,1")) == 0 ? 1 : 0;
        }
        assertEquals(PrintSession.FILMS_MAX - 1, films);
    }

    @Test
    void commandsInAnyOrderNeverThrow() {
        Random random = new Random(5);
        int[] commands = {N_CREATE, N_GET, N_SET, N_SET, N_SET, N_ACTION, N_ACTION, N_DELETE, CommandSet.C_STORE};
        PrintClass[] classes = {FILM_SESSION, FILM_BOX, IMAGE_BOX, IMAGE_BOX, ANNOTATION_BOX, PRINTER, LOOKUP_TABLE};
        int done = 0;
        for (int run = 0; run < 3_000; run++) {
            PrintClass what = classes[random.nextInt(classes.length)];
            List<String> boxes = List.copyOf(print.boxes());
            boolean isBox = what == IMAGE_BOX && !boxes.isEmpty() && random.nextInt(8) > 0;
            String uid = isBox ? boxes.get(random.nextInt(boxes.size())) : what.uid() + "." + random.nextInt(2);
            byte[] bytes = isBox
                    ? box(image(4, 4, 16, 12, 32)).toArray()
                    : format("STANDARD\\2,2").toArray();
            bytes[random.nextInt(bytes.length)] ^= (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : 0);
            Answer answer = ask(commands[random.nextInt(commands.length)], what, uid, none().raw(bytes));
            for (Picture each : answer.pictures()) {
                assertTrue(print.head(each).size() > 300);
                print.stored(each);
                done++;
            }
        }
        assertTrue(done > 50, "hardly anything was printed: " + done);
    }
}
