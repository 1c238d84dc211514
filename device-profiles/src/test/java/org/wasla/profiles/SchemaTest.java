package org.wasla.profiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.harrel.jsonschema.SchemaResolver;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileReader;

/** Editors read the schema and the agent reads the profile: both must call the same profiles good. */
class SchemaTest {
    private static final String SCHEMA = "https://wasla.example/device-profiles/profile.schema.json";
    private static final String FRAME = "  line: {end: CRLF, max: 512, skip-nul: true}";
    private static final Validator VALIDATOR = validator();

    @TempDir
    Path folder;

    private static Validator validator() {
        return new ValidatorFactory()
                .withSchemaResolver(uri -> SchemaResolver.Result.empty())
                .createValidator();
    }

    @BeforeAll
    static void readSchema() throws IOException {
        VALIDATOR.registerSchema(URI.create(SCHEMA), Files.readString(Shelf.FOLDER.resolve("profile.schema.json")));
    }

    private static Validator.Result bySchema(String yaml) {
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setMaxAliasesForCollections(2_000)
                .build();
        return VALIDATOR.validate(URI.create(SCHEMA), json(new Load(settings).loadFromString(yaml)));
    }

    private List<Problems.Problem> byReader(String yaml) throws IOException {
        Path profile = Files.createDirectories(folder.resolve("p"));
        Files.writeString(profile.resolve(ProfileReader.FILE), yaml);
        Problems problems = new Problems();
        new ProfileReader(Shelf.store().codes()).read(profile, problems);
        return problems.list();
    }

    @Test
    void bothAcceptEveryShippedProfile() throws IOException {
        for (Profile profile : Shelf.profiles()) {
            Validator.Result result = bySchema(Files.readString(profile.folder().resolve(ProfileReader.FILE)));
            assertTrue(result.isValid(), profile.id() + ": " + told(result));
        }
    }

    @Test
    void bothRefuseTheSameMistakes() throws IOException {
        String good = shipped("masimo-ascii1");
        Map<String, String> mistakes = Map.ofEntries(
                Map.entry("wasla: 1\n", "wasla: 2\n"),
                Map.entry("version: 1.1.0", "version: one"),
                Map.entry("trust: verified-on-real-bytes", "trust: sure"),
                Map.entry("end: CRLF", "end: TAB"),
                Map.entry("quiet: 3s", "quiet: 3"),
                Map.entry("flow: none", "flow: soft"),
                Map.entry("dialogue:", "dialog:"),
                Map.entry("flag: ongoing", "flag: searching"),
                Map.entry("skip-nul:", "skipnul:"),
                Map.entry("mdc: 150456", "mdc: SPO2"),
                Map.entry("every: 1s", "every: often"));
        assertBothRefuse(good, mistakes.entrySet());
        assertEquals(List.of(), byReader(good));
    }

    @Test
    void bothReadTheSameFingerprints() throws IOException {
        String shipped = shipped("masimo-ascii1");
        String good = shipped + """
                fingerprint:
                  least: 5
                  most: 0.4
                  found: '\\x05'
                  needed: 'X1'
                  probe: [{send: "ID\\r", answer: row}, {send: "?"}]
                  beacon: {port: 24005, group: 224.0.1.23, found: '^M1', link: 'udp:{host}'}
                """;
        assertEquals(List.of(), byReader(good));
        assertEquals(List.of(), told(bySchema(good)));
        Map<String, String> mistakes = Map.of(
                "least: 5", "least: 0",
                "most: 0.4", "most: 1.5",
                "send: \"?\"", "send: \"\"",
                "port: 24005", "port: 0",
                "group: 224.0.1.23", "group: 10.0.0.1",
                ", link: 'udp:{host}'", "");
        assertBothRefuse(good, mistakes.entrySet());
    }

