package org.wasla.gateway.identify;

import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.frame.Bytes;

/**
 * Bytes that came together from a device.
 *
 * @param timeMs since any beginning, never falling from chunk to chunk
 */
public record Chunk(long timeMs, Bytes bytes) {
    static int size(List<Chunk> chunks) {
        int size = 0;
        for (Chunk chunk : chunks) {
            size += chunk.bytes().size();
        }
        return size;
    }

    /** All of them as text, one character a byte. */
    static String text(List<Chunk> chunks) {
        StringBuilder text = new StringBuilder();
        chunks.forEach(chunk -> text.append(chunk.bytes().latin1()));
        return text.toString();
    }

    /** A copy in which the byte at that place of all of them is another one. */
    static List<Chunk> changed(List<Chunk> chunks, int place, int value) {
        List<Chunk> copy = new ArrayList<>(chunks);
        int from = 0;
        for (int i = 0; i < chunks.size(); i++) {
            Bytes bytes = chunks.get(i).bytes();
            if (place < from + bytes.size()) {
                byte[] content = bytes.toArray();
                content[place - from] = (byte) value;
                copy.set(i, new Chunk(chunks.get(i).timeMs(), Bytes.of(content)));
                return copy;
            }
            from += bytes.size();
        }
        return copy;
    }
}
