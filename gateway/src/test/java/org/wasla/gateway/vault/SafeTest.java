package org.wasla.gateway.vault;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is locked opens only as a whole, with its own key, for its own purpose and place. */
class SafeTest {
    private final DataKey key = DataKey.fresh();
    private final byte[] clear = "a pressure of 120 over 80".getBytes(StandardCharsets.UTF_8);

    /** RFC 5869, appendix A.1: our HKDF is the one that others have. */
    @Test
    void derivesWhatTheStandardDoes() {
        HexFormat hex = HexFormat.of();
        byte[] secret = new byte[22];
        Arrays.fill(secret, (byte) 0x0b);
        String info = new String(hex.parseHex("f0f1f2f3f4f5f6f7f8f9"), StandardCharsets.ISO_8859_1);
        byte[] withoutInfo = Hkdf.derive(secret, new byte[0], "", 42);
        assertEquals(
                "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
                hex.formatHex(withoutInfo));
        assertFalse(Arrays.equals(withoutInfo, Hkdf.derive(secret, new byte[0], info, 42)));
    }

    @Test
    void opensWhatAnotherSafeOfTheKeyHasLocked() throws Exception {
        byte[] locked = key.safe("buffer").lock(clear, "here");
        assertArrayEquals(clear, key.safe("buffer").unlock(locked, "here"));
        assertEquals(clear.length + Safe.MORE_BYTES, locked.length);
        String text = key.safe("buffer").lockLine("one line", "here");
        assertEquals("one line", key.safe("buffer").unlockLine(text, "here"));
    }

    @Test
    void opensNothingThatWasChangedInAnyByte() {
        Safe safe = key.safe("buffer");
        byte[] locked = safe.lock(clear, "here");
        for (int at = 4; at < locked.length; at++) {
            byte[] changed = locked.clone();
            changed[at] ^= 1;
            assertThrows(IOException.class, () -> safe.unlock(changed, "here"), "byte " + at);
        }
    }

    @Test
    void opensForNoOtherPlaceAndPurpose() {
        byte[] locked = key.safe("buffer").lock(clear, "here");
        assertThrows(IOException.class, () -> key.safe("buffer").unlock(locked, "there"));
        assertThrows(IOException.class, () -> key.safe("identity").unlock(locked, "here"));
    }

    /** Who has the wrong key must not take what he reads for damage. */
    @Test
    void saysWhenTheKeyIsAnother() {
        byte[] locked = key.safe("buffer").lock(clear, "here");
        WrongKeyException other = assertThrows(
                WrongKeyException.class, () -> DataKey.fresh().safe("buffer").unlock(locked, "here"));
        assertTrue(String.valueOf(other.getMessage()).contains(key.id()), other.getMessage());
        assertThrows(WrongKeyException.class, () -> Safe.NONE.unlock(locked, "here"));
    }

    /** What was written before the box had a key is read as it is. */
    @Test
    void givesBackWhatWasNeverLocked() throws Exception {
        assertArrayEquals(clear, key.safe("buffer").unlock(clear, "here"));
        assertEquals("plain", key.safe("buffer").unlockLine("plain", "here"));
        assertArrayEquals(clear, Safe.NONE.lock(clear, "here"));
    }

    /** Key and nonce together come once: the salt is of the safe, the count rises, and neither is read from a disk. */
    @Test
    void neverUsesSaltAndCountTwice() {
        Set<String> seen = new HashSet<>();
        for (int run = 0; run < 20; run++) {
            Safe safe = key.safe("buffer");
            for (int i = 0; i < 50; i++) {
                byte[] locked = safe.lock(clear, "here");
                assertTrue(seen.add(HexFormat.of().formatHex(locked, 8, 32)));
            }
        }
    }
}
