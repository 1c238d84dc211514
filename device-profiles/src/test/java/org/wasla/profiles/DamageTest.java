package org.wasla.profiles;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.wasla.profiles.HarnessTest.forEachProfile;
import static org.wasla.profiles.HarnessTest.isRight;
import static org.wasla.profiles.HarnessTest.join;
import static org.wasla.profiles.HarnessTest.numbers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.identify.Chunk;
import org.wasla.gateway.profile.Profile;

/**
 * What lines do to a stream over hours: a byte is another one now and then, a second device talks on the same line, the
 * speed is wrong. Formats with a checksum publish nothing that was not sent; those without publish what looks whole in
 * every part, and nothing is lost beyond the damage.
 */
class DamageTest {
    private static final int STREAM_BYTES = 3_000;
    private static final int MESSAGES_MAX = 80;
    private static final int FLIP_RUNS = 12;
    private static final int MIX_RUNS = 10;

    /** Nothing but one bit a byte tells where a frame begins: at another speed too something looks like one. */
    private static final Set<String> ONE_BIT_FRAMES = Set.of("contec-cms50");

    /** Scales of waves come once, with the first answer: without it those waves are not published until it is asked again. */
    private static final Set<String> TOLD_ONCE = Set.of("philips-intellivue");

    private static final Pattern SAMPLES = Pattern.compile("\"r\":(\"[^\"]+\").*?\"d\":\\[([-0-9,]+)]");

    /** What the simulated device sends, and what is published of it. */
    private record Stream(List<byte[]> messages, List<String> said) {
        static Stream of(Profile profile) {
            List<byte[]> messages = List.of();
            int bytes = 0;
            for (int count = 5; count <= MESSAGES_MAX && bytes < STREAM_BYTES; count *= 2) {
                messages = Run.simulated(profile, count);
                bytes = messages.stream().mapToInt(message -> message.length).sum();
            }
            return new Stream(
                    messages,
                    Run.parts(profile, 64, messages.toArray(byte[][]::new)).messages());
        }

        byte[] bytes() {
            return join(messages.toArray(byte[][]::new));
        }

        /** With other bytes in some places of the stream. */
        byte[][] with(byte[] bytes) {
            byte[][] parts = new byte[messages.size()][];
            int from = 0;
            for (int i = 0; i < parts.length; i++) {
                parts[i] = Arrays.copyOfRange(bytes, from, from + messages.get(i).length);
                from += parts[i].length;
            }
            return parts;
        }
    }

    /** Samples of waves by label, as one list. */
    private static Map<String, List<String>> samples(List<String> messages) {
        Map<String, List<String>> samples = new HashMap<>();
        for (String message : messages) {
            Matcher wave = SAMPLES.matcher(message);
            while (wave.find()) {
                samples.computeIfAbsent(wave.group(1), label -> new ArrayList<>())
                        .addAll(List.of(wave.group(2).split(",")));
            }
        }
        return samples;
    }

    /** Whether it was sent: as it is, or a wave with some of its samples. */
    private static boolean wasSent(Set<String> right, Map<String, List<String>> sent, String message) {
        Map<String, List<String>> some = samples(List.of(message));
        return isRight(right, message)
                || !some.isEmpty()
                        && some.keySet().stream()
                                .allMatch(label -> isWithin(some.get(label), sent.getOrDefault(label, List.of())));
    }

    private static boolean isWithin(List<String> some, List<String> all) {
        int found = 0;
        for (String each : all) {
            found += found < some.size() && some.get(found).equals(each) ? 1 : 0;
        }
        return found == some.size();
    }

