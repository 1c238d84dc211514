package org.wasla.gateway.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.h2.compress.CompressLZF;
import org.wasla.gateway.vault.Safe;

/**
 * A run of entries of one urgency as the store keeps it: one value, compressed, with a checksum and marks of its own, so
 * that it can be told whole or found again in a file that will not open. Stateless.
 *
 * <pre>
 * magic WSLB (4) | length of all (4) | crc of what follows (4) | epoch (4) | length of the content (4) | how (1) | content
 * </pre>
 *
 * How: 1 is packed, 2 is locked after that. The checksum is of what stands in the file, so that a block can be told whole
 * without the key.
 */
final class Block {

    static final int MAGIC = 0x57534c42;
    static final int HEAD_BYTES = 21;
    private static final int CONTENT_BYTES = 128 << 10;

    private static final int CRC_FROM = 12;
    private static final int PACKED = 1;
    private static final int LOCKED = 2;
    private static final int ABOUT_BYTES = HEAD_BYTES - CRC_FROM;
    private static final int CONTENT_BYTES_MAX = 4 << 20;

    private Block() {}

    /** Cuts entries of one urgency into runs that take about so much before they are packed. */
    static List<List<Entry>> runs(List<Entry> entries, long contentBytes) {
        List<List<Entry>> runs = new ArrayList<>();
        int start = 0;
        long bytes = 0;
        for (int i = 0; i < entries.size(); i++) {
            long more = entries.get(i).amount().bytes();
            if (i > start && bytes + more > contentBytes) {
                runs.add(entries.subList(start, i));
                start = i;
                bytes = 0;
            }
            bytes += more;
        }
        if (start < entries.size()) {
            runs.add(entries.subList(start, entries.size()));
        }
        return runs;
    }

    /** Writes blocks one after the other with the same room. One thread. */
    static final class Encoder {

        private final Packer content = new Packer(CONTENT_BYTES + (CONTENT_BYTES >> 3));
        private final CompressLZF compress = new CompressLZF();
        private final Safe safe;
        private byte[] packed = new byte[CONTENT_BYTES];

        Encoder(Safe safe) {
            this.safe = safe;
        }

        byte[] encode(String epoch, List<Entry> entries) {
            content.clear(CONTENT_BYTES_MAX);
            JournalFormat.entries(content, entries);
            int most = content.size() + content.size() / 8 + 1_024;
            packed = packed.length < most ? new byte[most] : packed;
            int length = compress.compress(content.array(), 0, content.size(), packed, 0);
            boolean smaller = length < content.size();
            int more = safe.isLocking() ? Safe.MORE_BYTES : 0;
            Packer block = new Packer(HEAD_BYTES + (smaller ? length : content.size()) + more);
            block.putInt(MAGIC);
            block.putInt(0);
            block.putInt(0);
            block.putInt(Integer.parseUnsignedInt(epoch, 16));
            block.putInt(content.size());
            block.putByte((smaller ? PACKED : 0) | (safe.isLocking() ? LOCKED : 0));
            byte[] from = smaller ? packed : content.array();
            int bytes = smaller ? length : content.size();
            if (safe.isLocking()) {
                byte[] locked = safe.lock(from, 0, bytes, about(block.array()));
                block.put(locked, 0, locked.length);
            } else {
                block.put(from, 0, bytes);
            }
            block.setInt(4, block.size());
            block.setInt(8, crc(block.array(), CRC_FROM, block.size() - CRC_FROM));
            return block.array();
        }
    }

    private static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /** The length of the block that begins here, -1 when none does. */
    static int lengthAt(ByteBuffer bytes, int at) {
        if (at + HEAD_BYTES > bytes.limit() || bytes.getInt(at) != MAGIC) {
            return -1;
        }
        int length = bytes.getInt(at + 4);
        return length >= HEAD_BYTES && length <= CONTENT_BYTES_MAX ? length : -1;
    }

    /** The buffer that a whole block was written for. */
    static String epochOf(byte[] block) {
        return String.format("%08x", ByteBuffer.wrap(block).getInt(CRC_FROM));
    }

    /** Epoch, length and how it is kept: none of them can be changed alone. */
    private static byte[] about(byte[] block) {
        return Arrays.copyOfRange(block, CRC_FROM, CRC_FROM + ABOUT_BYTES);
    }

    /** Throws when the bytes are not a whole block as it was written. */
    static List<Entry> decode(byte[] block, Safe safe) throws IOException {
        ByteBuffer head = ByteBuffer.wrap(block);
        if (lengthAt(head, 0) != block.length || head.getInt(8) != crc(block, CRC_FROM, block.length - CRC_FROM)) {
            throw new IOException("a block does not hold its checksum");
        }
        int contentBytes = head.getInt(16);
        if (contentBytes < 0 || contentBytes > CONTENT_BYTES_MAX) {
            throw new IOException("a block of " + contentBytes + " bytes");
        }
        int how = block[HEAD_BYTES - 1];
        byte[] content = (how & LOCKED) != 0
                ? safe.unlock(block, HEAD_BYTES, block.length - HEAD_BYTES, about(block))
                : Arrays.copyOfRange(block, HEAD_BYTES, block.length);
        if ((how & PACKED) != 0) {
            byte[] unpacked = new byte[contentBytes];
            new CompressLZF().expand(content, 0, content.length, unpacked, 0, contentBytes);
            content = unpacked;
        }
        return JournalFormat.entries(ByteBuffer.wrap(content));
    }
}
