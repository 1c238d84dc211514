package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.dicom.CommandSet;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetBytes;
import org.wasla.gateway.dicom.DataSetFile;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.imaging.ImagingSettings.Limits;
import org.wasla.gateway.orders.Change;
import org.wasla.gateway.orders.Order;
import org.wasla.gateway.orders.OrderBook;
import org.wasla.gateway.orders.StepQuery;
import org.wasla.gateway.uplink.Mosquitto;

/** A worklist spares typing a name into a scanner: a wrong name there is on every image after (PS3.4 annex K). */
class WorklistIT {
    private static final Path FINDER = Path.of("/usr/bin/findscu");
    private static final Path UPSTREAM = Path.of("/usr/bin/wlmscpfs");

    @TempDir
    Path dir;

    @TempDir
    Path work;

    /** Orders in memory. */
    private static final class Book implements Surroundings.Keeper {
        private volatile OrderBook book = OrderBook.NONE;

        Surroundings surroundings() {
            return new Surroundings(this::steps, (said, study) -> Whose.UNASKED, this);
        }

        private List<Order> steps(StepQuery query) {
            return book.steps(query, System.currentTimeMillis());
        }

        @Override
        public Collection<Order> all() {
            return book.all();
        }

        @Override
        public void keep(List<Change> changes) {
            book = book.with(changes, System.currentTimeMillis());
        }

        Book put(Order order) {
            keep(List.of(new Change.Put(order)));
            return this;
        }
    }

    static Order order(String id, String family, String given, String modality, String station, String start) {
        return new Order(
                id,
                "",
                List.of(),
                "R",
                List.of(),
                new Order.Patient("P-" + id, "CHU", family, given, "1970-01-31", "F"),
                new Order.Step(
                        "A-" + id,
                        "RP-" + id,
                        "Scanner thorax",
                        "S-" + id,
                        modality,
                        station,
                        start,
                        "TDM",
                        "",
                        "Dr^X"),
                System.currentTimeMillis() + 3_600_000);
    }

    private static Book ward() {
        return new Book()
                .put(order("1", "Méziane", "Laïla", "CT", "CT1", "2026-06-16T08:00"))
                .put(order("2", "Benali", "Omar", "MR", "MR1", "2026-06-16T09:30"))
                .put(order("3", "Lefœuvre", "Anne", "CT", "", "2026-06-17T10:00:30"))
                .put(order("4", "سليمان", "نادية", "US", "US1", "2026-06-18T11:00"));
    }

    private Receiver receiver(Surroundings around, StepSettings steps) throws IOException {
        return new Receiver(dir, Receiver.settings(dir, Limits.USUAL, null).with(steps), around);
    }

    private static StepSettings charset(String title, String charset) {
        return new StepSettings(Map.of(), Map.of(title, charset), null);
    }

