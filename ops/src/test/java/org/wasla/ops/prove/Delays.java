package org.wasla.ops.prove;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How long records took from their acceptance to the broker, and how many others went before them. Thread-safe. */
final class Delays {
    private final Map<String, Start> open = new HashMap<>();
    private final Map<String, List<Delay>> byKind = new TreeMap<>();
    private long messages;
    private long beginNs = System.nanoTime();

    private record Start(long atNs, long messages) {}

    private record Delay(long ns, long behind) {}

    /** What was accepted before this starts to wait now. */
    synchronized void begin() {
        beginNs = System.nanoTime();
        open.replaceAll((record, start) -> new Start(beginNs, messages));
    }

    synchronized void accepted(String stream, long seq) {
        open.put(stream + "." + seq, new Start(System.nanoTime(), messages));
    }

    synchronized void delivered(Contents contents) {
        for (long seq = contents.seq(); seq < contents.seq() + contents.numbers(); seq++) {
            Start start = open.remove(contents.stream() + "." + seq);
            if (start != null) {
                String kind = contents.stream().substring(contents.stream().lastIndexOf('.') + 1)
                        + (start.atNs == beginNs ? " of the backlog" : ", live");
                byKind.computeIfAbsent(kind, name -> new ArrayList<>())
                        .add(new Delay(System.nanoTime() - start.atNs, messages - start.messages));
            }
        }
        messages++;
    }

    synchronized long messages() {
        return messages;
    }

    synchronized long behindMax(String kind) {
        return byKind.entrySet().stream()
                .filter(delays -> delays.getKey().startsWith(kind))
                .flatMap(delays -> delays.getValue().stream())
                .mapToLong(Delay::behind)
                .max()
                .orElse(Long.MAX_VALUE);
    }

    synchronized void rows(Report report) {
        byKind.forEach((kind, delays) -> {
            long[] ns = delays.stream().mapToLong(Delay::ns).sorted().toArray();
            report.row(
                    kind,
                    ns.length,
                    seconds(ns[ns.length / 2]),
                    seconds(ns[ns.length * 95 / 100]),
                    seconds(ns[ns.length - 1]),
                    delays.stream().mapToLong(Delay::behind).max().orElse(0));
        });
    }

    private static String seconds(long ns) {
        return String.format(Locale.ROOT, "%.1f", ns / 1e9);
    }
}
