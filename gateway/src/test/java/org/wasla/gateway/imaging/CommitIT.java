package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.dicom.CommandSet;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetBytes;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.imaging.ImagingSettings.Limits;

/** A modality deletes what is reported as held: nothing may be reported that a power cut could take (PS3.4 annex J). */
class CommitIT {
    private static final int TRANSACTION = 0x0008_1195;
    private static final int HELD = 0x0008_1199;
    private static final int FAILED = 0x0008_1198;
    private static final String OTHER_CLASS = "1.2.840.10008.5.1.4.1.1.4";

    @TempDir
    Path dir;

    @TempDir
    Path sources;

    private Receiver receiver(Map<String, StepSettings.Address> reports) throws IOException {
        ImagingSettings settings = Receiver.settings(dir, Limits.USUAL, null);
        return new Receiver(dir, settings.with(new StepSettings(reports, Map.of(), null)), Timing.USUAL);
    }

    private static Bytes request(String transaction, String... pairs) {
        DataSetBytes[] items = new DataSetBytes[pairs.length / 2];
        for (int i = 0; i < items.length; i++) {
            items[i] = DataSetBytes.explicit()
                    .text(0x0008_1150, "UI", pairs[2 * i])
                    .text(0x0008_1155, "UI", pairs[2 * i + 1]);
        }
        return Bytes.of(DataSetBytes.explicit()
                .text(TRANSACTION, "UI", transaction)
                .sequence(HELD, items)
                .toArray());
    }

    private static CommandSet action(int type) {
        return CommandSet.of(CommandSet.N_ACTION)
                .with(CommandSet.MESSAGE_ID, 3)
                .with(CommandSet.REQUESTED_CLASS, CommitBook.SOP_CLASS)
                .with(CommandSet.REQUESTED_INSTANCE, CommitBook.INSTANCE)
                .with(CommandSet.ACTION_TYPE, type)
                .withDataSet();
    }

    private static int ask(Requester modality, Bytes request) throws IOException {
        modality.send(action(1), request);
        return modality.receive().set().number(CommandSet.STATUS, -1);
    }

    private static Requester open(Receiver receiver) throws IOException {
        return Requester.open(receiver.peer("CT1"), CommitBook.SOP_CLASS, false, "", Timing.USUAL);
    }

    private void store(Receiver receiver, String uid) throws IOException {
        Path file = Objects.file(sources, uid, Objects.noise(30_000, 3));
        FileHead head = java.util.Objects.requireNonNull(Sender.head(file));
        try (Sender sender = receiver.sender(head)) {
            assertEquals(Optional.of(0), sender.store(file, head));
        }
    }

    /** Who stays on the association hears it there, with a reason for each object that is not held. */
    @Test
    void theReportComesOnTheSameAssociation() throws Exception {
        try (Receiver receiver = receiver(Map.of())) {
            store(receiver, "1.2.1");
            store(receiver, "1.2.2");
            try (Requester modality = open(receiver)) {
                assertEquals(0, ask(modality, request("1.7.1", Objects.CT, "1.2.1", Objects.CT, "1.2.2")));
                Requester.Message all = modality.receive();
                assertEquals(CommandSet.N_EVENT_REPORT, all.set().command());
                assertEquals(CommitBook.ALL_HELD, all.set().number(CommandSet.EVENT_TYPE, 0));
                assertEquals("1.7.1", all.data().text(TRANSACTION));
                assertEquals(2, all.data().items(HELD).size());
                modality.send(all.set().reply(0), Bytes.NONE);

                assertEquals(
                        0,
                        ask(
                                modality,
                                request("1.7.2", Objects.CT, "1.2.1", Objects.CT, "1.2.9", OTHER_CLASS, "1.2.2")));
                Requester.Message some = modality.receive();
                assertEquals(CommitBook.SOME_FAILED, some.set().number(CommandSet.EVENT_TYPE, 0));
                assertEquals(1, some.data().items(HELD).size());
                List<DataSet> failed = some.data().items(FAILED);
                assertEquals(
                        "1.2.9 274",
                        failed.get(0).text(0x0008_1155) + " " + failed.get(0).text(0x0008_1197));
                assertEquals(
                        "1.2.2 281",
                        failed.get(1).text(0x0008_1155) + " " + failed.get(1).text(0x0008_1197));
                modality.send(some.set().reply(0), Bytes.NONE);
            }
        }
    }

    @Test
    void whatIsNoRequestIsRefused() throws Exception {
        try (Receiver receiver = receiver(Map.of());
                Requester modality = open(receiver)) {
            assertEquals(0x0115, ask(modality, request("1.7.1")));
            assertEquals(0x0115, ask(modality, Bytes.of(Objects.noise(3_000, 5))));
            modality.send(action(2), request("1.7.1", Objects.CT, "1.2.1"));
            assertEquals(0x0123, modality.receive().set().number(CommandSet.STATUS, -1));
            modality.send(action(1).with(CommandSet.REQUESTED_INSTANCE, "1.2"), request("1.7.1", Objects.CT, "1.2.1"));
            assertEquals(0x0112, modality.receive().set().number(CommandSet.STATUS, -1));
            assertEquals(0, ask(modality, request("1.7.1", Objects.CT, "1.2.1")));
            assertEquals(0, ask(modality, request("1.7.1", Objects.CT, "1.2.1")), "asked again");
            assertEquals(0x0131, ask(modality, request("1.7.1", Objects.CT, "1.2.2")));
        }
    }

    /** Most modalities leave at once and listen. The request outlives a restart of the box, and refusals are tried again. */
    @Test
    void theReportComesOnAnAssociationOfOursAndAfterARestart() throws Exception {
        try (ReportListener listener = new ReportListener()) {
            try (Receiver receiver = receiver(Map.of())) {
                store(receiver, "1.2.1");
                try (Requester modality = open(receiver)) {
                    assertEquals(0, ask(modality, request("1.7.5", Objects.CT, "1.2.1")));
                }
            }
            listener.refusals.set(1);
            try (Receiver receiver = receiver(Map.of("CT1", new StepSettings.Address("", listener.port())))) {
                assertEquals(1, receiver.imaging.figures().instances());
                Objects.await("reported", () -> listener.reports.size() == 1);
                assertEquals(List.of(CommitBook.ALL_HELD), listener.events);
                assertEquals("1.7.5", listener.reports.get(0).text(TRANSACTION));
                Objects.await(
                        "noted",
                        () -> Files.readString(dir.resolve("commit.log")).contains("D\t1.7.5"));
            }
        }
    }

    /** A file that was lost since is not held, whatever the index says. */
    @Test
    void whatIsGoneFromTheDiskIsNotReportedAsHeld() throws Exception {
        try (Receiver receiver = receiver(Map.of())) {
            store(receiver, "1.2.1");
            Instance held = Objects.listed(dir).values().iterator().next();
            Files.delete(dir.resolve(held.file()));
            try (Requester modality = open(receiver)) {
                assertEquals(0, ask(modality, request("1.7.6", Objects.CT, "1.2.1")));
                Requester.Message report = modality.receive();
                assertEquals(CommitBook.SOME_FAILED, report.set().number(CommandSet.EVENT_TYPE, 0));
                assertTrue(report.data().items(HELD).isEmpty());
            }
        }
    }
}
