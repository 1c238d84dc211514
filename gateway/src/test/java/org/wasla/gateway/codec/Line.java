package org.wasla.gateway.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.wasla.gateway.codec.MedibusSpec.Ask;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Talk;

/** A MEDIBUS line by hand: the test is the device and turns the clock. */
final class Line {
    static final long MS = 1_000_000;
    static final long SECOND = 1_000 * MS;
    static final MedibusSpec SPEC = new MedibusSpec(
            List.of(new Ask(MedibusQuestion.DATA, SECOND), new Ask(MedibusQuestion.TIME, 60 * SECOND)),
            List.of(),
            32,
            Map.of("8240", "Evita 4"),
            Map.of("cp1", Set.of("42")),
            10 * SECOND);

    final List<Message> messages = new ArrayList<>();
    final List<String> faults = new ArrayList<>();
    private final Talk talk;
    private final List<Bytes> sent = new ArrayList<>();
    private final long startNs;
    private long nowNs;

    Line(MedibusSpec spec) {
        this(spec, 0);
    }

    Line(MedibusSpec spec, long startNs) {
        this.startNs = startNs;
        this.nowNs = startNs;
        this.talk = spec.open(startNs);
        take(talk.onTime(startNs));
    }

    static Line reading(String... bytes) {
        Line line = new Line((MedibusSpec) SPEC.listening());
        for (String part : bytes) {
            line.hear(Bytes.latin1(part));
        }
        return line;
    }

    Line hear(Bytes bytes) {
        take(talk.onBytes(bytes.toArray(), bytes.size(), nowNs));
        return this;
    }

    Line command(int code) {
        return hear(MedibusFrames.command(code, ""));
    }

    Line response(int code, String data) {
        return hear(MedibusFrames.response(code, data));
    }

    Line end() {
        take(talk.onEnd());
        return this;
    }

    /** Time passes as in the worker: the talk is called when it asked to be. */
    Line pass(long ms) {
        long untilNs = nowNs + ms * MS;
        long waitNs = talk.waitNs(nowNs);
        while (nowNs + waitNs - untilNs <= 0) {
            nowNs += waitNs;
            take(talk.onTime(nowNs));
            waitNs = talk.waitNs(nowNs);
            if (waitNs <= 0) {
                throw new AssertionError("waits " + waitNs + " ns at " + (nowNs - startNs));
            }
        }
        nowNs = untilNs;
        return this;
    }

    boolean isSilent() {
        return talk.isSilent(nowNs);
    }

    /** @return what was sent since the last time: code of commands, small c of responses, hex of the rest */
    String said() {
        StringBuilder said = new StringBuilder();
        for (Bytes bytes : sent) {
            String text = bytes.at(0) == 0x1b ? "?" : bytes.at(0) == 1 ? "!" : bytes.toString();
            said.append(said.length() == 0 ? "" : " ").append(text);
            said.append(bytes.at(0) < 0x80 ? String.format("%02x", bytes.at(1)) : "");
        }
        sent.clear();
        return said.toString();
    }

    private void take(List<Action> actions) {
        for (Action action : actions) {
            if (action instanceof Action.Report report) {
                faults.add(report.fault().counter() + " " + report.count() + " " + report.size());
            } else if (action instanceof Action.Send send) {
                sent.add(send.bytes());
            } else if (action instanceof Action.Deliver deliver) {
                messages.add(deliver.message());
            }
        }
    }

    /** Initialised both ways, named, and 200 ms later. */
    static Line polling(MedibusSpec spec) {
        Line line = new Line(spec);
        line.response(0x51, "").response(0x52, "8240'Evita 4'04.03:04.00").pass(200);
        line.said();
        return line;
    }
}
