package org.wasla.gateway.outbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Gives all entries that were found in order of position, each once, whatever lies twice or in whatever file. Holds one
 * block an urgency in memory. One thread; used once.
 */
final class Export {

    /** One urgency: its runs in order, and how far they were given. */
    private static final class Lane {
        private final List<Run> runs;
        private int next;
        private List<Entry> block = List.of();
        private int at;
        private long given;

        Lane(List<Run> runs) {
            this.runs = runs;
        }

        /** The entry to be given next, null for none. */
        @Nullable
        Entry head(Consumer<IOException> faults) {
            while (true) {
                while (at < block.size() && block.get(at).position() <= given) {
                    at++;
                }
                if (at < block.size()) {
                    return block.get(at);
                }
                if (next == runs.size()) {
                    return null;
                }
                load(runs.get(next++), faults);
            }
        }

        private void load(Run run, Consumer<IOException> faults) {
            at = 0;
            try {
                block = run.read();
            } catch (IOException e) {
                block = List.of();
                faults.accept(e);
            }
            if (next == runs.size() || !isSameFile(run, runs.get(next))) {
                run.close();
            }
        }

        private static boolean isSameFile(Run run, Run other) {
            return run instanceof Run.Row row && other instanceof Run.Row next && row.file() == next.file();
        }
    }

    private final List<Lane> lanes = new ArrayList<>();

    /** @param runs of all urgencies, in any order; the same entries may be in several */
    Export(List<Run> runs) {
        for (Urgency urgency : Urgency.values()) {
            lanes.add(new Lane(runs.stream()
                    .filter(run -> run.urgency() == urgency)
                    .sorted(Comparator.comparingLong(Run::first))
                    .toList()));
        }
    }

    /** @return how many were given */
    long to(BufferLook.Sink sink, Predicate<Entry> wanted, Consumer<IOException> faults) throws IOException {
        long count = 0;
        while (true) {
            Lane lane = null;
            Entry first = null;
            for (Lane each : lanes) {
                Entry head = each.head(faults);
                if (head != null && (first == null || head.position() < first.position())) {
                    first = head;
                    lane = each;
                }
            }
            if (first == null || lane == null) {
                return count;
            }
            lane.given = first.position();
            if (wanted.test(first)) {
                sink.entry(first);
                count++;
            }
        }
    }
}
