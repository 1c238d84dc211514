package org.wasla.gateway.trust;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a device says may name a patient: the technician who asked can read it, and nobody between. */
class SealedTest {
    private static final byte[] BYTES = "0 < 4142\n".getBytes(StandardCharsets.US_ASCII);
    private final SealKey key = SealKey.fresh();

    @TempDir
    Path folder;

    private String seal(byte[] bytes) {
        return Sealed.seal("{\"dev\":\"oxi\"}", bytes, key.open());
    }

    @Test
    void itsReceiverOpensIt() throws Exception {
        byte[] large = new byte[1 << 20];
        new Random(5).nextBytes(large);
        assertArrayEquals(large, Sealed.open(seal(large), key));
        assertArrayEquals(new byte[0], Sealed.open(seal(new byte[0]), key));
        assertEquals("{\"dev\":\"oxi\"}", Sealed.header(seal(BYTES)));
    }

    @Test
    void nobodyElseDoes() {
        IOException other = assertThrows(IOException.class, () -> Sealed.open(seal(BYTES), SealKey.fresh()));
        assertTrue(String.valueOf(other.getMessage()).contains("for another key"));
    }

    @Test
    void noChangedCharacterPasses() {
        String sealed = seal(BYTES);
        Random random = new Random(7);
        for (int at = 0; at < sealed.length(); at++) {
            char[] text = sealed.toCharArray();
            text[at] = text[at] == '.' ? 'A' : other(text[at], random);
            // The last character of a part may carry bits that count for nothing: then the bytes are the same.
            boolean isLast = at + 1 == sealed.length() || sealed.charAt(at + 1) == '.';
            if (!isLast) {
                assertThrows(IOException.class, () -> Sealed.open(new String(text), key), "character " + at);
            }
        }
    }

    private static char other(char was, Random random) {
        String all = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        char is = all.charAt(random.nextInt(all.length()));
        return is == was ? other(was, random) : is;
    }

    // With such a key the secret is zero for everybody (RFC 7748, 6.1).
    @Test
    void aKeyThatHidesNothingIsRefused() {
        String zero = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);
        assertThrows(
                IllegalArgumentException.class,
                () -> Sealed.seal("{}", BYTES, Sealed.key(zero).orElseThrow()));
        assertTrue(Sealed.key("short").isEmpty());
    }

    /** RFC 7748, 6.1: Bob's key is what its private half gives; the order of bytes is easily mistaken. */
    @Test
    void theOrderOfBytesIsThatOfTheStandard() throws Exception {
        byte[] alice =
                java.util.HexFormat.of().parseHex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(alice);
        assertArrayEquals(alice, Sealed.raw((java.security.interfaces.XECPublicKey)
                Sealed.key(text).orElseThrow()));
    }

    @Test
    void theKeyStandsInAFileForItsOwnerAlone() throws Exception {
        Path file = folder.resolve("seal.key");
        key.write(file);
        assertEquals(
                "[OWNER_READ, OWNER_WRITE]", new java.util.TreeSet<>(Files.getPosixFilePermissions(file)).toString());
        SealKey read = SealKey.read(file).orElseThrow();
        assertEquals(key.text(), read.text());
        assertArrayEquals(BYTES, Sealed.open(seal(BYTES), read));
        assertThrows(FileAlreadyExistsException.class, () -> SealKey.fresh().write(file));
    }
}
