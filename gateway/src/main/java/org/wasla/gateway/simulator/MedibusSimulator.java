package org.wasla.gateway.simulator;

import java.io.ByteArrayOutputStream;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.wasla.gateway.codec.MedibusFrames;
import org.wasla.gateway.codec.MedibusFrames.Start;
import org.wasla.gateway.codec.MedibusQuestion;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.simulator.SimulatorSpec.Generator;

/**
 * The device's end of a MEDIBUS line (bedside.md 2.3), with what makes it hard to read: the real-time stream between any
 * two bytes, commands in the middle of responses, items that are left out, German months. It falls back to calling every
 * three seconds when it hears nothing for three, or when a command of its own is not answered within ten. Values stand
 * under the names of the fields; one that is empty is left out. Pure; one thread.
 */
public final class MedibusSimulator implements Simulated, MedibusFrames.Listener {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long LOST_NS = 3 * SECOND_NS;
    private static final long ANSWER_NS = 10 * SECOND_NS;
    private static final int ENABLE = 0xc1;
    private static final int INITIALISE = 0x51;
    private static final int IDENTIFY = 0x52;
    private static final int OFFER_WAVES = 0x53;
    private static final int CHOOSE_WAVES = 0x54;
    private static final int NOP = 0x30;
    private static final int TIME_CHANGED = 0x49;
    private static final int EMBED_AT = 9;
    private static final String[] MONTHS = {
        "JAN", "FEB", "MAR", "APR", "MAI", "JUN", "JUL", "AUG", "SEP", "OKT", "NOV", "DEZ"
    };

    private final Map<String, Generator> values;
    private final MedibusFrames frames = new MedibusFrames(this);
    private final MedibusStreams streams;
    private final long startNs;
    private List<Bytes> out = new ArrayList<>();
    private long nowNs;
    private LocalDateTime now = LocalDateTime.MIN;
    private boolean isCallAnswered;
    private boolean isCalled;
    private boolean isAwaiting;
    private long awaitingNs;
    private long hostNs;
    private long callNs;
    private long nopNs;
    private int answers;
    private int lastRealTime;

    public MedibusSimulator(Map<String, Generator> values, long nowNs) {
        this.values = new TreeMap<>(values);
        this.startNs = nowNs;
        this.nowNs = nowNs;
        this.hostNs = nowNs;
        this.callNs = nowNs;
        this.streams = new MedibusStreams(
                value("offers"), (code, ms) -> Simulation.text(this.values.get("rt." + code), ms, LocalDateTime.MIN));
    }

    @Override
    public List<Bytes> onBytes(byte[] chunk, int length, long nowNs, LocalDateTime now) {
        this.nowNs = nowNs;
        this.now = now;
        frames.put(chunk, length);
        return taken();
    }

    @Override
    public List<Bytes> onTime(long nowNs, LocalDateTime now) {
        this.nowNs = nowNs;
        this.now = now;
        boolean isUnanswered = isAwaiting && nowNs - awaitingNs >= ANSWER_NS;
        if (isRunning() && (isUnanswered || nowNs - hostNs >= LOST_NS)) {
            lose();
        }
        if (!isCallAnswered && nowNs - callNs >= 0) {
            callNs = nowNs + LOST_NS;
            out.add(MedibusFrames.command(INITIALISE, ""));
        }
        if (isRunning() && nowNs - nopNs >= 0) {
            nopNs = nowNs + SECOND_NS;
            say(command(NOP));
        }
        return taken();
    }

    private boolean isRunning() {
        return isCallAnswered && isCalled;
    }

    private void lose() {
        isCallAnswered = false;
        isCalled = false;
        isAwaiting = false;
        callNs = nowNs;
        streams.stop();
    }

    private List<Bytes> taken() {
        List<Bytes> taken = out;
        out = new ArrayList<>();
        return taken;
    }

    @Override
    public long waitNs(long nowNs) {
        if (!isRunning()) {
            return isCallAnswered ? LOST_NS : Math.max(0, callNs - nowNs);
        }
        return Math.max(0, Math.min(nopNs - nowNs, hostNs + LOST_NS - nowNs));
    }

    @Override
    public Bytes damaged(Bytes message) {
        byte[] bytes = message.toArray();
        for (int i = bytes.length - 2; i >= 0; i--) {
            if (bytes[i] >= 0) {
                bytes[i] ^= 1;
                break;
            }
        }
        return Bytes.of(bytes);
    }

    /** No message declares counts. */
    @Override
    public void breakNextCount() {}

