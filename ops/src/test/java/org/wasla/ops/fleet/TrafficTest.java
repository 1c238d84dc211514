package org.wasla.ops.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.harrel.jsonschema.SchemaResolver;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What is measured with traffic of another shape is a figure about something else. */
class TrafficTest {
    private static final Path CONTRACT =
            Path.of(System.getProperty("wasla.root", "..")).resolve("ops/contract");
    private static final long NOW_MS = 1_781_596_804_105L;

    private static void isGood(String name, byte[] payload) throws Exception {
        Validator validator = new ValidatorFactory()
                .withSchemaResolver(uri -> SchemaResolver.Result.empty())
                .createValidator();
        URI schema = URI.create("urn:wasla:contract:1:" + name);
        validator.registerSchema(schema, Files.readString(CONTRACT.resolve(name + ".schema.json")));
        String text = new String(payload, StandardCharsets.UTF_8);
        Validator.Result result = validator.validate(schema, text);
        assertTrue(
                result.isValid(),
                () -> result.getErrors().stream()
                                .map(error -> error.getInstanceLocation() + " " + error.getError())
                                .toList()
                        + " in "
                        + text);
    }

    @Test
    void allOfItIsOfTheContract() throws Exception {
        Traffic single = new Traffic(1);
        Traffic batch = new Traffic(5);
        isGood("record", single.observations("gw-1", "mon-b10", 7, NOW_MS));
        isGood("record", batch.observations("gw-1", "mon-b10", 7, NOW_MS));
        isGood("record", single.alarm("gw-1", "mon-b10", 3, NOW_MS));
        isGood("state", Traffic.state("gw-1", "online", NOW_MS));
        isGood("state", Traffic.state("gw-1", "offline", NOW_MS));
        isGood("health", Traffic.health("gw-1", 16, NOW_MS));
        isGood("device-state", Traffic.deviceState("mon-b10", NOW_MS));
        isGood("device-meta", Traffic.deviceMeta("mon-b10"));
        isGood("alarms", Traffic.alarms("gw-1", "mon-b10", NOW_MS));
    }

    // The sizes that the sizing counts with: a set is 0.8 to 0.9 kB, ten in a batch at most 11 B a value and the
    // envelope.
    @Test
    void itIsAsLargeAsARealWards() {
        int single = new Traffic(1).observations("gw-1", "mon-b10", 7, NOW_MS).length;
        int batch = new Traffic(10).observations("gw-1", "mon-b10", 7, NOW_MS).length;
        assertTrue(single > 750 && single < 1_050, single + " bytes");
        assertTrue(batch > 1_000 && batch < 1_500, batch + " bytes");
    }

    @Test
    void aBatchTakesAsManyNumbersAsItHasRows() {
        Traffic batch = new Traffic(5);
        String second = new String(batch.observations("gw-1", "mon-b10", 2, NOW_MS), StandardCharsets.UTF_8);
        assertTrue(second.contains("\"seq\":6,") && second.contains("\"n\":5,"), second);
    }

    @Test
    void aHistogramIsRightToOnePartInSixteen() {
        Histogram histogram = new Histogram();
        for (int ms = 1; ms <= 1_000; ms++) {
            histogram.add(ms * 1_000_000L);
        }
        assertEquals(1_000, histogram.count());
        assertEquals(500, histogram.ms(0.5), 500 / 16.0);
        assertEquals(990, histogram.ms(0.99), 990 / 16.0);
        assertTrue(Double.isNaN(new Histogram().ms(0.5)));
    }
}
