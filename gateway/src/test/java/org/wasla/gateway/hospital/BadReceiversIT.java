package org.wasla.gateway.hospital;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Outbox;

/** Receivers that do not do as they should: nothing is lost by them, and none holds up what comes behind for ever. */
class BadReceiversIT {
    private static final String POISON = "poison";
    private static final Lane.Pauses SHORT = new Lane.Pauses(5, 40);

    @TempDir
    Path folder;

    private Outbox outbox;
    private Hospital hospital;
    private OddReceiver receiver;

    @BeforeEach
    void open() throws IOException {
        outbox = Buffer.open(folder.resolve("buffer"));
        receiver = new OddReceiver((text, id) -> new byte[0]);
        hospital = started();
    }

    @AfterEach
    void close() throws IOException {
        hospital.close();
        receiver.close();
        outbox.close();
    }

    private Hospital started() {
        Hospital started = new Hospital(
                Buffer.settings(Buffer.to(receiver.port(), 0, 300)), outbox, device -> "pulse oximeter", SHORT);
        started.start();
        return started;
    }

    private HospitalProgress progress() {
        return hospital.progress().get(0);
    }

    private void append(Draft... drafts) throws IOException {
        outbox.append(List.of(drafts));
    }

    private void alarms(String... names) throws IOException {
        for (String name : names) {
            append(Buffer.alarm("oxi", Buffer.T0_MS, name, "start"));
        }
    }

    private void awaitNothingWaits() throws Exception {
        Buffer.await(
                "nothing waits", () -> progress().waitingAlarms() + progress().waitingObservations() == 0);
    }

    @Test
    void acceptAndApplicationAcknowledgementsCountAlike() throws Exception {
        receiver.answer(
                (text, id) -> text.contains("one") ? OddReceiver.answer("CA", id) : OddReceiver.answer("AA", id));
        alarms("one", "two");
        awaitNothingWaits();
        assertEquals(2, progress().sent());
        assertEquals(0, progress().again());
        assertTrue(progress().connected());
        assertEquals(null, progress().lastError());
    }

    @Test
    void whatIsRefusedIsCountedByItsClassAndGoneBy() throws Exception {
        receiver.answer((text, id) -> text.contains("one")
                ? OddReceiver.frame("MSH|^~\\&|||||||ACK|1|P|2.6\rMSA|AE|" + id
                        + "|SpO2 of Nobody\rERR||OBX^1|101^Required field missing^HL70357|E\r")
                : OddReceiver.answer(text.contains("two") ? "AR" : "AA", id));
        alarms("one", "two", "three");
        awaitNothingWaits();
        assertEquals(Map.of("AE-101", 1L, "AR", 1L), progress().refused());
        assertEquals(1, progress().sent());
        assertEquals(3, receiver.received().size());
        assertFalse(String.valueOf(progress()).contains("Nobody"), "what a receiver says may be what it was told");
    }

    // HL7 table 0357, 207: the receiver is in trouble, not the message.
    @Test
    void aReceiverInTroubleIsWaitedFor() throws Exception {
        int[] troubles = {5};
        receiver.answer((text, id) -> troubles[0]-- > 0
                ? OddReceiver.frame("MSH|^~\\&|||||||ACK|1|P|2.6\rMSA|AE|" + id + "\rERR|||207^Internal^HL70357|E\r")
                : OddReceiver.answer("AA", id));
        alarms("one", "two");
        awaitNothingWaits();
        assertEquals(2, progress().sent());
        assertEquals(Map.of(), progress().refused());
        assertEquals(Map.of(), progress().aside());
    }

    @Test
    void aReceiverThatNeverAnswersLosesNothing() throws Exception {
        receiver.answer((text, id) -> new byte[0]);
        alarms("one", "two", "three");
        Buffer.await("tries", () -> receiver.received().size() >= 8);
        assertEquals(3, progress().waitingAlarms());
        assertEquals("no-answer", progress().lastError());
        assertTrue(progress().again() > 0);
        receiver.answer((text, id) -> OddReceiver.answer("AA", id));
        awaitNothingWaits();
        assertEquals(3, progress().sent());
        assertEquals(Map.of(), progress().aside());
        assertEquals(Set.of("one", "two", "three"), receiver.alarms());
        assertEquals(3, Set.copyOf(receiver.received()).size(), "a repeat has the number that it had");
    }

