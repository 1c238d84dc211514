package org.wasla.gateway.frame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.frame.Piece.Frame;
import org.wasla.gateway.frame.Piece.Noise;

/**
 * Cuts a byte stream into frames and the noise between them, whatever the chunks it comes in. Never throws on input;
 * holds at most one frame of the grammar's limit and one part of a chunk. One thread.
 */
public final class Framer {
    private final FrameSpec spec;
    private byte[] buffer = new byte[256];
    private int from;
    private int to;
    private int searched;
    private boolean midFrame;
    private boolean inGarbage;

    public Framer(FrameSpec spec) {
        this.spec = spec;
    }

    /** Takes the first {@code length} bytes of the chunk and gives what became clear with them. */
    public List<Piece> put(byte[] chunk, int length) {
        List<Piece> pieces = new ArrayList<>();
        if (spec instanceof DatagramFrame && length > spec.maxBytes()) {
            noise(pieces, Fault.OVERLONG, length, false);
            return pieces;
        }
        int taken = 0;
        while (taken < length) {
            int part = Math.min(length - taken, spec.maxBytes());
            append(chunk, taken, part);
            taken += part;
            cut(pieces);
        }
        return pieces;
    }

    /** Gives up what is held: the line has been quiet for too long, or the stream is over. */
    public List<Piece> flush() {
        List<Piece> pieces = new ArrayList<>();
        while (from < to && spec.resumesInside()) {
            noise(pieces, Fault.CUT, 1, false);
            midFrame = true;
            searched = ++from;
            cut(pieces);
        }
        if (from < to) {
            noise(pieces, Fault.CUT, to - from, false);
        }
        from = 0;
        to = 0;
        searched = 0;
        midFrame = false;
        inGarbage = false;
        return pieces;
    }

    /** @return whether silence would change anything: bytes are held, or the end of what was given up is awaited */
    public boolean holdsBytes() {
        return from < to || midFrame;
    }

    private void append(byte[] chunk, int offset, int length) {
        if (to + length > buffer.length) {
            searched = Math.max(0, searched - from);
            int held = to - from;
            int size = held + length > buffer.length ? Math.max(2 * buffer.length, held + length) : buffer.length;
            byte[] target = size == buffer.length ? buffer : new byte[size];
            System.arraycopy(buffer, from, target, 0, held);
            buffer = target;
            from = 0;
            to = held;
        }
        System.arraycopy(chunk, offset, buffer, to, length);
        to += length;
    }

    private void cut(List<Piece> pieces) {
        while (from < to) {
            FrameSpec.Step step = spec.next(buffer, from, to, Math.max(searched, from), midFrame);
            if (step.length() == 0) {
                searched = step.searched();
                return;
            }
            if (step.body() != null) {
                pieces.add(new Frame(step.body(), step.length()));
                inGarbage = false;
            } else if (step.fault() != null) {
                noise(pieces, step.fault(), step.length(), step.filler());
            }
            midFrame = step.midFrame();
            from += step.length();
            searched = from;
        }
        from = 0;
        to = 0;
        searched = 0;
        buffer = buffer.length > 65_536 ? Arrays.copyOf(buffer, 256) : buffer;
    }

    private void noise(List<Piece> pieces, Fault fault, int size, boolean filler) {
        boolean goesOn = filler || midFrame || inGarbage && fault == Fault.GARBAGE;
        inGarbage = fault == Fault.GARBAGE && !filler;
        int last = pieces.size() - 1;
        if (goesOn && last >= 0 && pieces.get(last) instanceof Noise before && before.fault() == fault) {
            pieces.set(last, new Noise(fault, before.count(), before.size() + size));
        } else {
            pieces.add(new Noise(fault, goesOn ? 0 : 1, size));
        }
    }
}
