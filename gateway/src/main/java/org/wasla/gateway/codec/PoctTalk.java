package org.wasla.gateway.codec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Action.Deliver;
import org.wasla.gateway.message.Action.Report;
import org.wasla.gateway.message.Action.Send;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Message.Happening;
import org.wasla.gateway.message.Talk;

/**
 * A conversation with a device that speaks POCT1-A: it says hello and how it stands, is asked for the results it holds,
 * and then, if it can, to send what comes by itself (lab.md 2.6). Each of its messages is acknowledged once what it says
 * is kept, and with an error when it cannot be. Order and number of messages are not insisted on. One thread.
 */
final class PoctTalk implements Talk {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long TIMEOUT_S = 30;
    private static final long TIMEOUT_S_MIN = 5;
    private static final long TIMEOUT_S_MAX = 120;
    private static final int ASKED_MAX = 2;
    private static final Pattern CONTROL_ID =
            Pattern.compile("<HDR\\.control_id\\s+V\\s*=\\s*[\"']([^\"'<&]{1,80})[\"']");

    private final PoctSpec spec;
    private final XmlFrames frames;
    private final PoctWords words = new PoctWords();
    private boolean canStay;
    private boolean isStaying;
    private long timeoutNs = TIMEOUT_S * SECOND_NS;
    /** How often the results have been asked for without a word in answer; 0: nothing is waited for. */
    private int asked;

    private long askedNs;
    /** The number under which the device was asked to stay, or nothing. */
    private String staysBy = "";

    private long heardNs;
    private long goodNs;

    PoctTalk(PoctSpec spec, long nowNs) {
        this.spec = spec;
        this.frames = new XmlFrames(spec.bytesMax());
        this.heardNs = nowNs;
        this.goodNs = nowNs;
    }

    @Override
    public List<Action> onBytes(byte[] chunk, int length, long nowNs) {
        List<Action> actions = new ArrayList<>(onTime(nowNs));
        heardNs = nowNs;
        act(frames.put(chunk, length), nowNs, actions);
        return actions;
    }

    @Override
    public List<Action> onTime(long nowNs) {
        List<Action> actions = new ArrayList<>();
        if (frames.holdsBytes() && nowNs - heardNs >= spec.gapNs()) {
            act(frames.flush(), nowNs, actions);
        }
        if (asked > 0 && nowNs - askedNs >= timeoutNs) {
            actions.add(new Report(Fault.TIMEOUT, 1, 0));
            if (asked < ASKED_MAX) {
                askForResults(nowNs, actions);
            } else {
                asked = 0;
            }
        }
        return actions;
    }

    @Override
    public List<Action> onEnd() {
        List<Action> actions = new ArrayList<>();
        act(frames.flush(), heardNs, actions);
        asked = 0;
        return actions;
    }

    @Override
    public long waitNs(long nowNs) {
        long wait = isSilent(nowNs) ? spec.quietNs() : goodNs + spec.quietNs() - nowNs;
        wait = frames.holdsBytes() ? Math.min(wait, heardNs + spec.gapNs() - nowNs) : wait;
        return Math.max(0, asked > 0 ? Math.min(wait, askedNs + timeoutNs - nowNs) : wait);
    }

    @Override
    public boolean isSilent(long nowNs) {
        return nowNs - goodNs >= spec.quietNs();
    }

