package org.wasla.gateway.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.command.DesiredReader;
import org.wasla.gateway.command.Release;
import org.wasla.gateway.command.ReleaseReader;

/** A stick comes from anywhere: nothing on it may do more than be refused, with the reason. */
class BundleFileTest {
    private static final long NOW_S = 5_000;
    private static final String PROFILE = "wasla: 1\nid: oxi\nversion: 1.0.1\n";

    @TempDir
    Path folder;

    private final KeyPair root = TestKeys.pair();
    private final KeyPair releaser = TestKeys.pair();
    private final KeyPair other = TestKeys.pair();
    private final List<String> problems = new ArrayList<>();
    private Keyring keys = Keyring.none();

    @BeforeEach
    void readKeys() {
        String list = TestKeys.list(
                root,
                1,
                TestKeys.entry("rel-1", releaser, "m-3", "\"release\""),
                TestKeys.entry("tech-1", other, "m-1", "\"config\",\"author\""));
        keys = Keyring.read(list, new Keyring.Roots(List.of(root.getPublic()), 1), new ArrayList<>())
                .orElseThrow();
    }

    private static Release release() {
        Map<String, String> files = Map.of("profile.yaml", PROFILE, "captures/one.cap", "0 < 41\n");
        return new Release(
                "monitors-1",
                1_000,
                "0.1.0",
                List.of(new Desired.Bundle("oxi", "1.0.1", DesiredReader.sha256(PROFILE), List.of("a.b.c"), files)));
    }

    private String signed() {
        return BundleFile.sign(release(), "rel-1", releaser.getPrivate());
    }

