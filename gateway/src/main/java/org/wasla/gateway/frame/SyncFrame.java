package org.wasla.gateway.frame;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Blocks of a fixed size that carry no mark but a few fixed bits and a checksum, and that make up packets of a fixed
 * number of blocks. The frame is the packet; one bad block spoils its packet.
 *
 * @param size bytes of a block, 2 to 1,024
 * @param fixed bits that every block carries
 * @param check the checksum of each block, or null
 * @param blocks blocks of a packet, 1 to 256
 * @param first bits that the first block of a packet carries and no other, or null when blocks is 1
 */
public record SyncFrame(
        int size,
        List<Bits> fixed,
        @Nullable Check check,
        int blocks,
        @Nullable Bits first) implements FrameSpec {
    /** The byte at index {@code at} of a block, masked, is {@code value}. */
    public record Bits(int at, int mask, int value) {
        boolean in(byte[] buffer, int block) {
            return (buffer[block + at] & mask) == value;
        }
    }

    public SyncFrame {
        fixed = List.copyOf(fixed);
        if (size < 2 || size > 1024 || blocks < 1 || blocks > 256 || size * blocks > 65_536) {
            throw new IllegalArgumentException("size 2 to 1024, blocks 1 to 256, at most 65536 bytes a packet");
        }
        if (fixed.isEmpty() || (blocks > 1) != (first != null)) {
            throw new IllegalArgumentException("fixed bits, and for packets the bits of the first block, are needed");
        }
    }

    @Override
    public int maxBytes() {
        return size * blocks;
    }

    @Override
    public Step next(byte[] buffer, int from, int to, int searched, boolean midFrame) {
        for (int i = 0; i < blocks; i++) {
            int block = from + i * size;
            if (block + size > to) {
                return Step.more(from);
            }
            boolean shaped = shaped(buffer, block);
            if (!shaped || !sums(buffer, block)) {
                return broken(buffer, from, to, i, shaped);
            }
            boolean isFirst = first == null || first.in(buffer, block);
            if (isFirst != (i == 0) && blocks > 1) {
                return i == 0 ? Step.giveUp(size, Piece.Fault.CUT) : Step.noise(i * size, Piece.Fault.CUT);
            }
        }
        return Step.frame(maxBytes(), Bytes.of(buffer, from, from + maxBytes()));
    }

    /** A block with the right shape and a wrong sum counts as one only when the next block stands where it should. */
    private Step broken(byte[] buffer, int from, int to, int index, boolean shaped) {
        int next = from + (index + 1) * size;
        if (shaped && index == 0) {
            if (next + size > to) {
                return Step.more(from);
            }
            if (shaped(buffer, next)) {
                return Step.giveUp(size, Piece.Fault.CHECKSUM);
            }
        }
        if (index == 0) {
            return Step.noise(1, Piece.Fault.GARBAGE);
        }
        return shaped
                ? Step.giveUp((index + 1) * size, Piece.Fault.CHECKSUM)
                : Step.noise(index * size, Piece.Fault.CUT);
    }

    private boolean shaped(byte[] buffer, int block) {
        for (Bits bits : fixed) {
            if (!bits.in(buffer, block)) {
                return false;
            }
        }
        return true;
    }

    private boolean sums(byte[] buffer, int block) {
        return check == null || check.holds(buffer, block, block + size);
    }

    @Override
    public boolean isChecked() {
        return check != null;
    }

    @Override
    public byte[] seal(byte[] frame) {
        byte[] packet = Arrays.copyOf(frame, maxBytes());
        for (int i = 0; i < blocks; i++) {
            int block = i * size;
            for (Bits bits : fixed) {
                set(packet, block, bits);
            }
            if (i == 0 && first != null) {
                set(packet, block, first);
            }
            if (check != null) {
                check.write(packet, block, block + size);
            }
        }
        return packet;
    }

    /** Makes the checksum of one block wrong; false when the blocks have none. For simulators. */
    public boolean spoilCheck(byte[] packet) {
        if (check == null) {
            return false;
        }
        packet[blocks / 2 * size + (check.at() < 0 ? size : 0) + check.at()] ^= 0x01;
        return true;
    }

    private static void set(byte[] packet, int block, Bits bits) {
        int at = block + bits.at();
        packet[at] = (byte) (packet[at] & ~bits.mask() | bits.value());
    }
}
