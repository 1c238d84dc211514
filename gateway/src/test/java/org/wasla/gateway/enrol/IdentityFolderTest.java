package org.wasla.gateway.enrol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.trust.CertificateRequest;
import org.wasla.gateway.trust.TestCertificates;

/** A cut while a renewed certificate is stored must not leave a box that nobody can reach. */
class IdentityFolderTest {
    private static final long FROM = TestCertificates.at("2026-11-01T00:00:00Z");
    private static final long UNTIL = TestCertificates.at("2026-12-31T00:00:00Z");

    @TempDir
    Path home;

    private Identity identity(String gateway, boolean quarantined) throws Exception {
        TestCertificates ca = new TestCertificates("ca");
        KeyPair key = CertificateRequest.freshKey();
        return new Identity(
                key.getPrivate(),
                List.of(ca.gateway(key, gateway, quarantined, FROM, UNTIL), ca.own()),
                ca.own(),
                URI.create("https://enrol.example:8443"),
                List.of(URI.create("mqtts://a.example:8883"), URI.create("mqtts://b.example")));
    }

    @Test
    void whatIsStoredIsLoaded() throws Exception {
        IdentityFolder folder = new IdentityFolder(home.resolve("wasla/identity"));
        assertTrue(folder.load().isEmpty());
        assertEquals(List.of(), folder.servers());
        Identity stored = identity("gw-1", true);
        folder.store(stored);
        Identity loaded = folder.load().orElseThrow();
        assertEquals(stored, loaded);
        assertEquals("gw-1", loaded.gateway());
        assertTrue(loaded.life().quarantined());
        assertEquals(UNTIL, loaded.life().untilMs());
        assertEquals(stored.servers(), folder.servers());
        assertFalse(loaded.toString().contains("PrivateKey"), loaded.toString());
    }

    @Test
    void onlyTheOwnerMayRead() throws Exception {
        Path dir = Files.createDirectory(home.resolve("identity"));
        new IdentityFolder(dir).store(identity("gw-1", false));
        try (Stream<Path> all = Files.walk(dir)) {
            for (Path each : all.filter(file -> !Files.isSymbolicLink(file)).toList()) {
                String rights = PosixFilePermissions.toString(Files.getPosixFilePermissions(each));
                assertTrue(rights.endsWith("------"), each + " " + rights);
            }
        }
    }

    /** The one before stays for whoever is reading it; those before that go. */
    @Test
    void oldOnesGo() throws Exception {
        Path dir = home.resolve("identity");
        IdentityFolder folder = new IdentityFolder(dir);
        for (int i = 1; i <= 4; i++) {
            String before = folder.mark();
            folder.store(identity("gw-" + i, false));
            assertFalse(before.equals(folder.mark()));
            assertEquals("gw-" + i, folder.load().orElseThrow().gateway());
        }
        try (Stream<Path> all = Files.list(dir)) {
            assertEquals(
                    List.of("3", "4", "current"),
                    all.map(each -> each.getFileName().toString()).sorted().toList());
        }
    }

    /** Whatever was written when the plug was pulled, the link still names the old one, and the next one is stored. */
    @Test
    void aCutLeavesTheOldOneWhole() throws Exception {
        Path dir = home.resolve("identity");
        IdentityFolder folder = new IdentityFolder(dir);
        Identity old = identity("gw-1", false);
        folder.store(old);
        Path half = Files.createDirectory(dir.resolve("2"));
        Files.writeString(half.resolve("gateway.p12"), "half");
        Files.createSymbolicLink(dir.resolve("current.new"), Path.of("2"));
        assertEquals(old, folder.load().orElseThrow());
        Identity next = identity("gw-1", false);
        folder.store(next);
        assertEquals(next, folder.load().orElseThrow());
        assertFalse(Files.exists(half));
    }

    @Test
    void damageIsToldAndWhatToDo() throws Exception {
        IdentityFolder folder = new IdentityFolder(home.resolve("identity"));
        folder.store(identity("gw-1", false));
        for (String file : List.of("gateway.p12", "gateway.p12.pass", "ca.pem", "region")) {
            Path path = folder.key().resolveSibling(file);
            byte[] good = Files.readAllBytes(path);
            for (byte[] bad : List.of(new byte[0], new byte[] {'x', ' ', 'y'})) {
                Files.write(path, bad);
                IOException told = assertThrows(IOException.class, folder::load, file);
                assertFalse(String.valueOf(told.getMessage()).isEmpty());
            }
            Files.write(path, good);
        }
        assertTrue(folder.load().isPresent());
    }
}
