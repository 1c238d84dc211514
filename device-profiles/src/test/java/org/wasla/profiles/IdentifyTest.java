package org.wasla.profiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.wasla.gateway.codec.AstmSpec;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.identify.Candidate;
import org.wasla.gateway.identify.Chunk;
import org.wasla.gateway.identify.Identifier;
import org.wasla.gateway.profile.Capture;
import org.wasla.gateway.profile.Fingerprint;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.simulator.Simulated;

/**
 * The confidence of identify, held by every profile on this shelf: the right profile first and at 0.8 or more, no other
 * one in its place, and nothing for noise. A wrong answer would put a device under a name that is not its own.
 */
class IdentifyTest {
    private static final double SURE = 0.8;
    private static final LocalDateTime NOON = LocalDateTime.of(2026, 6, 16, 12, 0, 0);
    private static final int NOISES = 200;

    /** What a simulated device says by itself in ten seconds, when nobody says a word to it. */
    private static List<Chunk> byItself(Profile profile) {
        List<Chunk> heard = new ArrayList<>();
        // An analyser asks for the line and says nothing until that is granted.
        if (profile.simulator() == null || profile.talk() instanceof AstmSpec) {
            return heard;
        }
        Simulated simulated = profile.simulator().start(0);
        for (long ms = 0; ms < 10_000; ms += 50) {
            for (Bytes bytes : simulated.onTime(ms * 1_000_000, NOON.plusNanos(ms * 1_000_000))) {
                heard.add(new Chunk(ms, bytes));
            }
        }
        return heard;
    }

    /** What a simulated device says in three seconds after one question, answers that it is not asked for with them. */
    private static List<Chunk> asked(Profile profile, Bytes question) {
        List<Chunk> heard = new ArrayList<>();
        Simulated simulated = Objects.requireNonNull(profile.simulator()).start(0);
        for (Bytes bytes : simulated.onBytes(question.toArray(), question.size(), 0, NOON)) {
            heard.add(new Chunk(0, bytes));
        }
        for (long ms = 100; ms < 3_000; ms += 100) {
            for (Bytes bytes : simulated.onTime(ms * 1_000_000, NOON.plusNanos(ms * 1_000_000))) {
                heard.add(new Chunk(ms, bytes));
            }
        }
        return heard;
    }

    /** On a technician's order a device is asked that says nothing by itself. */
    @TestFactory
    List<DynamicTest> aDeviceThatIsAskedIsRecognised() throws IOException {
        List<Profile> profiles = Shelf.profiles();
        List<DynamicTest> tests = new ArrayList<>();
        for (Profile profile : profiles) {
            for (Fingerprint.Probe probe : profile.fingerprint().probes()) {
                tests.add(dynamicTest(profile.id(), () -> {
                    List<Chunk> heard = asked(profile, probe.send());
                    assertFalse(heard.isEmpty(), profile.id() + " does not answer");
                    List<Candidate> ranked = Identifier.answer(profiles, heard, profile, probe.answers());
                    List<Candidate> known = Identifier.known(ranked);
                    assertFalse(known.isEmpty(), profile.id() + " is not recognised: " + said(ranked));
                    assertEquals(profile.id(), known.get(0).profile().id(), said(known));
                }));
            }
        }
        assertFalse(tests.isEmpty());
        return tests;
    }

    private static String said(List<Candidate> ranked) {
        return ranked.stream()
                .map(each -> each.profile().id() + " " + each.confidence() + " " + each.why())
                .toList()
                .toString();
    }

    private static List<Chunk> heard(Path capture) throws IOException {
        List<Chunk> heard = new ArrayList<>();
        Capture.read(capture, (timeMs, fromDevice, bytes) -> {
            if (fromDevice) {
                heard.add(new Chunk(timeMs, Bytes.of(bytes)));
            }
        });
        return heard;
    }

    private static List<Profile> without(List<Profile> profiles, Profile removed) {
        return profiles.stream()
                .filter(profile -> !profile.id().equals(removed.id()))
                .toList();
    }

    private static List<Candidate> known(List<Profile> profiles, List<Chunk> heard) {
        return Identifier.known(Identifier.rank(profiles, heard));
    }

