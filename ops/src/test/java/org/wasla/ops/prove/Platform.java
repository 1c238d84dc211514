package org.wasla.ops.prove;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.wasla.gateway.uplink.Subscriber;
import org.wasla.gateway.uplink.UplinkSettings;

/**
 * The regional platform in a proof: subscribes to everything and keeps a ledger of what came. Thread-safe.
 */
final class Platform implements AutoCloseable {
    private static final Pattern RECORD = Pattern.compile(
            "\"gw\":\"([^\"]+)\",\"ep\":\"([^\"]+)\",\"dev\":\"([^\"]+)\",\"k\":\"([^\"]+)\",\"seq\":(\\d+)");
    private static final Pattern LATE = Pattern.compile(",\"late\":\\d+}$");
    private static final long PATIENCE_NS = 60_000_000_000L;
    private final Subscriber subscriber;
    private final List<Message> messages = new ArrayList<>();
    private final Map<String, TreeMap<Long, String>> streams = new TreeMap<>();
    private final Set<String> changed = new TreeSet<>();
    private volatile boolean connected;

    /** A message as it came. */
    record Message(String topic, String payload) {}

    Platform(int port) {
        URI server = URI.create("mqtt://127.0.0.1:" + port);
        UplinkSettings settings = new UplinkSettings(List.of(server), null, null, "platform", "test", false);
        subscriber = new Subscriber(settings, "#", new Subscriber.Listener() {
            @Override
            public void message(String topic, byte[] payload) {
                add(new Message(topic, new String(payload, StandardCharsets.UTF_8)));
            }

            @Override
            public void connection(String cause) {
                connected = cause.isEmpty();
            }
        });
        subscriber.start();
        await("the platform's subscription", () -> connected);
    }

    /** A condition that a proof waits for. */
    interface Condition {
        boolean holds();
    }

    static void await(String what, Condition condition) {
        long endNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.holds()) {
            if (System.nanoTime() - endNs > 0) {
                throw new AssertionError("waited in vain for " + what);
            }
            LockSupport.parkNanos(10_000_000L);
        }
    }

    private synchronized void add(Message message) {
        messages.add(message);
        Matcher record = RECORD.matcher(message.payload());
        if (record.find()) {
            String stream = record.group(1) + "." + record.group(2) + "." + record.group(3) + "." + record.group(4);
            String content = LATE.matcher(message.payload()).replaceFirst("}");
            String before = streams.computeIfAbsent(stream, name -> new TreeMap<>())
                    .putIfAbsent(Long.valueOf(record.group(5)), content);
            if (before != null && !before.equals(content)) {
                changed.add(stream + " " + record.group(5));
            }
        }
    }

    synchronized List<Message> messages() {
        return List.copyOf(messages);
    }

    synchronized int records() {
        return streams.values().stream().mapToInt(TreeMap::size).sum();
    }

    synchronized int records(String device, String kind) {
        return streams.entrySet().stream()
                .filter(stream -> stream.getKey().endsWith("." + device + "." + kind))
                .mapToInt(stream -> stream.getValue().size())
                .sum();
    }

    /** @return numbers missing between 1 and the last of each stream, as "stream: how many" */
    synchronized List<String> holes() {
        List<String> holes = new ArrayList<>();
        streams.forEach((name, numbers) -> {
            long missing = numbers.lastKey() - numbers.size();
            if (missing != 0 || numbers.firstKey() != 1) {
                holes.add(name + ": " + missing + " of " + numbers.lastKey() + ", first " + numbers.firstKey());
            }
        });
        return holes;
    }

    /** @return numbers that came twice with different content */
    synchronized Set<String> changed() {
        return Set.copyOf(changed);
    }

    synchronized int doubles() {
        int records = 0;
        for (Message message : messages) {
            records += RECORD.matcher(message.payload()).find() ? 1 : 0;
        }
        return records - records();
    }

    @Override
    public void close() {
        subscriber.close();
    }
}
