package org.wasla.gateway.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every construct of a binary message, and the mistakes that can be made in it. */
class SeqReaderTest {
    private static final String GOOD = """
            wasla: 1
            id: my-device
            version: 1.0.0
            device: {makers: [Maker], models: [M1], kind: monitor}
            frame: {block: {start: "~", end: "~", max: 2000}}
            dialogue: {listen: {quiet: 3s}}
            message:
              - id: numerics
                when: [{pos: 1, is: 0}, {pos: -2, mask: 0x0f, is: 0x0f}]
                size: [20, 900]
                seq:
                  - {id: temp, pos: 2, type: float}
                  - {id: weight, pos: 6, type: sfloat}
                  - {id: delta, pos: 8, type: i2le}
                  - {id: date, pos: 10, type: bcd, size: 4}
                  - {id: name, pos: 14, type: str, size: 4}
                  - {id: rest, pos: -4, type: hex, size: 2}
                  - {id: units, pos: 8}
              - id: wave
                when: {pos: 1, is: 1}
                size: 90
                seq:
                  - pos: 4
                    step: 3
                    repeat: 8
                    to: -2
                    stop: {pos: 2, is: 0xff}
                    when: {pos: 2, mask: 0xf0, is: 0}
                    key: {pos: 2, enum: {'1': ecg, '2': pleth}}
                    body: {pos: 0, type: u2le, add: 28, when: {pos: 1, is: 0}}
                    seq:
                      - {id: status, pos: 2}
                      - {id: samples, pos: 4, type: i2le, repeat: {pos: 0, type: u2le}}
              - id: leads
                pattern: '(?<packed>.*)'
                seq: {id: lead, when: {pos: 0, is: 1}, pos: 3, type: i2le, repeat: 2, step: 9, hz: {pos: 1}, delta: [{pos: 5, minus: {pos: 7, mask: 0x80}}, {pos: 6}], times: 4}
                packed: {in: packed, type: pack7, start: "A", end: "\\r", check: {sum: internet, from: 2, to: 0, pos: 0}, key: {pos: 2, enum: {'1': paw}}, seq: {id: raw, pos: 4, repeat: eos, hz: {pos: 3}}}
              - id: blocks
                seq: {pos: 4, step: 6, repeat: eos, seq: {id: value, pos: 4, type: i2be}}
            absent: {range: [-32768, -32001], why: no-value}
            observe:
              - {field: temp, name: temp, absent: {text: 'NaN|NRes|[-+]INF', why: no-value}}
              - {field: delta, name: product, times: weight, scale: 0.1, offset: 1, decimals: 2, by: {field: units, codes: {'1': {name: a, ucum: '%', scale: 2}}}}
              - {message: wave, field: ecg.status, name: ecg-status}
              - {message: wave, field: 17.status, name: other-status}
            waves:
              - {field: ecg.samples, name: ecg, hz: 300, range: [-32000, 32000], scale: 0.01, gather: 30, by: {field: ecg.status, codes: {'1': {name: lead-i}}}, counter: {field: ecg.status, modulo: 256}}
              - {field: lead, name: lead, hz: told, range: [0, 9]}
              - {field: paw.raw, name: paw, hz: told, range: [0, 9]}
            simulator:
              push:
                - {every: 1s, message: wave, size: 90, repeat: 12}
              values: {ecg.samples: '5', ecg.status: '0'}
            """;

    @TempDir
    Path folder;

    private Codes codes;

    @BeforeEach
    void readCodes() throws IOException {
        Path table = folder.resolve("codes.tsv");
        Files.writeString(table, "# codes@7\nmdc\t150456\tMDC_PULS_OXIM_SAT_O2\t%\nucum\t%\tpercent\n");
        codes = Codes.read(table);
    }

    private List<String> problems(String yaml) throws IOException {
        Path profile = Files.createDirectories(folder.resolve("my-device"));
        Files.writeString(profile.resolve(ProfileReader.FILE), yaml);
        Problems problems = new Problems();
        new ProfileReader(codes).read(profile, problems);
        return problems.list().stream()
                .map(problem -> problem.what() + "; " + problem.remedy())
                .toList();
    }

    private void assertProblem(String from, String to, String told) throws IOException {
        assertTrue(GOOD.contains(from), "the test replaces '" + from + "'");
        List<String> problems = problems(GOOD.replace(from, to));
        assertTrue(problems.stream().anyMatch(problem -> problem.contains(told)), to + ": " + problems);
    }