    @Override
    public void command(int code, String arguments, int size) {
        hostNs = nowNs;
        if (code == INITIALISE) {
            streams.stop();
            out.add(MedibusFrames.response(code, ""));
            if (!isCalled) {
                isCalled = true;
                nopNs = nowNs + SECOND_NS;
                out.add(command(IDENTIFY));
            }
        } else if (isCalled) {
            answer(code, arguments);
        }
    }

    private void answer(int code, String arguments) {
        if (code == CHOOSE_WAVES) {
            streams.choose(arguments);
        }
        Bytes answer = MedibusFrames.response(code, data(code));
        boolean isEmbedding = isRunning() && answer.size() > 2 * EMBED_AT && ++answers % 3 == 0;
        say(isEmbedding ? embedded(answer) : answer);
    }

    /** A command in the middle of a response, and of one of its records. */
    private Bytes embedded(Bytes answer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(answer.slice(0, EMBED_AT).toArray());
        bytes.writeBytes(command(answers % 2 == 0 ? NOP : TIME_CHANGED).toArray());
        bytes.writeBytes(answer.slice(EMBED_AT, answer.size()).toArray());
        return Bytes.of(bytes.toByteArray());
    }

    private Bytes command(int code) {
        awaitingNs = isAwaiting ? awaitingNs : nowNs;
        isAwaiting = true;
        return MedibusFrames.command(code, "");
    }

    /** The samples since the last frame go out between the bytes of this one. */
    private void say(Bytes frame) {
        byte[] stream = streams.until(nowNs - startNs);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int gaps = frame.size() - 1;
        for (int i = 0; i <= gaps; i++) {
            bytes.write(frame.at(i));
            int from = stream.length * i / gaps;
            int to = stream.length * Math.min(gaps, i + 1) / gaps;
            bytes.write(stream, from, to - from);
        }
        out.add(Bytes.of(bytes.toByteArray()));
    }

    @Override
    public void response(int code, String data, int size) {
        hostNs = nowNs;
        isCallAnswered |= code == INITIALISE;
        isAwaiting &= code == INITIALISE;
    }

    @Override
    public void realTime(int octet) {
        if (lastRealTime == ENABLE) {
            streams.enable(octet & 0x0f, nowNs - startNs);
        }
        lastRealTime = octet;
    }

    @Override
    public void suspended(boolean isSuspended) {}

    @Override
    public void damaged(Fault fault, int count, int size, Start open) {}

    private String data(int code) {
        for (MedibusQuestion question : MedibusQuestion.values()) {
            if (question.code() == code) {
                return question.form() == MedibusQuestion.Form.TIME ? time() : records(question);
            }
        }
        if (code == IDENTIFY) {
            return value("id");
        }
        return code == OFFER_WAVES ? value("offers") : "";
    }

    private String time() {
        return String.format(
                Locale.ROOT,
                "%2d:%02d:%02d%2d-%s-%02d",
                now.getHour(),
                now.getMinute(),
                now.getSecond(),
                now.getDayOfMonth(),
                MONTHS[now.getMonthValue() - 1],
                now.getYear() % 100);
    }

    private String records(MedibusQuestion question) {
        boolean isAlarms = question.form() == MedibusQuestion.Form.ALARMS;
        String prefix = isAlarms ? "alarm-" + question.prefix() + "." : question.prefix();
        StringBuilder records = new StringBuilder();
        for (String name : values.keySet()) {
            String value = name.startsWith(prefix) ? value(name) : "";
            if (!value.isEmpty()) {
                records.append(record(question.form(), name.substring(prefix.length()), value));
            }
        }
        return records.toString();
    }

    /** @param value of an alarm: priority, a blank, the phrase */
    private static String record(MedibusQuestion.Form form, String code, String value) {
        if (form == MedibusQuestion.Form.TEXTS) {
            return code + (char) ('0' + value.length()) + value + '\3';
        }
        if (form == MedibusQuestion.Form.ALARMS) {
            String[] parts = value.split(" ", 2);
            return (char) ('0' + Integer.parseInt(parts[0]))
                    + code
                    + String.format(Locale.ROOT, "%-12.12s", parts.length > 1 ? parts[1] : "");
        }
        int width = form == MedibusQuestion.Form.SETTINGS ? 5 : 4;
        return code + String.format(Locale.ROOT, "%" + width + "." + width + "s", value);
    }

    private String value(String name) {
        return Simulation.text(values.get(name), (nowNs - startNs) / 1_000_000, now);
    }
}