    @Test
    void bothReadTheSameSignsOfActs() throws IOException {
        String shipped = shipped("masimo-ascii1");
        String good = shipped + """
                act:
                  type: ventilation
                  runs: [{name: spo2, above: 0}, {name: pulse, grows: true}]
                  stops: [{name: pulse, equals: 0}, {name: spo2, text: 'OFF|STOP'}]
                """;
        assertEquals(List.of(), byReader(good));
        assertEquals(List.of(), told(bySchema(good)));
        Map<String, String> mistakes = Map.of(
                "type: ventilation", "type: analysis",
                "{name: spo2, above: 0}", "{name: spo2}",
                "grows: true", "grows: true, above: 1",
                "equals: 0", "equals: none",
                "runs: [{name: spo2, above: 0}, {name: pulse, grows: true}]", "runs: []",
                "stops:", "ends:");
        assertBothRefuse(good, mistakes.entrySet());
        List<Problems.Problem> unknown = byReader(good.replace("name: spo2, above", "name: spo3, above"));
        assertTrue(unknown.toString().contains("'spo3', the name of nothing that is observed"), unknown.toString());
    }

    private static String framed(String good, String frame) {
        assertTrue(good.contains(FRAME), "the test replaces '" + FRAME + "'");
        return good.replace(FRAME, "  " + frame);
    }

    @Test
    void bothReadTheSameFramings() throws IOException {
        String good = shipped("masimo-ascii1");
        String tail = "}, check: {sum: sum8, pos: -2, type: hex}}";
        List<String> right = List.of(
                "block: {start: a, end: b, escape: {byte: \"\\x7d\", xor: 0x20" + tail,
                "block: {start: \"\\x01\", end: \"\\x04\", escape: {table: {D: EX, E: EE}}, size: {pos: 1, type: hex, width: 4}}",
                "block: {start: '[', end: ']', tail: 2, opaque: 9, never: \"\\xff\", check: [{sum: crc8, from: 1, to: 0, pos: 0}]}",
                "length: {start: \"\\x85\", end: x, max: 99, size: {pos: 1, type: u2le, add: -2}}",
                "line: {end: CR, check: {sum: crc32, pos: -4, skip: \"\\r\", raw: true}}",
                "line: {check: {crc: {width: 32, poly: 0x04C11DB7, init: 0xFFFFFFFF, xorout: 0xFFFFFFFF, refin: true}, pos: -8, type: hex, width: 8}}",
                "block: {start: a, end: b, single: \"\\x05\\x06\"}",
                "datagram: {max: 1500}");
        for (String frame : right) {
            Validator.Result result = bySchema(framed(good, frame));
            assertTrue(result.isValid(), frame + ": " + told(result));
            assertEquals(List.of(), byReader(framed(good, frame)), frame);
        }
        List<String> wrong = List.of(
                "block: {start: a, end: b, escape: {byte: \"\\x7d\"}}",
                "block: {start: a, end: b, escape: {byte: \"\\x7d\", xor: 0x20, or: 0x20}}",
                "block: {start: a, end: b, escape: {table: {EE: E}}}",
                "block: {start: a, end: b, escape: {table: {}}}",
                "block: {start: a, end: b, check: {sum: sum9, pos: -1}}",
                "block: {start: a, end: b, check: {pos: -1}}",
                "block: {start: a, end: b, check: {sum: sum8}}",
                "block: {start: a, end: b, check: {sum: sum8, crc: {width: 8, poly: 1}, pos: -1}}",
                "block: {start: a, end: b, check: {sum: sum8, pos: -1, width: 2}}",
                "block: {start: a, end: b, check: {crc: {width: 7, poly: 1}, pos: -1}}",
                "block: {start: a, end: b, size: {type: u1}}",
                "block: {start: a, end: b, tail: 65}",
                "block: {start: a, end: b, single: \"\"}",
                "length: {start: a}",
                "length: {size: {pos: 0, type: u5}}",
                "line: {escape: {byte: \"\\x7d\", xor: 0x20}}",
                "datagram: {start: a}");
        for (String frame : wrong) {
            assertFalse(bySchema(framed(good, frame)).isValid(), "the schema accepts " + frame);
            assertFalse(byReader(framed(good, frame)).isEmpty(), "the reader accepts " + frame);
        }
    }

