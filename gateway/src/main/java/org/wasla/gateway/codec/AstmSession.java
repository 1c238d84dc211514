package org.wasla.gateway.codec;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.codec.AstmFrames.Event.Frame;
import org.wasla.gateway.frame.Bytes;

/** The frames of one transfer phase, from ENQ to EOT. One thread. */
final class AstmSession {
    /** Most text and frames of a transfer: more is no analyser. */
    private static final int TEXT_BYTES_MAX = 2 << 20;

    private static final int FRAMES_MAX = 16_384;

    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private @Nullable Frame last;
    private int frames;
    private int size;
    private int endedAt;

    /** @return the transfer whose frames were kept */
    static AstmSession of(List<Bytes> parts) {
        AstmSession session = new AstmSession();
        for (Bytes part : parts) {
            boolean isEnd = part.size() > 1 && part.at(1) == AstmFrames.ETX;
            int number = part.size() > 0 ? part.at(0) & 7 : 0;
            Bytes content = part.slice(Math.min(2, part.size()), part.size());
            session.add(new Frame(number, content, isEnd, true, part.size()));
        }
        return session;
    }

    /** @return the frame as it is kept: its number, its end mark, its text */
    static Bytes part(Frame frame) {
        ByteArrayOutputStream part = new ByteArrayOutputStream(frame.text().size() + 2);
        part.write('0' + frame.number());
        part.write(frame.isEnd() ? AstmFrames.ETX : AstmFrames.ETB);
        part.writeBytes(frame.text().toArray());
        return Bytes.of(part.toByteArray());
    }

    /** Whether the sender says again what was accepted last: it did not hear our answer. */
    boolean isLast(Frame frame) {
        return last != null
                && last.number() == frame.number()
                && last.isEnd() == frame.isEnd()
                && last.text().equals(frame.text());
    }

    boolean isNext(Frame frame) {
        return frame.number() == (last == null ? 1 : (last.number() + 1) % 8);
    }

    /** Whether the last frame was the end of a message of the link. */
    boolean hasEnded() {
        return last != null && last.isEnd();
    }

    boolean hasRoom(Frame frame) {
        return frames < FRAMES_MAX && text.size() + frame.text().size() <= TEXT_BYTES_MAX;
    }

    void add(Frame frame) {
        text.writeBytes(frame.text().toArray());
        last = frame;
        frames++;
        size += frame.size();
        endedAt = frame.isEnd() ? text.size() : endedAt;
    }

    boolean isEmpty() {
        return frames == 0;
    }

    int frames() {
        return frames;
    }

    /** Bytes of its frames on the wire. */
    int size() {
        return size;
    }

    /** @return the text up to its last L record; to the end of its last message where L records are not needed */
    Bytes whole(boolean needsTerminator) {
        Bytes ended = Bytes.of(text.toByteArray(), 0, endedAt);
        return needsTerminator ? ended.slice(0, AstmRecords.terminated(ended)) : ended;
    }

    /** Whether there is more than whole messages. */
    boolean hasRest(boolean needsTerminator) {
        return text.size() > whole(needsTerminator).size();
    }

    /** @return 64 bits that another text does not share by chance (FNV-1a), with the text's length */
    static String mark(Bytes text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.size(); i++) {
            hash = (hash ^ text.at(i)) * 0x100000001b3L;
        }
        return String.format(Locale.ROOT, "%016x-%d", hash, text.size());
    }
}
