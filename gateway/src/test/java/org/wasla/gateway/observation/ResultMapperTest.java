package org.wasla.gateway.observation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Finding;
import org.wasla.gateway.message.Message.Item;
import org.wasla.gateway.observation.Mapping.Absent;
import org.wasla.gateway.observation.RecordJson.Envelope;
import org.wasla.gateway.observation.ResultRules.FlagRule;
import org.wasla.gateway.observation.ResultRules.Part;
import org.wasla.gateway.observation.ResultRules.Sign;

/** A result is published with its digits, its unit as sent, and never as a value that the device did not mean. */
class ResultMapperTest {
    private static final ResultRules RULES = new ResultRules(
            List.of("O.4.3", "O.3"),
            List.of("O.7"),
            List.of("P.3"),
            List.of("H.14", "H.13"),
            List.of(new Sign("H.12", Part.VALUE, Pattern.compile("^Q$"))),
            List.of(
                    new FlagRule(new Sign(null, Part.MARKS, Pattern.compile("DEMO")), Flag.DEMO, "demo-mode"),
                    new FlagRule(new Sign(null, Part.STATUS, Pattern.compile("^X$")), Flag.INVALID, "not-obtained"),
                    new FlagRule(new Sign(null, Part.VALUE, Pattern.compile("^\\?")), Flag.QUESTIONABLE, "doubted")),
            Pattern.compile("([^/]*).*"),
            Pattern.compile("\\??(.*)"),
            Map.of(
                    "WBC", new ResultRules.Test("wbc", null, Map.of("10*3/uL", "6690-2")),
                    "685", new ResultRules.Test("ast", null, Map.of("", "1920-8"))),
            Map.of("10^3/uL", "10*3/uL", "10*3/uL", "10*3/uL", "%", "%", "1", ""),
            List.of(new Absent(Pattern.compile("-+|-999"), Flag.NA, "not-measured")),
            Map.of("E", "F"),
            true,
            ResultRules.Notes.ALL,
            Map.of(),
            false,
            List.of());

    private static Finding finding(String code, String text, String unit, String marks, String status) {
        return new Finding(code, "", "", text, unit, "", marks, status, "", "", List.of());
    }

    private static Mapped map(Field... fields) {
        Mapping none = new Mapping(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Mapping.Misfit.TEXT,
                List.of(),
                RULES);
        return new Mapper(none).map(new Message("results", List.of(fields)));
    }

    /** The record of the message without its envelope. */
    private static String json(Field... fields) {
        Envelope envelope = new Envelope("g", "d", null, null, null, null, 1, null, null);
        byte[] json = RecordJson.write(envelope, map(fields).bodies().get(0), "00000000", 1);
        String text = new String(json, StandardCharsets.UTF_8);
        return text.substring(text.indexOf("\"t\":1") + 6);
    }

    private static String result(String code, String text, String unit, String marks, String status) {
        String json = json(finding(code, text, unit, marks, status));
        return json.substring("\"res\":[{".length(), json.length() - 3);
    }

    @Test
    void aKnownTestHasItsCodesAndKeepsItsDigits() {
        assertEquals(
                "\"n\":\"wbc\",\"r\":\"WBC\",\"l\":\"6690-2\",\"v\":36.80,\"u\":\"10*3/uL\",\"ur\":\"10^3/uL\"",
                result("WBC", " 36.80", "10^3/uL", "", ""));
        assertEquals("\"n\":\"ast\",\"r\":\"685/\",\"l\":\"1920-8\",\"v\":15.0", result("685/", "15.0", "", "", ""));
    }

    @Test
    void anUnknownTestPassesThroughAsSent() {
        assertEquals("\"r\":\"PCT\",\"v\":0.17,\"u\":\"%\"", result("PCT", "0.17", "%", "", ""));
        assertEquals("\"r\":\"X\",\"s\":\"POS\",\"ur\":\"furlong\"", result("X", "POS", "furlong", "", ""));
    }

    @Test
    void inAnotherUnitALoincCodeWouldBeAWrongOne() {
        assertEquals("\"n\":\"wbc\",\"r\":\"WBC\",\"v\":5,\"u\":\"%\"", result("WBC", "5", "%", "", ""));
        assertEquals("\"n\":\"wbc\",\"r\":\"WBC\",\"v\":5,\"ur\":\"cells\"", result("WBC", "5", "cells", "", ""));
    }