    /** Every construct of a dialogue, and one mistake in each. */
    @Test
    void bothReadTheSameDialogues() throws IOException {
        String shipped = shipped("masimo-ascii1");
        String good = shipped.replaceFirst("(?m)^dialogue:\\R +listen:.*$", """
                dialogue:
                  listen: {quiet: 3s}
                  init:
                    step: [{send: "A", answer: row, timeout: 1s, retries: 2, wait: 200ms}, {answer: [row]}, {wait: 1s}]
                    pause: 3s
                    restart: row
                  keep-alive: [{send: "B", every: 1s}, {send: "C", idle: 2s}]
                  reply: {to: [row], send: "{SPO2}{nr}{check}", refused: "{serial}", wait: 100ms}
                  unknown: {send: "?", times: 9}
                  damaged: {send: "!"}
                  vars:
                    nr: {count: [0, 255], as: u1}
                    serial: {message: row, field: SN, text: 1, max: 32, digits: 4}
                  check: {kind: xor8, as: hex, skip: 1}
                """).replaceFirst("(?m)^simulator:$", """
                simulator:
                  start: "B"
                  alive: {to: "C", within: 9s}
                  answer: {to: "A{nr}\\\\r", text: "{nr}\\\\r\\\\n"}""");
        assertTrue(good.contains("alive:"));
        assertEquals(List.of(), byReader(good));
        assertEquals(List.of(), told(bySchema(good)));
        Map<String, String> mistakes = Map.ofEntries(
                Map.entry("answer: row, ", ""),
                Map.entry("\"B\", every: 1s", "\"B\""),
                Map.entry("idle: 2s", "idle: 2s, every: 2s"),
                Map.entry("{wait: 1s}", "{}"),
                Map.entry("to: [row], ", ""),
                Map.entry("retries: 2", "retries: 11"),
                Map.entry("{send: \"!\"}", "{}"),
                Map.entry("send: \"B\"", "send: \"\""),
                Map.entry("as: u1", "as: u3"),
                Map.entry("count: [0, 255]", "count: [0, 255], field: SN"),
                Map.entry("    nr: {", "    check: {"),
                Map.entry("field: SN, ", ""),
                Map.entry("kind: xor8", "kind: crc"),
                Map.entry("start: \"B\"", "start: \"\""),
                Map.entry("within: 9s", "within: 9"),
                Map.entry(", within: 9s", ""),
                Map.entry("times: 9", "times: 0"));
        assertBothRefuse(good, mistakes.entrySet());
    }

    @Test
    void bothReadTheSameAlarms() throws IOException {
        String shipped = shipped("masimo-ascii1");
        String good = shipped.replaceFirst("(?m)^alarms:$", """
                alarms:
                  - {message: row, field: ALARM, found: 'LOW|HIGH', id: low, text: Low, kind: adv, latched: '^L', source: BPM,
                     priority: {LOW: low, HIGH: high}}
                  - {field: EXC, base: 16, bits: 0x100, id: other, text: Other, kind: tech, priority: medium}""");
        assertTrue(good.contains("id: other"));
        assertEquals(List.of(), byReader(good));
        assertEquals(List.of(), told(bySchema(good)));
        Map<String, String> mistakes = Map.of(
                "found: 'LOW|HIGH', ", "",
                "found: 'LOW|HIGH'", "found: 'LOW|HIGH', base: 10",
                "id: other, ", "",
                "id: low", "id: Low One",
                "text: Other, ", "",
                "kind: adv", "kind: advice",
                "LOW: low", "LOW: lowest",
                "priority: medium", "priority: urgent",
                "bits: 0x100", "bits: 0",
                "source: BPM", "sauce: BPM");
        assertBothRefuse(good, mistakes.entrySet());
    }

