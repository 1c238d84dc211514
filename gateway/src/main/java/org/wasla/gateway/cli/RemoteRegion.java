package org.wasla.gateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.uplink.Subscriber;

/** What the boxes of a region retain and answer, as it comes in. Thread-safe. */
final class RemoteRegion implements Subscriber.Listener {
    private static final Pattern TOPIC =
            Pattern.compile("(wasla/1/[^/]+/[^/]+/[^/]+)/(state|meta|cfg/reported|d/[^/]+/meta|rsp/[^/]+)");

    private static final int SHOWN_MAX = 10;

    private final Map<String, RemoteBox> boxes = new TreeMap<>();
    private final Map<String, List<Map<String, @Nullable Object>>> answers = new TreeMap<>();
    private final Semaphore news = new Semaphore(0);
    private long heardNs = System.nanoTime();

    @Override
    public synchronized void message(String topic, byte[] payload) {
        Matcher parts = TOPIC.matcher(topic);
        Optional<Map<String, @Nullable Object>> said = Json.object(payload);
        if (!parts.matches() || said.isEmpty()) {
            return;
        }
        heardNs = System.nanoTime();
        String place = parts.group(1);
        String leaf = parts.group(2);
        if (leaf.startsWith("rsp/")) {
            answers.computeIfAbsent(place + " " + RemoteBox.text(said.get(), "jti"), key -> new ArrayList<>())
                    .add(said.get());
        } else {
            boxes.put(place, boxes.getOrDefault(place, RemoteBox.unknown(place)).with(leaf, said.get()));
        }
        news.release();
    }

    @Override
    public void connection(String cause) {
        // The caller asks for it itself.
    }

    /** The boxes, in the order of their topics. */
    synchronized List<RemoteBox> boxes() {
        return List.copyOf(boxes.values());
    }

    synchronized RemoteBox box(String place) {
        return boxes.getOrDefault(place, RemoteBox.unknown(place));
    }

    /** The answer to one order, its parts in order; empty while it is not whole. */
    synchronized List<Map<String, @Nullable Object>> answer(String place, String jti) {
        TreeMap<Long, Map<String, @Nullable Object>> parts = new TreeMap<>();
        long wanted = 1;
        for (Map<String, @Nullable Object> each : answers.getOrDefault(place + " " + jti, List.of())) {
            parts.put(RemoteBox.number(each, "part"), each);
            wanted = Math.max(wanted, RemoteBox.number(each, "parts"));
        }
        return parts.size() < wanted ? List.of() : List.copyOf(parts.values());
    }

    /** Which parts of an answer that has begun to come are missing, such as "2 of 3"; empty when none came, or all. */
    synchronized String missing(String place, String jti) {
        TreeSet<Long> parts = new TreeSet<>();
        long wanted = 1;
        for (Map<String, @Nullable Object> each : answers.getOrDefault(place + " " + jti, List.of())) {
            parts.add(RemoteBox.number(each, "part"));
            wanted = Math.max(wanted, RemoteBox.number(each, "parts"));
        }
        List<String> missing = new ArrayList<>();
        for (long part = 1; !parts.isEmpty() && part <= wanted && missing.size() < SHOWN_MAX; part++) {
            if (!parts.contains(part)) {
                missing.add(Long.toString(part));
            }
        }
        return missing.isEmpty() ? "" : String.join(", ", missing) + " of " + wanted;
    }

    /** How long nothing has come. */
    synchronized long quietNs() {
        return System.nanoTime() - heardNs;
    }

    /** Returns when something comes, or after that time. */
    void await(long waitMs) throws InterruptedException {
        if (news.tryAcquire(waitMs, TimeUnit.MILLISECONDS)) {
            news.drainPermits();
        }
    }
}
