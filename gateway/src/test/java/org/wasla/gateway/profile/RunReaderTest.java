package org.wasla.gateway.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.message.MessageSpec;
import org.wasla.gateway.message.Run;

/** What is put together, and what is told of mistakes in it. */
class RunReaderTest {
    private static List<Run> read(String runs, Problems problems) {
        String yaml = "message: [{id: block, pattern: 'V=(?<flow>.*)'}]\nruns: " + runs;
        Section profile = Section.parse("profile.yaml", yaml, problems);
        List<MessageSpec> messages = MessageReader.read(profile, 0);
        List<Run> read = RunReader.read(profile, messages);
        profile.end();
        return read;
    }

    private static List<String> problems(String runs) {
        Problems problems = new Problems();
        read(runs, problems);
        return problems.list().stream()
                .map(problem -> problem.line() + ": " + problem.what() + "; " + problem.remedy())
                .toList();
    }

    @Test
    void everyKeyIsRead() {
        Problems problems = new Problems();
        assertEquals(List.of(new Run("block", 60, 3)), read("{message: block, most: 60, least: 3}", problems));
        assertEquals(List.of(new Run("block", 60, 1)), read("[{message: block, most: 60}]", problems));
        assertEquals(
                List.of(new Run("block", 60, 1, "block", Map.of("flow", 2))),
                read("{message: block, most: 60, after: block, samples: {flow: 2}}", problems));
        assertEquals(List.of(), problems.list());
    }

    @Test
    void mistakesAreTold() {
        assertEquals(
                List.of("2: runs.message is 'blok'; write the id of a message"), problems("{message: blok, most: 60}"));
        assertEquals(
                List.of("2: runs.least is above most; write at most 2"),
                problems("{message: block, most: 2, least: 3}"));
        assertEquals(
                List.of(
                        "2: runs.samples.flou is of a field which the message does not have; write a field of the message"),
                problems("{message: block, most: 2, samples: {flou: 2}}"));
        assertEquals(List.of("2: runs has no 'most'; add most: 60"), problems("{message: block}"));
    }
}
