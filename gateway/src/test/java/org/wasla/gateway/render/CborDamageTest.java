package org.wasla.gateway.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whatever bytes arrive, the reader says that they are no record, or gives whole JSON: nothing else ever comes out of it. */
class CborDamageTest {
    private static final long SEED = 20261128;
    private static final int AMPLIFICATION_MAX = 70;
    /** One in so many records: all kinds and most profiles are among them. */
    private static final int EVERY = 20;

    private static final int BYTES_MAX = 1_000;

    private static List<byte[]> records() throws IOException {
        List<String> all = RecordFiles.all();
        return IntStream.range(0, all.size())
                .filter(i -> i % EVERY == 0)
                .mapToObj(all::get)
                .filter(each -> each.length() < BYTES_MAX)
                .map(each -> {
                    try {
                        return Cbor.of(each.getBytes(StandardCharsets.UTF_8));
                    } catch (IOException noRecord) {
                        throw new AssertionError(each, noRecord);
                    }
                })
                .toList();
    }

    /** @return whether it was taken */
    private static boolean isTaken(byte[] bytes) {
        byte[] json;
        try {
            json = Cbor.json(bytes);
        } catch (IOException refused) {
            assertTrue(String.valueOf(refused.getMessage()).length() > 5, refused.toString());
            return false;
        }
        assertTrue(json.length <= AMPLIFICATION_MAX * bytes.length + 16, json.length + " of " + bytes.length);
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            while (parser.nextToken() != null) {
                parser.getText();
            }
        } catch (IOException noJson) {
            throw new AssertionError(
                    HexFormat.of().formatHex(bytes) + " gave " + new String(json, StandardCharsets.UTF_8), noJson);
        }
        return true;
    }

    @Test
    void aRecordThatIsCutAnywhereIsRefused() throws IOException {
        for (byte[] record : records()) {
            for (int length = 0; length < record.length; length++) {
                byte[] cut = Arrays.copyOf(record, length);
                assertThrows(IOException.class, () -> Cbor.json(cut));
            }
        }
    }

    @Test
    void aRecordWithMoreBehindItIsRefused() throws IOException {
        for (byte[] record : records()) {
            assertThrows(IOException.class, () -> Cbor.json(Arrays.copyOf(record, record.length + 1)));
        }
    }

    @Test
    void everyByteMayBeAnyOther() throws IOException {
        Random random = new Random(SEED);
        int taken = 0;
        for (byte[] record : records()) {
            for (int at = 0; at < record.length; at++) {
                byte[] damaged = record.clone();
                damaged[at] = (byte) random.nextInt(256);
                taken += isTaken(damaged) ? 1 : 0;
            }
        }
        // Letters and digits that become others are not for this reader to find.
        assertTrue(taken > 300, "only " + taken);
    }

    @Test
    void anyBytesAtAll() {
        Random random = new Random(SEED);
        for (int run = 0; run < 20_000; run++) {
            byte[] bytes = new byte[random.nextInt(60) + 1];
            random.nextBytes(bytes);
            bytes[0] = (byte) (0xa0 | bytes[0] & 0x03);
            isTaken(bytes);
        }
    }

    @Test
    void formsThatRecordsDoNotUseAreRefusedWithAReason() {
        String[][] forms = {
            {"bf0001ff", "not told at the start"},
            {"a1009f01ff", "not told at the start"},
            {"a1005f4100ff", "not told at the start"},
            {"a100f93c00", "a value that records do not use"},
            {"a100f7", "a value that records do not use"},
            {"a100c11a514b67b0", "a number or a tag"},
            {"a100c5820103", "a number or a tag"},
            {"a100c4830102", "without exponent and mantissa"},
            {"a100c482f601", "a number or a tag"},
            {"a100c4821a7fffffff01", "exponent beyond"},
            {"a100c4821b7fffffffffffffff01", "exponent beyond"},
            {"a2000100" + "02", "uplicate"},
            {"a12000", "no text and no number"},
            {"a1009affffffff", "more than it holds"},
            {"a1007bffffffffffffffff", "more than it holds"},
            {"a10061ff", "not UTF-8"},
            {"a1004180", "ends in the middle"},
            {"a10046808080808001", "more than 32 bits"},
            {"a100" + "81".repeat(40) + "00", "nested too deeply"},
            {"83010203", "begins with no map"},
        };
        for (String[] form : forms) {
            IOException refused = assertThrows(
                    IOException.class, () -> Cbor.json(HexFormat.of().parseHex(form[0])), form[0]);
            assertTrue(
                    String.valueOf(refused.getMessage()).contains(form[1]), form[0] + " says " + refused.getMessage());
        }
        assertEquals(20, forms.length);
    }
}