    @Test
    void aBoundIsNoValueByItself() {
        assertEquals("\"r\":\"X\",\"cmp\":\"<\",\"v\":2.00", result("X", "<2.00", "", "", ""));
        assertEquals("\"r\":\"X\",\"cmp\":\">=\",\"v\":1000", result("X", ">= 1000", "", "", ""));
    }

    @Test
    void aValueInTwoPartsKeepsBoth() {
        assertEquals("\"r\":\"X\",\"v\":0.750,\"s\":\"-1^0.750\",\"i\":\"-1\"", result("X", "-1^0.750", "", "", ""));
        assertEquals("\"r\":\"X\",\"s\":\"NEGATIVE\"", result("X", "NEGATIVE^", "", "", ""));
        assertEquals("\"r\":\"X\",\"v\":38.2", result("X", "^38.2", "", "", ""));
        assertEquals("\"r\":\"X\",\"s\":\"a^b\",\"i\":\"a\"", result("X", "a^b", "", "", ""));
        assertEquals("\"r\":\"X\",\"s\":\"1^2^3\"", result("X", "1^2^3", "", "", ""));
    }

    @Test
    void aGradeOfATestStripIsNoNumber() {
        for (String word : List.of("+1", "+", "1+", "1.", "1e3", "5,9", "- 5", "1:80", "--1")) {
            assertEquals("\"r\":\"X\",\"s\":\"" + word + "\"", result("X", word, "", "", ""));
        }
        assertEquals("\"r\":\"X\",\"v\":7,\"w\":\"007\"", result("X", "007", "", "", ""));
        assertEquals("\"r\":\"X\",\"v\":-0.5,\"w\":\"-.5\"", result("X", "-.5", "", "", ""));
    }

    @Test
    void whatMeansNoValueIsNone() {
        assertEquals(
                "\"r\":\"X\",\"q\":\"na\",\"why\":\"not-measured\",\"w\":\"-----\"", result("X", "-----", "", "", ""));
        assertEquals(
                "\"r\":\"X\",\"q\":\"na\",\"why\":\"not-measured\",\"w\":\"-999\"", result("X", "-999", "", "", ""));
        assertEquals("\"r\":\"X\",\"q\":\"na\",\"why\":\"not-sent\"", result("X", "", "", "", ""));
    }

    @Test
    void theDevicesDoubtsStandBesideTheValueOrInsteadOfIt() {
        assertEquals(
                "\"r\":\"X\",\"v\":7.412,\"q\":\"questionable\",\"why\":\"doubted\",\"w\":\"?7.412\"",
                result("X", "?7.412", "", "", ""));
        assertEquals(
                "\"r\":\"X\",\"st\":\"X\",\"q\":\"invalid\",\"why\":\"not-obtained\",\"w\":\"5\"",
                result("X", "5", "", "", "X"));
        assertEquals(
                "\"r\":\"X\",\"v\":5,\"fl\":\"DEMO\",\"q\":\"demo\",\"why\":\"demo-mode\"",
                result("X", "5", "", "DEMO", ""));
    }

    @Test
    void ofTheMessageOnlyTheIdsOfSpecimenAndOrderLeave() {
        String json = json(
                new Item("H.12", "Q"),
                new Item("P.3", "PAT-77"),
                new Item("P.6", "Nobody^Nora"),
                new Item("O.4", "^^  113^A"),
                new Item("O.4.3", "  113"),
                new Item("O.7", "A5"),
                new Item("note", "all of them"),
                finding("X", "1", "", "", "E"));
        assertEquals(
                "\"sp\":\"113\",\"ord\":\"A5\",\"qc\":true,\"res\":[{\"r\":\"X\",\"v\":1,\"st\":\"F\"}],"
                        + "\"note\":[\"all of them\"]}",
                json);
        assertFalse(json.contains("PAT-77") || json.contains("Nora"));
    }