    private void act(List<Piece> pieces, long nowNs, List<Action> actions) {
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Noise noise) {
                actions.add(new Report(noise.fault(), noise.count(), noise.size()));
                continue;
            }
            Piece.Frame frame = (Piece.Frame) piece;
            XmlElement root = XmlElement.read(frame.body()).orElse(null);
            if (root == null) {
                unreadable(frame, actions);
            } else {
                goodNs = nowNs;
                take(root, frame.size(), nowNs, actions);
            }
        }
    }

    /** Its sender is told, or it would wait in vain; the number may be readable where the rest is not. */
    private void unreadable(Piece.Frame frame, List<Action> actions) {
        actions.add(new Report(Fault.FORMAT, 1, frame.size()));
        String text = new String(frame.body().toArray(), StandardCharsets.UTF_8);
        Matcher id = CONTROL_ID.matcher(text);
        // An acknowledgement is never answered: two ends must not do so for ever.
        if (id.find() && !text.contains("<ACK.R01")) {
            words.heard("", frames.isMllp());
            say(words.ack("AE", id.group(1)), actions);
        }
    }

    private void take(XmlElement root, int size, long nowNs, List<Action> actions) {
        XmlElement header = root.child("HDR");
        String id = header.child("HDR.control_id").attribute("V");
        words.heard(header.child("HDR.creation_dttm").attribute("V"), frames.isMllp());
        switch (root.name()) {
            case "HEL.R01" -> {
                hello(root);
                plain("hello", id, size, actions);
            }
            case "DST.R01" -> status(root, id, size, nowNs, actions);
            case "OBS.R01", "OBS.R02" -> results(root, id, size, nowNs, actions);
            case "EVS.R01" -> deliver(events(root), null, id, size, actions);
            case "EOT.R01" -> {
                plain("end-of-topic", id, size, actions);
                if (root.child("EOT").child("EOT.topic_cd").attribute("V").equals("OBS")) {
                    asked = 0;
                    goOn(actions);
                }
            }
            case "END.R01" -> {
                isStaying = false;
                asked = 0;
                plain("end", id, size, actions);
            }
            case "ACK.R01" -> acknowledged(root.child("ACK"), size, actions);
            case "KPA.R01", "ESC.R01" -> plain("alive", id, size, actions);
            default -> {
                actions.add(new Report(Fault.FORMAT, 1, size));
                say(words.ack("AE", id), actions);
            }
        }
    }

    private void hello(XmlElement root) {
        XmlElement device = root.child("DEV");
        String seconds = device.child("DCP").child("DCP.application_timeout").attribute("V");
        long told = seconds.matches("\\d{1,6}(\\.\\d{1,6})?") ? (long) Double.parseDouble(seconds) : TIMEOUT_S;
        timeoutNs = Math.min(TIMEOUT_S_MAX, Math.max(TIMEOUT_S_MIN, told)) * SECOND_NS;
        canStay = device.child("DSC").all("DSC.directives_supported_cd").stream()
                .anyMatch(directive -> directive.attribute("V").equals("START_CONTINUOUS"));
        isStaying = false;
        asked = 0;
        staysBy = "";
    }

    /** A device that says that it holds nothing is not asked; one that does not say is. */
    private void status(XmlElement root, String id, int size, long nowNs, List<Action> actions) {
        plain("status", id, size, actions);
        String held = root.child("DST").child("DST.new_observations_qty").attribute("V");
        if (isStaying) {
            return;
        }
        if (held.matches("0+")) {
            goOn(actions);
        } else {
            asked = 0;
            askForResults(nowNs, actions);
        }
    }

    private void askForResults(long nowNs, List<Action> actions) {
        if (!spec.isReadOnly()) {
            asked++;
            askedNs = nowNs;
            say(words.requestObservations(), actions);
        }
    }

    /** The device has told what it held: it stays, or goes. */
    private void goOn(List<Action> actions) {
        if (isStaying || spec.isReadOnly()) {
            return;
        }
        if (canStay && spec.isContinuous()) {
            isStaying = true;
            say(words.startContinuous(), actions);
            staysBy = words.last();
        } else {
            say(words.end(), actions);
        }
    }

    private void acknowledged(XmlElement ack, int size, List<Action> actions) {
        String type = ack.child("ACK.type_cd").attribute("V");
        String of = ack.child("ACK.ack_control_id").attribute("V");
        boolean isTaken = type.isEmpty() || type.equals("AA");
        actions.add(
                isTaken
                        ? new Deliver(new Message("answer", List.of()), size, Bytes.NONE, Bytes.NONE)
                        : new Report(Fault.REFUSED, 1, size));
        if (!isTaken && !staysBy.isEmpty() && of.equals(staysBy)) {
            isStaying = false;
        }
    }

    private void results(XmlElement root, String id, int size, long nowNs, List<Action> actions) {
        if (asked > 0) {
            // More are to come: the time for the next begins anew.
            asked = 1;
            askedNs = nowNs;
        }
        deliver(PoctRecords.messages(root), PoctRecords.once(root), id, size, actions);
    }

    /** Of events only what no person has written. */
    private static List<Message> events(XmlElement root) {
        List<Message> events = new ArrayList<>();
        for (XmlElement event : root.all("EVT")) {
            Map<String, Object> told = Map.of(
                    "severity", event.child("EVT.severity_cd").attribute("V"),
                    "at", event.child("EVT.event_dttm").attribute("V"));
            events.add(new Message("event", List.of(new Happening("device-event", told))));
        }
        return events;
    }

    private void plain(String type, String id, int size, List<Action> actions) {
        deliver(List.of(new Message(type, List.of())), null, id, size, actions);
    }

    /** What one message carries is kept together or not at all; the last of it has the answers. */
    private void deliver(List<Message> said, @Nullable String once, String id, int size, List<Action> actions) {
        List<Message> all = said.isEmpty() ? List.of(new Message("empty", List.of())) : said;
        boolean isAnswered = !spec.isReadOnly() && !id.isEmpty();
        Bytes kept = isAnswered ? words.ack("AA", id) : Bytes.NONE;
        Bytes refused = isAnswered ? words.ack("AE", id) : Bytes.NONE;
        int last = all.size() - 1;
        for (int i = 0; i <= last; i++) {
            String each = once == null ? null : once + '/' + i;
            Bytes ifKept = i < last ? Bytes.NONE : kept;
            Bytes ifRefused = i < last ? Bytes.NONE : refused;
            actions.add(new Deliver(all.get(i), i == 0 ? size : 0, ifKept, ifRefused, 0, each));
        }
    }

    private void say(Bytes said, List<Action> actions) {
        if (!spec.isReadOnly()) {
            actions.add(new Send(said));
        }
    }
}
