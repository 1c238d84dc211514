package org.wasla.gateway.simulator;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.wasla.gateway.codec.AstmFrames;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.simulator.SimulatorSpec.Generator;

/**
 * An analyser that sends its results by ASTM E1381 (lab.md 1.1): asks for the line, waits, sends frame by frame, the same
 * again after a NAK, breaks off after six or when nobody answers, and then repeats all of it. Names in braces in its
 * records stand for values. Pure; one thread.
 */
public final class AstmSimulator implements Simulated {
    private static final Pattern NAME = Pattern.compile("\\{([A-Za-z0-9-]+)}");
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long ANSWER_NS = 15 * SECOND_NS;
    private static final long BUSY_NS = 10 * SECOND_NS;
    private static final int TIMES_MAX = 6;
    private static final Bytes ENQUIRY = Bytes.latin1("\5");
    private static final Bytes END = Bytes.latin1("\4");
    private static final Bytes ACK = Bytes.latin1("\6");

    private enum State {
        IDLE,
        ASKING,
        SENDING,
        /** The computer sends. */
        LISTENING
    }

    private final List<String> records;
    private final Map<String, Generator> values;
    private final int textBytes;
    private final long everyNs;
    private final long startNs;
    private List<Bytes> frames = List.of();
    private State state = State.IDLE;
    private int frame;
    private int times;
    private long dueNs;

    /**
     * @param textBytes characters of a frame's text; 0: each record is a frame of its own
     * @param everyNs from one transmission to the next
     */
    public AstmSimulator(List<String> records, Map<String, Generator> values, int textBytes, long everyNs, long nowNs) {
        this.records = List.copyOf(records);
        this.values = Map.copyOf(values);
        this.textBytes = textBytes;
        this.everyNs = everyNs;
        this.startNs = nowNs;
        this.dueNs = nowNs;
    }

    @Override
    public List<Bytes> onBytes(byte[] chunk, int length, long nowNs, LocalDateTime now) {
        List<Bytes> said = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            hear(chunk[i] & 0xff, nowNs, said);
        }
        return said;
    }

    private void hear(int octet, long nowNs, List<Bytes> said) {
        switch (state) {
            case ASKING -> asked(octet, nowNs, said);
            case SENDING -> answered(octet, nowNs, said);
            case IDLE -> {
                if (octet == AstmFrames.ENQ) {
                    state = State.LISTENING;
                    said.add(ACK);
                }
            }
            case LISTENING -> {
                if (octet == AstmFrames.EOT) {
                    state = State.IDLE;
                } else if (octet == '\n') {
                    said.add(ACK);
                }
            }
        }
    }

    private void asked(int octet, long nowNs, List<Bytes> said) {
        if (octet == AstmFrames.ACK) {
            state = State.SENDING;
            frame = 0;
            times = 0;
            send(nowNs, said);
        } else if (octet == AstmFrames.NAK) {
            rest(nowNs, BUSY_NS);
        } else if (octet == AstmFrames.ENQ) {
            // The computer gives way: we ask again after a second.
            rest(nowNs, SECOND_NS);
        }
    }

    private void answered(int octet, long nowNs, List<Bytes> said) {
        if (octet == AstmFrames.ACK || octet == AstmFrames.EOT) {
            frame++;
            times = 0;
            if (frame < frames.size()) {
                send(nowNs, said);
            } else {
                said.add(END);
                frames = List.of();
                rest(nowNs, everyNs);
            }
        } else if (times < TIMES_MAX) {
            send(nowNs, said);
        } else {
            said.add(END);
            rest(nowNs, BUSY_NS);
        }
    }

    private void send(long nowNs, List<Bytes> said) {
        times++;
        dueNs = nowNs + ANSWER_NS;
        said.add(frames.get(frame));
    }

    private void rest(long nowNs, long forNs) {
        state = State.IDLE;
        dueNs = nowNs + forNs;
    }

    @Override
    public List<Bytes> onTime(long nowNs, LocalDateTime now) {
        if (nowNs - dueNs < 0) {
            return List.of();
        }
        if (state == State.SENDING || state == State.ASKING) {
            rest(nowNs, BUSY_NS);
            return List.of(END);
        }
        if (frames.isEmpty()) {
            frames = frames(nowNs, now);
        }
        state = State.ASKING;
        dueNs = nowNs + ANSWER_NS;
        return List.of(ENQUIRY);
    }

    @Override
    public long waitNs(long nowNs) {
        return Math.max(0, dueNs - nowNs);
    }

    private List<Bytes> frames(long nowNs, LocalDateTime now) {
        List<Bytes> made = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (String record : records) {
            text.append(filled(record, values, (nowNs - startNs) / 1_000_000, now))
                    .append('\r');
            if (textBytes == 0) {
                made.add(AstmFrames.frame((made.size() + 1) % 8, Bytes.latin1(text.toString()), true));
                text.setLength(0);
            }
        }
        for (int from = 0; from < text.length(); from += textBytes) {
            int to = Math.min(text.length(), from + textBytes);
            Bytes part = Bytes.latin1(text.substring(from, to));
            made.add(AstmFrames.frame((made.size() + 1) % 8, part, to == text.length()));
        }
        return made;
    }

    /** @return the record with its values at so many milliseconds from the start */
    static String filled(String record, Map<String, Generator> values, long sinceMs, LocalDateTime now) {
        StringBuilder text = new StringBuilder();
        Matcher matcher = NAME.matcher(record);
        while (matcher.find()) {
            String value = Simulation.text(values.get(matcher.group(1)), sinceMs, now);
            matcher.appendReplacement(text, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(text).toString();
    }

    /** A wrong checksum where there is one. */
    @Override
    public Bytes damaged(Bytes message) {
        byte[] bytes = message.toArray();
        if (bytes.length > 5) {
            bytes[bytes.length - 3] ^= 1;
        }
        return Bytes.of(bytes);
    }

    /** No message declares counts. */
    @Override
    public void breakNextCount() {}
}
