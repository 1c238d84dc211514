package org.wasla.gateway.codec;

import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Talk;
import org.wasla.gateway.orders.OrderDesk;

/** An ASTM line by hand: the test is the analyser, the disk and the clock. */
final class AstmLine {
    static final long SECOND = 1_000_000_000L;
    static final AstmSpec SPEC = new AstmSpec(
            AstmDialect.STANDARD, true, new AstmSpec.Answer("H|\\^&|||wasla", 0), OrderDesk.NONE, 600 * SECOND, false);
    static final String HEAD = "H|\\^&|||X1|||||||P|1|20260101120000\rP|1\rO|1|S77\r";
    static final String RESULT = "R|1|^^^GLU|5.40|mmol/L||N||F\r";
    static final String WHOLE = HEAD + RESULT + "L|1|N\r";

    final List<Message> messages = new ArrayList<>();
    final List<String> faults = new ArrayList<>();
    /** What the disk holds of the transmission under way. */
    final List<Bytes> kept = new ArrayList<>();

    boolean isSettled = true;
    boolean isDiskFull;
    private final Talk talk;
    private final StringBuilder said = new StringBuilder();
    private long nowNs;

    AstmLine(AstmSpec spec) {
        // Near the end of the range of a long: times wrap around.
        this.nowNs = Long.MAX_VALUE - SECOND;
        this.talk = spec.open(nowNs);
    }

    AstmLine() {
        this(SPEC);
    }

    /** The same disk after the power came back. */
    AstmLine restarted() {
        AstmLine again = new AstmLine();
        again.kept.addAll(kept);
        again.isSettled = isSettled;
        again.perform(again.talk.onRestart(List.copyOf(kept), isSettled, again.nowNs));
        return again;
    }

    AstmLine hear(String bytes) {
        byte[] chunk = Bytes.latin1(bytes).toArray();
        perform(talk.onBytes(chunk, chunk.length, nowNs));
        return this;
    }

    AstmLine bytewise(String bytes) {
        for (int i = 0; i < bytes.length(); i++) {
            hear(bytes.substring(i, i + 1));
        }
        return this;
    }

    /** @return what came out of bytes that are only listened to */
    static AstmLine reading(String bytes, int chunk) {
        AstmLine line = new AstmLine(SPEC.listening());
        for (int from = 0; from < bytes.length(); from += chunk) {
            line.hear(bytes.substring(from, Math.min(bytes.length(), from + chunk)));
        }
        return line.end();
    }

    AstmLine end() {
        perform(talk.onEnd());
        return this;
    }

    /** Time passes as in the worker: the talk is called when it asked to be. */
    AstmLine pass(double seconds) {
        long untilNs = nowNs + (long) (seconds * SECOND);
        long waitNs = talk.waitNs(nowNs);
        while (nowNs + waitNs - untilNs <= 0) {
            nowNs += waitNs;
            perform(talk.onTime(nowNs));
            waitNs = Math.max(1, talk.waitNs(nowNs));
        }
        nowNs = untilNs;
        return this;
    }

    private void perform(List<Action> actions) {
        List<Action> next = actions;
        while (!next.isEmpty()) {
            List<Message> delivered = new ArrayList<>();
            for (Action action : next) {
                if (action instanceof Action.Report report) {
                    if (report.count() > 0) {
                        faults.add(report.fault().counter());
                    }
                } else if (action instanceof Action.Send send) {
                    said.append(send.bytes().latin1());
                } else if (action instanceof Action.Deliver deliver) {
                    delivered.add(deliver.message());
                }
            }
            Action last = next.get(next.size() - 1);
            boolean waits = last instanceof Action.Keep || last instanceof Action.Settle;
            if (!waits || !isDiskFull) {
                messages.addAll(delivered);
            }
            if (last instanceof Action.Keep keep && !isDiskFull) {
                if (isSettled) {
                    kept.clear();
                }
                isSettled = false;
                kept.add(keep.part());
            } else if (last instanceof Action.Settle && !isDiskFull) {
                isSettled = true;
            }
            next = waits ? talk.onKept(!isDiskFull, nowNs) : List.of();
        }
    }

    /** @return what was said since the last time: letters for the controls, frames in brackets */
    String said() {
        String text = said.toString()
                .replace("\2", "[")
                .replaceAll("[\3\27](..)\r\n", "]")
                .replace("\4", "EOT ")
                .replace("\5", "ENQ ")
                .replace("\6", "ACK ")
                .replace("\25", "NAK ")
                .replace("\r", "/");
        said.setLength(0);
        return text.strip();
    }

    /** @return type and texts of the values and results of the messages, without the header */
    List<String> told() {
        List<String> told = new ArrayList<>();
        for (Message message : messages) {
            StringBuilder text = new StringBuilder(message.type());
            for (Message.Field field : message.fields()) {
                if (field instanceof Message.Finding finding) {
                    text.append(' ').append(finding.name()).append('=').append(finding.text());
                } else if (field instanceof Message.Happening happening) {
                    text.append(' ').append(happening.details().get("why"));
                }
            }
            told.add(text.toString());
        }
        return told;
    }

    static String frame(int number, String text) {
        return AstmFrames.frame(number, Bytes.latin1(text), true).latin1();
    }

    /** A frame after which more of the message comes. */
    static String part(int number, String text) {
        return AstmFrames.frame(number, Bytes.latin1(text), false).latin1();
    }
}
