package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.render.Cbor;

/**
 * The sizes that the design asks for (section 3): a set of twelve in at most {@value #SET} bytes, {@value #SET_DEFLATED}
 * deflated, a batch of ten in at most {@value #BATCH_EACH} a value. They were measured on a set with {@code c, n, v, u} a
 * value and one message id, and such a set keeps them as plain JSON. What our records say beyond it (the device's own label
 * {@code r} of every value, 11 bytes each; {@code gw, ep, k, seq} beside the id; the association {@code as}) costs a fifth: as CBOR or with the
 * dictionary a full record keeps the bars, as plain JSON it does not. What it takes is held too, so that it does not grow.
 * The mean of fifty counts for the bare set, as the bars come from one; of full records the largest does.
 */
class SizesTest {
    private static final int SET = 850;
    private static final int SET_DEFLATED = 400;
    private static final int BATCH_EACH = 11;
    private static final int SETS = 50;

    private static void assertAtMost(int most, int bytes, String what) {
        assertTrue(bytes <= most, what + ": " + bytes + " bytes, more than " + most);
    }

    /** The record without what the set lacks that the bars were measured on. */
    private static byte[] bare(byte[] record) {
        return new String(record, StandardCharsets.UTF_8)
                .replaceAll("\"(r|gw|ep|k|as)\":\"[^\"]*\",", "")
                .replaceFirst("\"seq\":[0-9]+,", "")
                .replaceFirst("\\.mon-b07\\.obs", "")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void theSetThatTheBarsWereMeasuredOnKeepsThemAsPlainJson() {
        WardSet ward = new WardSet(5);
        int sets = 0;
        int deflated = 0;
        int batches = 0;
        for (int i = 0; i < SETS; i++) {
            byte[] set = bare(ward.set());
            sets += set.length;
            deflated += Zlib.deflate(set, false).length;
            batches += bare(ward.batchOfTen()).length;
        }
        assertAtMost(SET * SETS, sets, "sets");
        assertAtMost(SET_DEFLATED * SETS, deflated, "sets, deflated");
        assertAtMost(BATCH_EACH * 120 * SETS, batches, "batches of ten");
    }

    @Test
    void aSetOfTwelveAsCborOrWithTheDictionaryKeepsTheBars() throws IOException {
        WardSet ward = new WardSet(1);
        for (int i = 0; i < SETS; i++) {
            byte[] json = ward.set();
            byte[] cbor = Cbor.of(json);
            assertAtMost(SET, cbor.length, "CBOR");
            assertAtMost(SET_DEFLATED, Zlib.deflate(json, true).length, "JSON with the dictionary");
            assertAtMost(SET_DEFLATED, Zlib.deflate(cbor, true).length, "CBOR with the dictionary");
        }
    }

    @Test
    void aBatchOfTenAsCborKeepsTheBar() throws IOException {
        WardSet ward = new WardSet(2);
        for (int i = 0; i < SETS; i++) {
            assertAtMost(BATCH_EACH * 120, Cbor.of(ward.batchOfTen()).length, "CBOR");
        }
    }

    @Test
    void plainJsonDoesNotGrow() {
        WardSet ward = new WardSet(3);
        for (int i = 0; i < SETS; i++) {
            byte[] set = ward.set();
            assertAtMost(1_120, set.length, "a set");
            assertAtMost(510, Zlib.deflate(set, false).length, "a set, deflated");
            byte[] batch = ward.batchOfTen();
            assertAtMost(15 * 120, batch.length, "a batch of ten");
            assertAtMost(720, Zlib.deflate(batch, false).length, "a batch of ten, deflated");
        }
    }

    // Nine in ten neighbours are less than 64 steps apart; 16 bits a sample would be two bytes.
    @Test
    void samplesOfWavesTakeLittleMoreThanAByte() throws IOException {
        for (int seconds : new int[] {1, 10}) {
            int samples = 0;
            int packed = 0;
            for (byte[] wave : new WardSet(4).waves(seconds)) {
                String text = new String(wave, StandardCharsets.US_ASCII);
                int[] d = Arrays.stream(
                                text.replaceAll(".*\"d\":\\[([^]]*)].*", "$1").split(","))
                        .mapToInt(Integer::parseInt)
                        .toArray();
                byte[] without = text.replaceAll("\"d\":\\[[^]]*]", "\"d\":[]").getBytes(StandardCharsets.US_ASCII);
                samples += d.length;
                packed += Cbor.of(wave).length - Cbor.of(without).length;
                assertAtMost(
                        (wave.length - without.length) / 2, Cbor.of(wave).length - Cbor.of(without).length, "half");
            }
            assertEquals((int) (1187.5 * seconds), samples);
            assertAtMost(samples * 115 / 100, packed, seconds + " s");
        }
    }
}
