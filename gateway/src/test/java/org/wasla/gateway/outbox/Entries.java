package org.wasla.gateway.outbox;

import java.nio.charset.StandardCharsets;

/** Entries as the outbox would give them, for tests of those who send them. Stateless. */
public final class Entries {

    private Entries() {}

    /** One whose place says nothing about what lies before it. */
    public static Entry of(long position, Urgency urgency, String device, String kind, long seq, String json) {
        byte[] payload = json.getBytes(StandardCharsets.UTF_8);
        return new Entry(position, position - 1, urgency, new Stream(device, kind), seq, 1_000L * seq, payload);
    }
}