    /** Every way to cut a text, and one mistake in each. */
    @Test
    void bothReadTheSameCuts() throws IOException {
        String shipped = shipped("masimo-ascii1");
        String good =
                shipped.replaceFirst("(?m)^message:$", """
                message:
                  - id: cut
                    pattern: '(?<bed>\\\\d)(?<vars>[^!]*)!(?<alarms>.*)'
                    items: {in: vars, pattern: '(?<key>.)(?<value>.)(?<unit>.)', between: ';', rest: skip, units: {x: kPa}}
                    list: [{in: alarms, name: phys, kind: phys, pattern: '(?<id>.)|(?<end>0)', priority: {'1': high}, complete: true}]
                    part: bed
                    charset: utf-8""").replace("  serial: {try", "  tcp: 4601\n  serial: {try");
        assertEquals(List.of(), byReader(good));
        assertEquals(List.of(), told(bySchema(good)));
        Map<String, String> mistakes = Map.ofEntries(
                Map.entry("items: {in: vars, ", "items: {"),
                Map.entry("between: ';', ", ""),
                Map.entry("rest: skip", "rest: drop"),
                Map.entry("kind: phys, ", ""),
                Map.entry("name: phys, ", ""),
                Map.entry("'1': high", "'1': loud"),
                Map.entry("complete: true", "complete: sometimes"),
                Map.entry("charset: utf-8", "charset: ebcdic"),
                Map.entry("    part: bed", "    split: {in: bed}"),
                Map.entry("tcp: 4601", "tcp: 70000"));
        assertBothRefuse(good, mistakes.entrySet());
    }

    /** A protocol by its name, and one mistake in each of its settings. */
    @Test
    void bothReadTheSameCodecs() throws IOException {
        String good = shipped("draeger-medibus");
        Map<String, String> mistakes = Map.of(
                "  medibus:", "  midibus:",
                "ask: {data: 1s", "ask: {date: 1s",
                "alarms: 1s", "alarms: 1",
                "waves: ['00', '01'", "waves: ['0', '01'",
                "'03', '06']", "'03', '06', '07']",
                "hz: 32", "hz: 0",
                "{'5000':", "{'500':",
                "cp2: [", "cp4: [",
                "codec:", "frame: {line: {end: CR}}\ncodec:",
                "simulator:", "simulator:\n  push: {every: 1s, text: x}");
        assertBothRefuse(good, mistakes.entrySet());
    }

    /** Every construct of a binary message stands in these two profiles; one mistake in each. */
    @Test
    void bothReadTheSameBinaryMessages() throws IOException {
        assertBothRefuse(
                shipped("ge-dri"),
                List.of(
                        Map.entry("when: [{pos: 15, is: 0}", "when: [{pos: 15}"),
                        Map.entry("size: [43, 1500]", "size: [43, 44, 45]"),
                        Map.entry("type: i2le", "type: i2"),
                        Map.entry("step: 3", "stepp: 3"),
                        Map.entry("repeat: 8", "repeat: many"),
                        Map.entry("stop: {pos: 2, is: 0xff}", "stop: {pos: 2, is: 256}"),
                        Map.entry("body: {pos: 0,", "body: {"),
                        Map.entry("mask: 0x0f", "mask: 0"),
                        Map.entry("type: hex, size: 270", "type: hex"),
                        Map.entry("enum: {'1': ecg1", "enum: {a: ecg1"),
                        Map.entry("repeat: {pos: 0, type: u2le}", "repeat: {type: u2le}"),
                        Map.entry("range: [-32768, -32001]", "range: [-32768]"),
                        Map.entry("times: co2-amb", "times: [co2-amb]"),
                        Map.entry("decimals: 1", "decimals: one"),
                        Map.entry("codes: &site {'1': {method: ESO}", "codes: &site {'1': {site: ESO}"),
                        Map.entry("repeat: 300}", "repeat: x}")));
        assertBothRefuse(
                shipped("capnostream20"),
                List.of(
                        Map.entry("gather: 20", "gather: 0"),
                        Map.entry("counter: {field: number, modulo: 256}", "counter: {field: number}"),
                        Map.entry("by: {field: units, codes", "by: {codes"),
                        Map.entry("ucum: kPa, scale: 0.1", "ucum: kPa, scale: x"),
                        Map.entry("type: str, size: 5", "type: str, size: 0"),
                        Map.entry("scale: 0.00390625", "scale: small")));
    }

