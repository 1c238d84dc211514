package org.wasla.gateway.frame;

/**
 * Frames between a start and an end mark; both belong to the body. A start mark inside a frame begins a new one: what
 * came before it lost its end.
 *
 * @param start the start mark, 1 to 16 bytes
 * @param end the end mark, 1 to 16 bytes
 * @param maxBytes most bytes of a frame with its marks, 16 to 65,536
 */
public record BlockFrame(Bytes start, Bytes end, int maxBytes) implements FrameSpec {
    public BlockFrame {
        if (start.size() < 1 || start.size() > 16 || end.size() < 1 || end.size() > 16) {
            throw new IllegalArgumentException("start and end marks of 1 to 16 bytes");
        }
        if (maxBytes < 16 || maxBytes > 65_536) {
            throw new IllegalArgumentException("limit of 16 to 65536 bytes");
        }
    }

    @Override
    public Step next(byte[] buffer, int from, int to, int searched, boolean midFrame) {
        int begin = start.find(buffer, from, to);
        if (begin > from) {
            return Step.noise(begin - from, midFrame ? Piece.Fault.OVERLONG : Piece.Fault.GARBAGE);
        }
        if (begin < 0) {
            int keep = start.size() - 1;
            int length = to - from - keep;
            return length <= 0 ? Step.more(from) : garbage(length, midFrame);
        }
        return framed(buffer, from, to, searched);
    }

    private static Step garbage(int length, boolean midFrame) {
        return midFrame ? Step.giveUp(length, Piece.Fault.OVERLONG) : Step.noise(length, Piece.Fault.GARBAGE);
    }

    private Step framed(byte[] buffer, int from, int to, int searched) {
        for (int i = Math.max(searched, from + start.size()); i < to; i++) {
            if (end.startsAt(buffer, i, to)) {
                int length = i + end.size() - from;
                return length > maxBytes
                        ? Step.noise(length, Piece.Fault.OVERLONG)
                        : Step.frame(length, from, from + length);
            }
            if (start.startsAt(buffer, i, to)) {
                return Step.noise(i - from, Piece.Fault.CUT);
            }
        }
        if (to - from > maxBytes) {
            return Step.giveUp(to - from - Math.max(start.size(), end.size()) + 1, Piece.Fault.OVERLONG);
        }
        int overlap = Math.max(start.size(), end.size()) - 1;
        return Step.more(Math.max(from + start.size(), to - overlap));
    }
}
