package org.wasla.gateway.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.command.CommandReader.Reading;

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
        assertProblem("{\"jti\":\"" + "x".repeat(CommandReader.BYTES_MAX) + "\"}", "bytes; write at most 16384");
    }

    @Test
    void anUnknownVerbNamesTheKnownOnes() {
        Reading reading = read("reboot", GOOD, null);
        assertEquals(List.of("the verb is 'reboot'; the known ones are hello, replay"), reading.problems());
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

    @Test
    void whateverArrivesIsReadWithoutAnException() {
        for (long seed = 1; seed <= 2_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = GOOD.getBytes(StandardCharsets.UTF_8);
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Reading reading = CommandReader.read(CMD + "replay", bytes, null);
            assertEquals(reading.problems().isEmpty(), reading.command().isPresent(), "seed " + seed);
        }
    }
}
