package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.dicom.CommandSet;
import org.wasla.gateway.dicom.DataSetBytes;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.observation.RecordBody;

/** A modality tells when an examination begins and ends: who waits for it need not guess by silence (PS3.4 annex F). */
class StepsIT {
    private static final String UID = "1.2.826.5.1";

    @TempDir
    Path dir;

    @TempDir
    Path sources;

    private static DataSetBytes created(String status) {
        DataSetBytes request = DataSetBytes.explicit()
                .text(0x0008_0050, "SH", "A77")
                .text(0x0020_000d, "UI", "1.9")
                .text(0x0040_0007, "LO", "Thorax face")
                .text(0x0040_1001, "SH", "RP-1");
        return DataSetBytes.explicit()
                .text(0x0008_0005, "CS", "ISO_IR 192")
                .text(0x0008_0060, "CS", "DX")
                .text(0x0010_0010, "PN", "Familyname^Given")
                .text(0x0010_0020, "LO", "SECRET4711")
                .text(0x0040_0241, "AE", "DX1")
                .text(0x0040_0244, "DA", "20250310")
                .text(0x0040_0245, "TM", "101500")
                .text(0x0040_0252, "CS", status)
                .text(0x0040_0253, "SH", "PPS-1")
                .text(0x0040_0254, "LO", "Familyname moved")
                .sequence(0x0040_0270, request);
    }

    private static DataSetBytes set(String status, String... images) {
        DataSetBytes[] references = new DataSetBytes[images.length];
        for (int i = 0; i < images.length; i++) {
            references[i] =
                    DataSetBytes.explicit().text(0x0008_1150, "UI", Objects.CT).text(0x0008_1155, "UI", images[i]);
        }
        DataSetBytes series = DataSetBytes.explicit()
                .text(0x0008_103e, "LO", "Thorax face")
                .sequence(0x0008_1140, references)
                .text(0x0020_000e, "UI", "1.9.1");
        DataSetBytes data = DataSetBytes.explicit()
                .text(0x0008_0005, "CS", "ISO_IR 192")
                .text(0x0018_115e, "DS", "0.42")
                .text(0x0040_0250, "DA", "20250310")
                .text(0x0040_0251, "TM", "102800")
                .text(0x0040_0252, "CS", status);
        return images.length == 0 ? data : data.sequence(0x0040_0340, series);
    }

    static Requester open(Receiver receiver) throws IOException {
        return Requester.open(receiver.peer("DX1"), StepBook.SOP_CLASS, false, "", Timing.USUAL);
    }

    static CommandSet create(Requester modality, String uid, Bytes data) throws IOException {
        CommandSet set = CommandSet.of(CommandSet.N_CREATE)
                .with(CommandSet.MESSAGE_ID, 7)
                .with(CommandSet.SOP_CLASS, StepBook.SOP_CLASS)
                .withDataSet();
        modality.send(uid.isEmpty() ? set : set.with(CommandSet.INSTANCE, uid), data);
        return modality.receive().set();
    }

    static CommandSet set(Requester modality, String uid, Bytes data) throws IOException {
        modality.send(
                CommandSet.of(CommandSet.N_SET)
                        .with(CommandSet.MESSAGE_ID, 8)
                        .with(CommandSet.REQUESTED_CLASS, StepBook.SOP_CLASS)
                        .with(CommandSet.REQUESTED_INSTANCE, uid)
                        .withDataSet(),
                data);
        return modality.receive().set();
    }

    private static int create(Requester modality, String uid, DataSetBytes data) throws IOException {
        return create(modality, uid, Bytes.of(data.toArray())).number(CommandSet.STATUS, -1);
    }

    private static int set(Requester modality, String uid, DataSetBytes data) throws IOException {
        return set(modality, uid, Bytes.of(data.toArray())).number(CommandSet.STATUS, -1);
    }

    /** Each rule of PS3.4 F.7.2 with the status that tells the modality what is wrong. */
    @Test
    void theStatesOfAStepAreHeld() throws Exception {
        try (Receiver receiver = Receiver.start(dir);
                Requester modality = open(receiver)) {
            assertEquals(0x0106, create(modality, UID, created("COMPLETED")));
            assertEquals(0x0120, create(modality, UID, DataSetBytes.explicit().text(0x0040_0252, "CS", "IN PROGRESS")));
            assertEquals(0x0112, set(modality, UID, set("COMPLETED")));
            assertEquals(0, create(modality, UID, created("IN PROGRESS")));
            assertEquals(0x0111, create(modality, UID, created("IN PROGRESS")));
            assertEquals(0x0106, set(modality, UID, set("DONE")));
            assertEquals(0, set(modality, UID, set("IN PROGRESS")));
            assertEquals(0, set(modality, UID, set("COMPLETED")));
            CommandSet late = set(modality, UID, Bytes.of(set("DISCONTINUED").toArray()));
            assertEquals(0x0110, late.number(CommandSet.STATUS, -1));
            assertEquals(0xa710, late.number(CommandSet.ERROR_ID, -1));
            assertEquals(UID, late.text(CommandSet.INSTANCE));
            assertEquals(0x0111, create(modality, UID, created("IN PROGRESS")));
            assertEquals(0x0117, create(modality, "1.2 3", created("IN PROGRESS")));
        }
    }

    /** Some modalities leave the UID to us, and need it for what they say next. */
    @Test
    void aStepWithoutANameGetsOne() throws Exception {
        try (Receiver receiver = Receiver.start(dir);
                Requester modality = open(receiver)) {
            CommandSet reply =
                    create(modality, "", Bytes.of(created("IN PROGRESS").toArray()));
            assertEquals(0, reply.number(CommandSet.STATUS, -1));
            String uid = reply.text(CommandSet.INSTANCE);
            assertTrue(uid.matches("2\\.25\\.\\d+"), uid);
            assertEquals(0, set(modality, uid, set("DISCONTINUED")));
        }
    }

