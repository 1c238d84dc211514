package org.wasla.gateway.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.command.CommandReader.Reading;
import org.wasla.gateway.orders.Change;
import org.wasla.gateway.orders.Order;

/** An order is whole, or all that is wrong with it is told at once; nothing that arrives may throw. */
class CommandReaderTest {

    private static final String CMD = "wasla/1/ma-06/chu/gw-1/cmd/";
    private static final String GOOD =
            "{\"v\":1,\"jti\":\"r-1\",\"dev\":\"oxi-b07\",\"k\":\"obs\",\"from\":1,\"to\":1000,\"new\":{\"a\":[1]}}";

    private static Reading read(String verb, String json, @Nullable String responseTopic) {
        return CommandReader.read(CMD + verb, json.getBytes(StandardCharsets.UTF_8), responseTopic);
    }

    private static void assertProblem(String json, String... expected) {
        Reading reading = read("replay", json, null);
        assertEquals(Optional.empty(), reading.command());
        assertEquals(
                expected.length, reading.problems().size(), reading.problems().toString());
        for (int i = 0; i < expected.length; i++) {
            assertTrue(
                    reading.problems().get(i).contains(expected[i]),
                    reading.problems().get(i));
        }
    }

    @Test
    void ordersAreReadWithTheirAddressee() {
        assertEquals(Optional.of(new Command.Hello()), read("hello", "{}", null).command());
        Reading replay = read("replay", GOOD, "wasla/1/ma-06/chu/gw-1/rsp/lab-2");
        assertEquals(
                Optional.of(new Command.Replay("r-1", "lab-2", "oxi-b07", "obs", 1, 1000, null)), replay.command());
        assertEquals("lab-2", replay.client());
        assertEquals("replay", read("replay", GOOD, null).client());
        Reading epoch = read("replay", GOOD.replace("\"k\"", "\"ep\":\"c81f2b7e\",\"k\""), null);
        assertEquals("c81f2b7e", ((Command.Replay) epoch.command().orElseThrow()).epoch());
    }

    @Test
    void allMistakesAreToldAtOnce() {
        assertProblem(
                "{\"v\":2,\"dev\":\"OXI\",\"k\":\"obx\",\"from\":0}",
                "v is '2'; write 1",
                "jti is missing",
                "dev is 'OXI'; write the device's id",
                "k is 'obx'; write one of obs",
                "from is '0'; write a whole number from 1",
                "to is missing");
        assertProblem(GOOD.replace("1000", "0.5"), "to is '0.5'");
        assertProblem(GOOD.replace("\"from\":1", "\"from\":1001"), "to is 1000, before from; write a number from 1001");
        assertProblem(GOOD + GOOD, "more than one JSON object");
        assertProblem("{\"jti\":\"" + "x".repeat(CommandReader.BYTES_MAX) + "\"}", "bytes; write at most 131072");
    }

    @Test
    void anUnknownVerbNamesTheKnownOnes() {
        Reading reading = read("reboot", GOOD, null);
        assertEquals(
                List.of(
                        "the verb is 'reboot'; the known ones are hello, replay, worklist, associate, lookup, logs, restart, identify, capture"),
                reading.problems());
        assertEquals("r-1", reading.jti());
        assertEquals("", read("Re\u0001boot", GOOD, null).verb());
    }

    @Test
    void aResponseTopicOfAnotherFormIsAMistake() {
        for (String topic : List.of("", "lab", "a/rsp/", "a/rsp/L", "a/rsp/b/c", "a/other/b", "rsp/")) {
            Reading reading = read("replay", GOOD, topic);
            assertTrue(reading.problems().get(0).startsWith("the response topic does not end in /rsp/"), topic);
            assertEquals("replay", reading.client());
        }
    }

    private static final String ORDERS = """
            {"v":1,"jti":"w-1","ttl":3600,"orders":[
            {"id":"o-1","op":"put","specimen":"S77","tests":["GLU","K"],"prio":"S","dev":["c111"],
             "pat":{"id":"4711","auth":"CHU","family":"Test","given":"Anna","birth":"1970-01-31","sex":"F"}},
            {"id":"o-2","op":"cancel"},
            {"id":"o-3","op":"put","pat":{"id":"4712"},"step":{"accession":"A-1","procedure":"RP","procedure-text":"Chest",
             "id":"S-1","modality":"CT","ae":"CT1","start":"2026-06-16T08:00","text":"Thorax","study":"1.2.3","physician":"Doc"}}]}
            """;

    private static List<String> problems(String verb, String json) {
        return read(verb, json, null).problems();
    }

