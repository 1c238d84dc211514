package org.wasla.gateway.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.LineFrame;
import org.wasla.gateway.message.Dialogue;
import org.wasla.gateway.message.ExchangeSpec;
import org.wasla.gateway.message.MessageSpec;
import org.wasla.gateway.message.SendCheck;
import org.wasla.gateway.message.Template;
import org.wasla.gateway.message.Variable.Origin;

/** What a profile's author writes of the talk, and what is told of mistakes in it. */
class DialogueReaderTest {
    private static final String GOOD = """
            message:
              - {id: row, pattern: 'V=(?<value>\\d+)'}
              - {id: enq, pattern: 'ENQ(?<code>.)', skip: asks whether we live}
              - {id: id, pattern: 'ID=(?<id>.*)', skip: names the device}
            dialogue:
              poll:
                quiet: 8s
                ask:
                  - {send: "\\eR{nr}{check}\\r", every: 1s, timeout: 2s, retries: 2, answer: row, more: [enq], wait: 50ms}
              init:
                step:
                  - {send: "HELLO", answer: [id, row], timeout: 1s, retries: 3, wait: 200ms}
                  - {answer: row}
                  - {send: "GO {device}"}
                  - {wait: 1s}
                pause: 3s
                restart: enq
              keep-alive: {send: "NOP", idle: 2s}
              reply:
                - {to: enq, send: "{code}{device}"}
                - {to: row, send: "\\x06", refused: "\\x15", wait: 100ms}
              unknown: {send: "?", times: 10}
              damaged: {send: "\\x15"}
              vars:
                device: {message: id, field: id, text: none, max: 16}
                nr: {count: [1, 99], as: text, digits: 2}
              check: {kind: sum8, as: hex, skip: 1}
            """;

    private static ExchangeSpec read(String yaml, Problems problems) {
        Section profile = Section.parse("profile.yaml", yaml, problems);
        List<MessageSpec> messages = MessageReader.read(profile, 0);
        ExchangeSpec spec = DialogueReader.read(profile, new LineFrame(Bytes.latin1("\n"), 64, false), messages);
        profile.end();
        return spec;
    }

    private static void assertProblem(String good, String bad, String told) {
        assertTrue(GOOD.contains(good), "the test replaces '" + good + "'");
        Problems problems = new Problems();
        read(GOOD.replace(good, bad), problems);
        List<String> list = problems.list().stream()
                .map(problem -> problem.line() + ": " + problem.what() + "; " + problem.remedy())
                .toList();
        assertTrue(list.stream().anyMatch(problem -> problem.contains(told)), bad + " gave " + list);
    }

    @Test
    void everyConstructIsRead() {
        Problems problems = new Problems();
        Dialogue dialogue = read(GOOD, problems).dialogue();
        assertEquals(List.of(), problems.list());
        assertEquals(4, dialogue.init().steps().size());
        assertEquals(Set.of("id", "row"), dialogue.init().steps().get(0).answers());
        assertEquals(3_000_000_000L, dialogue.init().pauseNs());
        assertEquals(2, dialogue.asks().get(0).request().retries());
        assertTrue(dialogue.keepAlives().get(0).whenIdle());
        assertEquals(Template.parse("\u0015"), dialogue.replies().get(1).refused());
        assertEquals(new SendCheck(SendCheck.Kind.SUM8, SendCheck.Form.HEX, 1), dialogue.check());
        assertEquals(
                new Origin.Captured(List.of("id"), "id", "none", 16),
                dialogue.variables().get(0).origin());
        assertEquals(Dialogue.NONE, read(GOOD, problems).listening().dialogue());
    }

    @Test
    void mistakesAreToldWithTheirRemedy() {
        assertProblem(
                "answer: row,", "answer: rows,", "answer is 'rows', which is no message; write the id of a message");
        assertProblem("restart: enq", "restart: boot", "init.restart is 'boot', which is no message");
        assertProblem("to: enq", "to: eng", "to is 'eng', which is no message");
        assertProblem(
                "GO {device}",
                "GO {devise}",
                "names {devise}, which nothing stands for; write a name of dialogue.vars");
        assertProblem("GO {device}", "GO {code}", "names {code}, which nothing stands for");
        assertProblem("{check}", "{chek}", "names {chek}");
        assertProblem("\n  check: {kind: sum8, as: hex, skip: 1}", "", "add check: {kind: sum8, as: hex} to dialogue");
        assertProblem("kind: sum8", "kind: crc", "check.kind is 'crc'; write one of sum8, inverted-sum8, xor8");
        assertProblem("idle: 2s", "idle: 2ms", "idle is out of range; write a time from 100ms");
        assertProblem(
                "idle: 2s", "idle: 2s, every: 2s", "says not when it is sent; write either every: 2s or idle: 2s");
        assertProblem(", idle: 2s", "", "says not when it is sent");
        assertProblem("wait: 100ms", "wait: 3s", "wait is out of range; write a time from 0ms to 1000ms");
        assertProblem("retries: 2", "retries: 20", "retries is '20'; write a whole number from 0 to 10");
        assertProblem("{wait: 1s}", "{}", "does nothing; add send");
        assertProblem("{wait: 1s}", "{wait: 1s, retries: 2}", "retries stands beside no answer");
        assertProblem("pause: 3s", "pause: 1ms", "init.pause is out of range");
        assertProblem("field: id", "field: serial", "field is 'serial', which the message cannot have");
        assertProblem("text: none", "text: much-longer-than-allowed", "text is longer than its max; write at most 16");
        assertProblem("count: [1, 99]", "count: [99, 1]", "count ends before it begins");
        assertProblem("[1, 99], as: text", "[1, 999], as: u1", "write a whole number from 0 to 255");
        assertProblem("device: {message", "check: {message", "is no name for a variable");
        assertProblem("send: \"NOP\"", "send: \"\"", "is 0 bytes long; write 1 to 4096 bytes");
        assertProblem("times: 10", "times: 0", "times is '0'; write a whole number from 1 to 100");
        assertProblem("unknown:", "unknwon:", "unknwon is not known; did you mean 'unknown'?");
        assertProblem("send: \"HELLO\", ", "sent: \"HELLO\", ", "sent is not known");
    }
}
