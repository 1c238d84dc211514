package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.dicom.DataSetBytes;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.observation.RecordBody.Examined;

/** Between success and its records an object may lie for days: it must not be forgotten. */
class UnreadIT {
    @TempDir
    Path dir;

    @TempDir
    Path sources;

    private void send(Receiver receiver, String uid) throws IOException {
        DataSetBytes report = Report.report(uid, "DCM 126000 Report", new DataSetBytes[] {
            Report.number("SCT 81827009 Diameter", "UCUM mm length", "3")
        });
        Path file = Objects.file(sources, uid, report.toArray());
        FileHead head = java.util.Objects.requireNonNull(Sender.head(file));
        try (Sender sender = receiver.sender(head)) {
            assertEquals(Optional.of(0), sender.store(file, head));
        }
    }

    private Map<Integer, String> read() throws IOException {
        Map<Integer, String> read = new HashMap<>();
        InstanceIndex.visit(dir, new InstanceIndex.Visitor() {
            @Override
            public void instance(Instance instance) {
                // only readings count here
            }

            @Override
            public void reading(InstanceIndex.Reading reading) {
                read.put(reading.number(), reading.study());
            }

            @Override
            public void closed(String study) {
                // only readings count here
            }
        });
        return read;
    }

    private static List<String> results(Receiver receiver) {
        return receiver.records.stream()
                .filter(body -> body instanceof Examined)
                .map(body -> ((Examined) body).of().instance().get("uid"))
                .toList();
    }

    @Test
    void whatTheBufferRefusedIsTriedAgain() throws Exception {
        try (Receiver receiver = Receiver.start(dir)) {
            receiver.refuses = true;
            send(receiver, "2.25.31");
            send(receiver, "2.25.32");
            // The first is refused and tried again before the second is looked at.
            Objects.await("refusals of both", () -> receiver.refusals.get() >= 3);
            assertEquals(Map.of(), read());
            receiver.refuses = false;
            Objects.await("both", () -> read().size() == 2);
            // One that is still refused holds up no other, so either may be first.
            assertEquals(
                    List.of("2.25.31", "2.25.32"),
                    results(receiver).stream().sorted().toList());
        }
    }

    @Test
    void whatWasNotToldBeforeTheEndIsToldAfterTheStartAndOnce() throws Exception {
        try (Receiver receiver = Receiver.start(dir)) {
            receiver.refuses = true;
            send(receiver, "2.25.41");
            Objects.await("a refusal", () -> receiver.refusals.get() >= 1);
        }
        assertEquals(Map.of(), read());
        try (Receiver receiver = Receiver.start(dir)) {
            Objects.await("the record", () -> read().size() == 1);
            assertEquals(List.of("2.25.41"), results(receiver));
        }
        try (Receiver receiver = Receiver.start(dir)) {
            send(receiver, "2.25.42");
            Objects.await("the next record", () -> read().size() == 2);
            assertEquals(List.of("2.25.42"), results(receiver));
        }
    }
}