    /** Facts section 4: each damaged frame costs itself and, where it hides the beginning of the next, that one. */
    @TestFactory
    List<DynamicTest> oneByteInAThousandCostsItsFrameAndNoWrongValue() throws IOException {
        return forEachProfile(profile -> {
            Stream stream = Stream.of(profile);
            Set<String> right = new HashSet<>(stream.said());
            Map<String, List<String>> samples = samples(stream.said());
            int whole = TOLD_ONCE.contains(profile.id()) ? stream.bytes().length / 2 : 0;
            int flips = Math.max(1, (stream.bytes().length - whole) / 1_000);
            for (int seed = 0; seed < FLIP_RUNS; seed++) {
                Random random = new Random(seed);
                byte[] bytes = stream.bytes();
                for (int i = 0; i < flips; i++) {
                    int at = Math.min(bytes.length - 1, whole + i * 1_000 + random.nextInt(1_000));
                    bytes[at] ^= (byte) (1 + random.nextInt(255));
                }
                Run.Result result = Run.parts(profile, 1 + random.nextInt(200), stream.with(bytes));
                String what = profile.id() + " seed " + seed + ": " + flips + " bytes changed, ";
                List<String> wrong = result.messages().stream()
                        .filter(message -> !wasSent(right, samples, message))
                        .toList();
                assertTrue(wrong.size() <= (profile.talk().isChecked() ? 0 : flips), what + wrong);
                int missing = stream.said().size() - result.messages().size();
                assertTrue(missing <= 2 * flips, what + missing + " messages lost");
            }
        });
    }

    private static byte[] mixed(byte[] first, byte[] second, Random random) {
        List<byte[]> parts = new ArrayList<>();
        int a = 0;
        int b = 0;
        while (a < first.length) {
            int some = Math.min(first.length - a, 1 + random.nextInt(120));
            parts.add(Arrays.copyOfRange(first, a, a + some));
            a += some;
            int others = Math.min(second.length - b, 1 + random.nextInt(40));
            parts.add(Arrays.copyOfRange(second, b, b + others));
            b += others;
        }
        return join(parts.toArray(byte[][]::new));
    }

    /**
     * Numbers are those that the device sent. A checksum of eight bits lets one in 256 of the frames through that another
     * device's bytes lie in; more than that would be a fault of ours. A network connection has one device at its end.
     */
    @TestFactory
    List<DynamicTest> twoDevicesOnOneLineGiveNoWrongValue() throws IOException {
        List<Profile> all = Shelf.profiles();
        Map<String, Stream> streams = new HashMap<>();
        for (Profile each : all) {
            streams.put(each.id(), Stream.of(each));
        }
        return forEachProfile(profile -> {
            if (profile.serialTries().isEmpty()) {
                return;
            }
            Stream stream = Objects.requireNonNull(streams.get(profile.id()));
            Set<String> sent = new HashSet<>(numbers(new Run.Result(stream.said(), 0)));
            Set<String> labels = new HashSet<>();
            sent.forEach(number -> labels.add(label(number)));
            int damaged = 0;
            List<String> wrong = new ArrayList<>();
            for (int seed = 0; seed < MIX_RUNS; seed++) {
                Profile other = all.get(seed * 7 % all.size());
                if (other.id().equals(profile.id())) {
                    continue;
                }
                byte[] bytes = mixed(
                        stream.bytes(),
                        Objects.requireNonNull(streams.get(other.id())).bytes(),
                        new Random(seed));
                Run.Result result = Run.bytes(profile, bytes, 64);
                damaged += Math.max(0, stream.said().size() - result.messages().size());
                for (String message : result.messages()) {
                    if (numbers(new Run.Result(List.of(message), 0)).stream()
                            .anyMatch(number -> !sent.contains(number) && labels.contains(label(number)))) {
                        wrong.add("with " + other.id() + ", seed " + seed + ": " + message);
                    }
                }
            }
            // A label that is damaged itself passes through under a name that nobody knows.
            assertTrue(wrong.size() <= (profile.talk().isChecked() ? 1 + damaged / 128 : 0), profile.id() + wrong);
        });
    }

    private static String label(String number) {
        return number.substring(0, number.lastIndexOf('"', number.length() - 4));
    }

    @TestFactory
    List<DynamicTest> atAWrongSpeedNothingIsPublished() throws IOException {
        return forEachProfile(profile -> {
            byte[] sent = Stream.of(profile).bytes();
            for (Wire wrong : Wire.values()) {
                List<Chunk> heard = Wire.heard(List.of(new Chunk(0, Bytes.of(sent))), wrong);
                byte[] bytes =
                        heard.isEmpty() ? new byte[0] : heard.get(0).bytes().toArray();
                List<String> said = Run.bytes(profile, bytes, 64).messages();
                assertTrue(
                        said.isEmpty() || ONE_BIT_FRAMES.contains(profile.id()),
                        profile.id() + " " + wrong + ": " + said);
            }
        });
    }
}
