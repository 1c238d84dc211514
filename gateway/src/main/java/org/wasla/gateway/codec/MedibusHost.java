package org.wasla.gateway.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.codec.MedibusFrames.Start;
import org.wasla.gateway.codec.MedibusSpec.Ask;
import org.wasla.gateway.codec.MedibusStream.Offer;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Action.Report;
import org.wasla.gateway.message.Action.Send;

/**
 * Our side of a MEDIBUS conversation (Draeger 90 28 258; bedside.md 2.3): initialise, name ourselves, then one question at
 * a time; every command of the device is answered. Nothing is said on a read-only line. One thread.
 */
final class MedibusHost {
    static final int IDENTIFY = 0x52;
    private static final int NAK = 0x15;
    private static final int NOP = 0x30;
    private static final int TIME_CHANGED = 0x49;
    private static final int INITIALISE = 0x51;
    private static final int OFFER_WAVES = 0x53;
    private static final int CHOOSE_WAVES = 0x54;
    private static final int STOP = 0x55;
    private static final int WAVES_CHANGED = 0x56;
    /** A name is sent even to devices that take none: some refuse an empty answer. */
    private static final String IDENTITY = "0161'Wasla'01.00:04.03";

    private static final long SECOND_NS = 1_000_000_000L;
    private static final long INITIALISE_NS = 3 * SECOND_NS;
    private static final long LOST_NS = 3 * SECOND_NS;
    private static final long NOP_NS = 2 * SECOND_NS;
    private static final long ANSWER_NS = 10 * SECOND_NS;
    private static final long SETTLE_NS = SECOND_NS / 5;
    private static final int TRIES = 3;

    private final MedibusSpec spec;
    private final MedibusWaves waves;
    private final long[] dueNs;
    private int turn;
    private Step step = Step.INITIALISE;
    private @Nullable Open open;
    private List<MedibusStream> chosen = List.of();
    private boolean isSuspended;
    private final List<Bytes> held = new ArrayList<>();
    private long initialiseNs;
    private long notBeforeNs;
    private long heardNs;
    private long sentNs;

    /** How far the conversation has come. */
    private enum Step {
        INITIALISE,
        IDENTIFY,
        OFFER_WAVES,
        CHOOSE_WAVES,
        ASK
    }

    /** The question that is waited for. */
    private record Open(int code, String arguments, long sinceNs, int tries) {}

    MedibusHost(MedibusSpec spec, MedibusWaves waves, long nowNs) {
        this.spec = spec;
        this.waves = waves;
        this.dueNs = new long[spec.asks().size()];
        this.initialiseNs = nowNs;
        this.notBeforeNs = nowNs;
        this.heardNs = nowNs;
        this.sentNs = nowNs;
    }

    /** An ordinary byte came: the device lives. */
    void heard(long nowNs) {
        heardNs = nowNs;
    }

    /** The device asks. */
    void asked(int code, long nowNs, List<Action> actions) {
        if (code == INITIALISE || code == STOP) {
            isSuspended = false;
            held.clear();
        }
        send(MedibusFrames.response(code, code == IDENTIFY ? IDENTITY : ""), nowNs, actions);
        if (code == INITIALISE && step.compareTo(Step.IDENTIFY) > 0) {
            // At most once in three seconds, or two ends that answer each other would never come to an end.
            restart(nowNs - initialiseNs >= 0 ? nowNs : initialiseNs);
        } else if (code == STOP) {
            restart(nowNs + INITIALISE_NS);
        } else if (code == WAVES_CHANGED) {
            waves.stop();
            step = step == Step.ASK ? Step.OFFER_WAVES : step;
        } else if (code == TIME_CHANGED) {
            askSoon(MedibusQuestion.TIME, nowNs);
        }
    }

    private void askSoon(MedibusQuestion question, long nowNs) {
        for (int i = 0; i < dueNs.length; i++) {
            dueNs[i] = spec.asks().get(i).question() == question ? nowNs : dueNs[i];
        }
    }

    /** The device answers. */
    void answered(int code, String data, long nowNs, List<Action> actions) {
        if (open == null || code != open.code() && code != NAK) {
            return;
        }
        if (code == NAK) {
            again(nowNs, actions);
            return;
        }
        open = null;
        switch (code) {
            case INITIALISE -> step = Step.IDENTIFY;
            case IDENTIFY -> settle(nowNs);
            case OFFER_WAVES -> choose(data);
            case CHOOSE_WAVES -> switchOn(nowNs, actions);
            default -> {}
        }
    }

    private void settle(long nowNs) {
        step = Step.OFFER_WAVES;
        notBeforeNs = nowNs + SETTLE_NS;
        Arrays.fill(dueNs, notBeforeNs);
        turn = 0;
    }

    private void choose(String data) {
        List<Offer> offers = MedibusStream.offers(data);
        chosen = new ArrayList<>();
        for (String code : spec.waves()) {
            Optional<Offer> offer =
                    offers.stream().filter(o -> o.code().equals(code)).findFirst();
            offer.ifPresent(o -> chosen.add(new MedibusStream(o, spec.hzMax())));
        }
        step = chosen.isEmpty() ? Step.ASK : Step.CHOOSE_WAVES;
    }

    private void switchOn(long nowNs, List<Action> actions) {
        step = Step.ASK;
        waves.start(chosen);
        send(MedibusWaves.enabling(chosen.size()), nowNs, actions);
    }

