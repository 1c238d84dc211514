package org.wasla.gateway.codec;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Talk;
import org.wasla.gateway.simulator.Simulated;

/** A talk and a simulated device on one line, and a clock that only the test moves. */
final class Bedside {
    static final long MS = 1_000_000;
    private static final LocalDateTime NOON = LocalDateTime.of(2026, 6, 16, 12, 0, 0);
    private final Talk talk;
    private final Simulated device;
    private boolean isCut;
    private long nowNs;
    final List<Sent> sent = new ArrayList<>();
    final List<Heard> heard = new ArrayList<>();
    final List<Action.Report> reports = new ArrayList<>();

    record Sent(long atMs, Bytes bytes) {}

    record Heard(long atMs, Message message) {}

    Bedside(Talk talk, Simulated device) {
        this.talk = talk;
        this.device = device;
    }

    /** The cable out, or in again. */
    Bedside cut(boolean cut) {
        isCut = cut;
        return this;
    }

    long nowMs() {
        return nowNs / MS;
    }

    Bedside run(long milliseconds) {
        long endNs = nowNs + milliseconds * MS;
        while (nowNs < endNs) {
            List<Bytes> said = device.onTime(nowNs, NOON.plusNanos(nowNs));
            perform(talk.onTime(nowNs));
            said.forEach(this::hear);
            nowNs += Math.max(MS, Math.min(endNs - nowNs, Math.min(device.waitNs(nowNs), talk.waitNs(nowNs))));
        }
        return this;
    }

    private void hear(Bytes bytes) {
        if (!isCut) {
            perform(talk.onBytes(bytes.toArray(), bytes.size(), nowNs));
        }
    }

    private void perform(List<Action> actions) {
        for (Action action : actions) {
            if (action instanceof Action.Report report) {
                reports.add(report);
            } else if (action instanceof Action.Send send) {
                say(send.bytes());
            } else if (action instanceof Action.Deliver deliver) {
                heard.add(new Heard(nowMs(), deliver.message()));
                say(deliver.ifKept());
            }
        }
    }

    private void say(Bytes bytes) {
        if (bytes.size() == 0) {
            return;
        }
        sent.add(new Sent(nowMs(), bytes));
        if (!isCut) {
            device.onBytes(bytes.toArray(), bytes.size(), nowNs, NOON.plusNanos(nowNs))
                    .forEach(this::hear);
        }
    }

    List<Heard> heard(String type) {
        return heard.stream().filter(each -> each.message().type().equals(type)).toList();
    }

    /** @return the longest time without a message of that type */
    long longestMs(String type) {
        long longest = 0;
        long last = -1;
        for (Heard each : heard(type)) {
            longest = last < 0 ? 0 : Math.max(longest, each.atMs() - last);
            last = each.atMs();
        }
        return last < 0 ? Long.MAX_VALUE : Math.max(longest, nowMs() - last);
    }
}
