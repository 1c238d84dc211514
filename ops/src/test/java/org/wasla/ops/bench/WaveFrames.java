package org.wasla.ops.bench;

/**
 * What a bench monitor sends: frames of 520 bytes with 64 samples of each of four waves, 256 ms of them, and two
 * numerics. One thread.
 */
final class WaveFrames implements Device.Source {
    static final int SAMPLES = 64;
    static final int WAVES = 4;
    private static final int BYTES = 520;
    private static final int HEAD = 6;
    private final byte[] frame = new byte[BYTES];
    private int at;

    WaveFrames() {
        frame[0] = (byte) 0xaa;
        frame[1] = 'U';
        frame[2] = (byte) (BYTES >> 8);
        frame[3] = (byte) BYTES;
        frame[5] = 97;
    }

    @Override
    public int size() {
        return BYTES;
    }

    /** One at a time, whatever is asked for. */
    @Override
    public byte[] next(int count) {
        frame[4] = (byte) (60 + at / SAMPLES % 40);
        for (int i = 0; i < SAMPLES; i++, at++) {
            for (int wave = 0; wave < WAVES; wave++) {
                int value = (int) (2_048 + 1_900 * Math.sin(2 * Math.PI * at * (wave + 1) / 250)) + at % 7;
                int place = HEAD + 2 * (WAVES * i + wave);
                frame[place] = (byte) (value >> 8);
                frame[place + 1] = (byte) value;
            }
        }
        int sum = 0;
        for (int i = 0; i < BYTES - 2; i++) {
            sum += frame[i] & 0xff;
        }
        frame[BYTES - 2] = (byte) (sum >> 8);
        frame[BYTES - 1] = (byte) sum;
        return frame;
    }
}
