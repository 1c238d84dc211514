package org.wasla.profiles;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.identify.Chunk;

/**
 * What a receiver at a wrong setting makes of bytes that were sent as 8N1: the bits of the wire are sampled anew. A byte
 * whose stop bit is wrong is handed on, as a serial port does that was not asked to mark such bytes.
 */
enum Wire {
    HALF_THE_SPEED(0.5, 8),
    TWICE_THE_SPEED(2, 8),
    A_QUARTER_MORE(1.25, 8),
    FOUR_TIMES_THE_SPEED(4, 8),
    SEVEN_BITS_AT_HALF_THE_SPEED(0.5, 7),
    SEVEN_BITS_AT_TWICE_THE_SPEED(2, 7);

    private final double speed;
    private final int bits;

    Wire(double speed, int bits) {
        this.speed = speed;
        this.bits = bits;
    }

    static List<Chunk> heard(List<Chunk> sent, Wire wire) {
        List<Chunk> heard = new ArrayList<>();
        for (Chunk chunk : sent) {
            Bytes bytes = wire.receive(chunk.bytes());
            if (bytes.size() > 0) {
                heard.add(new Chunk(chunk.timeMs(), bytes));
            }
        }
        return heard;
    }

    /** The line rests at 1; a character is a start bit 0, its bits with the least first, and a stop bit 1. */
    private static boolean level(Bytes sent, double bit) {
        int character = (int) Math.floor(bit / 10);
        int place = (int) Math.floor(bit) - 10 * character;
        if (character >= sent.size() || place == 9) {
            return true;
        }
        return place > 0 && (sent.at(character) >> place - 1 & 1) == 1;
    }

    private Bytes receive(Bytes sent) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        double step = 1 / speed;
        double at = 0;
        while (at < sent.size() * 10.0) {
            if (level(sent, at)) {
                at += 0.1;
                continue;
            }
            int value = 0;
            for (int i = 0; i < bits; i++) {
                value |= level(sent, at + (1.5 + i) * step) ? 1 << i : 0;
            }
            out.write(value);
            at += (1.5 + bits) * step;
            while (at < sent.size() * 10.0 && !level(sent, at)) {
                at += 0.1;
            }
        }
        return Bytes.of(out.toByteArray());
    }
}
