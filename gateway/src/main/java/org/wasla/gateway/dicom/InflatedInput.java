package org.wasla.gateway.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The content of a raw deflated stream (RFC 1951; PS3.5 annex A.5), at most 64 MiB of it and at most 200 times as much as
 * went in. Damage and limits end the stream and are told, not thrown. One thread; to be closed.
 */
final class InflatedInput extends InputStream {
    static final long OUTPUT_BYTES_MAX = 64L << 20;
    static final int RATIO_MAX = 200;
    /** Below this a high ratio does no harm, and blank images have it. */
    private static final long RATIO_FREE_BYTES = 1L << 20;

    private final InputStream deflated;
    private final Inflater inflater = new Inflater(true);
    private final byte[] input = new byte[8192];
    private Oddity.@Nullable Kind fault;

    InflatedInput(InputStream deflated) {
        this.deflated = deflated;
    }

    /** @return why the stream ended before its end, or null */
    Oddity.@Nullable Kind fault() {
        return fault;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        while (fault == null && !inflater.finished() && length > 0) {
            long out = inflater.getBytesWritten();
            if (out >= OUTPUT_BYTES_MAX || out > RATIO_FREE_BYTES && out > RATIO_MAX * inflater.getBytesRead()) {
                fault = Oddity.Kind.INFLATE_TOO_LARGE;
                break;
            }
            try {
                // Asked first: output may be waiting when all input is used up.
                int got = inflater.inflate(into, from, (int) Math.min(length, OUTPUT_BYTES_MAX - out));
                if (got > 0) {
                    return got;
                }
                if (inflater.needsDictionary()) {
                    fault = Oddity.Kind.INFLATE_CORRUPT;
                } else if (inflater.needsInput() && !inflater.finished() && !feed()) {
                    fault = Oddity.Kind.TRUNCATED;
                }
            } catch (DataFormatException damaged) {
                fault = Oddity.Kind.INFLATE_CORRUPT;
            }
        }
        return length == 0 ? 0 : -1;
    }

    private boolean feed() throws IOException {
        int got = deflated.read(input);
        if (got > 0) {
            inflater.setInput(input, 0, got);
        }
        return got > 0;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        deflated.close();
    }
}
