package org.wasla.gateway.codec;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Action.Deliver;
import org.wasla.gateway.message.Action.Report;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Talk;

/**
 * A conversation with an analyser that sends SOH, records with CR, EOT, and waits for ACK. There is no checksum: a message
 * counts when it begins with its only H, ends with its only L, and the results of each order are numbered without a gap,
 * behind the field mark {@code |} that these analysers have. What does not
 * is not acknowledged, so that the analyser keeps it. Questions for orders are acknowledged and not answered: none was ever
 * seen. One thread.
 */
final class AstmEnvelopeTalk implements Talk {
    private static final int SOH = 0x01;
    private static final int CR = 0x0d;
    private static final int LF = 0x0a;
    private static final int FIRST_PRINTABLE = 0x20;
    private static final int TEXT_BYTES_MAX = 256 << 10;
    private static final Bytes ACK = Bytes.latin1("\6");

    private final AstmEnvelopeSpec spec;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private boolean isInside;
    private boolean isNoisy;
    private long heardNs;
    private long goodNs;

    AstmEnvelopeTalk(AstmEnvelopeSpec spec, long nowNs) {
        this.spec = spec;
        this.heardNs = nowNs;
        this.goodNs = nowNs;
    }

    @Override
    public List<Action> onBytes(byte[] chunk, int length, long nowNs) {
        List<Action> actions = onTime(nowNs);
        heardNs = nowNs;
        for (int i = 0; i < length; i++) {
            put(chunk[i] & 0xff, nowNs, actions);
        }
        return actions;
    }

    @Override
    public List<Action> onTime(long nowNs) {
        List<Action> actions = new ArrayList<>();
        if (isInside && nowNs - heardNs >= spec.gapNs()) {
            giveUp(Fault.CUT, 1, actions);
        }
        return actions;
    }

    @Override
    public List<Action> onEnd() {
        List<Action> actions = new ArrayList<>();
        if (isInside) {
            giveUp(Fault.CUT, 1, actions);
        }
        return actions;
    }

    @Override
    public long waitNs(long nowNs) {
        long wait = isSilent(nowNs) ? spec.quietNs() : goodNs + spec.quietNs() - nowNs;
        return Math.max(0, isInside ? Math.min(wait, heardNs + spec.gapNs() - nowNs) : wait);
    }

    @Override
    public boolean isSilent(long nowNs) {
        return nowNs - goodNs >= spec.quietNs();
    }

    private void put(int octet, long nowNs, List<Action> actions) {
        if (octet == SOH) {
            if (isInside) {
                giveUp(Fault.CUT, 1, actions);
            }
            isInside = true;
            isNoisy = false;
        } else if (!isInside) {
            boolean goesOn = isNoisy || octet == CR || octet == LF;
            actions.add(new Report(Fault.GARBAGE, goesOn ? 0 : 1, 1));
            isNoisy |= !goesOn;
        } else if (octet == AstmFrames.EOT) {
            end(nowNs, actions);
        } else if (octet < FIRST_PRINTABLE && octet != CR && octet != LF) {
            giveUp(Fault.FORMAT, 2, actions);
        } else if (text.size() >= TEXT_BYTES_MAX) {
            giveUp(Fault.OVERLONG, 2, actions);
        } else {
            text.write(octet);
        }
    }

    /** @param marks bytes that belong to it beside its text */
    private void giveUp(Fault fault, int marks, List<Action> actions) {
        actions.add(new Report(fault, 1, text.size() + marks));
        isInside = false;
        isNoisy = fault != Fault.CUT;
        text.reset();
    }

    private void end(long nowNs, List<Action> actions) {
        Bytes whole = Bytes.of(text.toByteArray());
        if (!isWhole(whole.latin1())) {
            giveUp(Fault.FORMAT, 2, actions);
            isNoisy = false;
            return;
        }
        isInside = false;
        text.reset();
        goodNs = nowNs;
        deliver(whole, actions);
    }

    private static boolean isWhole(String text) {
        String[] lines = text.strip().split("[\r\n]+");
        int last = lines.length - 1;
        int results = 0;
        if (lines[0].isEmpty()) {
            return false;
        }
        for (int i = 0; i <= last; i++) {
            char type = lines[i].charAt(0);
            boolean isNamed =
                    "HPORCMQSL".indexOf(type) >= 0 && (lines[i].length() == 1 || !isLetter(lines[i].charAt(1)));
            if (!isNamed || type == 'H' != (i == 0) || type == 'L' != (i == last)) {
                return false;
            }
            results = type == 'R' ? results + 1 : type == 'O' ? 0 : results;
            if (type == 'R' && !lines[i].startsWith("R|" + results + "|")) {
                return false;
            }
        }
        return last > 0;
    }

    private static boolean isLetter(char c) {
        return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
    }

    /** All that one message says is kept before the one acknowledgement; sent again it is told once. */
    private void deliver(Bytes whole, List<Action> actions) {
        List<Message> messages = AstmRecords.read(whole, spec.records()).messages();
        List<Message> all = messages.isEmpty() ? List.of(new Message("empty", List.of())) : messages;
        String mark = AstmSession.mark(whole);
        for (int i = 0; i < all.size(); i++) {
            boolean isAnswered = i == all.size() - 1 && !spec.isReadOnly();
            int size = i == 0 ? whole.size() + 2 : 0;
            actions.add(new Deliver(all.get(i), size, isAnswered ? ACK : Bytes.NONE, Bytes.NONE, 0, mark + '/' + i));
        }
    }
}
