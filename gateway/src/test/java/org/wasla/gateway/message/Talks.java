package org.wasla.gateway.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.LineFrame;
import org.wasla.gateway.message.Dialogue.Ask;
import org.wasla.gateway.message.Dialogue.Complaint;
import org.wasla.gateway.message.Dialogue.Init;
import org.wasla.gateway.message.Dialogue.KeepAlive;
import org.wasla.gateway.message.Dialogue.Reply;
import org.wasla.gateway.message.Dialogue.Request;
import org.wasla.gateway.message.Variable.Form;
import org.wasla.gateway.message.Variable.Origin;

/** Builds dialogues with a made-up device that speaks in lines. */
final class Talks {
    static final long SECOND = 1_000_000_000L;
    static final long QUIET = 20 * SECOND;
    private static final Pattern GROUP = Pattern.compile("\\?<([a-z]+)>");
    private Init init = Dialogue.NONE.init();
    private List<Ask> asks = List.of();
    private List<KeepAlive> keepAlives = List.of();
    private List<Reply> replies = List.of();
    private @Nullable Complaint unknown;
    private @Nullable Complaint damaged;
    private List<Variable> variables = List.of();
    private @Nullable SendCheck check;

    static Request request(@Nullable String send, String answer, long timeoutNs, int retries, long waitNs) {
        Template template = send == null ? null : Template.parse(send);
        return new Request(
                template, answer.isEmpty() ? Set.of() : Set.of(answer), Set.of(), timeoutNs, retries, waitNs);
    }

    static Variable captured(String name, String message, String field, @Nullable String initial) {
        return new Variable(
                name, new Origin.Captured(List.of(message), field, initial, 8), new Form(Form.Type.TEXT, 0));
    }

    Talks init(Request... steps) {
        init = new Init(List.of(steps), 5 * SECOND, Set.of("reset"));
        return this;
    }

    Talks ask(Request request, long everyNs) {
        List<Ask> more = new ArrayList<>(asks);
        more.add(new Ask(request, everyNs));
        asks = more;
        return this;
    }

    Talks keepAlive(String send, long periodNs, boolean whenIdle) {
        keepAlives = List.of(new KeepAlive(Template.parse(send), periodNs, whenIdle));
        return this;
    }

    Talks reply(String to, String send, @Nullable String refused) {
        List<Reply> more = new ArrayList<>(replies);
        more.add(new Reply(Set.of(to), Template.parse(send), refused == null ? null : Template.parse(refused), 0));
        replies = more;
        return this;
    }

    Talks unknown(String send) {
        unknown = new Complaint(Template.parse(send), 2);
        return this;
    }

    Talks damaged(String send) {
        damaged = new Complaint(Template.parse(send), 3);
        return this;
    }

    Talks variables(Variable... known) {
        variables = List.of(known);
        return this;
    }

    Talks check(SendCheck known) {
        check = known;
        return this;
    }

    ExchangeSpec spec() {
        List<MessageSpec> messages = List.of(
                message("row", "V=(?<value>\\d+)", null),
                message("page", "P=(?<page>\\d+)", null),
                message("last", "L=(?<page>\\d+)", null),
                message("id", "ID=(?<id>[a-z]+)", "names the device"),
                message("ok", "OK", "answer"),
                message("reset", "RESET", "start"),
                message("enq", "ENQ(?<code>.)?", "asks whether we live"),
                new MessageSpec(
                        "counted",
                        Pattern.compile("C(?<size>\\d),(?<body>.*)"),
                        List.of("body"),
                        null,
                        List.of(new MessageSpec.Count("body", MessageSpec.Count.Unit.BYTES, "size")),
                        List.of(),
                        List.of(),
                        null));
        LineFrame line = new LineFrame(Bytes.latin1("\n"), 64, false);
        Dialogue dialogue = new Dialogue(init, asks, keepAlives, replies, unknown, damaged, variables, check);
        return new ExchangeSpec(line, messages, QUIET, 2 * SECOND, dialogue);
    }

    private static MessageSpec message(String id, String pattern, @Nullable String skip) {
        List<String> groups = new ArrayList<>();
        Matcher group = GROUP.matcher(pattern);
        while (group.find()) {
            groups.add(group.group(1));
        }
        return new MessageSpec(id, Pattern.compile(pattern), groups, null, List.of(), List.of(), List.of(), skip);
    }
}
