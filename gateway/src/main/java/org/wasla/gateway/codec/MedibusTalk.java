package org.wasla.gateway.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.codec.MedibusFrames.Start;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Action.Deliver;
import org.wasla.gateway.message.Action.Report;
import org.wasla.gateway.message.Action.Send;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Talk;

/**
 * A conversation with a MEDIBUS device (Draeger 90 28 258; bedside.md 2.3). What the device sends is read here; what is
 * said to it is said by {@link MedibusHost}. Every whole frame is delivered, one without values as a message without
 * fields. One thread.
 */
final class MedibusTalk implements Talk, MedibusFrames.Listener {
    private static final char TEXT_END = 3;
    private static final long WAVES_SILENT_NS = 2_000_000_000L;

    private final MedibusSpec spec;
    private final MedibusFrames frames = new MedibusFrames(this);
    private final MedibusWaves waves = new MedibusWaves();
    private final MedibusHost host;
    private List<Action> actions = new ArrayList<>();
    private long nowNs;
    private long byteNs;
    private long goodNs;

    MedibusTalk(MedibusSpec spec, long nowNs) {
        this.spec = spec;
        this.host = new MedibusHost(spec, waves, nowNs);
        this.nowNs = nowNs;
        this.byteNs = nowNs;
        this.goodNs = nowNs;
    }

    @Override
    public List<Action> onBytes(byte[] chunk, int length, long nowNs) {
        at(nowNs);
        if (frames.put(chunk, length)) {
            // The real-time stream does not count: it goes on while the device no longer answers.
            byteNs = nowNs;
            host.heard(nowNs);
        }
        takeWaves();
        return done();
    }

    @Override
    public List<Action> onTime(long nowNs) {
        at(nowNs);
        takeWaves();
        return done();
    }

    /** A frame that does not go on is given up, also while the stream fills the line. */
    private void at(long nowNs) {
        this.nowNs = nowNs;
        if (frames.holdsBytes() && nowNs - byteNs >= spec.gapNs()) {
            frames.flush();
        }
    }

    @Override
    public List<Action> onEnd() {
        frames.flush();
        waves.stop();
        takeWaves();
        List<Action> last = actions;
        actions = new ArrayList<>();
        return last;
    }

    @Override
    public List<Send> onStop(long nowNs) {
        return host.stop();
    }

    @Override
    public boolean hasLastWords() {
        return !spec.isReadOnly();
    }

    private List<Action> done() {
        host.due(nowNs, frames.holdsResponse(), actions);
        List<Action> all = actions;
        actions = new ArrayList<>();
        return all;
    }

    @Override
    public long waitNs(long nowNs) {
        long wait = isSilent(nowNs) ? spec.quietNs() : goodNs + spec.quietNs() - nowNs;
        if (frames.holdsBytes()) {
            wait = Math.min(wait, byteNs + spec.gapNs() - nowNs);
        }
        wait = Math.min(wait, waves.isReading() ? WAVES_SILENT_NS : wait);
        return Math.max(0, Math.min(wait, host.waitNs(nowNs, frames.holdsResponse())));
    }

    @Override
    public boolean isSilent(long nowNs) {
        return nowNs - goodNs >= spec.quietNs();
    }

    @Override
    public void command(int code, String arguments, int size) {
        deliver("command", List.of(), size);
        host.asked(code, nowNs, actions);
    }

    @Override
    public void response(int code, String data, int size) {
        Optional<List<Field>> fields = fields(code, data);
        if (fields.isPresent()) {
            deliver(type(code), fields.get(), size);
        } else {
            actions.add(new Report(Fault.FORMAT, 1, size));
        }
        host.answered(code, data, nowNs, actions);
    }

    /** Empty when the data is not well-formed. */
    private Optional<List<Field>> fields(int code, String data) {
        MedibusQuestion question = question(code);
        if (question != null) {
            return isPlain(data) ? MedibusRecords.read(question, data, spec) : Optional.empty();
        }
        return Optional.of(code == MedibusHost.IDENTIFY ? MedibusRecords.identity(data, spec) : List.of());
    }

    /** Only a text has an end mark; other control characters are another's bytes, and a sum does not see zeros. */
    private static boolean isPlain(String data) {
        return data.chars().allMatch(c -> c >= ' ' || c == TEXT_END);
    }

    private static String type(int code) {
        MedibusQuestion question = question(code);
        if (question != null) {
            return question.word();
        }
        return code == MedibusHost.IDENTIFY ? "device-id" : "answer";
    }

    private static @Nullable MedibusQuestion question(int code) {
        for (MedibusQuestion question : MedibusQuestion.values()) {
            if (question.code() == code) {
                return question;
            }
        }
        return null;
    }

    @Override
    public void realTime(int octet) {
        if (waves.put(octet, nowNs)) {
            takeWaves();
        }
    }

    @Override
    public void suspended(boolean isSuspended) {
        host.suspend(isSuspended, nowNs, actions);
    }

    @Override
    public void damaged(Fault fault, int count, int size, Start open) {
        actions.add(new Report(fault, count, size));
        host.damaged(open, fault, nowNs, actions);
    }

    private void takeWaves() {
        int damaged = waves.takeDamaged();
        if (damaged > 0) {
            actions.add(new Report(Fault.FORMAT, 1, damaged));
        }
        if (waves.isDue(nowNs, WAVES_SILENT_NS)) {
            deliver("waves", waves.take(), waves.takeHeard());
        }
    }

    private void deliver(String type, List<Field> fields, int size) {
        goodNs = nowNs;
        actions.add(new Deliver(new Message(type, fields), size, Bytes.NONE, Bytes.NONE));
    }
}