    /** As the release key would sign whatever its maker put in. */
    private String signed(String payload) {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        return Jws.sign("rel-1", ReleaseReader.TYPE, bytes, releaser.getPrivate());
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("b.wasla"), text, StandardCharsets.ISO_8859_1);
    }

    /** What the box makes of it: the release only of a file that is whole and signed by who may. */
    private Optional<Release> take(Path file) {
        problems.clear();
        return BundleFile.read(file, problems)
                .filter(each -> each.signer(keys, NOW_S, problems).isPresent())
                .flatMap(each -> each.release(problems));
    }

    private void refused(String payload, String why) throws IOException {
        assertEquals(Optional.empty(), take(write(signed(payload))));
        assertTrue(problems.toString().contains(why), problems.toString());
        assertTrue(problems.toString().length() < 4_000, "a report and no book");
    }

    @Test
    void whatWasMadeIsRead() throws Exception {
        assertEquals(Optional.of(release()), take(write(signed() + "\n")));
        assertEquals(List.of(), problems);
    }

    @Test
    void aGigabyteIsRefusedUnread() throws Exception {
        Path file = folder.resolve("b.wasla");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 30);
        }
        assertEquals(Optional.empty(), take(file));
        assertEquals(List.of("it has 1073741824 bytes, and a bundle at most " + BundleFile.FILE_BYTES_MAX), problems);
    }

    @Test
    void linksAndFoldersAreNotFollowed() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link.wasla"), write(signed()));
        for (Path each : List.of(link, folder, folder.resolve("none.wasla"), Path.of("/dev/zero"))) {
            assertEquals(Optional.empty(), take(each));
            assertTrue(problems.get(0).startsWith("it is no plain file"), problems.toString());
        }
    }

    @Test
    void aFlippedBitAnywhereIsSeen() throws Exception {
        byte[] whole = signed().getBytes(StandardCharsets.ISO_8859_1);
        int tried = 0;
        for (int bit = 0; bit < whole.length * 8; bit += 97) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Path file = Files.write(folder.resolve("b.wasla"), flipped);
            assertEquals(Optional.empty(), take(file), "bit " + bit);
            assertFalse(problems.isEmpty());
            tried++;
        }
        assertTrue(tried > 40, "tried " + tried);
    }

    @Test
    void aPartOfABundleIsNone() throws Exception {
        String whole = signed();
        for (int end = 0; end < whole.length(); end += end < 64 || end > whole.length() - 100 ? 1 : 37) {
            assertEquals(Optional.empty(), take(write(whole.substring(0, end))), "cut at " + end);
            assertFalse(problems.isEmpty());
        }
        assertEquals(Optional.empty(), take(write(whole + whole)));
        assertEquals(Optional.empty(), take(write(whole + "\n" + whole)));
    }

    @Test
    void onlyAReleaseKeyMakesABundle() throws Exception {
        byte[] payload = ReleaseReader.write(release());
        Map<String, String> wrong = Map.of(
                Jws.sign("rel-2", ReleaseReader.TYPE, payload, releaser.getPrivate()), "is not in the list of keys",
                Jws.sign("rel-1", ReleaseReader.TYPE, payload, other.getPrivate()), "the signature is not that of key",
                Jws.sign("tech-1", ReleaseReader.TYPE, payload, other.getPrivate()), "may not sign as release now",
                Jws.sign("rel-1", "wasla-desired+jws", payload, releaser.getPrivate()), "it is no bundle: typ");
        for (Map.Entry<String, String> each : wrong.entrySet()) {
            assertEquals(Optional.empty(), take(write(each.getKey())));
            assertTrue(problems.toString().contains(each.getValue()), problems.toString());
        }
        problems.clear();
        assertTrue(BundleFile.parse(signed(), problems)
                .orElseThrow()
                .signer(keys, 9_000, problems)
                .isEmpty());
        assertTrue(problems.toString().contains("expired"), problems.toString());
    }

    @Test
    void aZipIsNoBundleHoweverMuchIsInIt() throws Exception {
        Path zip = folder.resolve("bomb.wasla");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("../../../../etc/passwd"));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 200; i++) {
                out.write(zeros);
            }
        }
        assertTrue(Files.size(zip) < BundleFile.FILE_BYTES_MAX, "small on the stick");
        assertEquals(Optional.empty(), take(zip));
        assertTrue(problems.get(0).startsWith("it is no bundle"), problems.toString());
    }

    @Test
    void whatIsSignedIsStillReadStrictly() throws Exception {
        String good = new String(ReleaseReader.write(release()), StandardCharsets.UTF_8);
        refused(good.replace("\"v\":1", "\"v\":2"), "the bundle has the format '2', and this software reads 1");
        refused(good.replace("\"v\":1", "\"v\":1,\"extra\":1"), "'extra' is not known");
        refused(good.replace("\"made\"", "\"v\":1,\"made\""), "says something twice");
        refused("{\"v\":1,\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}", "is nested too deep");
        refused("{\"v\":1,\"a\":" + "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_001), "is nested too deep");
        refused("[]", "no JSON object");
        refused(good + good, "more than one JSON object");
        refused("{\"v\":1,\"name\":\"n\",\"made\":1,\"profiles\":[]}", "profiles is empty");
        refused(good.replace("\"name\":\"monitors-1\"", "\"name\":\"\\u001b[2J\""), "name is");
        refused(good.replace(PROFILE.replace("\n", "\\n"), "wasla: 1"), "sha256 is not that of profile.yaml");
    }

    @Test
    void noNameLeadsOutOfTheProfile() throws Exception {
        String good = new String(ReleaseReader.write(release()), StandardCharsets.UTF_8);
        for (String name : List.of(
                "../x.cap",
                "captures/../../x.cap",
                "/etc/passwd",
                "captures//x.cap",
                "captures/..cap",
                "captures/a/b.cap",
                "captures\\\\x.cap",
                "captures/x.cap\\u0000",
                "captures/x.sh",
                "C:x.cap",
                "captures/\\u202ex.cap",
                "")) {
            refused(good.replace("captures/one.cap", name), "files has '");
        }
        for (String id : List.of("../oxi", "oxi/..", "..", "", "OXI", "a\\u0000")) {
            refused(good.replace("\"id\":\"oxi\"", "\"id\":\"" + id + "\""), "id is");
        }
    }

    @Test
    void nothingStandsTwice() throws Exception {
        String good = new String(ReleaseReader.write(release()), StandardCharsets.UTF_8);
        refused(good.replace("\"captures/one.cap\"", "\"profile.yaml\":\"x\",\"captures/one.cap\""), "twice");
        int from = good.indexOf("{\"id\"");
        String profile = good.substring(from, good.length() - 2);
        refused(good.replace(profile, profile + "," + profile), "the id is there already");
    }

    @Test
    void moreThanABoxTakesIsRefused() throws Exception {
        String good = new String(ReleaseReader.write(release()), StandardCharsets.UTF_8);
        refused(good.replace("0 < 41", "0 < " + "41".repeat(DesiredReader.BYTES_MAX / 2)), "make several of it");
        StringBuilder files = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            files.append("\"captures/c").append(i).append(".cap\":\"\",");
        }
        refused(good.replace("\"captures/one.cap\"", files + "\"captures/one.cap\""), "files has 52 members");
    }

    @Test
    void whatIsOlderDoesNotComeBack() {
        Desired.Bundle bundle = release().profiles().get(0);
        String hash = bundle.hash().substring(0, 12);
        assertEquals(Optional.empty(), Release.refusal(bundle, "1.0.0", "0123456789ab"));
        assertEquals(Optional.empty(), Release.refusal(bundle, "1.0.1", hash));
        assertEquals(Optional.empty(), Release.refusal(bundle, "1.0.1-draft", "0123456789ab"));
        for (String newer : List.of("1.0.2", "1.0.10", "1.1.0", "2.0.0")) {
            assertTrue(Release.refusal(bundle, newer, hash).orElse("").contains("is older than " + newer));
        }
        assertTrue(Release.refusal(bundle, "1.0.1", "0123456789ab").orElse("").contains("another content"));
    }

    @Test
    void aReleaseIsTheNextStateOfABox() {
        Desired state = release().on("gw-1", 8, "0".repeat(64));
        assertTrue(state.isFor("gw-1", List.of()));
        assertEquals(8, state.revision());
        assertEquals(List.of("0".repeat(64)), state.previous());
        assertEquals("0.1.0", state.softwareMin());
        assertEquals(List.of(), release().on("gw-1", 1, "").previous());
    }
}
