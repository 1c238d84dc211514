package org.wasla.gateway.message;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.Action.Report;
import org.wasla.gateway.message.Action.Send;
import org.wasla.gateway.message.Dialogue.Ask;
import org.wasla.gateway.message.Dialogue.Init;
import org.wasla.gateway.message.Dialogue.KeepAlive;
import org.wasla.gateway.message.Dialogue.Request;

/**
 * What is sent of our own accord: first the steps of the initialisation, then questions and keep-alives. At most one
 * request is open. Pure; times are monotonic nanoseconds. One thread.
 */
final class Requests {
    /** After this many pages an answer that goes on and on no longer keeps the other questions from being asked. */
    private static final int PAGES_MAX = 10_000;

    private final Dialogue dialogue;
    private final Variables variables;
    private final long[] askDueNs;
    private final long[] keepDueNs;
    private int step;
    private int nextAsk;
    private @Nullable Request open;
    private long openedNs;
    private int tries;
    private int pages;
    private long readyNs;
    private long startedNs;
    private boolean started;
    private long sentNs;

    Requests(Dialogue dialogue, Variables variables, long nowNs) {
        this.dialogue = dialogue;
        this.variables = variables;
        this.askDueNs = new long[dialogue.asks().size()];
        this.keepDueNs = new long[dialogue.keepAlives().size()];
        Arrays.fill(askDueNs, nowNs);
        Arrays.fill(keepDueNs, nowNs);
        this.readyNs = nowNs;
        this.sentNs = nowNs;
    }

    /** A good message of this type arrived: perhaps the answer to what is open, late or double ones change nothing. */
    void heard(String type, long nowNs) {
        Init init = dialogue.init();
        if (open != null && open.more().contains(type)) {
            openedNs = pages++ < PAGES_MAX ? nowNs : openedNs;
        } else if (open != null && (open.answers().isEmpty() || open.answers().contains(type))) {
            settle(open, nowNs);
            return;
        }
        if (isInitialised() && init.restarts().contains(type) && nowNs - startedNs >= init.pauseNs()) {
            restart(nowNs);
        }
    }

    /** Something else was sent, an acknowledgement: the line is not idle. */
    void sent(long nowNs) {
        sentNs = nowNs;
    }

    /** Adds what is to be sent now. */
    void due(long nowNs, boolean isSilent, List<Action> actions) {
        expire(nowNs, actions);
        if (mayRestart(isSilent) && nowNs - startedNs >= dialogue.init().pauseNs()) {
            restart(nowNs);
        }
        while (open == null && nowNs - readyNs >= 0 && !isInitialised()) {
            begin(nowNs, actions);
        }
        if (open == null && nowNs - readyNs >= 0 && isInitialised()) {
            ask(nowNs, actions);
        }
        if (isInitialised()) {
            keepAlive(nowNs, actions);
        }
    }

    /** @return how long until something is due, at most the given time */
    long waitNs(long nowNs, boolean isSilent, long mostNs) {
        long wait = mostNs;
        if (open != null) {
            wait = Math.min(wait, openedNs + open.timeoutNs() - nowNs);
        } else if (!isInitialised()) {
            wait = Math.min(wait, readyNs - nowNs);
        } else {
            for (long due : askDueNs) {
                wait = Math.min(wait, Math.max(due - nowNs, readyNs - nowNs));
            }
        }
        if (mayRestart(isSilent)) {
            wait = Math.min(wait, startedNs + dialogue.init().pauseNs() - nowNs);
        }
        for (int i = 0; isInitialised() && i < keepDueNs.length; i++) {
            wait = Math.min(wait, keepDueNs(i) - nowNs);
        }
        return wait;
    }

    boolean isInitialised() {
        return step >= dialogue.init().steps().size();
    }

    private boolean mayRestart(boolean isSilent) {
        return isSilent && isInitialised() && !dialogue.init().steps().isEmpty();
    }

    private void restart(long nowNs) {
        step = 0;
        open = null;
        started = false;
        readyNs = nowNs;
    }

    private void expire(long nowNs, List<Action> actions) {
        Request late = open;
        if (late == null || nowNs - openedNs < late.timeoutNs()) {
            return;
        }
        actions.add(new Report(Fault.TIMEOUT, 1, 0));
        if (tries <= late.retries()) {
            tries++;
            openedNs = nowNs;
            send(late.send(), nowNs, actions);
        } else if (isInitialised()) {
            open = null;
            readyNs = nowNs + late.waitNs();
        } else {
            restart(nowNs);
            readyNs = nowNs + dialogue.init().pauseNs();
        }
    }

    private void settle(Request answered, long nowNs) {
        open = null;
        readyNs = nowNs + answered.waitNs();
        if (!isInitialised()) {
            advance(nowNs);
        }
    }

    private void advance(long nowNs) {
        step++;
        if (isInitialised()) {
            Arrays.fill(keepDueNs, nowNs);
        }
    }

    private void begin(long nowNs, List<Action> actions) {
        Request request = dialogue.init().steps().get(step);
        if (!started) {
            started = true;
            startedNs = nowNs;
        }
        if (request.answers().isEmpty()) {
            send(request.send(), nowNs, actions);
            readyNs = nowNs + request.waitNs();
            advance(nowNs);
        } else {
            open(request, nowNs, actions);
        }
    }

    private void ask(long nowNs, List<Action> actions) {
        for (int i = 0; i < askDueNs.length; i++) {
            int turn = (nextAsk + i) % askDueNs.length;
            if (nowNs - askDueNs[turn] >= 0) {
                Ask ask = dialogue.asks().get(turn);
                askDueNs[turn] = following(askDueNs[turn], ask.everyNs(), nowNs);
                nextAsk = (turn + 1) % askDueNs.length;
                open(ask.request(), nowNs, actions);
                return;
            }
        }
    }

    private static long following(long dueNs, long everyNs, long nowNs) {
        return dueNs + everyNs * (1 + (nowNs - dueNs) / everyNs);
    }

    private void open(Request request, long nowNs, List<Action> actions) {
        open = request;
        openedNs = nowNs;
        tries = 1;
        pages = 0;
        send(request.send(), nowNs, actions);
    }

    private long keepDueNs(int index) {
        KeepAlive keep = dialogue.keepAlives().get(index);
        return keep.whenIdle() ? sentNs + keep.periodNs() : keepDueNs[index];
    }

    private void keepAlive(long nowNs, List<Action> actions) {
        for (int i = 0; i < keepDueNs.length; i++) {
            KeepAlive keep = dialogue.keepAlives().get(i);
            if (nowNs - keepDueNs(i) >= 0) {
                keepDueNs[i] = following(keepDueNs[i], keep.periodNs(), nowNs);
                send(keep.send(), nowNs, actions);
            }
        }
    }

    /** What lacks a value is not sent, and its answer is missed as if it had been lost. */
    private void send(@Nullable Template template, long nowNs, List<Action> actions) {
        sentNs = template == null ? sentNs : nowNs;
        Bytes bytes = template == null ? null : variables.fill(template, null);
        if (bytes != null) {
            actions.add(new Send(bytes));
        }
    }
}
