package org.wasla.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Talk;

/** Damage of every kind: no wrong value, no exception, no storm. */
class MedibusFuzzTest {
    private static final int RUNS = 2_000;
    private static final List<Bytes> GOOD = List.of(
            MedibusFrames.response(0x24, "73   978 5.0D6  16E637.2"),
            MedibusFrames.response(0x2a, "016VC-CMV\0031A7deutsch\3"),
            MedibusFrames.response(0x27, "L19MV LOW      >42FLOW SENSOR?"),
            MedibusFrames.response(0x29, "0B  5.009 14.0"),
            MedibusFrames.response(0x28, " 9:33:00 7-OKT-26"),
            MedibusFrames.command(0x30, ""));

    private static String all() {
        StringBuilder all = new StringBuilder();
        GOOD.forEach(bytes -> all.append(bytes.latin1()));
        return all.toString();
    }

    private static List<Message> read(String bytes) {
        return Line.reading(bytes).end().messages;
    }

    private static void assertNothingWrong(String bytes, List<Message> right, String what) {
        for (Message message : read(bytes)) {
            assertTrue(right.contains(message), what + ": " + message);
        }
    }

    @Test
    void noFlippedBitGivesAnotherMessage() {
        String all = all();
        List<Message> right = read(all);
        assertEquals(GOOD.size(), right.size());
        for (int bit = 0; bit < all.length() * 8; bit++) {
            byte[] bytes = Bytes.latin1(all).toArray();
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            assertNothingWrong(Bytes.of(bytes).latin1(), right, "bit " + bit);
        }
    }

    @Test
    void noByteLostDoubledOrCutGivesAnotherMessageAndTheNextOnesAreRead() {
        String all = all();
        List<Message> right = read(all);
        for (int at = 0; at < all.length(); at++) {
            assertNothingWrong(all.substring(0, at) + all.substring(at + 1), right, "without " + at);
            assertNothingWrong(all.substring(0, at) + all.charAt(at) + all.substring(at), right, "twice " + at);
            assertEquals(right, last(read(all.substring(0, at) + all), right.size()), "cut at " + at);
            assertEquals(right, last(read(all.substring(at) + all), right.size()), "from " + at);
        }
    }

    private static List<Message> last(List<Message> messages, int count) {
        return messages.subList(messages.size() - count, messages.size());
    }

    @Test
    void garbageGivesNoMessageAndLosesNone() {
        List<Message> right = read(all());
        for (int seed = 0; seed < RUNS; seed++) {
            byte[] garbage = new byte[new Random(seed).nextInt(300)];
            new Random(seed + 1_000_000L).nextBytes(garbage);
            assertEquals(right, read(Bytes.of(garbage).latin1() + all()), "seed " + seed);
        }
    }

    /** Bytes and times by chance, at any reading of the clock: one question at a time, and a wait that moves. */
    @Test
    void nothingStormsAndTheWaitAlwaysMoves() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            long nowNs = random.nextBoolean() ? Long.MAX_VALUE - 20 * Line.SECOND : random.nextLong();
            long startNs = nowNs;
            Talk talk = new MedibusSpec(
                            Line.SPEC.asks(), List.of("00"), 32, Line.SPEC.models(), Line.SPEC.technical(), Line.SECOND)
                    .open(nowNs);
            int commands = 0;
            for (int i = 0; i < 400; i++) {
                long waitNs = talk.waitNs(nowNs);
                assertTrue(waitNs >= 0, "seed " + seed + " moment " + i + " waits " + waitNs);
                boolean isBytes = random.nextInt(3) > 0;
                nowNs += isBytes ? random.nextInt((int) Line.SECOND) : waitNs;
                byte[] bytes = chunk(random).toArray();
                List<Action> actions = isBytes ? talk.onBytes(bytes, bytes.length, nowNs) : talk.onTime(nowNs);
                commands += commands(actions);
                assertTrue(talk.waitNs(nowNs) > 0, "seed " + seed + " moment " + i);
                assertTrue(commands <= 8 + 8 * ((nowNs - startNs) / Line.SECOND + 1), "seed " + seed);
            }
            talk.onEnd();
        }
    }

    private static int commands(List<Action> actions) {
        int commands = 0;
        for (Action action : actions) {
            commands += action instanceof Action.Send send && send.bytes().at(0) == 0x1b ? 1 : 0;
        }
        return commands;
    }

    private static Bytes chunk(Random random) {
        List<Bytes> phrases = new ArrayList<>(GOOD);
        for (int code : new int[] {0x51, 0x52, 0x53, 0x54, 0x30, 0x15, 0x51, 0x52}) {
            phrases.add(MedibusFrames.response(code, code == 0x53 ? "00   16000  -10  100370" : ""));
            phrases.add(MedibusFrames.command(code, ""));
        }
        phrases.add(Bytes.hex("d19181d19181d1"));
        phrases.add(Bytes.latin1("\23"));
        phrases.add(Bytes.latin1("\21"));
        phrases.add(Bytes.latin1("\1$EB"));
        if (random.nextInt(5) == 0) {
            byte[] garbage = new byte[random.nextInt(60)];
            random.nextBytes(garbage);
            return Bytes.of(garbage);
        }
        return phrases.get(random.nextInt(phrases.size()));
    }
}