    @Test
    void garbageAndAnswersToOthersAreNoAnswers() throws Exception {
        int[] calls = {0};
        receiver.answer((text, id) -> switch (calls[0]++) {
            case 0 -> OddReceiver.answer("AA", "of-another");
            case 1 -> "\u0015\u0006 hello \u000bMSH|broken\u001c\r".getBytes(StandardCharsets.ISO_8859_1);
            case 2 -> OddReceiver.frame("MSH|^~\\&|||||||ACK|1|P|2.6\rMSA|AA\r");
            default -> OddReceiver.answer("AA", id);
        });
        alarms("one");
        awaitNothingWaits();
        assertEquals(1, progress().sent());
        assertEquals(4, receiver.received().size());
        assertEquals(1, Set.copyOf(receiver.received()).size());
    }

    @Test
    void anAnswerMayFollowOneToSomethingElse() throws Exception {
        receiver.answer(
                (text, id) -> OddReceiver.both(OddReceiver.answer("AA", "of-another"), OddReceiver.answer("AA", id)));
        alarms("one", "two");
        awaitNothingWaits();
        assertEquals(2, receiver.received().size());
    }

    @Test
    void aConnectionThatEndsInTheMiddleOfAMessageOrAnAnswerIsTriedAgain() throws Exception {
        int[] calls = {0};
        receiver.answer((text, id) -> switch (calls[0]++) {
            case 0, 2 -> null;
            case 1 -> OddReceiver.half(OddReceiver.answer("AA", id));
            default -> OddReceiver.answer("AA", id);
        });
        receiver.closeWithin(20);
        alarms("one", "two");
        awaitNothingWaits();
        assertEquals(2, progress().sent());
        assertEquals(Set.of("one", "two"), receiver.alarms());
    }

    // A receiver that dies of one message must not be without all that come after it.
    @Test
    void aMessageThatIsNeverAnsweredWhileOthersAreIsSetAside() throws Exception {
        receiver.answer((text, id) -> text.contains(POISON) ? null : OddReceiver.answer("AA", id));
        alarms("one", POISON, "two");
        append(Buffer.value("oxi", Buffer.T0_MS, "147842", 70));
        awaitNothingWaits();
        assertEquals(Map.of("closed", 1L), progress().aside());
        assertEquals(3, progress().sent());
        assertTrue(receiver.alarms().containsAll(Set.of("one", "two")));
        String error = progress().lastError();
        assertTrue(error == null || error.contains("oxi.alarm 2-2"), String.valueOf(error));
    }

    @Test
    void nothingIsSentTwiceAfterARestart() throws Exception {
        receiver.answer((text, id) -> OddReceiver.answer("AA", id));
        alarms("one", "two");
        awaitNothingWaits();
        hospital.close();
        alarms("three");
        hospital = started();
        awaitNothingWaits();
        assertEquals(3, receiver.received().size());
        assertNotNull(receiver.alarms());
        assertEquals(Set.of("one", "two", "three"), receiver.alarms());
    }

    // What comes first is what somebody must look at.
    @Test
    void alarmsGoBeforeValuesThatWaited() throws Exception {
        receiver.answer((text, id) -> new byte[0]);
        append(Buffer.value("oxi", Buffer.T0_MS, "147842", 70));
        Buffer.await("a first try", () -> !receiver.received().isEmpty());
        for (int i = 0; i < 20; i++) {
            append(Buffer.value("oxi", Buffer.T0_MS + i, "147842", 71));
        }
        alarms("one");
        receiver.forget();
        receiver.answer((text, id) -> OddReceiver.answer("AA", id));
        awaitNothingWaits();
        List<String> order = receiver.kinds();
        int alarm = order.indexOf("R40");
        assertTrue(alarm >= 0 && alarm <= 2, order.toString());
        assertEquals(1, order.stream().filter("R40"::equals).count());
    }
}
