package org.wasla.gateway.codec;

import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Message.Field;

/**
 * Reads the real-time stream (bedside.md 2.3): one record for each moment, with the waves that have a sample then. It has
 * no checksum: a record with a byte too many or too few, or with a value that cannot be, is a gap in every wave. One
 * thread.
 *
 * <pre>
 * 1101ssss           begins a record; bit n of s: the n-th wave chosen has a value in it
 * 1100cccc 1100aaaa  command and argument, such as CF: the record is corrupt
 * 10llllll 10hhhhhh  a value, low bits first
 * </pre>
 */
final class MedibusWaves {
    private static final int KIND_MASK = 0xf0;
    private static final int SYNC = 0xd0;
    private static final int COMMAND = 0xc0;
    private static final int CORRUPT = 0xcf;
    private static final int ENABLE_1_TO_4 = 0xc1;
    private static final int MORE_STREAMS_FROM = 0xc4;
    private static final int MORE_STREAMS_TO = 0xc5;
    private static final int VALUE_BITS = 6;
    private static final int VALUE_MASK = 0x3f;
    private static final int RECORD_BYTES_MAX = 64;

    private List<MedibusStream> streams = List.of();
    private boolean isEven;
    private boolean isOpen;
    private boolean isBroken;
    private boolean isCorrupt;
    private int present;
    private int command;
    private int size;
    private final List<Integer> halves = new ArrayList<>();
    private long firstNs;
    private int heard;
    private int damagedBytes;
    private List<Field> left = List.of();

    /** Reads these waves from now on, in the order of their choice. */
    void start(List<MedibusStream> chosen) {
        stop();
        damagedBytes = 0;
        streams = List.copyOf(chosen);
        isEven = streams.stream().mapToLong(MedibusStream::periodUs).distinct().count() <= 1;
    }

    /** What was gathered is still to be taken. */
    void stop() {
        left = take();
        streams = List.of();
        begin(0);
        isOpen = false;
    }

    /** @return what switches the chosen waves on */
    static Bytes enabling(int count) {
        byte[] bytes = {
            (byte) SYNC, (byte) ENABLE_1_TO_4, (byte) (COMMAND | (1 << count) - 1), (byte) COMMAND, (byte) COMMAND
        };
        return Bytes.of(bytes);
    }

    boolean isReading() {
        return !streams.isEmpty();
    }

    /**
     * @param octet 80h to FFh
     * @return whether a record ended
     */
    boolean put(int octet, long nowNs) {
        if (!isReading()) {
            return false;
        }
        firstNs = heard == 0 ? nowNs : firstNs;
        heard++;
        if ((octet & KIND_MASK) == SYNC) {
            close();
            begin(octet & 0x0f);
            return true;
        }
        size++;
        if (!isOpen) {
            // The byte that began this record is lost: there is a gap, as long as is not known.
            begin(0);
            isBroken = true;
        }
        if (octet < COMMAND) {
            isBroken |= command != 0 || halves.size() >= RECORD_BYTES_MAX;
            if (!isBroken) {
                halves.add(octet & VALUE_MASK);
            }
        } else if ((octet & KIND_MASK) == COMMAND) {
            commandByte(octet);
        } else {
            isBroken = true;
        }
        return false;
    }

    private void commandByte(int octet) {
        isBroken |= halves.size() % 2 != 0;
        if (command == 0) {
            command = octet;
            isCorrupt |= octet == CORRUPT;
            return;
        }
        // Waves beyond the fourth are never chosen.
        isBroken |= command >= MORE_STREAMS_FROM && command <= MORE_STREAMS_TO && octet != COMMAND;
        command = 0;
    }

    private void begin(int streamsPresent) {
        isOpen = true;
        isBroken = false;
        isCorrupt = false;
        present = streamsPresent;
        command = 0;
        size = 1;
        halves.clear();
    }

    /** The record is over: only what follows shows that none of its bytes was lost. */
    private void close() {
        if (!isOpen) {
            return;
        }
        boolean isWhole = !isBroken
                && command == 0
                && present < 1 << streams.size()
                && halves.size() == 2 * Integer.bitCount(present);
        damagedBytes += isWhole ? 0 : size;
        int next = 0;
        for (int i = 0; i < streams.size(); i++) {
            boolean isPresent = (present >> i & 1) != 0;
            if (!isWhole || isCorrupt && isPresent || isEven && !isPresent && present != 0) {
                streams.get(i).miss();
            } else if (isPresent) {
                streams.get(i).add(halves.get(next) | halves.get(next + 1) << VALUE_BITS);
            }
            next += isPresent ? 2 : 0;
        }
        isOpen = false;
    }

    /** @return whether samples are to be taken now: a second's, or what the device left behind when it fell silent */
    boolean isDue(long nowNs, long silentNs) {
        if (!left.isEmpty()) {
            return true;
        }
        boolean isHeld = streams.stream().anyMatch(stream -> stream.count() > 0);
        return isHeld && (streams.stream().anyMatch(MedibusStream::isFull) || nowNs - firstNs >= silentNs);
    }

    /** @return the samples of every wave that has some */
    List<Field> take() {
        List<Field> samples = new ArrayList<>(left);
        left = List.of();
        for (MedibusStream stream : streams) {
            if (stream.count() > 0) {
                samples.add(stream.take());
            }
        }
        return samples;
    }

    /** @return how many bytes were read since this was asked last */
    int takeHeard() {
        int bytes = heard;
        heard = 0;
        return bytes;
    }

    /** @return how many bytes of damaged records there were since this was asked last */
    int takeDamaged() {
        int bytes = damagedBytes;
        damagedBytes = 0;
        return bytes;
    }
}