    @Test
    void everyConstructIsRead() throws IOException {
        assertEquals(List.of(), problems(GOOD));
    }

    @Test
    void whatCannotBeIsTold() throws IOException {
        assertProblem("type: float", "type: f4", "type is 'f4'; write one of u1, u2be");
        assertProblem("type: bcd, size: 4", "type: bcd", "has no 'size'");
        assertProblem("{id: delta, pos: 8", "{id: delta, size: 2, pos: 8", "size is not known");
        assertProblem("pos: -4, type: hex, size: 2", "pos: -1, type: hex, size: 2", "in fewer bytes than it needs");
        assertProblem("type: float}", "type: float, repeat: 2}", "repeats what is no whole number");
        assertProblem("mask: 0x0f, is: 0x0f", "mask: 0x0f, is: 0xff", "can never hold");
        assertProblem("size: [20, 900]", "size: [20, 30, 900]", "has 3 numbers");
        assertProblem("step: 3", "stap: 3", "has no 'step'");
        assertProblem("repeat: eos", "repeat: all", "write a whole number from 1");
        assertProblem("{id: value, pos: 4", "{id: value, pos: 5", "reaches byte 6 of a record of 6");
        assertProblem("seq: {id: value, pos: 4, type: i2be}", "seq: []", "holds no field");
        assertProblem("'1': ecg,", "one: ecg,", "has the key 'one'; write a whole number");
        assertProblem("'1': ecg,", "'1': e.g,", "write a word, of letters, digits and dashes");
        assertProblem("field: ecg.status, name", "field: ekg.status, name", "is 'ekg.status', which no message has");
        assertProblem("times: weight", "times: waight", "is 'waight', which no message has");
        assertProblem("by: {field: units, codes", "by: {field: unit, codes", "is 'unit', which no message has");
        assertProblem("ucum: '%', scale: 2", "ucum: furlong", "no unit of the table");
        assertProblem("{'1': {name: lead-i}}", "{}", "tells no codes");
        assertProblem("range: [-32768, -32001]", "range: [5]", "write either text: '-+' or range");
        assertProblem("{range: [-32768, -32001], why", "{text: x, range: [1, 2], why", "write either text");
        assertProblem("ecg.samples: '5'", "ecg.samples: '5.5'", "is no whole number, as a packet needs");
    }

    @Test
    void whatIsPackedWrongIsTold() throws IOException {
        assertProblem("field: lead, name: lead, hz: told", "field: ecg.samples, hz: told", "is told by no message");
        assertProblem("mask: 0x80", "mask: 0xc0", "is not one bit");
        assertProblem("times: 4", "times: 0", "write a whole number from 1");
        assertProblem("repeat: 2, step: 9, hz", "join: none, hz", "has hz, delta or times and no samples");
        assertProblem("pos: 3, type: i2le, repeat: 2", "pos: 3, type: i4le, repeat: 2", "has 32 bits before a delta");
        assertProblem("type: pack7", "type: pack8", "write pack7");
        assertProblem("end: \"\\r\"", "end: \"\\x80\"", "may stand in what is packed");
        assertProblem("sum: internet", "sum: intranet", "write one of");
        assertProblem("field: paw.raw", "field: pow.raw", "is 'pow.raw', which no message has");
        assertProblem("{field: ecg.status, modulo: 256}", "{field: ecg.status, modulo: 1}", "from 2 to 65536");
        assertProblem("counter: {field: ecg.status", "counter: {field: ekg.status", "is 'ekg.status'");
        assertProblem("packed: {in: packed", "packed: {in: pocked", "is 'pocked'");
        assertProblem("seq: {id: raw, pos: 4, repeat: eos, hz: {pos: 3}}", "seq: []", "holds no field");
    }

    @Test
    void aPatternSaysItselfWhichFramesItMeans() throws IOException {
        String seq = "seq: {pos: 4, step: 6, repeat: eos, seq: {id: value, pos: 4, type: i2be}}";
        String text = GOOD.replace(seq, "pattern: 'x'\n    size: 4");
        List<String> problems = problems(text);
        assertTrue(
                problems.stream().anyMatch(problem -> problem.contains("has when or size beside a pattern")),
                problems.toString());
    }
}
