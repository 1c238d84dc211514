package org.wasla.gateway.codec;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece.Fault;

/**
 * Cuts bytes into the frames and controls of ASTM E1381 and CLSI LIS01 (lab.md 1.1). The checksum is the sum of the bytes
 * as they came. A frame is told at its line feed; where that is missing, at the next byte or by {@link #flush}. Pure; one
 * thread.
 */
public final class AstmFrames {
    public static final int STX = 0x02;
    public static final int ETX = 0x03;
    public static final int EOT = 0x04;
    public static final int ENQ = 0x05;
    public static final int ACK = 0x06;
    public static final int NAK = 0x15;
    public static final int ETB = 0x17;
    private static final int CR = 0x0d;
    private static final int LF = 0x0a;
    /** Most characters of text, with the frame's number (LIS01-A2 8.3.1). */
    private static final int TEXT_BYTES_MAX = 64_001;

    /** What stands on the line. */
    public sealed interface Event {
        /**
         * A frame.
         *
         * @param number 0 to 7
         * @param isEnd whether it ends with ETX: the message is over
         * @param isGood whether its checksum is right
         * @param size bytes on the wire, line end included
         */
        record Frame(int number, Bytes text, boolean isEnd, boolean isGood, int size) implements Event {}

        /** One of ENQ, EOT, ACK, NAK. */
        record Control(int code) implements Event {}

        /** Bytes that are neither. {@code count} is 0 when they go on with what was told before. */
        record Noise(Fault fault, int count, int size) implements Event {}
    }

    private enum State {
        IDLE,
        TEXT,
        FIRST_DIGIT,
        SECOND_DIGIT,
        TAIL,
        LINE_FEED
    }

    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final List<Event> events = new ArrayList<>();
    private State state = State.IDLE;
    private int sum;
    private int terminator;
    private int firstDigit;
    private int secondDigit;
    private int size;
    private boolean isNoisy;

    /** @return a frame with its checksum and line end */
    public static Bytes frame(int number, Bytes text, boolean isEnd) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(STX);
        frame.write('0' + number);
        frame.writeBytes(text.toArray());
        frame.write(isEnd ? ETX : ETB);
        int sum = 0;
        byte[] bytes = frame.toByteArray();
        for (int i = 1; i < bytes.length; i++) {
            sum += bytes[i] & 0xff;
        }
        frame.writeBytes(
                Bytes.latin1(String.format(Locale.ROOT, "%02X\r\n", sum & 0xff)).toArray());
        return Bytes.of(frame.toByteArray());
    }

    /** Whether a frame has begun and is not told yet. */
    boolean holdsBytes() {
        return state != State.IDLE;
    }

    /** Whether only the line end of a frame is missing. */
    boolean awaitsLineEnd() {
        return state == State.TAIL || state == State.LINE_FEED;
    }

    /** @return what this byte, 0 to 255, completes */
    List<Event> put(int octet) {
        events.clear();
        switch (state) {
            case IDLE -> idle(octet);
            case TEXT -> text(octet);
            case FIRST_DIGIT, SECOND_DIGIT -> digit(octet);
            case TAIL, LINE_FEED -> tail(octet);
        }
        return events.isEmpty() ? List.of() : List.copyOf(events);
    }

    /** @return what is known of bytes that do not go on */
    List<Event> flush() {
        events.clear();
        if (awaitsLineEnd()) {
            tell();
        } else if (state != State.IDLE) {
            cut(Fault.CUT);
        }
        return List.copyOf(events);
    }

    private void idle(int octet) {
        if (octet == STX) {
            begin();
        } else if (octet == ENQ || octet == EOT || octet == ACK || octet == NAK) {
            isNoisy = false;
            events.add(new Event.Control(octet));
        } else {
            boolean isLineEnd = octet == CR || octet == LF;
            events.add(new Event.Noise(Fault.GARBAGE, isLineEnd || isNoisy ? 0 : 1, 1));
            isNoisy |= !isLineEnd;
        }
    }

    private void begin() {
        text.reset();
        state = State.TEXT;
        sum = 0;
        size = 1;
        isNoisy = false;
    }

    private void text(int octet) {
        if (interrupts(octet)) {
            return;
        }
        size++;
        sum += octet;
        if (octet == ETX || octet == ETB) {
            terminator = octet;
            state = State.FIRST_DIGIT;
        } else if (text.size() >= TEXT_BYTES_MAX) {
            cut(Fault.OVERLONG);
            isNoisy = true;
        } else {
            text.write(octet);
        }
    }

    private void digit(int octet) {
        if (interrupts(octet)) {
            return;
        }
        size++;
        if (state == State.FIRST_DIGIT) {
            firstDigit = octet;
            state = State.SECOND_DIGIT;
        } else {
            secondDigit = octet;
            state = State.TAIL;
        }
    }

    /** Bytes that stand in no text: whoever sends one has begun anew. */
    private boolean interrupts(int octet) {
        if (octet != STX && octet != ENQ && octet != EOT) {
            return false;
        }
        cut(Fault.CUT);
        idle(octet);
        return true;
    }

    private void cut(Fault fault) {
        events.add(new Event.Noise(fault, 1, size));
        state = State.IDLE;
    }

    private void tail(int octet) {
        if (octet == LF) {
            size++;
            tell();
        } else if (octet == CR && state == State.TAIL) {
            size++;
            state = State.LINE_FEED;
        } else {
            tell();
            idle(octet);
        }
    }

    private void tell() {
        byte[] bytes = text.toByteArray();
        int number = bytes.length == 0 ? -1 : bytes[0] - '0';
        state = State.IDLE;
        if (number < 0 || number > 7) {
            events.add(new Event.Noise(Fault.FORMAT, 1, size));
            return;
        }
        int check = Character.digit(firstDigit, 16) * 16 + Character.digit(secondDigit, 16);
        boolean isHex = Character.digit(firstDigit, 16) >= 0 && Character.digit(secondDigit, 16) >= 0;
        boolean isGood = isHex && check == (sum & 0xff);
        events.add(new Event.Frame(number, Bytes.of(bytes, 1, bytes.length), terminator == ETX, isGood, size));
    }
}