    @Test
    void everythingBesideAResultIsKept() {
        Finding full = new Finding(
                "X",
                "",
                "Some test",
                "1",
                "",
                "0 to 2",
                "H~A",
                "F",
                "20240820151030",
                "venous",
                "789-8",
                List.of("a", "b"));
        assertEquals(
                "\"res\":[{\"r\":\"X\",\"l\":\"789-8\",\"alt\":\"789-8\",\"txt\":\"Some test\",\"v\":1,"
                        + "\"ref\":\"0 to 2\",\"fl\":\"H~A\",\"st\":\"F\",\"m\":\"venous\","
                        + "\"dt\":\"2024-08-20T15:10:30\",\"note\":[\"a\",\"b\"]}]}",
                json(full));
    }

    @Test
    void aLoincCodeOfTheDeviceWithAWrongCheckDigitIsCountedAndOnlyKeptAsSent() {
        Finding wrong = new Finding("RBC", "", "", "1", "", "", "", "", "", "", "789-9", List.of());
        Finding system = new Finding("789-9", "LN", "", "1", "", "", "", "", "", "", List.of());
        Finding good = new Finding("789-8", "LN", "", "1", "", "", "", "", "", "", List.of());
        assertEquals(2, map(wrong, system, good).miscoded());
        assertEquals(
                "\"res\":[{\"r\":\"RBC\",\"alt\":\"789-9\",\"v\":1},{\"r\":\"789-9\",\"v\":1},"
                        + "{\"r\":\"789-8\",\"l\":\"789-8\",\"v\":1}]}",
                json(wrong, system, good));
    }

    @Test
    void theDevicesTimeIsTheFirstThatIsOne() {
        Field result = finding("X", "1", "", "", "");
        assertEquals(
                "2023-08-03T13:17:13",
                map(new Item("H.14", ""), new Item("H.13", "20230803131713"), result)
                        .deviceTime());
        List<String> times = new ArrayList<>();
        for (String sent : List.of(
                "202308031317", "20230803131713.25+0100", "20230803", "20230832131713", "20230803251713", "1", "")) {
            times.add(String.valueOf(map(new Item("H.14", sent), result).deviceTime()));
        }
        assertEquals(
                List.of("2023-08-03T13:17", "2023-08-03T13:17:13.25+01:00", "null", "null", "null", "null", "null"),
                times);
    }

    private static String ofText(ResultRules.Notes notes, Field... fields) {
        ResultRules.FindingRule rule = new ResultRules.FindingRule("t", "v", "c", null, "u", null, null, null, null);
        ResultRules rules = new ResultRules(
                List.of("id"),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                ResultRules.WHOLE,
                ResultRules.WHOLE,
                Map.of(),
                Map.of("%", "%"),
                List.of(),
                Map.of(),
                false,
                notes,
                Map.of("lot", List.of("lot", "batch")),
                false,
                List.of(rule));
        return ofText(rules, fields);
    }

    private static String ofText(ResultRules rules, Field... fields) {
        Mapping mapping = new Mapping(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Mapping.Misfit.TEXT,
                List.of(),
                rules);
        RecordBody body = new Mapper(mapping)
                .map(new Message("row", List.of(fields)))
                .bodies()
                .get(0);
        Envelope envelope = new Envelope("g", "d", null, null, null, null, 1, null, null);
        String text = new String(RecordJson.write(envelope, body, "00000000", 1), StandardCharsets.UTF_8);
        return text.substring(text.indexOf("\"t\":1") + 6);
    }

    /** Analysers that write plain text: the fields of their messages are results, and only the profile knows which. */
    @Test
    void fieldsOfATextMakeAResult() {
        Item id = new Item("id", "S1");
        Item name = new Item("name", "nobody's business");
        assertEquals(
                "\"sp\":\"S1\",\"res\":[{\"r\":\"K\",\"v\":4.20,\"u\":\"%\"}]}",
                ofText(
                        ResultRules.Notes.NONE,
                        id,
                        name,
                        new Item("t", "K"),
                        new Item("v", " 4.20"),
                        new Item("u", "%")));
        assertEquals(
                "\"res\":[{\"r\":\"HCV\",\"v\":0.15,\"s\":\"Negative^0.15\",\"i\":\"Negative\"}]}",
                ofText(ResultRules.Notes.NONE, new Item("t", "HCV"), new Item("v", "0.15"), new Item("c", "Negative")));
        assertEquals(
                "\"res\":[{\"r\":\"HCV\",\"s\":\"Negative\"}]}",
                ofText(ResultRules.Notes.NONE, new Item("t", "HCV"), new Item("v", ""), new Item("c", "Negative")));
    }

