package org.wasla.gateway.uplink;

import java.util.function.LongSupplier;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;

/** Turns entries, births and last values into messages (design, section 3, Topics). Thread-safe. */
final class Publications {

    /** The kind of answers to orders; their device is the client that is answered. */
    static final String ANSWER = "rsp";
    /** Signals without identity: a time beside them, or how late they are, would be one more trace. */
    private static final String SIGNAL = "epi";
    /** Indicators: the kind ends in minute, hour or day. */
    private static final String INDICATORS = "agg-";

    private static final long HEALTH_EXPIRY_S = 300;

    private final UplinkSettings settings;
    private final Topics topics;
    private final Outbox outbox;
    private final LongSupplier nowMs;

    /** @param nowMs the wall clock, UTC in ms */
    Publications(UplinkSettings settings, Topics topics, Outbox outbox, LongSupplier nowMs) {
        this.settings = settings;
        this.topics = topics;
        this.outbox = outbox;
        this.nowMs = nowMs;
    }

    /** Late observations go to a topic of their own; other kinds say in place how late they are. */
    Publication of(Parcel parcel) {
        Entry entry = parcel.first();
        byte[] json = parcel.payload().bytes();
        // A bundle is not ours to add to; it tells its times itself.
        if (parcel.late() && !"fhir".equals(entry.kind()) && !SIGNAL.equals(entry.kind())) {
            json = Payload.withLate(json, Math.max(0, nowMs.getAsLong() - entry.timeMs()));
        }
        String kind = isOfIndicators(entry) ? "agg" : entry.kind();
        return new Publication(topic(entry, parcel.late()), kind, cls(entry), encoded(json), false, 0);
    }

    private static boolean isOfIndicators(Entry entry) {
        return entry.kind().startsWith(INDICATORS);
    }

    private static String cls(Entry entry) {
        return SIGNAL.equals(entry.kind())
                ? "deid"
                : ANSWER.equals(entry.kind()) || isOfIndicators(entry) ? "ops" : "phi";
    }

    private String topic(Entry entry, boolean late) {
        if (ANSWER.equals(entry.kind())) {
            return topics.own(ANSWER + "/" + entry.device());
        }
        if (SIGNAL.equals(entry.kind())) {
            return topics.signals();
        }
        if (isOfIndicators(entry)) {
            return topics.indicators(entry.kind().substring(INDICATORS.length()));
        }
        String leaf = late && "obs".equals(entry.kind()) ? "obs-bf" : entry.kind();
        return topics.device(entry.device(), leaf);
    }

    Publication lastValue(String topic, byte[] json) {
        String leaf = topic.substring(topic.lastIndexOf('/') + 1);
        long expiryS = "health".equals(leaf) ? HEALTH_EXPIRY_S : 0;
        String cls = "alarms".equals(leaf) || "association".equals(leaf) ? "phi" : "ops";
        return new Publication(topic, leaf, cls, encoded(json), true, expiryS);
    }

    /** Birth and will: {@code s} is online or offline. */
    Publication state(String s) {
        String json = "{\"v\":1,\"gw\":" + quoted(settings.gateway()) + ",\"ep\":" + quoted(outbox.epoch())
                + ",\"boot\":" + outbox.boot() + ",\"s\":" + quoted(s) + ",\"t\":" + nowMs.getAsLong() + ",\"sw\":"
                + quoted(settings.software()) + "}";
        return new Publication(topics.state(), "state", "ops", Payload.plain(json), true, 0);
    }

    private Payload encoded(byte[] json) {
        Payload plain = Payload.plain(json);
        return settings.compress() ? plain.smallest() : plain;
    }

    /** The text as JSON. */
    static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
