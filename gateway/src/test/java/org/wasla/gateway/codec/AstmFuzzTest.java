package org.wasla.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.wasla.gateway.codec.AstmLine.HEAD;
import static org.wasla.gateway.codec.AstmLine.WHOLE;
import static org.wasla.gateway.codec.AstmLine.frame;
import static org.wasla.gateway.codec.AstmLine.part;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Message;

/** Damage of every kind: no wrong result, no exception, and the next transmission is read. */
class AstmFuzzTest {
    private static final int RUNS = 1_000;
    private static final String NEXT = "\5" + frame(1, WHOLE.replace("5.40", "9.9")) + "\4";
    private static final String FIRST =
            "\5" + part(1, HEAD.substring(0, 30)) + part(2, HEAD.substring(30) + "R|1|^^^A|1|g")
                    + frame(3, "/L\rC|1|I|text\rR|2|^^^B|-2^0.75|\rL|1|N\r") + "\4";

    private static List<Message> results(AstmLine line) {
        return line.messages.stream()
                .filter(message -> message.type().equals("results"))
                .toList();
    }

    private static void assertNothingWrong(String bytes, int seed) {
        List<Message> right = results(new AstmLine().hear(FIRST + NEXT));
        assertEquals(2, right.size());
        int chunk = 1 + Math.floorMod(seed, 40);
        AstmLine live = new AstmLine();
        for (int from = 0; from < bytes.length(); from += chunk) {
            live.hear(bytes.substring(from, Math.min(bytes.length(), from + chunk)));
        }
        live.pass(31).hear(NEXT);
        AstmLine read = AstmLine.reading(bytes + NEXT, chunk);
        for (AstmLine line : List.of(live, read)) {
            for (Message message : results(line)) {
                assertTrue(right.contains(message), "at " + seed + ": " + message);
            }
            assertTrue(results(line).contains(right.get(1)), "the next is lost after " + seed);
        }
    }

    @Test
    void aCutAnywhereCostsItsOwnTransmissionOnly() {
        for (int at = 0; at < FIRST.length(); at++) {
            assertNothingWrong(FIRST.substring(0, at), at);
            assertNothingWrong(FIRST.substring(at), at);
            assertNothingWrong(FIRST.substring(0, at) + FIRST.substring(at + 1), at);
            assertNothingWrong(FIRST.substring(0, at) + FIRST.charAt(at) + FIRST.substring(at), at);
        }
    }

    @Test
    void noFlippedBitGivesAnotherResult() {
        for (int bit = 0; bit < FIRST.length() * 8; bit++) {
            byte[] bytes = Bytes.latin1(FIRST).toArray();
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            assertNothingWrong(Bytes.of(bytes).latin1(), bit);
        }
    }

    @Test
    void garbageGivesNothing() {
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            byte[] garbage = new byte[random.nextInt(200)];
            random.nextBytes(garbage);
            assertNothingWrong(Bytes.of(garbage).latin1(), seed);
        }
    }

    /** Controls of the protocol in any order, so that every state meets every event. */
    @Test
    void controlsInAnyOrderGiveNoWrongResult() {
        List<String> words = List.of(
                "\5", "\4", "\6", "\25", "\2", "\3", "\27", "\r\n", frame(1, HEAD), part(1, WHOLE), part(2, "R|"));
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            StringBuilder bytes = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                bytes.append(words.get(random.nextInt(words.size())));
            }
            assertNothingWrong(bytes.toString(), seed);
        }
    }

    /** Records under a right checksum, with anything in them. */
    @Test
    void recordsOfAnythingNeverThrow() {
        String letters = "HPORCQLM|\\^&~\r\n 1.5SFRE&X41&\u00e9";
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder("H|\\^&\r");
            for (int i = 0; i < random.nextInt(300); i++) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            AstmLine line = new AstmLine().hear("\5" + frame(1, text + "\rL|1|N\r") + "\4");
            assertEquals(List.of(), line.faults, "seed " + seed);
        }
    }
}
