package org.wasla.gateway.hl7;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece;
import org.wasla.gateway.frame.Piece.Fault;

/**
 * Bytes to messages by the minimal lower layer protocol (lab.md 2.1). Each byte is looked at once. One thread.
 *
 * <pre>
 * 0B message 1C [0D]    a frame; another 0B inside it shows that the end was lost
 * MSH... 1C             a frame whose beginning was lost, or a sender that has none
 * MSH...CR              the same without an end: over at the next MSH, and when the line is quiet
 * 05 00 0D 0A blanks    between messages: part of no piece; 05 shows that the sender lives
 * </pre>
 */
public final class MllpFrames {
    /** Most bytes of a message unless a profile says otherwise. */
    public static final int BYTES_MAX = 16 * 1024 * 1024;

    private static final int START = 0x0b;
    private static final int END = 0x1c;
    private static final int ENQ = 0x05;
    private static final String HEADER = "MSH";
    private static final int BUFFER_KEPT = 65_536;
    private static final int BUFFER_FIRST = 1024;

    private final int bytesMax;
    private final boolean takesBare;
    private byte[] buffer = new byte[BUFFER_FIRST];
    private int held;
    private State state = State.BETWEEN;
    private List<Piece> pieces = new ArrayList<>();
    private int garbage;
    private boolean isGarbageTold;
    private boolean isLineStart = true;
    private boolean isAlive;

    private enum State {
        BETWEEN,
        FRAME,
        BARE,
        /** Behind a message that was too long. */
        SKIP
    }

    /**
     * @param bytesMax most bytes of a message
     * @param takesBare whether text without a frame is a message
     */
    public MllpFrames(int bytesMax, boolean takesBare) {
        this.bytesMax = bytesMax;
        this.takesBare = takesBare;
    }

    /** @return what the first {@code length} bytes ended or showed to be wrong */
    public List<Piece> put(byte[] chunk, int length) {
        for (int i = 0; i < length; i++) {
            i += state == State.FRAME ? append(chunk, i, length) : 0;
            if (i < length) {
                put(chunk[i]);
            }
        }
        return taken();
    }

    /**
     * The line was quiet for too long: what is held is noise, or a message without an end. Where its last line is not
     * ended it is not whole, and its sender is not to be told that it was kept.
     */
    public List<Piece> flush() {
        if (state == State.BARE && held > HEADER.length() && isLineEnd(buffer[held - 1])) {
            frame(held, held);
        } else if (state == State.FRAME || state == State.BARE) {
            noise(Fault.CUT);
        }
        reset();
        return taken();
    }

    /** The stream is over, and nobody is answered any more: of a message without an end all whole lines are kept. */
    public List<Piece> end() {
        int whole = held;
        while (state == State.BARE && whole > 0 && !isLineEnd(buffer[whole - 1])) {
            whole--;
        }
        if (state == State.BARE && whole > HEADER.length()) {
            frame(whole, whole);
            if (whole < held) {
                pieces.add(new Piece.Noise(Fault.CUT, 1, held - whole));
            }
            reset();
        }
        return flush();
    }

    private List<Piece> taken() {
        tellGarbage();
        List<Piece> taken = pieces;
        pieces = new ArrayList<>();
        return taken;
    }

    /** @return whether a message has begun and not ended */
    public boolean holdsBytes() {
        return state != State.BETWEEN;
    }

    /** @return whether what is held came without the beginning of a frame: only quiet shows where it ends */
    public boolean isBare() {
        return state == State.BARE;
    }

    /** @return whether a sign of life came since the last call */
    public boolean takeAlive() {
        boolean was = isAlive;
        isAlive = false;
        return was;
    }

    private void put(byte octet) {
        switch (state) {
            case BETWEEN -> between(octet);
            case FRAME -> frame(octet);
            case BARE -> bare(octet);
            case SKIP -> skip(octet);
        }
    }

