package org.wasla.gateway.frame;

/**
 * One packet of the network is one frame, whatever it holds (bedside.md 3.1, F9): what is handed over together belongs
 * together.
 *
 * @param maxBytes most bytes of a packet, 16 to 65,536; a longer one is no frame
 */
public record DatagramFrame(int maxBytes, Guard guard) implements FrameSpec {
    public DatagramFrame {
        FrameSpec.limit(maxBytes);
    }

    @Override
    public Step next(byte[] buffer, int from, int to, int searched, boolean midFrame) {
        return to - from > maxBytes ? Step.noise(to - from, Piece.Fault.OVERLONG) : guard.open(buffer, from, to, 0, 0);
    }

    @Override
    public byte[] seal(byte[] frame) {
        return guard.seal(frame, 0, 0);
    }

    @Override
    public byte[] sealText(byte[] text) {
        return seal(text);
    }
}
