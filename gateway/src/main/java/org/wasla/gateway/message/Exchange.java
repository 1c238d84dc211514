package org.wasla.gateway.message;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Framer;
import org.wasla.gateway.frame.Piece;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.Action.Deliver;
import org.wasla.gateway.message.Action.Report;
import org.wasla.gateway.message.Action.Send;
import org.wasla.gateway.message.Dialogue.Complaint;
import org.wasla.gateway.message.Dialogue.Reply;

/** A conversation by a profile's grammar: framing, messages and dialogue are data. One thread. */
public final class Exchange implements Talk {
    private final ExchangeSpec spec;
    private final Framer framer;
    private final Variables variables;
    private final Requests requests;
    private final Runs runs;
    private long heardNs;
    private long goodNs;
    private int complaints;

    public Exchange(ExchangeSpec spec, long nowNs) {
        this.spec = spec;
        this.framer = new Framer(spec.frame());
        this.variables = new Variables(spec.dialogue());
        this.requests = new Requests(spec.dialogue(), variables, nowNs);
        this.runs = new Runs(spec.runs());
        this.heardNs = nowNs;
        this.goodNs = nowNs;
    }

    @Override
    public List<Action> onBytes(byte[] chunk, int length, long nowNs) {
        heardNs = nowNs;
        List<Action> actions = new ArrayList<>();
        for (Piece piece : framer.put(chunk, length)) {
            act(piece, nowNs, actions);
        }
        requests.due(nowNs, isSilent(nowNs), actions);
        return actions;
    }

    @Override
    public List<Action> onTime(long nowNs) {
        List<Action> actions = new ArrayList<>();
        if (holds() && nowNs - heardNs >= spec.gapNs()) {
            framer.flush().forEach(piece -> act(piece, nowNs, actions));
            runs.end(actions);
        }
        requests.due(nowNs, isSilent(nowNs), actions);
        return actions;
    }

    @Override
    public List<Action> onEnd() {
        List<Action> actions = new ArrayList<>();
        framer.flush().forEach(piece -> act(piece, heardNs, actions));
        runs.end(actions);
        return actions;
    }

    /** Only to a device that was spoken to: what lacks a value is not sent. */
    @Override
    public List<Send> onStop(long nowNs) {
        List<Send> farewell = new ArrayList<>();
        for (Template template : requests.isInitialised() ? spec.dialogue().farewell() : List.<Template>of()) {
            Bytes bytes = filled(template, null);
            if (bytes.size() > 0) {
                farewell.add(new Send(bytes));
            }
        }
        return farewell;
    }

    @Override
    public boolean hasLastWords() {
        return !spec.dialogue().farewell().isEmpty();
    }

    @Override
    public long waitNs(long nowNs) {
        long wait = isSilent(nowNs) ? spec.quietNs() : goodNs + spec.quietNs() - nowNs;
        if (holds()) {
            wait = Math.min(wait, heardNs + spec.gapNs() - nowNs);
        }
        return Math.max(0, requests.waitNs(nowNs, isSilent(nowNs), wait));
    }

    @Override
    public boolean isSilent(long nowNs) {
        return nowNs - goodNs >= spec.quietNs();
    }

    private boolean holds() {
        return framer.holdsBytes() || runs.holdsMessages();
    }

    private void act(Piece piece, long nowNs, List<Action> actions) {
        if (piece instanceof Piece.Noise noise) {
            runs.take(new Report(noise.fault(), noise.count(), noise.size()), actions);
            if (noise.fault() == Fault.CHECKSUM && noise.count() > 0) {
                complain(spec.dialogue().damaged(), nowNs, actions);
            }
            return;
        }
        Piece.Frame frame = (Piece.Frame) piece;
        for (MessageSpec message : spec.messages()) {
            MessageSpec.Outcome outcome = message.parse(frame.body());
            if (outcome instanceof MessageSpec.Outcome.Parsed parsed) {
                List<Action> said = new ArrayList<>();
                good(message, parsed.messages(), frame.size(), nowNs, said);
                said.forEach(action -> runs.take(action, actions));
                return;
            }
            if (outcome instanceof MessageSpec.Outcome.Damaged damaged) {
                runs.take(new Report(damaged.fault(), 1, frame.size()), actions);
                complain(spec.dialogue().damaged(), nowNs, actions);
                return;
            }
        }
        runs.take(new Report(Fault.FORMAT, 1, frame.size()), actions);
        complain(spec.dialogue().unknown(), nowNs, actions);
    }

    /** The first of several messages of one frame has its size, the last its answers: all are kept or none. */
    private void good(MessageSpec spec, List<Message> messages, int size, long nowNs, List<Action> actions) {
        goodNs = nowNs;
        complaints = 0;
        messages.forEach(variables::capture);
        requests.heard(spec.id(), nowNs);
        Message first = messages.get(0);
        int last = messages.size() - 1;
        for (int i = 0; i < last; i++) {
            actions.add(new Deliver(spec.published(messages.get(i)), i == 0 ? size : 0, Bytes.NONE, Bytes.NONE));
        }
        Message published = spec.published(messages.get(last));
        int lastSize = last == 0 ? size : 0;
        Reply reply = reply(spec.id());
        if (reply == null) {
            actions.add(new Deliver(published, lastSize, Bytes.NONE, Bytes.NONE));
            return;
        }
        requests.sent(nowNs);
        Bytes kept = filled(reply.send(), first);
        // What has nothing to keep cannot be refused: a device that asks whether we live gets its answer.
        Bytes refused = spec.skip() != null ? kept : filled(reply.refused(), first);
        actions.add(new Deliver(published, lastSize, kept, refused, reply.waitNs()));
    }

    private @Nullable Reply reply(String type) {
        for (Reply reply : spec.dialogue().replies()) {
            if (reply.to().contains(type)) {
                return reply;
            }
        }
        return null;
    }

    private Bytes filled(@Nullable Template template, @Nullable Message answered) {
        Bytes bytes = template == null ? null : variables.fill(template, answered);
        return bytes == null ? Bytes.NONE : bytes;
    }

    private void complain(@Nullable Complaint complaint, long nowNs, List<Action> actions) {
        if (complaint != null && complaints < complaint.times()) {
            complaints++;
            Bytes bytes = filled(complaint.send(), null);
            if (bytes.size() > 0) {
                requests.sent(nowNs);
                actions.add(new Send(bytes));
            }
        }
    }
}