    /** Where a device writes the unit behind the number only the profile can tell them apart. */
    @Test
    void theUnitMayStandBehindTheNumber() {
        Pattern value = Pattern.compile("([0-9.]+) ?([A-Za-z/]*)");
        ResultRules rules = new ResultRules(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                ResultRules.WHOLE,
                value,
                Map.of(),
                Map.of("U/l", "U/L"),
                List.of(),
                Map.of(),
                false,
                ResultRules.Notes.ALL,
                Map.of(),
                false,
                List.of());
        assertTrue(ofText(rules, finding("X", "2.40 U/l", "", "", ""))
                .contains("\"v\":2.40,\"u\":\"U/L\",\"ur\":\"U/l\""));
        assertTrue(ofText(rules, finding("X", "2.40", "%", "", "")).contains("\"v\":2.40,\"ur\":\"%\""));
    }

    /** Anybody may have written a name into a comment: none is published that the profile does not vouch for. */
    @Test
    void commentsAreLeftOutUnlessTheProfileSaysSo() {
        Item note = new Item("note", "a name");
        Item test = new Item("t", "K");
        Item value = new Item("v", "4");
        assertTrue(ofText(ResultRules.Notes.ALL, test, value, note).contains("a name"));
        assertFalse(ofText(ResultRules.Notes.RESULTS, test, value, note).contains("a name"));
        assertFalse(ofText(ResultRules.Notes.NONE, test, value, note).contains("a name"));
        Finding told = new Finding("K", "", "", "4", "", "", "", "", "", "", List.of("hemolysed"));
        assertTrue(ofText(ResultRules.Notes.RESULTS, told).contains("hemolysed"));
        assertFalse(ofText(ResultRules.Notes.NONE, told).contains("hemolysed"));
        assertFalse(ofText(ResultRules.NONE, told).contains("hemolysed"), "the default");
    }

    /** Lots and how a number was entered tell how far a result can be trusted. */
    @Test
    void whatElseTheProfileListsIsPublishedByName() {
        Item test = new Item("t", "K");
        Item value = new Item("v", "4");
        assertTrue(ofText(ResultRules.Notes.NONE, test, value, new Item("batch", "L7"))
                .endsWith("\"about\":{\"lot\":\"L7\"}}"));
        Finding limited = new Finding("K", "", "", "4", "", "1;5", "", "", "", "", "", "0;9", List.of());
        assertTrue(ofText(ResultRules.NONE, limited).contains("\"ref\":\"1;5\",\"crit\":\"0;9\""));
    }

    /** At a point-of-care analyser the number that was entered says on whom it is; a control is on nobody. */
    @Test
    void aNumberThatWasEnteredIsToldAndNeverPublished() {
        ResultRules rules = new ResultRules(
                List.of("O.3"),
                List.of(),
                List.of("P.3", "PID.3"),
                List.of(),
                List.of(new Sign("H.12", Part.VALUE, Pattern.compile("^Q$"))),
                List.of(),
                ResultRules.WHOLE,
                ResultRules.WHOLE,
                Map.of(),
                Map.of(),
                List.of(),
                Map.of(),
                false,
                ResultRules.Notes.NONE,
                Map.of(),
                true,
                List.of());
        Field result = finding("GLU", "5", "", "", "");
        assertEquals("4711", typed(rules, new Item("P.3", "4711"), result));
        assertEquals("4711^^^CHU", typed(rules, new Item("PID.3", "4711"), new Item("PID.3.4", "CHU"), result));
        assertEquals("", typed(rules, result));
        assertNull(typed(rules, new Item("H.12", "Q"), new Item("P.3", "1"), result));
    }

    private static @Nullable String typed(ResultRules rules, Field... fields) {
        ResultMapper mapper = new ResultMapper(rules);
        Message message = new Message("results", List.of(fields));
        return mapper.map(message, mapper.findings(message), null, null).typed();
    }
}
