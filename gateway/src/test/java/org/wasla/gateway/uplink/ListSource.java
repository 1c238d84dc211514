package org.wasla.gateway.uplink;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.wasla.gateway.outbox.Entries;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Urgency;

/** A buffer in memory, in which a test says what is late. One thread. */
final class ListSource implements Source {

    final List<Entry> entries = new ArrayList<>();
    final Map<String, Long> numbers = new HashMap<>();
    long late;
    int reads;

    Entry add(Urgency urgency, String device, String kind, int pad) {
        long seq = numbers.merge(device + kind, 1L, Long::sum);
        long position = entries.size() + 1L;
        Entry entry = Entries.of(position, urgency, device, kind, seq, "{\"pad\":\"" + "x".repeat(pad) + "\"}");
        entries.add(entry);
        return entry;
    }

    Entry obs(String device, String json) {
        long seq = numbers.merge(device + "obs", 1L, Long::sum);
        Entry entry = Entries.of(entries.size() + 1L, Urgency.OBSERVATION, device, "obs", seq, json);
        entries.add(entry);
        return entry;
    }

    @Override
    public long position(Urgency urgency) {
        return entries.size();
    }

    @Override
    public List<Entry> next(Urgency urgency, long afterPosition, int max) {
        reads++;
        return entries.stream()
                .filter(entry -> entry.urgency() == urgency && entry.position() > afterPosition)
                .limit(max)
                .toList();
    }

    @Override
    public long lateThrough() {
        return late;
    }
}
