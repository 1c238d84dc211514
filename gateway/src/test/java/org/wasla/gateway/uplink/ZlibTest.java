package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

class ZlibTest {
    private static final byte[] RECORD = new WardSet(1).set();

    @Test
    void comesBackWithTheDictionaryAndWithout() throws IOException {
        byte[] plain = Zlib.deflate(RECORD, false);
        byte[] withDictionary = Zlib.deflate(RECORD, true);
        assertArrayEquals(RECORD, Zlib.inflate(plain));
        assertArrayEquals(RECORD, Zlib.inflate(withDictionary));
        assertTrue(withDictionary.length < plain.length * 3 / 4, withDictionary.length + " of " + plain.length);
    }

    // RFC 1950, 2.2: FDICT says in the head that a dictionary is needed, and its Adler-32 says which.
    @Test
    void theHeadNamesTheDictionary() {
        assertEquals(0, Zlib.deflate(RECORD, false)[1] & 0x20);
        assertEquals(0x20, Zlib.deflate(RECORD, true)[1] & 0x20);
    }

    @Test
    void whatIsCutAnywhereIsRefused() {
        for (boolean withDictionary : new boolean[] {false, true}) {
            byte[] deflated = Zlib.deflate(RECORD, withDictionary);
            for (int length = 0; length < deflated.length; length++) {
                byte[] cut = Arrays.copyOf(deflated, length);
                assertThrows(IOException.class, () -> Zlib.inflate(cut));
            }
        }
    }

    @Test
    void whatIsDamagedIsRefusedAndNothingElseComesOfIt() {
        Random random = new Random(1);
        byte[] deflated = Zlib.deflate(RECORD, true);
        for (int at = 0; at < deflated.length; at++) {
            byte[] damaged = deflated.clone();
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            try {
                // The last byte before the checksum has bits that mean nothing.
                assertArrayEquals(RECORD, Zlib.inflate(damaged));
                assertEquals(deflated.length - 5, at);
            } catch (IOException refused) {
                assertTrue(String.valueOf(refused.getMessage()).contains("zlib"), refused.toString());
            }
        }
    }

    @Test
    void anotherDictionaryIsRefused() {
        Deflater deflater = new Deflater();
        deflater.setDictionary("another".getBytes(StandardCharsets.US_ASCII));
        deflater.setInput(RECORD);
        deflater.finish();
        byte[] out = new byte[2 * RECORD.length];
        byte[] deflated = Arrays.copyOf(out, deflater.deflate(out));
        deflater.end();
        IOException refused = assertThrows(IOException.class, () -> Zlib.inflate(deflated));
        assertTrue(String.valueOf(refused.getMessage()).contains("dictionary"), refused.toString());
    }

    // A few kilobytes must not fill the memory of who listens.
    @Test
    void whatGrowsBeyondTheBoundIsRefused() {
        byte[] bomb = Zlib.deflate(new byte[Zlib.INFLATED_BYTES_MAX + 1], false);
        assertThrows(IOException.class, () -> Zlib.inflate(bomb));
    }
}