    @TestFactory
    List<DynamicTest> aDeviceThatSpeaksByItselfIsRecognised() throws IOException {
        List<Profile> profiles = Shelf.profiles();
        List<DynamicTest> tests = new ArrayList<>();
        for (Profile profile : profiles) {
            List<Chunk> heard = byItself(profile);
            if (!heard.isEmpty() && profile.fingerprint().most() >= SURE) {
                tests.add(dynamicTest(profile.id(), () -> {
                    List<Candidate> ranked = known(profiles, heard);
                    assertFalse(ranked.isEmpty(), profile.id() + " is not recognised");
                    assertEquals(profile.id(), ranked.get(0).profile().id(), ranked.toString());
                    assertTrue(ranked.get(0).confidence() >= SURE, ranked.get(0).toString());
                }));
            }
        }
        assertFalse(tests.isEmpty());
        return tests;
    }

    @TestFactory
    List<DynamicTest> withoutItsProfileADeviceIsUnknown() throws IOException {
        List<Profile> profiles = Shelf.profiles();
        List<DynamicTest> tests = new ArrayList<>();
        for (Profile profile : profiles) {
            List<Chunk> heard = byItself(profile);
            if (!heard.isEmpty()) {
                tests.add(dynamicTest(
                        profile.id(), () -> assertEquals(List.of(), known(without(profiles, profile), heard))));
            }
        }
        return tests;
    }

    /** A line that was opened in the middle of a message, and one that was closed in the middle. */
    @TestFactory
    List<DynamicTest> aMessageThatIsCutAtBothEndsDoesNotMatter() throws IOException {
        List<Profile> profiles = Shelf.profiles();
        List<DynamicTest> tests = new ArrayList<>();
        for (Profile profile : profiles) {
            List<Chunk> heard = byItself(profile);
            if (heard.size() > 3 && profile.fingerprint().most() >= SURE) {
                tests.add(dynamicTest(profile.id(), () -> {
                    List<Chunk> cut = new ArrayList<>(heard);
                    Bytes first = heard.get(0).bytes();
                    cut.set(0, new Chunk(0, first.slice(first.size() / 2, first.size())));
                    Chunk last = heard.get(heard.size() - 1);
                    cut.set(
                            heard.size() - 1,
                            new Chunk(
                                    last.timeMs(),
                                    last.bytes().slice(0, last.bytes().size() / 2)));
                    List<Candidate> ranked = known(profiles, cut);
                    assertEquals(profile.id(), ranked.get(0).profile().id(), ranked.toString());
                    assertTrue(ranked.get(0).confidence() >= SURE, ranked.toString());
                }));
            }
        }
        return tests;
    }

    /** Captures hold damage on purpose, and may be too bad to be sure; they are never another device's. */
    @TestFactory
    List<DynamicTest> noCaptureIsTakenForAnotherDevices() throws IOException {
        List<Profile> profiles = Shelf.profiles();
        List<DynamicTest> tests = new ArrayList<>();
        for (Profile profile : profiles) {
            tests.add(dynamicTest(profile.id(), () -> {
                for (Path capture : Shelf.captures(profile)) {
                    for (Candidate candidate : known(profiles, heard(capture))) {
                        boolean isKin = profile.talk() instanceof AstmSpec
                                && candidate.profile().id().equals("astm-generic");
                        assertTrue(
                                isKin || profile.id().equals(candidate.profile().id()),
                                capture + " " + candidate.profile().id() + " " + candidate.why());
                    }
                }
            }));
        }
        return tests;
    }

    /** Analysers share a protocol: the name in the header tells them apart, and comes before what fits all of them. */
    @TestFactory
    List<DynamicTest> anAnalyserIsRecognisedByItsName() throws IOException {
        List<Profile> profiles = Shelf.profiles();
        List<DynamicTest> tests = new ArrayList<>();
        for (Profile profile : profiles) {
            if (profile.talk() instanceof AstmSpec) {
                tests.add(dynamicTest(profile.id(), () -> {
                    Path capture = profile.folder().resolve("captures/ordinary.cap");
                    Candidate first = known(profiles, heard(capture)).get(0);
                    assertEquals(profile.id(), first.profile().id());
                    assertTrue(profile.fingerprint().needed() == null || first.confidence() >= SURE, first.toString());
                }));
            }
        }
        assertFalse(tests.isEmpty());
        return tests;
    }