    /** Packed samples, and one mistake in each of their settings. */
    @Test
    void bothReadTheSamePackedSamples() throws IOException {
        String wide = "{id: wide,    when: {pos: 4, is: 2}, pos: 8";
        String good = shipped("mindray-pds")
                .replace(wide, "{id: wide, delta: {pos: 9, minus: {pos: 9, mask: 0x80}}, times: 2, pos: 8");
        assertEquals(List.of(), byReader(good));
        assertEquals(List.of(), told(bySchema(good)));
        assertBothRefuse(
                good,
                List.of(
                        Map.entry("type: pack7", "type: pack8"),
                        Map.entry("sum: internet", "sum: intranet"),
                        Map.entry("      end: \"\\r\"\n", ""),
                        Map.entry("in: zmw", "on: zmw"),
                        Map.entry("enum: {'1101': ecg-1", "enum: {x: ecg-1"),
                        Map.entry("when: {pos: 4, is: 1}", "when: {pos: 4}"),
                        Map.entry("hz: *second", "hz: 5"),
                        Map.entry("hz: told", "hz: asked"),
                        Map.entry("mask: 0x80", "mask: 0xc0"),
                        Map.entry("times: 2", "times: 0"),
                        Map.entry("delta: {pos: 9", "delta: {mask: 9")));
    }

    private static String shipped(String profile) throws IOException {
        return Files.readString(Shelf.FOLDER.resolve(profile).resolve(ProfileReader.FILE));
    }

    /** Each mistake is one text of a good profile and what stands there instead. */
    private void assertBothRefuse(String good, Collection<Map.Entry<String, String>> mistakes) throws IOException {
        for (Map.Entry<String, String> mistake : mistakes) {
            assertTrue(good.contains(mistake.getKey()), "the test replaces '" + mistake.getKey() + "'");
            String bad =
                    good.replaceFirst(Pattern.quote(mistake.getKey()), Matcher.quoteReplacement(mistake.getValue()));
            assertFalse(bySchema(bad).isValid(), "the schema accepts " + mistake.getValue());
            assertFalse(byReader(bad).isEmpty(), "the reader accepts " + mistake.getValue());
        }
    }

    /** The codec of monitors, and one mistake in each of its settings. */
    @Test
    void bothReadTheSameMonitorCodec() throws IOException {
        String good = shipped("philips-intellivue");
        assertEquals(List.of(), byReader(good));
        List<Map.Entry<String, String>> mistakes = List.of(
                Map.entry("  intellivue:", "  intelliview:"),
                Map.entry("    waves: [0x020100", "    waves: [ecg"),
                Map.entry("    units:", "    unit:"),
                Map.entry("      0x0220:", "      percent:"),
                Map.entry("simulator: {}", "simulator: {push: {every: 1s, text: A}}"),
                Map.entry("simulator: {}", "frame: {line: {end: CR}}"));
        assertBothRefuse(good, mistakes);
    }

    private static List<String> told(Validator.Result result) {
        return result.getErrors().stream()
                .map(error -> error.getInstanceLocation() + " " + error.getError())
                .toList();
    }

    /** YAML values as JSON text. */
    private static String json(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            StringBuilder text = new StringBuilder("{");
            map.forEach((key, member) -> text.append(text.length() == 1 ? "" : ",")
                    .append(json(String.valueOf(key)))
                    .append(':')
                    .append(json(member)));
            return text.append('}').toString();
        }
        if (value instanceof List<?> list) {
            StringBuilder text = new StringBuilder("[");
            list.forEach(member -> text.append(text.length() == 1 ? "" : ",").append(json(member)));
            return text.append(']').toString();
        }
        if (value instanceof String string) {
            StringBuilder text = new StringBuilder("\"");
            string.chars()
                    .forEach(c -> text.append(
                            c < ' ' || c == '"' || c == '\\' ? String.format("\\u%04x", c) : (char) c + ""));
            return text.append('"').toString();
        }
        return String.valueOf(value);
    }
}
