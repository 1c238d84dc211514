package org.wasla.gateway.profile;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.FrameSpec;
import org.wasla.gateway.message.Dialogue;
import org.wasla.gateway.message.Dialogue.Ask;
import org.wasla.gateway.message.Dialogue.Complaint;
import org.wasla.gateway.message.Dialogue.Init;
import org.wasla.gateway.message.Dialogue.KeepAlive;
import org.wasla.gateway.message.Dialogue.Reply;
import org.wasla.gateway.message.Dialogue.Request;
import org.wasla.gateway.message.ExchangeSpec;
import org.wasla.gateway.message.MessageSpec;
import org.wasla.gateway.message.SendCheck;
import org.wasla.gateway.message.Template;
import org.wasla.gateway.message.Variable;

/** Reads the {@code dialogue} block of a profile. One thread, one profile. */
final class DialogueReader {
    private static final String LISTEN = "{quiet: 3s}";
    private static final String SEND = "\"SNDF\\r\"";
    private static final int SEND_BYTES_MAX = 4096;
    private static final int RETRIES_MAX = 10;
    private static final int FAREWELL_MAX = 4;
    private static final long DAY_MS = 86_400_000;
    private static final long MS = 1_000_000;
    /** What is sent without being asked for keeps at least this far apart. */
    private static final long PERIOD_MS_MIN = 100;

    private final Section dialogue;
    private final List<MessageSpec> messages;
    private final List<Variable> variables;
    private final @Nullable SendCheck check;

    private DialogueReader(Section dialogue, List<MessageSpec> messages) {
        this.dialogue = dialogue;
        this.messages = messages;
        this.variables = VariableReader.read(dialogue.section("vars"), messages);
        this.check = dialogue.has("check") ? check(dialogue.section("check")) : null;
    }

    static ExchangeSpec read(Section profile, FrameSpec frame, List<MessageSpec> messages) {
        Section dialogue = profile.need("dialogue", "{listen: " + LISTEN + "}").section();
        return new DialogueReader(dialogue, messages).exchange(frame);
    }

    private ExchangeSpec exchange(FrameSpec frame) {
        boolean polls = dialogue.has("poll");
        Section kind = polls
                ? dialogue.section("poll")
                : dialogue.need("listen", LISTEN).section();
        long quietNs = kind.millis("quiet", 10_000) * MS;
        long gapNs = kind.millis("gap", 2_000) * MS;
        List<Ask> asks = new ArrayList<>();
        for (Entry entry : polls ? kind.need("ask", "[{send: " + SEND + "}]").list() : List.<Entry>of()) {
            Section ask = entry.section();
            Request request = request(ask, true);
            asks.add(new Ask(request, Math.max(1, ask.millis("every", 10_000)) * MS));
            ask.end();
        }
        kind.end();
        Dialogue read = new Dialogue(
                init(dialogue.section("init")),
                asks,
                keepAlives(),
                replies(),
                complaint("unknown"),
                complaint("damaged"),
                variables,
                check,
                farewell());
        dialogue.end();
        return new ExchangeSpec(frame, messages, quietNs, gapNs, read);
    }

    private Init init(Section init) {
        List<Request> steps = new ArrayList<>();
        for (Entry entry : dialogue.has("init")
                ? init.need("step", "[{send: " + SEND + "}]").list()
                : List.<Entry>of()) {
            Section step = entry.section();
            steps.add(request(step, false));
            step.end();
        }
        long pauseNs = millis(init, "pause", 5_000, PERIOD_MS_MIN, DAY_MS) * MS;
        Set<String> restarts = ids(init, "restart");
        init.end();
        return new Init(steps, pauseNs, restarts);
    }

    /** @param isAsk a question has bytes, and an answer that may be named; a step may do without either */
    private Request request(Section section, boolean isAsk) {
        Template send = isAsk || section.has("send") ? send(section, "send", Set.of()) : null;
        Set<String> answers = ids(section, "answer");
        boolean waits = section.has("wait");
        Request request = new Request(
                send,
                answers,
                ids(section, "more"),
                section.millis("timeout", 3_000) * MS,
                section.whole("retries", 0, RETRIES_MAX, 0),
                millis(section, "wait", 0, 0, DAY_MS) * MS);
        if (send == null && answers.isEmpty() && !waits) {
            section.problem(
                    "does nothing", "add send: " + SEND + ", or the id of an awaited message as answer, or wait");
        }
        if (!isAsk && answers.isEmpty()) {
            for (String key : List.of("more", "timeout", "retries")) {
                section.get(key)
                        .ifPresent(entry ->
                                entry.problem("stands beside no answer", "add answer: the id of the awaited message"));
            }
        }
        return request;
    }

