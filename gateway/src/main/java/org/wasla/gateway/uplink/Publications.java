package org.wasla.gateway.uplink;

import java.util.Set;
import java.util.function.LongSupplier;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;

/** Turns entries, births and last values into messages (design, section 3, Topics). Thread-safe. */
final class Publications {

    /** The kind of answers to orders; their device is the client that is answered. */
    static final String ANSWER = "rsp";
    /** The kind of audit records. */
    static final String AUDIT = "audit";

    /** The kind of questions to the registry; their device is the gateway. */
    private static final String LOOKUP = "lookup";

    /** The kinds that have a CBOR form; all else is read by people and by programs of others. */
    private static final Set<String> RECORDS = Set.of("obs", "wav", "alarm", "res", "evt");
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
        boolean tellsItsTimes = Set.of("fhir", AUDIT, SIGNAL).contains(entry.kind());
        if (parcel.late() && !tellsItsTimes) {
            json = Payload.withLate(json, Math.max(0, nowMs.getAsLong() - entry.timeMs()));
        }
        String kind = isOfIndicators(entry) ? "agg" : entry.kind();
        Payload payload =
                RECORDS.contains(entry.kind()) && settings.encoding().cbor() ? Payload.cbor(json) : Payload.plain(json);
        return new Publication(topic(entry, parcel.late()), kind, cls(entry), compressed(payload), false, 0);
    }

    private static boolean isOfIndicators(Entry entry) {
        return entry.kind().startsWith(INDICATORS);
    }

    private static String cls(Entry entry) {
        boolean isOfPatients = !Set.of(ANSWER, AUDIT).contains(entry.kind()) && !isOfIndicators(entry);
        return SIGNAL.equals(entry.kind()) ? "deid" : isOfPatients ? "phi" : "ops";
    }

    private String topic(Entry entry, boolean late) {
        if (ANSWER.equals(entry.kind())) {
            return topics.own(ANSWER + "/" + entry.device());
        }
        if (AUDIT.equals(entry.kind()) || LOOKUP.equals(entry.kind())) {
            return topics.own(entry.kind());
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

    /** @param leftS for how many seconds it still counts, 0: until the next */
    Publication lastValue(String topic, byte[] json, long leftS) {
        String leaf = topic.substring(topic.lastIndexOf('/') + 1);
        long expiryS = "health".equals(leaf) ? HEALTH_EXPIRY_S : leftS;
        String cls = "alarms".equals(leaf) || "association".equals(leaf) ? "phi" : "ops";
        return new Publication(topic, leaf, cls, compressed(Payload.plain(json)), true, expiryS);
    }

    /** Birth and will: {@code s} is online or offline. */
    Publication state(String s) {
        String json = "{\"v\":1,\"gw\":" + quoted(settings.gateway()) + ",\"ep\":" + quoted(outbox.epoch())
                + ",\"boot\":" + outbox.boot() + ",\"s\":" + quoted(s) + ",\"t\":" + nowMs.getAsLong()
                + (settings.standing().clock().isConfirmed() ? "" : ",\"clk\":{\"s\":\"unsync\"}") + ",\"sw\":"
                + quoted(settings.software()) + (outbox.isDurable() ? "" : ",\"buffer\":\"memory\"") + "}";
        return new Publication(topics.state(), "state", "ops", Payload.plain(json), true, 0);
    }

    private Payload compressed(Payload payload) {
        return switch (settings.encoding().compression()) {
            case OFF -> payload;
            case AUTO -> payload.smallest(false);
            case DICTIONARY -> payload.smallest(true);
        };
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