    /** Asks with DCMTK; gives what it wrote of each answer. */
    private List<DataSet> find(Receiver receiver, String title, String... keys) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(FINDER), "dcmtk is not installed: apt-get install dcmtk");
        Path to = Files.createTempDirectory(work, "rsp");
        List<String> command = new ArrayList<>(List.of(FINDER.toString(), "-W", "-X", "-aec", "WASLA", "-aet", title));
        for (String key : keys) {
            command.addAll(List.of("-k", key));
        }
        command.addAll(List.of("127.0.0.1", Integer.toString(receiver.port())));
        Path log = to.resolve("log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .directory(to.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "findscu hangs");
        assertEquals(0, process.exitValue(), Files.readString(log));
        List<DataSet> answers = new ArrayList<>();
        try (Stream<Path> files = Files.list(to)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".dcm"))
                    .sorted()
                    .toList()) {
                byte[] bytes = Files.readAllBytes(file);
                answers.add(DataSetFile.read(new ByteArrayInputStream(bytes), bytes.length, "")
                        .data());
            }
        }
        return answers;
    }

    private static String names(List<DataSet> answers) {
        return answers.stream()
                .map(each -> String.valueOf(each.text(Worklist.NAME)))
                .collect(Collectors.joining(" "));
    }

    @Test
    void aScannerFindsItsStepsByEveryKey() throws Exception {
        String step = "ScheduledProcedureStepSequence[0].";
        try (Receiver receiver = receiver(ward().surroundings(), StepSettings.NONE)) {
            List<DataSet> mine = find(
                    receiver,
                    "CT1",
                    "PatientName",
                    "PatientID",
                    "PatientBirthDate",
                    "PatientSex",
                    "StudyInstanceUID",
                    "AccessionNumber",
                    "RequestedProcedureID",
                    "MedicalAlerts",
                    step + "Modality=CT",
                    step + "ScheduledStationAETitle=CT1",
                    step + "ScheduledProcedureStepStartDate=20260616-20260617",
                    step + "ScheduledProcedureStepStartTime",
                    step + "ScheduledProcedureStepDescription");
            assertEquals("Méziane^Laïla Lefœuvre^Anne", names(mine));
            DataSet first = mine.get(0);
            assertEquals("ISO_IR 192", first.text(0x0008_0005));
            assertEquals("P-1", first.text(Worklist.PATIENT));
            assertEquals("19700131", first.text(Worklist.BIRTH));
            assertEquals("A-1", first.text(Worklist.ACCESSION));
            assertTrue(String.valueOf(first.text(Worklist.STUDY)).matches("2\\.25\\.\\d+"));
            assertTrue(first.element(0x0010_2000) != null && first.text(0x0010_2000) == null, "asked for, not known");
            DataSet scheduled = first.item(Worklist.STEPS);
            assertEquals("20260616", scheduled.text(Worklist.START_DAY));
            assertEquals("0800", scheduled.text(Worklist.START_TIME));
            assertEquals("TDM", scheduled.text(Worklist.STEP_TEXT));

            assertEquals("Benali^Omar", names(find(receiver, "MR1", "PatientName=ben*")));
            assertEquals("Benali^Omar", names(find(receiver, "MR1", "PatientName", "AccessionNumber=A-2")));
            assertEquals("Benali^Omar", names(find(receiver, "MR1", "PatientName", "PatientID=P-2")));
            assertEquals(
                    "Benali^Omar",
                    names(find(receiver, "MR1", "PatientName", step + "ScheduledProcedureStepStartTime=0930-0930")));
            assertEquals("", names(find(receiver, "MR1", "PatientName", "PatientID=P-9")));
            assertEquals(4, find(receiver, "MR1", "PatientName").size());
        }
    }

    /** A name that the scanner's character set lacks is written with the escape sequences of ISO 2022, never changed. */
    @Test
    void aScannerThatReadsLatinGetsLatinAndNoWrongName() throws Exception {
        try (Receiver receiver = receiver(ward().surroundings(), charset("CT1", "ISO_IR 100"))) {
            List<DataSet> all = find(receiver, "CT1", "PatientName", "PatientID");
            assertEquals("Méziane^Laïla Benali^Omar Lefœuvre^Anne سليمان^نادية", names(all));
            assertEquals(
                    List.of(
                            "[ISO_IR 100]",
                            "[ISO_IR 100]",
                            "[ISO 2022 IR 100, ISO 2022 IR 203]",
                            "[ISO 2022 IR 100, ISO 2022 IR 127]"),
                    all.stream().map(each -> each.texts(0x0008_0005).toString()).toList());
            assertEquals(
                    "ISO_IR 192", find(receiver, "US1", "PatientName").get(0).text(0x0008_0005));
        }
    }

    private static CommandSet query(int message) {
        return CommandSet.of(CommandSet.C_FIND)
                .with(CommandSet.MESSAGE_ID, message)
                .with(CommandSet.SOP_CLASS, Worklist.SOP_CLASS)
                .with(CommandSet.PRIORITY, 0)
                .withDataSet();
    }

    private static final Bytes ANYBODY =
            Bytes.of(DataSetBytes.explicit().text(Worklist.NAME, "PN", "").toArray());

    /** A whole hospital's list is cut, and says so; and who has seen enough can say stop. */
    @Test
    void aLongListIsCutAndCancelled() throws Exception {
        Book book = new Book();
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i <= Worklist.ITEMS_MAX; i++) {
            changes.add(new Change.Put(order("o" + i, "Nom", "N" + i, "CT", "", "2026-06-16T08:00")));
        }
        book.keep(changes);
        try (Receiver receiver = receiver(book.surroundings(), StepSettings.NONE);
                Requester scanner = Requester.open(receiver.peer("CT1"), Worklist.SOP_CLASS, false, "", Timing.USUAL)) {
            scanner.send(query(1), ANYBODY);
            int items = 0;
            Requester.Message message = scanner.receive();
            while (message.set().number(CommandSet.STATUS, -1) == 0xff00) {
                items++;
                message = scanner.receive();
            }
            assertEquals(Worklist.ITEMS_MAX, items);
            assertEquals(0xa700, message.set().number(CommandSet.STATUS, -1));

            scanner.send(query(2), ANYBODY);
            scanner.receive();
            scanner.send(CommandSet.of(CommandSet.C_CANCEL).with(CommandSet.REPLIED_TO, 2), Bytes.NONE);
            items = 1;
            message = scanner.receive();
            while (message.set().number(CommandSet.STATUS, -1) == 0xff00) {
                items++;
                message = scanner.receive();
            }
            int status = message.set().number(CommandSet.STATUS, -1);
            // All may be on their way before the cancel is heard.
            assertTrue(status == 0xfe00 || items == Worklist.ITEMS_MAX, items + " items, status " + status);

            scanner.send(query(3), Bytes.of(Objects.noise(2_000, 7)));
            while (scanner.receive().set().number(CommandSet.STATUS, -1) == 0xff00) {
                // whatever that asked for, it ends
            }
        }
    }

    private Path item(Path folder, String id, String name) throws IOException {
        DataSetBytes step = DataSetBytes.explicit()
                .text(Worklist.MODALITY, "CS", "CT")
                .text(Worklist.STATION, "AE", "CT1")
                .text(Worklist.START_DAY, "DA", "20260616")
                .text(Worklist.START_TIME, "TM", "101500")
                .text(0x0040_0006, "PN", "")
                .text(Worklist.STEP_TEXT, "LO", "Échographie")
                .text(Worklist.STEP, "SH", "S" + id);
        DataSetBytes data = DataSetBytes.explicit()
                .text(0x0008_0005, "CS", "ISO_IR 192")
                .text(Worklist.ACCESSION, "SH", "A" + id)
                .text(Worklist.PHYSICIAN, "PN", "")
                .text(Worklist.NAME, "PN", name)
                .text(Worklist.PATIENT, "LO", "P" + id)
                .text(Worklist.BIRTH, "DA", "19800102")
                .text(Worklist.SEX, "CS", "F")
                .text(Worklist.STUDY, "UI", "1.2.826.77." + id)
                .text(Worklist.PROCEDURE_TEXT, "LO", "Thorax")
                .sequence(Worklist.STEPS, step)
                .text(Worklist.PROCEDURE, "SH", "R" + id);
        byte[] head = FileHead.write(Worklist.SOP_CLASS, "1.2.826.78." + id, Uids.EXPLICIT_LITTLE, "");
        byte[] file = java.util.Arrays.copyOf(head, head.length + data.toArray().length);
        System.arraycopy(data.toArray(), 0, file, head.length, data.toArray().length);
        return Files.write(folder.resolve(id + ".wl"), file);
    }

    private Process upstream(int port) throws IOException {
        return new ProcessBuilder(
                        UPSTREAM.toString(), "-dfp", work.resolve("wl").toString(), Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("wl.log").toFile())
                .start();
    }

    /** The hospital's worklist is asked while it is there, and answered for while it is away. */
    @Test
    void theHospitalsWorklistIsKeptForWhenItIsAway() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(UPSTREAM), "dcmtk is not installed: apt-get install dcmtk");
        Path folder = Files.createDirectories(work.resolve("wl/RIS"));
        Files.createFile(folder.resolve("lockfile"));
        Path gone = item(folder, "1", "Méziane^Laïla^M");
        item(folder, "2", "سليمان^نادية");
        int port = Mosquitto.freePort();
        StepSettings.Upstream from = new StepSettings.Upstream("RIS", new StepSettings.Address("127.0.0.1", port), 100);
        Book book = new Book().put(order("9", "Ours", "Own", "CT", "CT1", "2026-06-16T08:00"));
        Process ris = upstream(port);
        try (Receiver receiver = receiver(book.surroundings(), new StepSettings(Map.of(), Map.of(), from))) {
            Objects.await("heard", () -> book.all().size() == 3);
            Files.delete(gone);
            Objects.await("dropped", () -> book.all().size() == 2);
            item(folder, "1", "Méziane^Laïla^M");
            Objects.await("heard again", () -> book.all().size() == 3);
            ris.destroyForcibly().waitFor();
            List<DataSet> answers = find(receiver, "CT1", "PatientName", "StudyInstanceUID", "PatientID=P1");
            assertEquals("Méziane^Laïla^M", names(answers));
            assertEquals("1.2.826.77.1", answers.get(0).text(Worklist.STUDY));
            assertEquals(3, find(receiver, "CT1", "PatientName").size());
        } finally {
            ris.destroyForcibly();
        }
    }
}