    private void between(byte octet) {
        if (octet == START) {
            begin(State.FRAME);
        } else if (takesBare && octet == 'M' && isLineStart) {
            tellGarbage();
            state = State.BARE;
            append(octet);
        } else if (octet == END || isLineEnd(octet)) {
            isLineStart = true;
        } else if (octet == ENQ || octet == 0 || octet == ' ') {
            isAlive |= octet == ENQ;
        } else {
            isLineStart = false;
            garbage++;
        }
    }

    private void begin(State next) {
        tellGarbage();
        isGarbageTold = false;
        held = 0;
        state = next;
    }

    private void frame(byte octet) {
        if (octet == END) {
            frame(held, held + 2);
            reset();
        } else if (octet == START) {
            noise(Fault.CUT);
            begin(State.FRAME);
        } else {
            append(octet);
        }
    }

    private void bare(byte octet) {
        if (held < HEADER.length()) {
            if (octet == HEADER.charAt(held)) {
                append(octet);
                return;
            }
            // No header after all: these letters are noise, and this byte may be anything.
            garbage = held;
            reset();
            isLineStart = false;
            between(octet);
        } else if (octet == END) {
            frame(held, held + 1);
            reset();
        } else if (octet == START) {
            noise(Fault.CUT);
            begin(State.FRAME);
        } else {
            append(octet);
            if (state == State.BARE
                    && held > 2 * HEADER.length() + 1
                    && octet == buffer[HEADER.length()]
                    && isHeader()) {
                next();
            }
        }
    }

    /** Whether the last four bytes are the beginning of another message. */
    private boolean isHeader() {
        int at = held - HEADER.length() - 1;
        return buffer[at] == 'M' && buffer[at + 1] == 'S' && buffer[at + 2] == 'H' && isLineEnd(buffer[at - 1]);
    }

    private void next() {
        int begin = held - HEADER.length() - 1;
        frame(begin, begin);
        System.arraycopy(buffer, begin, buffer, 0, held - begin);
        held -= begin;
    }

    private void skip(byte octet) {
        if (octet == START) {
            begin(State.FRAME);
        } else {
            pieces.add(new Piece.Noise(Fault.OVERLONG, 0, 1));
            state = octet == END ? State.BETWEEN : State.SKIP;
        }
    }

    /** Takes what cannot end a frame at once. @return how many bytes it took */
    private int append(byte[] chunk, int from, int to) {
        int end = from;
        while (end < to && chunk[end] != END && chunk[end] != START) {
            end++;
        }
        int taken = Math.min(end - from, bytesMax - held);
        while (buffer.length - held < taken) {
            grow();
        }
        System.arraycopy(chunk, from, buffer, held, taken);
        held += taken;
        return taken;
    }

    private void append(byte octet) {
        if (held == bytesMax) {
            pieces.add(new Piece.Noise(Fault.OVERLONG, 1, held + 1));
            reset();
            state = State.SKIP;
            return;
        }
        if (held == buffer.length) {
            grow();
        }
        buffer[held++] = octet;
    }

    private void grow() {
        buffer = Arrays.copyOf(buffer, (int) Math.min(bytesMax, 2L * buffer.length));
    }

    private void frame(int length, int size) {
        pieces.add(new Piece.Frame(Bytes.of(buffer, 0, length), size));
        isGarbageTold = false;
    }

    private void noise(Fault fault) {
        pieces.add(new Piece.Noise(fault, 1, state == State.FRAME ? held + 1 : held));
    }

    private void reset() {
        held = 0;
        state = State.BETWEEN;
        isLineStart = true;
        if (buffer.length > BUFFER_KEPT) {
            buffer = new byte[BUFFER_FIRST];
        }
    }

    private void tellGarbage() {
        if (garbage > 0) {
            pieces.add(new Piece.Noise(Fault.GARBAGE, isGarbageTold ? 0 : 1, garbage));
            isGarbageTold = true;
            garbage = 0;
        }
    }

    private static boolean isLineEnd(byte octet) {
        return octet == '\r' || octet == '\n';
    }
}
