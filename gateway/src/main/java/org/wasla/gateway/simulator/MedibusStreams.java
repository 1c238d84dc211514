package org.wasla.gateway.simulator;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The real-time stream of a simulated MEDIBUS device (bedside.md 2.3), with breaths marked, and one record in two hundred
 * marked corrupt. Pure; one thread.
 */
final class MedibusStreams {
    private static final int OFFER_CHARS = 23;
    private static final int CHOICE_CHARS = 4;
    private static final long BREATH_US = 4_000_000;
    private static final long INSPIRATION_US = 1_500_000;
    private static final int CORRUPT_EACH = 200;
    private static final int TICKS_MAX = 256;

    private final long intervalUs;
    private final BiFunction<String, Long, String> bins;
    private final List<String> codes = new ArrayList<>();
    private final List<Integer> multipliers = new ArrayList<>();
    private int enabled;
    private long tick;

    /**
     * @param offers as in the response to 53h; all waves have the interval of the first
     * @param bins the bin of a wave by its code and the ms since the start
     */
    MedibusStreams(String offers, BiFunction<String, Long, String> bins) {
        this.intervalUs = offers.length() < OFFER_CHARS
                ? BREATH_US
                : Long.parseLong(offers.substring(2, 10).strip());
        this.bins = bins;
    }

    /** @param choices code and multiplier, two hex digits each */
    void choose(String choices) {
        codes.clear();
        multipliers.clear();
        for (int at = 0; at + CHOICE_CHARS <= choices.length(); at += CHOICE_CHARS) {
            codes.add(choices.substring(at, at + 2));
            multipliers.add(Math.max(1, Integer.parseInt(choices.substring(at + 2, at + 4), 16)));
        }
    }

    void enable(int mask, long sinceNs) {
        enabled = mask & (1 << codes.size()) - 1;
        tick = sinceNs / 1_000 / intervalUs;
    }

    void stop() {
        enabled = 0;
    }

    /** @return the records since the last time, the newest 256 at most */
    byte[] until(long sinceNs) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long end = sinceNs / 1_000 / intervalUs;
        for (tick = Math.max(tick, end - TICKS_MAX); enabled != 0 && tick < end; tick++) {
            record(bytes);
        }
        return bytes.toByteArray();
    }

    private void record(ByteArrayOutputStream bytes) {
        int present = 0;
        for (int i = 0; i < codes.size(); i++) {
            present |= tick % multipliers.get(i) == 0 ? enabled & 1 << i : 0;
        }
        if (present == 0) {
            return;
        }
        bytes.write(0xd0 | present);
        long phaseUs = tick * intervalUs % BREATH_US;
        long stepUs = intervalUs * multipliers.get(0);
        if (phaseUs < stepUs || phaseUs >= INSPIRATION_US && phaseUs < INSPIRATION_US + stepUs) {
            bytes.write(0xc6);
            bytes.write(phaseUs < stepUs ? 0xc0 : 0xc1);
        }
        if (tick / multipliers.get(0) % CORRUPT_EACH == CORRUPT_EACH - 1) {
            bytes.write(0xcf);
            bytes.write(0xc0);
        }
        for (int i = 0; i < codes.size(); i++) {
            if ((present >> i & 1) != 0) {
                String text = bins.apply(codes.get(i), tick * intervalUs / 1_000);
                int bin = text.isEmpty() ? 0 : Integer.parseInt(text);
                bytes.write(0x80 | bin & 0x3f);
                bytes.write(0x80 | bin >> 6 & 0x3f);
            }
        }
    }
}