    private List<KeepAlive> keepAlives() {
        List<KeepAlive> keepAlives = new ArrayList<>();
        for (Entry entry : dialogue.list("keep-alive")) {
            Section keep = entry.section();
            boolean whenIdle = keep.has("idle");
            if (whenIdle == keep.has("every")) {
                keep.problem("says not when it is sent", "write either every: 2s or idle: 2s");
            }
            long periodMs = millis(keep, whenIdle ? "idle" : "every", 10_000, PERIOD_MS_MIN, DAY_MS);
            keepAlives.add(new KeepAlive(send(keep, "send", Set.of()), periodMs * MS, whenIdle));
            keep.end();
        }
        return keepAlives;
    }

    private List<Reply> replies() {
        List<Reply> replies = new ArrayList<>();
        for (Entry entry : dialogue.list("reply")) {
            Section reply = entry.section();
            reply.need("to", "row");
            Set<String> to = ids(reply, "to");
            replies.add(new Reply(
                    to,
                    send(reply, "send", to),
                    reply.has("refused") ? send(reply, "refused", to) : null,
                    millis(reply, "wait", 0, 0, 1_000) * MS));
            reply.end();
        }
        return replies;
    }

    private List<Template> farewell() {
        List<Template> farewell = new ArrayList<>();
        for (Entry entry : dialogue.list("farewell")) {
            Section words = entry.section();
            farewell.add(send(words, "send", Set.of()));
            words.end();
            if (farewell.size() > FAREWELL_MAX) {
                entry.problem("is one too many", "write at most " + FAREWELL_MAX + ": a device is not kept waiting");
            }
        }
        return farewell;
    }

    private @Nullable Complaint complaint(String key) {
        if (!dialogue.has(key)) {
            return null;
        }
        Section section = dialogue.section(key);
        Complaint complaint = new Complaint(send(section, "send", Set.of()), section.whole("times", 1, 100, 3));
        section.end();
        return complaint;
    }

    private static SendCheck check(Section section) {
        SendCheck check = new SendCheck(
                section.need("kind", "sum8").choice(SendCheck.Kind.class),
                section.has("as") ? section.need("as", "hex").choice(SendCheck.Form.class) : SendCheck.Form.BYTE,
                section.whole("skip", 0, 16, 0));
        section.end();
        return check;
    }

    /** @param answered ids of the messages whose fields may be named */
    private Template send(Section section, String key, Set<String> answered) {
        Entry entry = section.need(key, SEND);
        if (entry.isEmpty()) {
            return Template.parse("");
        }
        Bytes bytes = FrameReader.bytes(entry);
        if (entry.isText() && entry.text().isEmpty() || bytes.size() > SEND_BYTES_MAX) {
            entry.problem(
                    "is " + bytes.size() + " bytes long", "write 1 to " + SEND_BYTES_MAX + " bytes, such as " + SEND);
        }
        Template template = Template.parse(bytes.latin1());
        for (String name : new LinkedHashSet<>(template.names())) {
            if (name.equals(Template.CHECK) && check == null) {
                entry.problem(
                        "names {check}, and the dialogue has none", "add check: {kind: sum8, as: hex} to dialogue");
            } else if (!name.equals(Template.CHECK) && !stands(name, answered)) {
                entry.problem(
                        "names {" + name + "}, which nothing stands for",
                        "write a name of dialogue.vars, or {{ for a brace that is sent");
            }
        }
        return template;
    }

    private boolean stands(String name, Set<String> answered) {
        return variables.stream().anyMatch(variable -> variable.name().equals(name))
                || messages.stream()
                        .anyMatch(message -> answered.contains(message.id()) && MessageReader.mayHave(message, name));
    }

    private Set<String> ids(Section section, String key) {
        return ids(section, key, messages);
    }

    /** @return the ids of messages under the key; what is none is told */
    static Set<String> ids(Section section, String key, List<MessageSpec> messages) {
        Set<String> ids = new LinkedHashSet<>();
        for (Entry entry : section.list(key)) {
            String id = entry.text();
            if (messages.stream().noneMatch(message -> message.id().equals(id)) && !messages.isEmpty()) {
                entry.problem("is '" + id + "', which is no message", "write the id of a message");
            }
            ids.add(id);
        }
        return ids;
    }

    private static long millis(Section section, String key, long otherwise, long leastMs, long mostMs) {
        long millis = section.millis(key, otherwise);
        if (millis < leastMs || millis > mostMs) {
            section.need(key, "1s")
                    .problem("is out of range", "write a time from " + leastMs + "ms to " + mostMs + "ms");
            return otherwise;
        }
        return millis;
    }
}
