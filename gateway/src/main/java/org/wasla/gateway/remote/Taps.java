package org.wasla.gateway.remote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.DeflaterOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What a device says, kept for a technician as the text of a capture while one was ordered; one at a time. Thread-safe: devices'
 * threads write, the keeper ends.
 */
public final class Taps {
    private final AtomicReference<@Nullable Tap> open = new AtomicReference<>();

    /** One capture under way; deflated (RFC 1950) as it grows, so that a box's memory holds it. */
    static final class Tap {
        private final String device;
        private final int bytesMax;
        private final long startMs;
        private final ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        private final DeflaterOutputStream text = new DeflaterOutputStream(deflated);
        private int heard;
        private boolean isOver;

        /** @param startMs UTC */
        Tap(String device, int bytesMax, long startMs) {
            this.device = device;
            this.bytesMax = bytesMax;
            this.startMs = startMs;
            line("# start " + Instant.ofEpochMilli(startMs));
        }

        private void line(String line) {
            try {
                text.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            } catch (IOException neverInMemory) {
                throw new IllegalStateException(neverInMemory);
            }
        }

        private synchronized void add(byte[] bytes, int length, long timeMs) {
            int kept = isOver ? 0 : Math.min(length, bytesMax - heard);
            if (kept > 0) {
                heard += kept;
                // A clock that is set back gives no times before the start.
                line(Math.max(0, timeMs - startMs) + " < " + HexFormat.of().formatHex(bytes, 0, kept));
            }
        }

        synchronized boolean isFull() {
            return heard >= bytesMax;
        }

        synchronized int heard() {
            return heard;
        }

        /** The deflated text; nothing is added any more. */
        synchronized byte[] end() {
            isOver = true;
            try {
                text.finish();
            } catch (IOException neverInMemory) {
                throw new IllegalStateException(neverInMemory);
            }
            return deflated.toByteArray();
        }
    }

    /** @return whether it begins: another may be under way */
    boolean begin(Tap tap) {
        return open.compareAndSet(null, tap);
    }

    void end() {
        open.set(null);
    }

    /** @param length nothing below 1 is kept */
    public void heard(String device, byte[] bytes, int length, long timeMs) {
        Tap tap = open.get();
        if (tap != null && length > 0 && tap.device.equals(device)) {
            tap.add(bytes, length, timeMs);
        }
    }
}