    @Test
    void whatIsNoRequestOfStepsIsAnsweredAndTheAssociationLives() throws Exception {
        try (Receiver receiver = Receiver.start(dir);
                Requester modality = open(receiver)) {
            modality.send(
                    CommandSet.of(CommandSet.C_FIND)
                            .with(CommandSet.MESSAGE_ID, 1)
                            .with(CommandSet.SOP_CLASS, StepBook.SOP_CLASS),
                    Bytes.NONE);
            assertEquals(0x0211, modality.receive().set().number(CommandSet.STATUS, -1));
            assertEquals(
                    0x0213,
                    create(modality, UID, Bytes.of(new byte[(1 << 20) + 2])).number(CommandSet.STATUS, -1));
            assertEquals(
                    0x0120,
                    create(modality, UID, Bytes.of(Objects.noise(5_000, 1))).number(CommandSet.STATUS, -1));
            assertEquals(0, create(modality, UID, created("IN PROGRESS")));
        }
    }

    /** The study is told before its first image, is not closed by a pause, and closes once the last image that is named is there. */
    @Test
    void aStudyWithAStepOpensAndClosesByIt() throws Exception {
        try (Receiver receiver = Receiver.start(dir);
                Requester modality = open(receiver)) {
            assertEquals(0, create(modality, UID, created("IN PROGRESS")));
            Objects.await("opened", () -> receiver.told.contains("study-opened 1.9 0 0"));
            store(receiver, "1.2.1");
            // Longer than the silence that would close it.
            assertEquals(0, set(modality, UID, set("IN PROGRESS")));
            Objects.await("progress", () -> receiver.told.contains("study-progress 1.9 1 1"));
            assertEquals(0, set(modality, UID, set("COMPLETED", "1.2.1", "1.2.2")));
            store(receiver, "1.2.2");
            Objects.await("closed", () -> receiver.told.contains("study-closed 1.9 1 2"));
            assertEquals(
                    1,
                    receiver.told.stream()
                            .filter(each -> each.startsWith("study-closed"))
                            .count());
            RecordBody.Event closed = event(receiver, "study-closed");
            assertEquals(UID, closed.fields().get("mpps"));
            assertEquals("completed", closed.fields().get("status"));
            assertEquals("A77", closed.fields().get("acc"));
            assertEquals("2025-03-10T10:28:00", closed.fields().get("step-end"));
            assertTrue(String.valueOf(closed.fields().get("performed")).contains("images=2"), closed.toString());
            String dose = receiver.records.stream()
                    .filter(body -> body.kind().equals("res"))
                    .findFirst()
                    .orElseThrow()
                    .toString();
            assertTrue(dose.contains("dap") && dose.contains("0.42"), dose);
        }
        for (Path file : List.of(dir.resolve("steps.log"), dir.resolve("index.log"))) {
            String kept = Files.readString(file);
            assertFalse(kept.contains("SECRET") || kept.contains("Familyname"), kept);
        }
    }

    private static RecordBody.Event event(Receiver receiver, String name) {
        return receiver.records.stream()
                .filter(RecordBody.Event.class::isInstance)
                .map(RecordBody.Event.class::cast)
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void store(Receiver receiver, String uid) throws IOException {
        Path file = Objects.file(sources, uid, Objects.dataSet(uid, "1.9", "1.9.1", 1_000));
        FileHead head = java.util.Objects.requireNonNull(Sender.head(file));
        try (Sender sender = receiver.sender(head)) {
            assertEquals(Optional.of(0), sender.store(file, head));
        }
    }

    /**
     * What was answered with success is known after kill -9, between the creation and the end: the end is told then, with
     * the patient nowhere, and once.
     */
    @Test
    void aStepOutlivesAKill() throws Exception {
        talkThenKill(modality -> assertEquals(0, create(modality, UID, created("IN PROGRESS"))));
        talkThenKill(modality -> {
            assertEquals(0x0111, create(modality, UID, created("IN PROGRESS")));
            assertEquals(0, set(modality, UID, set("DISCONTINUED")));
        });
        boolean wasTold = Files.readString(dir.resolve("steps.log")).contains("F\t" + UID);
        try (Receiver receiver = Receiver.start(dir);
                Requester modality = open(receiver)) {
            assertEquals(0x0110, set(modality, UID, set("COMPLETED")));
            Objects.await("closed", () -> wasTold || receiver.told.contains("study-closed 1.9 0 0"));
            assertFalse(receiver.records.toString().contains("Familyname"), receiver.records.toString());
            Objects.await(
                    "noted", () -> Files.readString(dir.resolve("steps.log")).contains("F\t" + UID));
        }
        try (Receiver receiver = Receiver.start(dir);
                Requester modality = open(receiver)) {
            assertEquals(0x0110, set(modality, UID, set("COMPLETED")));
            assertEquals(List.of(), receiver.told);
        }
    }

    private interface Talk {
        void with(Requester modality) throws IOException;
    }

    private void talkThenKill(Talk talk) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReceiverChild.class.getName(),
                        dir.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            int port = Integer.parseInt(String.valueOf(out.readLine()));
            Sender.Peer peer = new Sender.Peer("127.0.0.1", port, "WASLA", "DX1");
            Requester modality = Requester.open(peer, StepBook.SOP_CLASS, false, "", Timing.USUAL);
            talk.with(modality);
        } finally {
            child.destroyForcibly();
            assertTrue(child.waitFor(30, TimeUnit.SECONDS));
        }
    }
}
