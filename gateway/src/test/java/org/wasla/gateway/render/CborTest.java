package org.wasla.gateway.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Bytes that others have published, and what records must not lose on the way there and back. */
class CborTest {
    private static final HexFormat HEX = HexFormat.of();

    private static String hex(String json) throws IOException {
        return HEX.formatHex(Cbor.of(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static String json(String hex) throws IOException {
        return new String(Cbor.json(HEX.parseHex(hex)), StandardCharsets.UTF_8);
    }

    private static void assertBoth(String json, String hex) throws IOException {
        assertEquals(hex, hex(json), json);
        assertEquals(json, json(hex), hex);
    }

    /** RFC 8949, appendix A and section 3.4.4; a map of one pair named "_" is a1 61 5f. */
    @Test
    void everyItemIsWrittenAsTheStandardWritesIt() throws IOException {
        String[][] examples = {
            {"0", "00"},
            {"1", "01"},
            {"10", "0a"},
            {"23", "17"},
            {"24", "1818"},
            {"25", "1819"},
            {"100", "1864"},
            {"1000", "1903e8"},
            {"1000000", "1a000f4240"},
            {"1000000000000", "1b000000e8d4a51000"},
            {"18446744073709551615", "1bffffffffffffffff"},
            {"18446744073709551616", "c249010000000000000000"},
            {"-18446744073709551616", "3bffffffffffffffff"},
            {"-18446744073709551617", "c349010000000000000000"},
            {"-1", "20"},
            {"-10", "29"},
            {"-100", "3863"},
            {"-1000", "3903e7"},
            {"273.15", "c48221196ab3"},
            {"false", "f4"},
            {"true", "f5"},
            {"null", "f6"},
            {"\"\"", "60"},
            {"\"a\"", "6161"},
            {"\"IETF\"", "6449455446"},
            {"\"\\\"\\\\\"", "62225c"},
            {"\"\u00fc\"", "62c3bc"},
            {"\"\u6c34\"", "63e6b0b4"},
            {"\"\\uD800\\uDD51\"", "64f0908591"},
            {"[]", "80"},
            {"[1,2,3]", "83010203"},
            {"[1,[2,3],[4,5]]", "8301820203820405"},
            {
                "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25]",
                "98190102030405060708090a0b0c0d0e0f101112131415161718181819"
            },
            {"{}", "a0"},
        };
        for (String[] example : examples) {
            assertBoth("{\"_\":" + example[0] + "}", "a1615f" + example[1]);
        }
    }

    @Test
    void numbersKeepTheirDigits() throws IOException {
        for (String number : new String[] {
            "36.80", "0.00", "0.0100", "-0.5", "7.0", "123456789012345678.90", "-98765432109876543210.1234567890"
        }) {
            assertEquals("{\"v\":" + number + "}", json(hex("{\"v\":" + number + "}")));
        }
    }

    // What is not kept letter by letter is said, and is the same number all the same.
    @Test
    void theSignOfAZeroAndTheFormOfAnExponentAreNotKept() throws IOException {
        assertEquals("{\"v\":0}", json(hex("{\"v\":-0}")));
        assertEquals("{\"v\":0.0}", json(hex("{\"v\":-0.0}")));
        assertEquals("{\"v\":0.00150}", json(hex("{\"v\":1.50e-3}")));
        assertEquals("{\"v\":1.5E+7}", json(hex("{\"v\":1.5e7}")));
    }

    /** The keys of the published table, beside names that it does not have. */
    @Test
    void namesAreNumbersWhereThePublishedTableHasThem() throws IOException {
        assertBoth("{\"v\":1,\"anything\":2,\"st\":\"F\"}", "a3000168616e797468696e67020c6146");
    }

    // Who writes a decoder begins with this line of the page.
    @Test
    void theExampleOfThePagesIsTrue() throws IOException {
        for (String page : new String[] {"ENCODINGS.md", "ENCODAGES.md"}) {
            Matcher example = Pattern.compile("(?m)^(\\{.*})  =  ([0-9a-f ]+)$")
                    .matcher(Files.readString(RecordFiles.CONTRACT.resolve(page)));
            assertTrue(example.find(), page);
            assertBoth(example.group(1), example.group(2).replace(" ", ""));
        }
    }

    // An old subscriber passes over what a newer gateway says, and is not stopped by it.
    @Test
    void aNumberOfALaterTableIsAFieldThatNobodyKnows() throws IOException {
        assertEquals("{\"v\":1,\"60000\":2}", json("a2000119ea6002"));
    }

    @Test
    void samplesAreFirstDifferencesOfOneByteOrMore() throws IOException {
        String key = HEX.formatHex(
                new byte[] {0x18, Objects.requireNonNull(CborKeys.key("d")).byteValue()});
        assertBoth(
                "{\"d\":[0,-1,1,63,0,64,-2147483648,2147483647]}",
                "a1" + key + "51" + "000104" + "7c7d" + "8001" + "ff80808010" + "feffffff1f");
        assertBoth("{\"d\":[]}", "a1" + key + "40");
    }

    @Test
    void aListThatHoldsMoreThanSamplesIsAnOrdinaryOne() throws IOException {
        for (String list :
                new String[] {"[1,2,null,3]", "[1,2.5]", "[\"a\"]", "[1,4294967296,2]", "[[1,2],{\"d\":[3]}]"}) {
            assertEquals("{\"d\":" + list + "}", json(hex("{\"d\":" + list + "}")));
        }
    }

    @Test
    void everySampleOfThirtyTwoBitsComesBack() throws IOException {
        Random random = new Random(20260616);
        for (int run = 0; run < 200; run++) {
            int[] samples = random.ints(random.nextInt(40)).toArray();
            byte[] packed = Differences.pack(samples, samples.length);
            assertEquals(
                    java.util.Arrays.toString(samples),
                    java.util.Arrays.toString(Differences.unpack(packed, 0, packed.length)));
        }
    }

    // Better as JSON than as something else.
    @Test
    void whatHasNoFormInCborIsRefused() {
        for (String json : new String[] {
            "",
            "[1]",
            "{\"v\":1",
            "{\"v\":1}{}",
            "{\"v\":1e999}",
            "{\"v\":1e99999999999}",
            "{\"v\":" + "9".repeat(200) + "}",
            "{\"s\":\"\\ud800\"}",
            "{\"s\":\"\\udc00\\ud800\"}",
            "{\"v\":" + "[".repeat(40) + "]".repeat(40) + "}"
        }) {
            assertThrows(IOException.class, () -> hex(json), json);
        }
    }
}
