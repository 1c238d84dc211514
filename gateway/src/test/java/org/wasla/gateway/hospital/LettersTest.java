package org.wasla.gateway.hospital;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.render.Pcd;

/** What a receiver is sent, and in what order: from the buffer alone, whatever the platform has had of it. */
class LettersTest {
    private static final long T0 = Buffer.T0_MS;
    private static final String HR = "147842";
    private static final String SPO2 = "150456";

    @TempDir
    Path folder;

    private Outbox outbox;
    private long nowMs = T0 + 3_600_000;

    @BeforeEach
    void open() throws IOException {
        outbox = Buffer.open(folder.resolve("buffer"), 4L << 20);
    }

    @AfterEach
    void close() {
        outbox.close();
    }

    private Letters letters(long everyMs) throws IOException {
        Cursor cursor = Cursor.open(folder.resolve("his.cursor"));
        if (cursor.epoch().isEmpty()) {
            cursor.begin(outbox.epoch(), Map.of());
        }
        Pcd.Source source = new Pcd.Source("chu-1", ZoneId.of("UTC"), "", Map.of(), "", "");
        return new Letters(outbox, Buffer.to(1, everyMs, 1_000), cursor, device -> source, () -> nowMs);
    }

    private static Letter settled(Letters letters) throws IOException {
        Letter letter = letters.next();
        assertNotNull(letter);
        letters.settle(letter);
        return letter;
    }

    private static String text(@Nullable Letter letter) {
        assertNotNull(letter);
        Pcd.Message message = letter.message();
        assertNotNull(message);
        return new String(message.body().toArray(), StandardCharsets.UTF_8);
    }

    private static String words(Letter letter) {
        return letter.device() + '.' + letter.kind() + ' ' + letter.from() + '-' + letter.to();
    }

    private void append(Draft... drafts) throws IOException {
        outbox.append(List.of(drafts));
    }

    @Test
    void valuesOfOneSpanAreOneMessageAndAnotherSpanAnother() throws IOException {
        append(
                Buffer.value("oxi", T0, HR, 70),
                Buffer.value("oxi", T0 + 59_999, SPO2, 97),
                Buffer.value("oxi", T0 + 60_000, HR, 71));
        Letters letters = letters(60_000);
        assertEquals("oxi.obs 1-2", words(settled(letters)));
        assertEquals("oxi.obs 3-3", words(settled(letters)));
        assertNull(letters.next());
    }

    // A message is known by its number: a restart in the middle must not make another one of the same records.
    @Test
    void theSameRecordsMakeTheSameMessageAfterARestart() throws IOException {
        for (int i = 0; i < 100; i++) {
            append(Buffer.value("oxi", T0 + i * 7_000L, HR, 60 + i % 30));
        }
        List<String> once = numbers(letters(60_000));
        assertTrue(once.size() > 10, once.toString());
        Letters before = letters(60_000);
        for (int i = 0; i < 3; i++) {
            settled(before);
        }
        assertEquals(once.subList(3, once.size()), numbers(letters(60_000)));
    }

    /** Passes without settling: the next reader begins where this one did. */
    private static List<String> numbers(Letters letters) throws IOException {
        List<String> numbers = new ArrayList<>();
        for (Letter letter = letters.next(); letter != null; letter = letters.next()) {
            Pcd.Message message = letter.message();
            assertNotNull(message);
            numbers.add(message.controlId());
            letters.pass(letter);
        }
        return numbers;
    }

    @Test
    void aSpanThatGoesOnIsNotToldYet() throws IOException {
        append(Buffer.value("oxi", T0 + 1_000, HR, 70));
        Letters letters = letters(60_000);
        nowMs = T0 + 60_000;
        assertNull(letters.next());
        nowMs = T0 + 60_000 + Letters.GRACE_MS;
        assertNotNull(letters.next());
    }

    @Test
    void aClockThatWasSetBackHoldsNothingUp() throws IOException {
        append(Buffer.value("oxi", T0, HR, 70));
        nowMs = T0 - 3_600_000;
        assertNotNull(letters(60_000).next());
    }

    // One message has one PID: what is another patient's never stands in it.
    @Test
    void anotherPatientIsAnotherMessageWithinTheSpan() throws IOException {
        String value = "\"obs\":[{\"c\":" + HR + ",\"r\":\"HR\",\"v\":70}]";
        append(
                Buffer.draft("oxi", "obs", T0, value),
                Buffer.draft("oxi", "obs", T0 + 1_000, "\"pat\":{\"ref\":\"p:0000000000000001\"}," + value),
                Buffer.draft("oxi", "obs", T0 + 2_000, "\"pat\":{\"ref\":\"p:0000000000000001\"}," + value),
                Buffer.draft("oxi", "obs", T0 + 3_000, "\"pat\":{\"ref\":\"p:0000000000000002\"}," + value));
        Letters letters = letters(60_000);
        assertEquals("oxi.obs 1-1", words(settled(letters)));
        Letter second = settled(letters);
        assertEquals("oxi.obs 2-3", words(second));
        assertTrue(text(second).contains("p:0000000000000001"));
        assertTrue(!text(second).contains("p:0000000000000002"));
        assertEquals("oxi.obs 4-4", words(settled(letters)));
    }

