package org.wasla.gateway.bedside;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.wasla.gateway.imaging.Imaging.Told;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;

/**
 * Which objects of an earlier run have their records in the buffer. Imaging tells again what its index had not written
 * down when the power went; an object, received at its time, is told once all the same. One thread.
 */
final class ToldObjects {
    /** The index is written by the second: no scanner gives more objects in that. */
    private static final int RECORDS_MAX = 1_000;

    private static final List<String> KINDS = List.of("res", "wav");
    private static final Pattern OBJECT =
            Pattern.compile(",\"t\":(\\d+).*?\"inst\":\\{\"uid\":\"([^\"]+)\"", Pattern.DOTALL);

    private final Outbox outbox;
    private final long startMs;
    private final Map<String, Set<String>> byDevice = new HashMap<>();

    /** @param startMs UTC of this run's start: what came later is not looked for */
    ToldObjects(Outbox outbox, long startMs) {
        this.outbox = outbox;
        this.startMs = startMs;
    }

    /** Whether all of it stands in the buffer: the records of one object are kept together or not at all. */
    boolean has(String device, Told told) throws IOException {
        if (told.timeMs() >= startMs) {
            return false;
        }
        for (RecordBody body : told.bodies()) {
            String uid = body instanceof RecordBody.Examined object
                    ? object.of().instance().get("uid")
                    : null;
            if (uid != null) {
                return newest(device).contains(key(uid, Long.toString(told.timeMs())));
            }
        }
        return false;
    }

    private Set<String> newest(String device) throws IOException {
        Set<String> known = byDevice.get(device);
        if (known == null) {
            known = new HashSet<>();
            for (String kind : KINDS) {
                long last = outbox.lastNumber(device, kind);
                for (Entry entry :
                        outbox.stream(device, kind, Math.max(1, last - RECORDS_MAX + 1), last, RECORDS_MAX)) {
                    Matcher object = OBJECT.matcher(new String(entry.payload(), StandardCharsets.UTF_8));
                    if (object.find()) {
                        known.add(key(object.group(2), object.group(1)));
                    }
                }
            }
            byDevice.put(device, known);
        }
        return known;
    }

    private static String key(String uid, String timeMs) {
        return uid + " " + timeMs;
    }
}
