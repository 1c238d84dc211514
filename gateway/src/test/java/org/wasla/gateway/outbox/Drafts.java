package org.wasla.gateway.outbox;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Drafts for tests, and what their payloads say. Stateless. */
final class Drafts {

    private Drafts() {}

    /** A record whose payload is {@code epoch/device.kind.seq}. */
    static Draft of(String device, String kind, Urgency urgency) {
        return new Draft(
                device,
                kind,
                urgency,
                1_781_596_804_105L,
                (epoch, seq) -> (epoch + "/" + device + "." + kind + "." + seq).getBytes(StandardCharsets.UTF_8));
    }

    static Draft obs(String device) {
        return of(device, "obs", Urgency.OBSERVATION);
    }

    static Draft alarm(String device) {
        return of(device, "alarm", Urgency.ALARM);
    }

    /** An observation of this many bytes. */
    static Draft sized(String device, int bytes) {
        return new Draft(device, "obs", Urgency.OBSERVATION, 0, (epoch, seq) -> new byte[bytes]);
    }

    static String text(Entry entry) {
        return new String(entry.payload(), StandardCharsets.UTF_8);
    }

    /** All that waits in one urgency, in order. */
    static List<Entry> all(Outbox outbox, Urgency urgency) throws Exception {
        List<Entry> all = new ArrayList<>();
        List<Entry> some = outbox.next(urgency, 0, 100);
        while (!some.isEmpty()) {
            all.addAll(some);
            some = outbox.next(urgency, some.get(some.size() - 1).position(), 100);
        }
        return all;
    }

    static List<Long> numbers(List<Entry> entries, String device) {
        return entries.stream()
                .filter(entry -> entry.device().equals(device))
                .map(Entry::seq)
                .toList();
    }
}