    @Test
    void ordersOfAWorklistAreReadWhole() {
        Reading reading = read("worklist", ORDERS, "wasla/1/ma-06/chu/gw-1/rsp/lis");
        assertEquals(List.of(), reading.problems());
        Command.Worklist worklist = (Command.Worklist) reading.command().orElseThrow();
        Order tube = new Order(
                "o-1",
                "S77",
                List.of("GLU", "K"),
                "S",
                List.of("c111"),
                new Order.Patient("4711", "CHU", "Test", "Anna", "1970-01-31", "F"),
                null,
                3_601_000);
        Order.Step step =
                new Order.Step("A-1", "RP", "Chest", "S-1", "CT", "CT1", "2026-06-16T08:00", "Thorax", "1.2.3", "Doc");
        Order scan = new Order(
                "o-3", "", List.of(), "R", List.of(), new Order.Patient("4712", "", "", "", "", ""), step, 3_601_000);
        assertEquals(
                List.of(new Change.Put(tube), new Change.Cancel("o-2"), new Change.Put(scan)), worklist.changes(1_000));
        assertEquals("lis", worklist.client());
        assertEquals(List.of(), problems("worklist", "{\"jti\":\"w\",\"orders\":[{\"id\":\"o\",\"op\":\"cancel\"}]}"));
    }

    @Test
    void objectsWithinObjectsWithoutEndAreNoDanger() {
        String deep = "{\"orders\":" + "[{\"a\":".repeat(5_000);
        assertEquals(List.of("the payload is no JSON; write one object, UTF-8"), problems("worklist", deep));
        String closed = "{\"jti\":\"w\",\"orders\":" + "[".repeat(400) + "]".repeat(400) + "}";
        assertTrue(problems("worklist", closed).contains("orders holds what is no object; write [{...}]"));
    }

    /** A problem goes into an answer and a log: what is wrong with a patient is told by the field's name alone. */
    @Test
    void allMistakesOfAWorklistAreToldAtOnceAndNothingOfAPatient() {
        List<String> problems = problems("worklist", """
                {"v":2,"ttl":0,"orders":[
                {"id":"a b","op":"add"},{"id":"o-1","op":"put","specimen":"S1","prio":"X","dev":"c111",
                 "pat":{"id":"SECRET^1","birth":"SECRET","sex":"SECRET","family":["SECRET"]}},
                {"id":"o-1","op":"put","tests":[7,{}],"step":{"start":"tomorrow","ae":"A\\\\B"}},
                {"id":"o-2","op":"put"},5]}""");
        String all = String.join("\n", problems);
        for (String expected : List.of(
                "v is '2'; write 1",
                "jti is missing",
                "ttl is '0'; write a whole number from 1 to 2592000",
                "orders[0].id is 'a b'",
                "orders[0].op is 'add'; write put or cancel",
                "orders[1].prio is 'X'",
                "orders[1].dev is no list",
                "orders[1].pat.id is of no such form",
                "orders[1].pat.birth is of no such form; write a date",
                "orders[1].pat.sex is of no such form",
                "orders[1].pat.family is no line of text",
                "orders[1]: a specimen without tests",
                "orders[2]: the id is there already",
                "orders[2].tests holds '...'",
                "orders[2].step.id is missing",
                "orders[2].step.modality is missing",
                "orders[2].step.start is 'tomorrow'",
                "orders[2].step.ae is 'A\\B'",
                "orders[2]: a step without pat",
                "orders[3]: neither tests nor a step",
                "orders holds what is no object")) {
            assertTrue(all.contains(expected), expected + " in\n" + all);
        }
        assertFalse(all.contains("SECRET"), all);
        assertTrue(problems("worklist", "{\"jti\":\"w\"}").get(0).startsWith("orders is empty"));
        String many = "{\"id\":\"o\",\"op\":\"cancel\"},".repeat(201);
        assertTrue(problems("worklist", "{\"jti\":\"w\",\"orders\":[" + many + "1]}")
                .contains("orders has 202 entries; write at most 200"));
    }

    @Test
    void aDeviceIsPutOnAPatientOrOff() {
        String on =
                "{\"jti\":\"a\",\"dev\":\"oxi-1\",\"pat\":{\"id\":\"4711\",\"auth\":\"CHU\"},\"t\":1781596804105,\"who\":\"N. 7\"}";
        assertEquals(
                Optional.of(new Command.Associate(
                        "a",
                        "replay",
                        "oxi-1",
                        new Command.Associate.Patient("4711", "CHU"),
                        1_781_596_804_105L,
                        "N. 7")),
                read("associate", on, null).command());
        assertEquals(
                Optional.of(new Command.Associate("a", "replay", "oxi-1", null, null, null)),
                read("associate", "{\"jti\":\"a\",\"dev\":\"oxi-1\",\"pat\":null}", null)
                        .command());
        assertEquals(
                List.of("pat is missing; write {\"id\":...}, or null to end it"),
                problems("associate", "{\"jti\":\"a\",\"dev\":\"oxi-1\"}"));
        assertEquals(
                List.of("pat is no object; write {...}"), problems("associate", on.replaceAll("\\{\"id.*?\\}", "[]")));
    }

    @Test
    void whateverArrivesIsReadWithoutAnException() {
        for (long seed = 1; seed <= 3_000; seed++) {
            Random random = new Random(seed);
            boolean isWorklist = seed % 3 == 0;
            byte[] bytes = (isWorklist ? ORDERS : GOOD).getBytes(StandardCharsets.UTF_8);
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            String verb = isWorklist ? "worklist" : seed % 3 == 1 ? "replay" : "associate";
            Reading reading = CommandReader.read(CMD + verb, bytes, null);
            assertEquals(reading.problems().isEmpty(), reading.command().isPresent(), "seed " + seed);
        }
    }
}
