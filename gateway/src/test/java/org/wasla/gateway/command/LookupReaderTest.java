package org.wasla.gateway.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.command.CommandReader.Reading;

/** An answer of the registry is whole, or all that is wrong with it is told and nothing that may be a number is repeated. */
class LookupReaderTest {
    private static final String TOPIC = "wasla/1/ma-06/chu/gw-1/cmd/lookup";
    private static final String RSP = "wasla/1/ma-06/chu/gw-1/rsp/registry";
    private static final String GOOD =
            "{\"v\":1,\"jti\":\"l-1\",\"rq\":\"q-9f2c41d07ab35e18\",\"rev\":2,\"s\":\"known\","
                    + "\"reg\":\"n:4be1a7d0c3f29e58\",\"why\":\"merged\",\"new\":[{}]}";

    private static Reading read(String json) {
        return CommandReader.read(TOPIC, json.getBytes(StandardCharsets.UTF_8), RSP);
    }

    private static void assertProblems(String json, String... expected) {
        Reading reading = read(json);
        assertEquals(Optional.empty(), reading.command());
        assertEquals(
                expected.length, reading.problems().size(), reading.problems().toString());
        for (int i = 0; i < expected.length; i++) {
            assertTrue(
                    reading.problems().get(i).startsWith(expected[i]),
                    reading.problems().get(i));
        }
    }

    @Test
    void answersAreRead() {
        assertEquals(
                Optional.of(new Command.Lookup(
                        "l-1", "registry", "q-9f2c41d07ab35e18", 2, "known", "n:4be1a7d0c3f29e58", true)),
                read(GOOD).command());
        String unknown = GOOD.replace("known", "unknown").replaceAll(",\"reg\".*\"merged\"", "");
        assertEquals(
                Optional.of(new Command.Lookup("l-1", "registry", "q-9f2c41d07ab35e18", 2, "unknown", "", false)),
                read(unknown).command());
    }

    @Test
    void allMistakesAreToldAtOnce() {
        assertProblems(
                "{\"v\":1,\"jti\":\"l-1\",\"rq\":\"4711\",\"rev\":0,\"s\":\"maybe\",\"reg\":\"n:1\",\"why\":\"so\"}",
                "rq is of no such form; write",
                "rev is '0'",
                "s is 'maybe'",
                "reg stands only beside s known",
                "why stands only beside s known");
        assertProblems("{}", "jti is missing", "rq is missing", "rev is missing", "s is missing");
        assertProblems(GOOD.replace("merged", "because"), "why stands only beside s known, and is merged");
        assertProblems(GOOD.replaceAll("\"reg\":\"[^\"]*\",", ""), "reg is missing");
        assertProblems(GOOD.replace("known", "ambiguous"), "reg stands only", "why stands only");
    }

    // A registry that sends the number of an identity card by mistake must not find it in an answer or a log.
    @Test
    void whatMayBeANumberOfThePatientIsNotRepeated() {
        for (String reg : List.of("SECRET4711", "n:SECRET4711", "n:4BE1A7D0C3F29E58", "n:" + "a".repeat(65))) {
            Reading reading = read(GOOD.replace("n:4be1a7d0c3f29e58", reg));
            assertEquals(Optional.empty(), reading.command());
            assertTrue(!reading.problems().toString().contains("SECRET"), reading.toString());
        }
        Reading rq = read(GOOD.replace("q-9f2c41d07ab35e18", "SECRET4711"));
        assertTrue(!rq.toString().contains("SECRET"), rq.toString());
    }

    @Test
    void damageNeverThrowsAndIsNeverAnotherPatient() {
        byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut < good.length; cut++) {
            assertEquals(
                    Optional.empty(),
                    read(new String(good, 0, cut, StandardCharsets.UTF_8)).command(),
                    "" + cut);
        }
        Random random = new Random(7);
        for (int run = 0; run < 2_000; run++) {
            byte[] bytes = good.clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Reading reading = CommandReader.read(TOPIC, bytes, RSP);
            assertEquals(reading.problems().isEmpty(), reading.command().isPresent(), "run " + run);
        }
    }
}
