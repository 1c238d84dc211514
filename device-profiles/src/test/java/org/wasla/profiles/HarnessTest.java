package org.wasla.profiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.wasla.gateway.codec.AstmSpec;
import org.wasla.gateway.profile.Profile;

/**
 * What every profile must stand: any chunking, a cut at every byte, every bit flipped, garbage. A wrong value at a
 * bedside is worse than none, and a damaged frame must not cost its neighbour.
 */
class HarnessTest {
    private static final int GARBAGE_RUNS = Boolean.getBoolean("wasla.long") ? 2_000 : 300;
    private static final Pattern NUMBER = Pattern.compile("\"r\":(\"[^\"]+\"),(\"v\":[-0-9.]+)");

    private static final Pattern SAMPLES = Pattern.compile("\"d\":\\[([-0-9,]+)]");
    /** Formats without a checksum whose numbers are as wide as their digits. */
    private static final Set<String> FREE_WIDTH = Set.of("ivy-450c");

    interface Check {
        void on(Profile profile) throws IOException;
    }

    static List<DynamicTest> forEachProfile(Check check) throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Profile profile : Shelf.profiles()) {
            tests.add(dynamicTest(profile.id(), () -> check.on(profile)));
        }
        return tests;
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] head(byte[] bytes, int length) {
        return Arrays.copyOf(bytes, length);
    }

    @TestFactory
    List<DynamicTest> theSimulatorsMessagesAreAllUnderstood() throws IOException {
        return forEachProfile(profile -> {
            assertEquals(5, Run.telling(profile, 5).size());
            for (byte[] message : Run.simulated(profile, 40)) {
                Run.Result result = Run.bytes(profile, message, message.length);
                assertEquals(0, result.bad(), "bytes that were no message");
            }
        });
    }

    @TestFactory
    List<DynamicTest> theChunksDoNotMatter() throws IOException {
        return forEachProfile(profile -> {
            for (Path capture : Shelf.captures(profile)) {
                byte[] bytes = Run.fromDevice(capture);
                Run.Result whole = Run.bytes(profile, bytes, Math.max(1, bytes.length));
                for (int chunk = 1; chunk < Math.min(bytes.length, 300); chunk++) {
                    assertEquals(whole, Run.bytes(profile, bytes, chunk), capture + " in chunks of " + chunk);
                }
            }
        });
    }

    @TestFactory
    List<DynamicTest> aCutAnywhereGivesNoWrongValueAndTheNextMessageIsUnderstood() throws IOException {
        return forEachProfile(profile -> {
            List<byte[]> messages = Run.telling(profile, 3);
            Set<String> right = new HashSet<>();
            for (byte[] message : messages) {
                right.addAll(Run.bytes(profile, message, message.length).messages());
            }
            List<String> last =
                    Run.bytes(profile, messages.get(2), messages.get(2).length).messages();
            for (int cut = 0; cut < messages.get(0).length; cut++) {
                byte[] first = messages.get(0);
                Run.Result tailless = Run.parts(profile, 64, head(first, cut), messages.get(1), messages.get(2));
                assertRight(right, last, tailless, "first message cut to " + cut);
                byte[] rest = Arrays.copyOfRange(first, cut, first.length);
                Run.Result headless = Run.parts(profile, 64, rest, messages.get(1), messages.get(2));
                assertRight(right, last, headless, "first message without its first " + cut);
            }
        });
    }

    private static void assertRight(Set<String> right, List<String> last, Run.Result result, String what) {
        for (String message : result.messages()) {
            assertTrue(isRight(right, message), what + ": published " + message);
        }
        assertTrue(result.messages().containsAll(last), what + ": the last message is lost");
    }

    /** Of messages that are put together from a run of frames a shorter run is as right: it has some of the samples. */
    static boolean isRight(Set<String> right, String message) {
        return right.contains(message)
                || right.stream()
                        .anyMatch(whole -> withoutSamples(whole).equals(withoutSamples(message))
                                && isPartOf(samples(message), samples(whole)));
    }

    private static String withoutSamples(String message) {
        return SAMPLES.matcher(message).replaceAll("");
    }

    private static List<String> samples(String message) {
        return SAMPLES.matcher(message).results().map(d -> d.group(1)).toList();
    }

    private static boolean isPartOf(List<String> some, List<String> all) {
        for (int i = 0; i < some.size(); i++) {
            if (!(',' + all.get(i) + ',').contains(',' + some.get(i) + ',')) {
                return false;
            }
        }
        return true;
    }

    /**
     * A byte that is lost without a trace moves what follows. No number may come out that was not sent under its label;
     * the last number of a line without a fixed end is beyond what any format without a checksum can show, and so is a
     * digit in the middle of a number where numbers have no fixed width. A network connection loses none: TCP numbers and
     * checks its bytes.
     */
    @TestFactory
    List<DynamicTest> aLostByteGivesNoWrongNumber() throws IOException {
        return forEachProfile(profile -> {
            if (profile.serialTries().isEmpty()) {
                return;
            }
            List<byte[]> messages = Run.telling(profile, 2);
            byte[] message = messages.get(0);
            Set<String> right = new HashSet<>(numbers(Run.bytes(profile, message, message.length)));
            right.addAll(numbers(Run.bytes(profile, messages.get(1), messages.get(1).length)));
            for (int lost = 0; lost < message.length; lost++) {
                byte[] bytes = join(
                        head(message, lost), Arrays.copyOfRange(message, lost + 1, message.length), messages.get(1));
                boolean isDigit = FREE_WIDTH.contains(profile.id()) && Character.isDigit((char) message[lost]);
                for (String number : numbers(Run.bytes(profile, bytes, 64))) {
                    boolean isLastColumn = number.startsWith("\"PA\"");
                    assertTrue(
                            right.contains(number) || isLastColumn || isDigit && isShortened(right, number),
                            "without byte " + lost + ": " + number);
                }
            }
        });
    }

    private static boolean isShortened(Set<String> right, String number) {
        return right.stream()
                .anyMatch(whole -> IntStream.range(0, whole.length())
                        .anyMatch(i -> number.contentEquals(new StringBuilder(whole).deleteCharAt(i))));
    }

    /** Every number with the label it stands under. */
    static List<String> numbers(Run.Result result) {
        List<String> numbers = new ArrayList<>();
        for (String message : result.messages()) {
            Matcher number = NUMBER.matcher(message);
            while (number.find()) {
                numbers.add(number.group(1) + number.group(2));
            }
        }
        return numbers;
    }

    @TestFactory
    List<DynamicTest> noFlippedBitPassesAChecksum() throws IOException {
        return forEachProfile(profile -> {
            if (!profile.talk().isChecked()) {
                return;
            }
            List<byte[]> messages = Run.telling(profile, 2);
            byte[] good = messages.get(1);
            List<String> right = Run.bytes(profile, good, good.length).messages();
            for (int bit = 0; bit < messages.get(0).length * 8; bit++) {
                byte[] flipped = messages.get(0).clone();
                flipped[bit / 8] ^= (byte) (1 << (bit % 8));
                Run.Result result = Run.bytes(profile, join(flipped, good), 64);
                if (profile.talk() instanceof AstmSpec) {
                    // ENQ, EOT and line ends stand outside of checksums, and are done without.
                    List<String> sent = Run.bytes(profile, messages.get(0), messages.get(0).length)
                            .messages();
                    assertRight(new HashSet<>(join(sent, right)), right, result, "bit " + bit);
                } else {
                    assertEquals(right, result.messages(), "bit " + bit);
                }
            }
        });
    }

    private static List<String> join(List<String> some, List<String> others) {
        List<String> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }

    @TestFactory
    List<DynamicTest> garbageGivesNoValueAndLosesNoLaterMessage() throws IOException {
        return forEachProfile(profile -> {
            List<byte[]> messages = Run.telling(profile, 2);
            Set<String> right = new HashSet<>();
            for (byte[] message : messages) {
                right.addAll(Run.bytes(profile, message, message.length).messages());
            }
            List<String> last =
                    Run.bytes(profile, messages.get(1), messages.get(1).length).messages();
            for (int seed = 0; seed < GARBAGE_RUNS; seed++) {
                Random random = new Random(seed);
                byte[] garbage = new byte[random.nextInt(300)];
                random.nextBytes(garbage);
                // The first message may be swallowed by garbage that looks like a beginning; the second must not.
                byte[] first = join(garbage, messages.get(0));
                Run.Result result = Run.parts(profile, 1 + random.nextInt(80), first, messages.get(1));
                assertRight(right, last, result, "seed " + seed);
            }
        });
    }

    @TestFactory
    List<DynamicTest> bytesChangedAtRandomNeverThrow() throws IOException {
        return forEachProfile(profile -> {
            List<byte[]> messages = Run.telling(profile, 4);
            byte[] clean = join(messages.get(0), messages.get(1), messages.get(2), messages.get(3));
            for (int seed = 0; seed < GARBAGE_RUNS; seed++) {
                Random random = new Random(seed);
                byte[] bytes = clean.clone();
                for (int i = 0; i < 1 + bytes.length / 100; i++) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                Run.Result result = Run.bytes(profile, bytes, 1 + random.nextInt(200));
                int changed = 1 + bytes.length / 100;
                assertTrue(result.messages().size() <= 8 + 2 * changed, "seed " + seed);
            }
        });
    }
}
