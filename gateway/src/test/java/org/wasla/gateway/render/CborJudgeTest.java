package org.wasla.gateway.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.upokecenter.cbor.CBORObject;
import com.upokecenter.cbor.CBORType;
import com.upokecenter.numbers.EDecimal;
import com.upokecenter.numbers.EInteger;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A CBOR library that is not ours, on every record of every profile: it reads what we write, and we read what it writes. */
class CborJudgeTest {
    private static final Map<Integer, String> NAMES = new LinkedHashMap<>();
    private static final Map<String, Integer> KEYS = new LinkedHashMap<>();

    /** The table as the contract publishes it, read as a subscriber would. */
    @BeforeAll
    static void readTable() throws IOException {
        for (String line : Files.readAllLines(RecordFiles.CONTRACT.resolve("cbor-keys.tsv"))) {
            if (!line.startsWith("#")) {
                String[] columns = line.split("\t");
                NAMES.put(Integer.valueOf(columns[0]), columns[1]);
                KEYS.put(columns[1], Integer.valueOf(columns[0]));
            }
        }
    }

    @Test
    void everyRecordComesBackLetterByLetter() throws IOException {
        List<String> records = RecordFiles.all();
        assertTrue(records.size() > 500, "only " + records.size());
        for (String record : records) {
            byte[] cbor = Cbor.of(record.getBytes(StandardCharsets.UTF_8));
            assertEquals(record, new String(Cbor.json(cbor), StandardCharsets.UTF_8));
        }
    }

    @Test
    void theLibraryReadsTheSameRecord() throws IOException {
        int fractions = 0;
        int waves = 0;
        for (String record : RecordFiles.all()) {
            CBORObject read = CBORObject.DecodeFromBytes(Cbor.of(record.getBytes(StandardCharsets.UTF_8)));
            assertEquals(model(record), model(read), record);
            fractions += record.contains("\"v\":0.") || record.contains(".0,") ? 1 : 0;
            waves += record.contains("\"k\":\"wav\"") ? 1 : 0;
        }
        assertTrue(fractions > 10 && waves > 10, fractions + " with fractions, " + waves + " waves");
    }

    @Test
    void whatTheLibraryWritesIsReadAsTheSameRecord() throws IOException {
        for (String record : RecordFiles.all()) {
            byte[] written = written(model(record)).EncodeToBytes();
            assertEquals(record, new String(Cbor.json(written), StandardCharsets.UTF_8));
        }
    }

    /** JSON as plain values, numbers with their digits. */
    private static @Nullable Object model(String json) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            parser.nextToken();
            return model(parser);
        }
    }

    private static @Nullable Object model(JsonParser parser) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    fields.put(name, model(parser));
                }
                return fields;
            }
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(model(parser));
                }
                return list;
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                return new BigDecimal(parser.getText());
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                return parser.getBooleanValue();
            }
            case VALUE_NULL -> {
                return null;
            }
            default -> {
                return parser.getText();
            }
        }
    }

    /** The same of what the library has read. */
    private static @Nullable Object model(CBORObject item) {
        if (item.HasMostOuterTag(4)) {
            return new BigDecimal(item.AsNumber().ToEDecimal().toString());
        }
        CBORType type = item.getType();
        if (type == CBORType.Map) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            for (CBORObject key : item.getKeys()) {
                String name = key.getType() == CBORType.Integer ? NAMES.get(key.AsInt32Value()) : key.AsString();
                fields.put(name, model(item.get(key)));
            }
            return fields;
        }
        if (type == CBORType.Array) {
            List<@Nullable Object> list = new ArrayList<>();
            item.getValues().forEach(each -> list.add(model(each)));
            return list;
        }
        if (type == CBORType.ByteString && !item.isTagged()) {
            return samples(item.GetByteString());
        }
        if (type == CBORType.Boolean) {
            return item.AsBoolean();
        }
        return item.isNull()
                ? null
                : type == CBORType.TextString
                        ? item.AsString()
                        : new BigDecimal(item.AsEIntegerValue().toString());
    }

    /** By the words of the contract, and not by our code. */
    private static List<Object> samples(byte[] packed) {
        List<Object> samples = new ArrayList<>();
        long sample = 0;
        long bits = 0;
        int shift = 0;
        for (byte each : packed) {
            bits += (each & 0x7fL) << shift;
            shift += 7;
            if (each >= 0) {
                sample += bits % 2 == 0 ? bits / 2 : -(bits + 1) / 2;
                samples.add(BigDecimal.valueOf(sample));
                bits = 0;
                shift = 0;
            }
        }
        return samples;
    }

    /** As another program would write it: lists of samples may stay lists. */
    private static CBORObject written(@Nullable Object value) {
        if (value instanceof Map<?, ?> fields) {
            CBORObject map = CBORObject.NewOrderedMap();
            fields.forEach((field, each) -> {
                Integer key = KEYS.get(String.valueOf(field));
                map.Add(
                        key == null
                                ? CBORObject.FromObject(String.valueOf(field))
                                : CBORObject.FromObject(key.intValue()),
                        written(each));
            });
            return map;
        }
        if (value instanceof List<?> list) {
            CBORObject array = CBORObject.NewArray();
            list.forEach(each -> array.Add(written(each)));
            return array;
        }
        if (value instanceof BigDecimal number) {
            return number.scale() == 0
                    ? CBORObject.FromObject(EInteger.FromString(number.toPlainString()))
                    : CBORObject.FromObject(EDecimal.FromString(number.toPlainString()));
        }
        return value == null
                ? CBORObject.Null
                : value instanceof Boolean truth
                        ? CBORObject.FromObject(truth.booleanValue())
                        : CBORObject.FromObject(String.valueOf(value));
    }
}
