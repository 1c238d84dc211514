package org.wasla.gateway.identify;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Talk;
import org.wasla.gateway.observation.Mapped;
import org.wasla.gateway.observation.Mapper;
import org.wasla.gateway.observation.Observation;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.profile.Profile;

/**
 * What a profile made of bytes, without a byte of ours. What is held at the end, a message that is not whole yet, counts
 * neither for nor against it. Pure; one thread.
 */
final class Reading {
    private static final long MS = 1_000_000;
    private final Set<String> telling;
    private final Mapper mapper;
    private final List<String> messages = new ArrayList<>();
    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private final BitSet good = new BitSet();
    private int at;
    private long goodBytes;
    private long skippedBytes;
    private long badBytes;
    private long leadBytes;
    private long largest;
    private long named;
    private long unnamed;
    private int firstAt = -1;
    private int chunk;

    private Reading(Profile profile, Set<String> telling) {
        this.telling = telling;
        this.mapper = new Mapper(profile.mapping());
    }

    /** @param telling kinds of message that count although nothing of them is published */
    static Reading of(Profile profile, List<Chunk> chunks, Set<String> telling) {
        Reading reading = new Reading(profile, telling);
        Talk talk = profile.talk().listening().open(0);
        long lastMs = 0;
        for (Chunk chunk : chunks) {
            if ((chunk.timeMs() - lastMs) * MS >= profile.talk().gapNs()) {
                reading.take(talk.onTime(chunk.timeMs() * MS));
            }
            lastMs = chunk.timeMs();
            byte[] bytes = chunk.bytes().toArray();
            reading.take(talk.onBytes(bytes, bytes.length, lastMs * MS));
            reading.chunk++;
        }
        return reading;
    }

    private void take(List<Action> actions) {
        for (Action action : actions) {
            if (action instanceof Action.Report report) {
                at += report.size();
                bad(report.size());
            } else if (action instanceof Action.Deliver deliver) {
                message(deliver);
            }
        }
    }

    private void bad(int size) {
        if (messages.isEmpty()) {
            leadBytes += size;
        } else {
            badBytes += size;
        }
    }

    private void message(Action.Deliver deliver) {
        int from = at;
        at += deliver.size();
        String type = deliver.message().type();
        if (deliver.message().fields().isEmpty() && !telling.contains(type)) {
            skippedBytes += deliver.size();
            return;
        }
        Mapped mapped = mapper.map(deliver.message());
        if (mapped.refused() != null) {
            bad(deliver.size());
            return;
        }
        firstAt = firstAt < 0 ? chunk : firstAt;
        goodBytes += deliver.size();
        good.set(from, at);
        largest = Math.max(largest, deliver.size());
        messages.add(type + form(mapped));
        counts.merge(type, 1, Integer::sum);
    }

    /** The kind of each value that the profile names: a number that became a word is another form. */
    private String form(Mapped mapped) {
        StringBuilder form = new StringBuilder();
        for (RecordBody body : mapped.bodies()) {
            if (body instanceof RecordBody.Numerics numerics) {
                for (Observation observation : numerics.observations()) {
                    boolean isNamed = observation.what().name() != null;
                    named += isNamed ? 1 : 0;
                    unnamed += isNamed ? 0 : 1;
                    form.append(isNamed ? kind(observation) : "");
                }
            }
        }
        return form.toString();
    }

    private static String kind(Observation observation) {
        if (observation.value() == null) {
            return "-";
        }
        return observation.value() instanceof Observation.Value.Quantity ? "9" : "a";
    }

    /** @return a text for each message that has something to tell: its kind, and the kinds of its values */
    List<String> messages() {
        return messages;
    }

    /** @return how many messages of each kind, such as "3 of row, 1 of header" */
    String summary() {
        List<String> parts = new ArrayList<>();
        counts.forEach((type, count) -> parts.add(count + " of " + type));
        return String.join(", ", parts);
    }

    /** @return whether one of these kinds of message came; without kinds: any */
    boolean has(Set<String> types) {
        return types.isEmpty() ? !messages.isEmpty() : types.stream().anyMatch(counts::containsKey);
    }

    /**
     * @return bytes in good messages as part of all, 0 to 1. The rest of a message that began before we listened is no
     *     fault; a message that tells nothing counts only beside one that does
     */
    double share() {
        double good = goodBytes + Math.min(skippedBytes, goodBytes);
        double bad = badBytes + Math.max(0, leadBytes - largest) + Math.max(0, skippedBytes - goodBytes);
        return good == 0 ? 0 : good / (good + bad);
    }

    /** @return values with a name in the profile as part of all, 0 to 1; waves have none and count as named */
    double known() {
        return named + unnamed == 0 ? 1 : (double) named / (named + unnamed);
    }

    long goodBytes() {
        return goodBytes;
    }

    /** @return which bytes are in messages that have something to tell */
    BitSet good() {
        return good;
    }

    /** @return the chunk in which the first message that tells something ended, or -1 */
    int firstAt() {
        return firstAt;
    }
}