    @Test
    void eachSetIsAMessageOfItsOwnWhereThatIsAsked() throws IOException {
        append(Buffer.value("oxi", T0, HR, 70), Buffer.value("oxi", T0, SPO2, 97));
        Letters letters = letters(0);
        assertEquals("oxi.obs 1-1", words(settled(letters)));
        assertEquals("oxi.obs 2-2", words(settled(letters)));
    }

    @Test
    void alarmsGoFirstInTheOrderInWhichTheyBecameDurable() throws IOException {
        append(Buffer.value("a", T0, HR, 70));
        append(Buffer.alarm("z", T0, "low", "start"));
        append(Buffer.alarm("b", T0, "low", "start"));
        append(Buffer.alarm("z", T0, "low", "end"));
        Letters letters = letters(0);
        assertEquals("z.alarm 1-1", words(settled(letters)));
        assertEquals("b.alarm 1-1", words(settled(letters)));
        Letter end = settled(letters);
        assertEquals("z.alarm 2-2", words(end));
        assertTrue(text(end).contains("^gw-1." + outbox.epoch() + ".z.alarm.1&WASLA"), text(end));
        assertEquals("a.obs 1-1", words(settled(letters)));
    }

    @Test
    void whatIsNotSettledComesAgain() throws IOException {
        append(Buffer.alarm("a", T0, "one", "start"), Buffer.alarm("a", T0, "two", "start"));
        Letters letters = letters(0);
        Letter first = letters.next();
        assertNotNull(first);
        letters.pass(first);
        assertNotEquals(text(first), text(letters.next()));
        letters.rewind();
        assertEquals(text(first), text(letters.next()));
        assertEquals(2, letters.waiting("alarm"));
        letters.settle(first);
        assertEquals(1, letters(0).waiting("alarm"));
    }

    // A record that makes no message must not stand in the way of the others.
    @Test
    void whatCannotBeRenderedIsCountedAndPassed() throws IOException {
        append(
                new Draft("oxi", "obs", Urgency.OBSERVATION, T0, (epoch, seq) -> new byte[] {'x'}),
                new Draft("oxi", "alarm", Urgency.ALARM, T0, (epoch, seq) -> new byte[] {'x'}),
                Buffer.draft("oxi", "obs", T0, "\"obs\":[{\"c\":\"no number\",\"r\":\"HR\",\"v\":70}]"),
                Buffer.value("oxi", T0 + 60_000, HR, 70));
        Letters letters = letters(60_000);
        for (String each : List.of("oxi.alarm 1-1", "oxi.obs 1-1", "oxi.obs 2-2")) {
            Letter letter = settled(letters);
            assertEquals(each, words(letter));
            assertEquals(1, letter.unrendered());
            assertNull(letter.message());
        }
        assertNotNull(settled(letters).message());
    }

    @Test
    void whatTheBufferHasLetGoIsToldByItsNumbers() throws Exception {
        int appended = 0;
        append(Buffer.value("oxi", T0, HR, 70));
        while (outbox.stream("oxi", "obs", 1, 1, 1).size() == 1 && appended < 20_000) {
            List<Draft> drafts = new ArrayList<>(List.of(Buffer.value("oxi", T0, HR, 71)));
            for (int i = 0; i < 50; i++) {
                drafts.add(noise());
            }
            outbox.append(drafts);
            appended += drafts.size();
            for (Urgency urgency : Urgency.values()) {
                outbox.published(outbox.next(urgency, 0, 100));
            }
        }
        append(Buffer.value("oxi", T0, HR, 72));
        Letter first = letters(0).next();
        assertNotNull(first);
        assertEquals(1, first.missing().size(), "after " + appended);
        assertEquals(1, first.missing().get(0).from());
        assertEquals(first.to() - 1, first.missing().get(0).to());
        assertNotNull(first.message());
    }

    /** A record that does not get smaller by packing. */
    private static Draft noise() {
        return new Draft("noise", "res", Urgency.RESULT, T0, (epoch, seq) -> {
            byte[] bytes = new byte[3_000];
            new Random(seq).nextBytes(bytes);
            return bytes;
        });
    }
}
