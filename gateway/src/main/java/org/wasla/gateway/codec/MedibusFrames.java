package org.wasla.gateway.codec;

import java.util.Locale;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece.Fault;

/**
 * Cuts the bytes of a MEDIBUS line into commands, responses and the real-time stream (Draeger 90 28 258; bedside.md 2.3).
 * Never throws on input; holds at most one response and one command. One thread.
 *
 * <pre>
 * command    1B code arguments (251 at most) c1 c2 0D
 * response   01 code data (3845 bytes at most)  c1 c2 0D
 * c1 c2      sum of all bytes before, modulo 256, as two upper-case hex digits
 * 80 to FF   real-time stream: between any two bytes, in no sum
 * 11, 13     resume, suspend; 18: the current frame is given up
 * </pre>
 *
 * A command may stand in the middle of a response, which goes on behind it.
 */
public final class MedibusFrames {
    /** Most bytes between a command's code and its sum. */
    static final int ARGUMENT_BYTES_MAX = 251;
    /** Most bytes of a response. */
    static final int RESPONSE_BYTES_MAX = 3845;

    private static final int RESPONSE = 0x01;
    private static final int COMMAND = 0x1b;
    private static final int END = 0x0d;
    private static final int RESUME = 0x11;
    private static final int SUSPEND = 0x13;
    private static final int CANCEL = 0x18;
    private static final int SUM_BYTES = 2;

    private final Listener listener;
    private final StringBuilder response = new StringBuilder();
    private final StringBuilder command = new StringBuilder();
    private int garbage;
    private boolean inGarbage;

    /** Is told of each piece as soon as it is whole. */
    public interface Listener {
        /** @param size bytes of the frame on the wire, without those of the real-time stream */
        void command(int code, String arguments, int size);

        void response(int code, String data, int size);

        /** @param octet 80h to FFh */
        void realTime(int octet);

        /** The device asks us to be silent, or to go on. */
        void suspended(boolean isSuspended);

        /** @param count 0 when bytes between frames go on */
        void damaged(Fault fault, int count, int size, Start open);
    }

    /** What a frame began as. */
    public enum Start {
        NONE,
        COMMAND,
        RESPONSE
    }

    public MedibusFrames(Listener listener) {
        this.listener = listener;
    }

    /** @return the bytes of a command */
    public static Bytes command(int code, String arguments) {
        return sealed((char) COMMAND, code, arguments);
    }

    /** @return the bytes of a response */
    public static Bytes response(int code, String data) {
        return sealed((char) RESPONSE, code, data);
    }

    private static Bytes sealed(char start, int code, String body) {
        String text = start + String.valueOf((char) code) + body;
        return Bytes.latin1(text + sum(text, text.length()) + (char) END);
    }

    private static String sum(CharSequence text, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += text.charAt(i);
        }
        return String.format(Locale.ROOT, "%02X", sum & 0xff);
    }

    /** @return whether a frame has begun that has not ended */
    boolean holdsBytes() {
        return command.length() > 0 || response.length() > 0;
    }

    boolean holdsResponse() {
        return response.length() > 0;
    }

    /** @return whether there was an ordinary byte, one that is not of the real-time stream */
    public boolean put(byte[] chunk, int length) {
        boolean isOrdinary = false;
        for (int i = 0; i < length; i++) {
            isOrdinary |= chunk[i] >= 0;
            put(chunk[i] & 0xff);
        }
        tellGarbage();
        return isOrdinary;
    }

    /** Gives up what is held: the line has been quiet for too long, or the stream is over. */
    void flush() {
        giveUp(command, Fault.CUT);
        giveUp(response, Fault.CUT);
    }

    private void put(int octet) {
        if (octet >= 0x80) {
            listener.realTime(octet);
        } else if (octet == SUSPEND || octet == RESUME) {
            listener.suspended(octet == SUSPEND);
        } else if (octet == CANCEL) {
            giveUp(top(), Fault.CUT);
        } else if (octet == COMMAND || octet == RESPONSE) {
            begin(octet);
        } else if (!holdsBytes()) {
            garbage++;
        } else if (octet == END) {
            end(top());
        } else {
            append(top(), octet);
        }
    }

    private StringBuilder top() {
        return command.length() > 0 ? command : response;
    }

    private void begin(int octet) {
        tellGarbage();
        inGarbage = false;
        giveUp(command, Fault.CUT);
        if (octet == RESPONSE) {
            giveUp(response, Fault.CUT);
        }
        (octet == COMMAND ? command : response).append((char) octet);
    }

    private void append(StringBuilder frame, int octet) {
        frame.append((char) octet);
        int most = frame == command ? ARGUMENT_BYTES_MAX + 2 + SUM_BYTES : RESPONSE_BYTES_MAX - 1;
        if (frame.length() > most) {
            giveUp(frame, Fault.OVERLONG);
        }
    }

    private void end(StringBuilder frame) {
        int body = frame.length() - SUM_BYTES;
        if (body < 2 || !sum(frame, body).contentEquals(frame.subSequence(body, frame.length()))) {
            frame.append((char) END);
            giveUp(frame, Fault.CHECKSUM);
            return;
        }
        int code = frame.charAt(1);
        String text = frame.substring(2, body);
        int size = frame.length() + 1;
        boolean isCommand = frame == command;
        frame.setLength(0);
        if (isCommand) {
            listener.command(code, text, size);
        } else {
            listener.response(code, text, size);
        }
    }

    private void giveUp(StringBuilder frame, Fault fault) {
        int size = frame.length();
        if (size > 0) {
            frame.setLength(0);
            listener.damaged(fault, 1, size, frame == command ? Start.COMMAND : Start.RESPONSE);
        }
    }

    private void tellGarbage() {
        if (garbage > 0) {
            listener.damaged(Fault.GARBAGE, inGarbage ? 0 : 1, garbage, Start.NONE);
            garbage = 0;
            inGarbage = true;
        }
    }
}
