package org.wasla.gateway.uplink;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.command.Command;
import org.wasla.gateway.command.Reply;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Urgency;

/**
 * What came of an order; it leaves through the outbox. Immutable.
 *
 * @param client last level of the topic {@code rsp/{client}}
 * @param verb what was ordered
 * @param jti identity of the order
 * @param done whether it was carried out
 * @param records how many were sent, or how many changes were made
 * @param missing numbers that the buffer no longer holds, as ranges with both ends included
 * @param why why not, empty when it was carried out
 * @param content what it carries beside its outcome
 */
record Answer(
        String client,
        String verb,
        String jti,
        boolean done,
        long records,
        List<Range> missing,
        String why,
        Content content) {
    /** A sealed text goes in parts of so many characters: not every broker takes large messages. */
    static final int PART_CHARS = 180_000;

    /** Numbers of a stream, both ends included. Immutable. */
    record Range(long from, long to) {}

    /**
     * What an answer carries. Immutable.
     *
     * @param lines of text
     * @param sealed what one key alone can open, empty for nothing
     * @param told the whole answer as it was given before, empty for a new one
     */
    record Content(List<String> lines, String sealed, String told) {
        static final Content NONE = new Content(List.of(), "", "");

        Content {
            lines = List.copyOf(lines);
        }
    }

    Answer {
        missing = List.copyOf(missing);
    }

    Answer(String client, String verb, String jti, boolean done, long records, List<Range> missing, String why) {
        this(client, verb, jti, done, records, missing, why, Content.NONE);
    }

    static Answer refused(String client, String verb, String jti, String why) {
        return new Answer(client, verb, jti, false, 0, List.of(), why);
    }

    /** @param problems why it was not carried out, none: it was */
    static Answer of(Command.Errand errand, List<String> problems) {
        boolean done = problems.isEmpty();
        String why = String.join("; ", problems);
        return new Answer(errand.client(), errand.verb(), errand.jti(), done, done ? errand.size() : 0, List.of(), why);
    }

    static Answer of(Command.Service order, Reply reply) {
        Content content = new Content(reply.lines(), reply.sealed(), "");
        return new Answer(
                order.client(), order.verb(), order.jti(), reply.done(), reply.n(), List.of(), reply.why(), content);
    }

    /** The order came once more, and so does its answer. */
    static Answer again(String client, String verb, String jti, String told) {
        return new Answer(client, verb, jti, false, 0, List.of(), "", new Content(List.of(), "", told));
    }

    boolean isRepeated() {
        return !content.told().isEmpty();
    }

    /** One message, or several of a large answer; all of them are kept, or none is. */
    List<Draft> drafts(long nowMs) {
        List<Draft> drafts = new ArrayList<>();
        if (content.sealed().isEmpty()) {
            drafts.add(draft(isRepeated() ? content.told() : head() + lines() + "}", nowMs));
            return drafts;
        }
        int parts = (content.sealed().length() + PART_CHARS - 1) / PART_CHARS;
        for (int part = 0; part < parts; part++) {
            String data = content.sealed()
                    .substring(part * PART_CHARS, Math.min(content.sealed().length(), (part + 1) * PART_CHARS));
            String of = ",\"part\":" + (part + 1) + ",\"parts\":" + parts + ",\"data\":";
            drafts.add(draft(head() + of + Publications.quoted(data) + "}", nowMs));
        }
        return drafts;
    }

    private Draft draft(String text, long nowMs) {
        byte[] json = text.getBytes(StandardCharsets.UTF_8);
        return new Draft(client, Publications.ANSWER, Urgency.RESULT, nowMs, (epoch, seq) -> json);
    }

    /** Without what it carries. */
    String json() {
        return head() + "}";
    }

    private String lines() {
        if (content.lines().isEmpty()) {
            return "";
        }
        StringBuilder json = new StringBuilder(",\"lines\":[");
        for (int i = 0; i < content.lines().size(); i++) {
            json.append(i == 0 ? "" : ",")
                    .append(Publications.quoted(content.lines().get(i)));
        }
        return json.append(']').toString();
    }

    private String head() {
        StringBuilder json = new StringBuilder("{\"v\":1,\"jti\":").append(Publications.quoted(jti));
        json.append(",\"verb\":").append(Publications.quoted(verb));
        json.append(",\"s\":\"")
                .append(done ? "done" : "refused")
                .append("\",\"n\":")
                .append(records);
        json.append(",\"missing\":[");
        for (int i = 0; i < missing.size(); i++) {
            Range range = missing.get(i);
            json.append(i == 0 ? "[" : ",[")
                    .append(range.from())
                    .append(',')
                    .append(range.to())
                    .append(']');
        }
        json.append(']');
        return json.append(why.isEmpty() ? "" : ",\"why\":" + Publications.quoted(why))
                .toString();
    }
}
