package org.wasla.gateway.codec;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.wasla.gateway.message.Message.Gap;
import org.wasla.gateway.message.Message.Samples;
import org.wasla.gateway.message.Message.Scale;

/**
 * One wave of the real-time stream: what the device said of it, and the samples gathered (bedside.md 2.3). One thread.
 *
 * <pre>
 * offer: code (2 hex digits), interval (8 characters, us), lowest (5), highest (5), bins (3 hex digits)
 * value = lowest + bin * (highest - lowest) / bins
 * </pre>
 */
final class MedibusStream {
    /** Characters of an offer. */
    static final int OFFER_CHARS = 23;

    private static final Pattern OFFER = Pattern.compile("([0-9A-F]{2})([ 0-9]{8})(.{5})(.{5})([0-9A-F]{3})");
    private static final BigDecimal SECOND_US = BigDecimal.valueOf(1_000_000);
    private static final int MULTIPLIER_MAX = 255;
    private static final int HZ_DECIMALS = 6;

    private final Offer offer;
    private final int multiplier;
    private final List<Integer> bins = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private int missing;

    /** @param low,high decimal texts */
    record Offer(String code, long intervalUs, String low, String high, int bins) {}

    /** @param hzMax most samples a second */
    MedibusStream(Offer offer, int hzMax) {
        this.offer = offer;
        long leastUs = SECOND_US.longValue() / hzMax;
        long times = (leastUs + offer.intervalUs() - 1) / offer.intervalUs();
        this.multiplier = (int) Math.max(1, Math.min(MULTIPLIER_MAX, times));
    }

    /** @return the waves that a response to 53h offers; empty when it is not well-formed */
    static List<Offer> offers(String data) {
        List<Offer> offers = new ArrayList<>();
        for (int at = 0; at + OFFER_CHARS <= data.length(); at += OFFER_CHARS) {
            offer(data.substring(at, at + OFFER_CHARS)).ifPresent(offers::add);
        }
        return data.length() % OFFER_CHARS == 0 ? offers : List.of();
    }

    private static Optional<Offer> offer(String text) {
        Matcher matcher = OFFER.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long intervalUs = number(matcher.group(2)).map(BigDecimal::longValue).orElse(0L);
        int bins = Integer.parseInt(matcher.group(5), 16);
        Optional<BigDecimal> low = number(matcher.group(3));
        Optional<BigDecimal> high = number(matcher.group(4));
        if (intervalUs == 0
                || bins == 0
                || low.isEmpty()
                || high.isEmpty()
                || low.get().compareTo(high.get()) >= 0) {
            return Optional.empty();
        }
        return Optional.of(new Offer(
                matcher.group(1),
                intervalUs,
                low.get().toPlainString(),
                high.get().toPlainString(),
                bins));
    }

    private static Optional<BigDecimal> number(String text) {
        try {
            return Optional.of(new BigDecimal(text.replace(" ", "")));
        } catch (NumberFormatException none) {
            return Optional.empty();
        }
    }

    /** @return what chooses this wave in a command 54h */
    String choice() {
        return offer.code() + String.format(Locale.ROOT, "%02X", multiplier);
    }

    /** @return microseconds from sample to sample */
    long periodUs() {
        return offer.intervalUs() * multiplier;
    }

    /** A bin above the highest is no value, but a gap. */
    void add(int bin) {
        if (bin > offer.bins()) {
            miss();
        } else {
            bins.add(bin);
        }
    }

    /** A sample is missing here. */
    void miss() {
        int last = gaps.size() - 1;
        if (last >= 0 && gaps.get(last).before() == bins.size()) {
            gaps.set(last, new Gap(bins.size(), gaps.get(last).count() + 1));
        } else {
            gaps.add(new Gap(bins.size(), 1));
        }
        missing++;
    }

    /** @return samples gathered, missing ones too */
    int count() {
        return bins.size() + missing;
    }

    /** @return whether a second's samples are there */
    boolean isFull() {
        return count() * periodUs() >= SECOND_US.longValue();
    }

    /** @return what was gathered since the last time */
    Samples take() {
        String hz = SECOND_US
                .divide(BigDecimal.valueOf(periodUs()), HZ_DECIMALS, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
        Scale scale = new Scale(hz, offer.low(), offer.high(), 0, offer.bins(), null);
        Samples samples = new Samples("rt." + offer.code(), bins, gaps, scale, null);
        bins.clear();
        gaps.clear();
        missing = 0;
        return samples;
    }
}