    @Test
    void noiseIsUnknown() throws IOException {
        List<Profile> profiles = Shelf.profiles();
        for (int seed = 0; seed < NOISES; seed++) {
            assertEquals(List.of(), known(profiles, noise(new Random(seed))), "seed " + seed);
        }
    }

    /** Bytes of any value, of few values as a wrong speed gives them, and letters; in bursts. */
    private static List<Chunk> noise(Random random) {
        int values = 1 << 1 + random.nextInt(8);
        boolean isText = random.nextInt(4) == 0;
        List<Chunk> chunks = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            byte[] bytes = new byte[1 + random.nextInt(400)];
            for (int at = 0; at < bytes.length; at++) {
                int value = random.nextInt(values) * 256 / values;
                bytes[at] = (byte) (isText ? ' ' + value % 95 : value);
            }
            chunks.add(new Chunk(i * 1_000L, Bytes.of(bytes)));
        }
        return chunks;
    }

    /** At another speed a device's bytes are others. */
    @TestFactory
    List<DynamicTest> atAWrongSettingADeviceIsUnknown() throws IOException {
        List<Profile> profiles = Shelf.profiles();
        List<DynamicTest> tests = new ArrayList<>();
        for (Profile profile : profiles) {
            List<Chunk> heard = byItself(profile);
            if (!heard.isEmpty()) {
                tests.add(dynamicTest(profile.id(), () -> {
                    for (Wire wrong : Wire.values()) {
                        assertEquals(List.of(), known(profiles, Wire.heard(heard, wrong)), wrong.name());
                    }
                }));
            }
        }
        return tests;
    }

    @Test
    void recordingsOfRealDevicesAreRecognised() throws IOException {
        Path folder = Shelf.shared().resolve("captures/bedside");
        Assumptions.assumeTrue(Files.isDirectory(folder), "skipped: no " + folder + " beside this checkout");
        assertRecognised("masimo-ascii1", folder.resolve("masimo/rad8-ascii1-2016.txt"));
        assertRecognised("masimo-ascii1", folder.resolve("masimo/rad8-ascii1-2018.txt"));
        assertRecognised("mindray-pds", folder.resolve("mindray/pds-t8-session.mllp"));
        assertRecognised("nonin-df2", folder.resolve("nonin/df2-packet-hr72-spo2-97.bin"));
        assertRecognised("pb840", folder.resolve("pb840/MISCF-840-2011-11-22.bin"));
        assertRecognised("pb840", folder.resolve("pb840/MISCF-840-2023-04-04.bin"));
    }

    @Test
    void realBeaconsAreRecognised() throws IOException {
        Path folder = Shelf.shared().resolve("captures/bedside");
        Assumptions.assumeTrue(Files.isDirectory(folder), "skipped: no " + folder + " beside this checkout");
        String mindray = Files.readString(
                folder.resolve("mindray/pds-connect-indication-4600.udp"), StandardCharsets.ISO_8859_1);
        assertBeacon("mindray-pds", 4_600, mindray);
        // The dump shows the whole packet: Ethernet, IP and UDP take its first 42 bytes.
        StringBuilder hex = new StringBuilder();
        for (String line :
                Files.readAllLines(folder.resolve("philips-intellivue/connect-indication-udp-frame.hexdump.txt"))) {
            hex.append(line.replaceFirst("^[0-9a-f]{4}", ""));
        }
        Bytes packet = Bytes.hex(hex.toString());
        assertBeacon(
                "philips-intellivue", 24_005, packet.slice(42, packet.size()).latin1());
    }

    private static void assertBeacon(String id, int port, String datagram) throws IOException {
        List<Candidate> known = Identifier.known(Identifier.beacon(Shelf.profiles(), port, datagram));
        assertEquals(1, known.size());
        assertEquals(id, known.get(0).profile().id());
    }

    private static void assertRecognised(String id, Path capture) throws IOException {
        List<Candidate> ranked = known(Shelf.profiles(), heard(capture));
        assertFalse(ranked.isEmpty(), capture.toString());
        assertEquals(id, ranked.get(0).profile().id());
        assertTrue(ranked.get(0).confidence() >= SURE, ranked.toString());
    }
}
