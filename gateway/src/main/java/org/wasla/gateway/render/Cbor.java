package org.wasla.gateway.render;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * Records in CBOR (RFC 8949) and back. The same model as in JSON, field by field and in the same order, so that either
 * can be made of the other:
 *
 * <pre>
 * name of a field    its number in cbor-keys.tsv, else a text
 * whole number       integer, beyond 64 bits a bignum (tags 2 and 3)
 * other number       decimal fraction (tag 4): 36.80 is 4([-2, 3680]), and stays 36.80
 * samples of a wave  the list {@code d} of whole numbers: a byte string, {@link Differences}
 * text, list, object, true, false, null      as CBOR has them, with definite lengths
 * </pre>
 *
 * Two things are equal in value but not letter by letter: the sign of a zero is not kept, and a number written with an
 * exponent comes back without one where it has at most 64 places. Thread-safe.
 */
public final class Cbor {
    static final int DEPTH_MAX = 32;
    static final int EXPONENT_MAX = 400;
    static final int BIGNUM_BYTES_MAX = 64;
    /** The only list that is packed when it is written; packed ones are read wherever they stand. */
    private static final String SAMPLES = "d";

    private static final int LONG_DIGITS = 18;
    private static final JsonFactory JSON = new JsonFactory();

    private Cbor() {}

    /**
     * The CBOR of a record.
     *
     * @param json one JSON object, UTF-8
     * @throws IOException when it is none, or holds what CBOR records cannot: nesting beyond 32 levels, exponents beyond
     *     400, halves of surrogate pairs
     */
    public static byte[] of(byte[] json) throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("no JSON object");
            }
            CborWriter cbor = new CborWriter();
            item(parser, cbor, 1);
            if (parser.nextToken() != null) {
                throw new IOException("more than one JSON object");
            }
            return cbor.toByteArray();
        }
    }

    /**
     * The JSON of a record, UTF-8.
     *
     * @throws IOException when the bytes are not one whole record as {@link #of} writes it
     */
    public static byte[] json(byte[] cbor) throws IOException {
        ByteArrayOutputStream json = new ByteArrayOutputStream(2 * cbor.length + 16);
        try (JsonGenerator generator = JSON.createGenerator(json)) {
            generator.enable(JsonGenerator.Feature.STRICT_DUPLICATE_DETECTION);
            new CborReader(cbor).record(generator);
        }
        return json.toByteArray();
    }

    private static void item(JsonParser parser, CborWriter cbor, int depth) throws IOException {
        if (depth > DEPTH_MAX) {
            throw new IOException("JSON is nested too deeply");
        }
        switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, cbor, depth);
            case START_ARRAY -> {
                int place = cbor.begin();
                items(parser, cbor, depth, place, 0);
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getText(), cbor);
            case VALUE_STRING -> cbor.text(whole(parser.getText()));
            case VALUE_TRUE -> cbor.simple(CborWriter.TRUE);
            case VALUE_FALSE -> cbor.simple(CborWriter.FALSE);
            case VALUE_NULL -> cbor.simple(CborWriter.NULL);
            default -> throw new IOException("JSON ends in the middle");
        }
    }

    private static void object(JsonParser parser, CborWriter cbor, int depth) throws IOException {
        int place = cbor.begin();
        int count = 0;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            Integer key = CborKeys.key(name);
            if (key == null) {
                cbor.text(whole(name));
            } else {
                cbor.whole(key);
            }
            if (parser.nextToken() == JsonToken.START_ARRAY && name.equals(SAMPLES)) {
                samples(parser, cbor, depth + 1);
            } else {
                item(parser, cbor, depth + 1);
            }
            count++;
        }
        cbor.end(place, CborWriter.MAP, count);
    }

    /** @param count how many items have been written already */
    private static void items(JsonParser parser, CborWriter cbor, int depth, int place, int count) throws IOException {
        int items = count;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            item(parser, cbor, depth + 1);
            items++;
        }
        cbor.end(place, CborWriter.ARRAY, items);
    }

    /** A list that holds something else than whole numbers of 32 bits is one like others. */
    private static void samples(JsonParser parser, CborWriter cbor, int depth) throws IOException {
        int[] samples = new int[256];
        int count = 0;
        while (parser.nextToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() == JsonParser.NumberType.INT) {
            samples = count == samples.length ? Arrays.copyOf(samples, 2 * count) : samples;
            samples[count++] = parser.getIntValue();
        }
        if (parser.currentToken() == JsonToken.END_ARRAY) {
            cbor.bytes(Differences.pack(samples, count));
            return;
        }
        int place = cbor.begin();
        for (int i = 0; i < count; i++) {
            cbor.whole(samples[i]);
        }
        item(parser, cbor, depth + 1);
        items(parser, cbor, depth, place, count + 1);
    }

    private static void number(String text, CborWriter cbor) throws IOException {
        boolean isWhole = isWhole(text);
        if (isWhole && text.length() <= LONG_DIGITS) {
            cbor.whole(Long.parseLong(text));
            return;
        }
        BigDecimal value = decimal(text);
        if (Math.abs((long) value.scale()) > EXPONENT_MAX || value.precision() > 2 * BIGNUM_BYTES_MAX) {
            throw new IOException("a number has too many digits");
        }
        if (isWhole) {
            cbor.whole(new BigInteger(text));
        } else {
            cbor.decimal(value);
        }
    }

    private static boolean isWhole(String json) {
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c != '-' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }

    private static BigDecimal decimal(String text) throws IOException {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException beyond) {
            throw new IOException("a number has too large an exponent", beyond);
        }
    }

    /** UTF-8 has nothing for half of a surrogate pair. */
    private static String whole(String text) throws IOException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean isPair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!isPair) {
                    throw new IOException("a text holds half a character");
                }
                i++;
            }
        }
        return text;
    }
}