    /** Something came that was no whole frame. */
    void damaged(Start start, Fault fault, long nowNs, List<Action> actions) {
        // Before anything was understood it may be noise, or another speed: that is not talked to.
        if (start == Start.COMMAND && fault == Fault.CHECKSUM && step != Step.INITIALISE) {
            send(MedibusFrames.response(NAK, ""), nowNs, actions);
        } else if (start == Start.RESPONSE && open != null) {
            again(nowNs, actions);
        }
    }

    /** Our question, or its answer, was damaged on the way. */
    private void again(long nowNs, List<Action> actions) {
        Open asked = open;
        open = null;
        if (asked == null || asked.code() == INITIALISE) {
            return;
        }
        if (asked.tries() < TRIES) {
            ask(asked.code(), asked.arguments(), asked.tries() + 1, nowNs, actions);
        } else if (asked.code() == IDENTIFY) {
            settle(nowNs);
        } else if (step != Step.ASK) {
            step = Step.ASK;
        }
    }

    /** The device holds us, or lets us go on. During initialisation nobody is held: noise may look like it. */
    void suspend(boolean suspended, long nowNs, List<Action> actions) {
        isSuspended = suspended && step != Step.INITIALISE;
        if (!isSuspended) {
            List<Bytes> waiting = List.copyOf(held);
            held.clear();
            waiting.forEach(bytes -> send(bytes, nowNs, actions));
        }
    }

    /**
     * Says what is due.
     *
     * @param isAnswering whether an answer has begun: a long one takes its time on a slow line
     */
    void due(long nowNs, boolean isAnswering, List<Action> actions) {
        if (spec.isReadOnly()) {
            return;
        }
        boolean isUnanswered = !isAnswering && open != null && nowNs - open.sinceNs() >= ANSWER_NS;
        if (step != Step.INITIALISE && (isUnanswered || nowNs - heardNs >= LOST_NS)) {
            actions.add(new Report(Fault.TIMEOUT, 1, 0));
            restart(nowNs);
        }
        if (step == Step.INITIALISE && nowNs - initialiseNs >= 0) {
            initialiseNs = nowNs + INITIALISE_NS;
            ask(INITIALISE, "", 1, nowNs, actions);
        } else if (step != Step.INITIALISE && !isSuspended) {
            next(nowNs, actions);
        }
    }

    private void restart(long atNs) {
        step = Step.INITIALISE;
        initialiseNs = atNs;
        open = null;
        isSuspended = false;
        held.clear();
        waves.stop();
    }

    private void next(long nowNs, List<Action> actions) {
        step = step == Step.OFFER_WAVES && spec.waves().isEmpty() ? Step.ASK : step;
        if (open == null && nowNs - notBeforeNs >= 0 || step == Step.IDENTIFY && open == null) {
            switch (step) {
                case IDENTIFY -> ask(IDENTIFY, "", 1, nowNs, actions);
                case OFFER_WAVES -> ask(OFFER_WAVES, "", 1, nowNs, actions);
                case CHOOSE_WAVES -> ask(CHOOSE_WAVES, choices(), 1, nowNs, actions);
                default -> askNext(nowNs, actions);
            }
        }
        if (nowNs - sentNs >= NOP_NS) {
            send(MedibusFrames.command(NOP, ""), nowNs, actions);
        }
    }

    private String choices() {
        StringBuilder choices = new StringBuilder();
        chosen.forEach(stream -> choices.append(stream.choice()));
        return choices.toString();
    }

    private void askNext(long nowNs, List<Action> actions) {
        for (int i = 0; i < dueNs.length; i++) {
            int index = (turn + i) % dueNs.length;
            Ask ask = spec.asks().get(index);
            if (nowNs - dueNs[index] >= 0) {
                turn = (index + 1) % dueNs.length;
                dueNs[index] += ask.everyNs() * (1 + (nowNs - dueNs[index]) / ask.everyNs());
                ask(ask.question().code(), "", 1, nowNs, actions);
                return;
            }
        }
    }

    private void ask(int code, String arguments, int tries, long nowNs, List<Action> actions) {
        open = new Open(code, arguments, nowNs, tries);
        send(MedibusFrames.command(code, arguments), nowNs, actions);
    }

    private void send(Bytes bytes, long nowNs, List<Action> actions) {
        if (spec.isReadOnly()) {
            return;
        }
        if (isSuspended) {
            held.add(bytes);
            return;
        }
        sentNs = nowNs;
        actions.add(new Send(bytes));
    }

    /** The device then sends nothing more until it is initialised again; one that we do not talk with is told nothing. */
    List<Send> stop() {
        boolean talks = step != Step.INITIALISE && !isSuspended && !spec.isReadOnly();
        return talks ? List.of(new Send(MedibusFrames.command(STOP, ""))) : List.of();
    }

    /** @return how long until something is due */
    long waitNs(long nowNs, boolean isAnswering) {
        if (spec.isReadOnly()) {
            return Long.MAX_VALUE;
        }
        if (step == Step.INITIALISE) {
            return initialiseNs - nowNs;
        }
        long wait = heardNs + LOST_NS - nowNs;
        if (open != null && !isAnswering) {
            wait = Math.min(wait, open.sinceNs() + ANSWER_NS - nowNs);
        }
        if (isSuspended) {
            return wait;
        }
        wait = Math.min(wait, sentNs + NOP_NS - nowNs);
        return open != null ? wait : Math.min(wait, askWaitNs(nowNs));
    }

    private long askWaitNs(long nowNs) {
        long wait = notBeforeNs - nowNs;
        if (step == Step.IDENTIFY) {
            return 0;
        }
        if (step == Step.ASK) {
            long ask = LOST_NS;
            for (long due : dueNs) {
                ask = Math.min(ask, due - nowNs);
            }
            wait = Math.max(wait, ask);
        }
        return wait;
    }
}
