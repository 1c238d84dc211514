package org.wasla.gateway.uplink;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.wasla.gateway.command.Command;
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
 */
record Answer(String client, String verb, String jti, boolean done, long records, List<Range> missing, String why) {

    /** Numbers of a stream, both ends included. Immutable. */
    record Range(long from, long to) {}

    Answer {
        missing = List.copyOf(missing);
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

    Draft draft(long nowMs) {
        byte[] json = json().getBytes(StandardCharsets.UTF_8);
        return new Draft(client, Publications.ANSWER, Urgency.RESULT, nowMs, (epoch, seq) -> json);
    }

    String json() {
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
                .append('}')
                .toString();
    }
}
