package org.wasla.ops.prove;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The one invariant of all proofs: every record accepted is present exactly once in store plus broker ledger, in stream
 * order, or declared in a {@code gap} event; and no stream has a hole. Thread-safe. Numbers up to 2^31.
 *
 * <p>"Exactly once" is by number and content: a number that comes again with the same content is a double, which a
 * consumer drops by its id; with another content it is a fault, for then two records share a number.
 */
final class Judge {
    private static final int FAULTS_SHOWN = 8;

    private final Map<String, Line> lines = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();
    private final boolean isStrict;
    private long doubles;
    private long disorders;
    private int faultCount;

    /** One stream. */
    private static final class Line {
        private final BitSet accepted = new BitSet();
        private final BitSet present = new BitSet();
        private final BitSet declared = new BitSet();
        private final Map<Long, Long> prints = new TreeMap<>();
        private long lastLive;
        private long lastLate;
    }

    Judge() {
        this(true);
    }

    /** @param isStrict whether order is a matter of judgement; else it is only counted */
    Judge(boolean isStrict) {
        this.isStrict = isStrict;
    }

    /** The device was told that this record is safe. */
    synchronized void accepted(String stream, long seq, long print) {
        Line line = line(stream);
        line.accepted.set((int) seq);
        compare(stream, line, seq, print);
    }

    /** The broker has acknowledged this payload; anything but a record is let by. */
    void delivered(byte[] payload) {
        Contents contents = Contents.of(payload);
        if (contents != null) {
            delivered(contents);
        }
    }

    synchronized void delivered(Contents contents) {
        Line line = line(contents.stream());
        boolean isNew = false;
        for (long seq = contents.seq(); seq < contents.seq() + contents.numbers(); seq++) {
            isNew |= present(contents.stream(), line, seq, contents.print());
        }
        // Live and late are two topics: each must rise for itself.
        long last = contents.isLate() ? line.lastLate : line.lastLive;
        if (isNew && contents.seq() < last && !isStrict) {
            disorders++;
        } else if (isNew && contents.seq() < last) {
            fault(contents.stream() + " " + contents.seq() + " came after " + last);
        }
        if (contents.isLate()) {
            line.lastLate = Math.max(last, contents.seq());
        } else {
            line.lastLive = Math.max(last, contents.seq());
        }
        declare(contents.gap());
    }

    /** The broker has acknowledged a record of which only the number and the fingerprint are known. */
    synchronized void delivered(String stream, long seq, long print) {
        present(stream, line(stream), seq, print);
    }

    /** All that waits in a store, in its order. */
    synchronized void stored(List<byte[]> payloads) {
        Map<String, Long> last = new TreeMap<>();
        for (byte[] payload : payloads) {
            if (Contents.isAudit(payload)) {
                continue;
            }
            Contents contents = Contents.of(payload);
            if (contents == null) {
                fault("the store holds something that is no record");
                continue;
            }
            Long before = last.put(contents.stream(), contents.seq());
            if (before != null && before >= contents.seq()) {
                fault("store: " + contents.stream() + " " + contents.seq() + " after " + before);
            }
            present(contents.stream(), line(contents.stream()), contents.seq(), contents.print());
            declare(contents.gap());
        }
    }

    private Line line(String stream) {
        return lines.computeIfAbsent(stream, name -> new Line());
    }

    private boolean present(String stream, Line line, long seq, long print) {
        compare(stream, line, seq, print);
        boolean isNew = !line.present.get((int) seq);
        line.present.set((int) seq);
        doubles += isNew ? 0 : 1;
        return isNew;
    }

    private void compare(String stream, Line line, long seq, long print) {
        if (print == 0) {
            return;
        }
        Long before = line.prints.putIfAbsent(seq, print);
        if (before != null && before != print) {
            fault(stream + " " + seq + " has two contents");
        }
    }

    private void declare(Contents.@Nullable Gap gap) {
        // The audit has numbers of its own, which are not counted here.
        if (gap != null && !gap.stream().endsWith(".audit")) {
            line(gap.stream()).declared.set((int) gap.from(), (int) gap.to() + 1);
        }
    }

    /** Something that only the proof itself can see. */
    synchronized void fault(String what) {
        faultCount++;
        if (faults.size() < FAULTS_SHOWN) {
            faults.add(what);
        }
    }

    /** Distinct records that are in store or ledger. */
    synchronized long present() {
        return count(stream -> true);
    }

    /** The same of one device and kind, whatever the gateway. */
    synchronized long present(String device, String kind) {
        return count(stream -> stream.endsWith("." + device + "." + kind));
    }

    /** The same of one gateway. */
    synchronized long presentOf(String gateway) {
        return count(stream -> stream.startsWith(gateway + "."));
    }

    /** How many buffers there have been of one gateway: 1 unless one was lost. */
    synchronized long epochs(String gateway) {
        return lines.keySet().stream()
                .filter(stream -> stream.startsWith(gateway + "."))
                .map(stream -> stream.split("\\.", -1)[1])
                .distinct()
                .count();
    }

    private long count(Predicate<String> streams) {
        return lines.entrySet().stream()
                .filter(line -> streams.test(line.getKey()))
                .mapToLong(line -> line.getValue().present.cardinality())
                .sum();
    }

    /** How many came after a later one of their stream; 0 while that is a fault. */
    synchronized long disorders() {
        return disorders;
    }

    /** By stream: numbers accepted, or below the last one seen, that are neither present nor declared. */
    synchronized Map<String, BitSet> missing() {
        Map<String, BitSet> all = new TreeMap<>();
        lines.forEach((stream, line) -> {
            BitSet missing = (BitSet) line.accepted.clone();
            missing.set(1, Math.max(1, line.present.length()));
            missing.andNot(line.present);
            missing.andNot(line.declared);
            if (!missing.isEmpty()) {
                all.put(stream, missing);
            }
        });
        return all;
    }

    /** What is to be said about all that has been seen until now. */
    synchronized Verdict verdict() {
        long accepted = 0;
        long declared = 0;
        long lost = 0;
        long overdeclared = 0;
        List<String> holes = new ArrayList<>();
        for (Map.Entry<String, Line> each : lines.entrySet()) {
            Line line = each.getValue();
            accepted += line.accepted.cardinality();
            declared += line.declared.cardinality();
            BitSet found = (BitSet) line.present.clone();
            found.and(line.declared);
            overdeclared += found.cardinality();
            BitSet known = (BitSet) line.present.clone();
            known.or(line.declared);
            BitSet missing = (BitSet) line.accepted.clone();
            missing.andNot(known);
            lost += missing.cardinality();
            int holeCount = known.length() - 1 - known.cardinality();
            if (holeCount > 0) {
                holes.add(each.getKey() + ": " + holeCount + " of " + (known.length() - 1) + ", first "
                        + known.nextClearBit(1));
            }
        }
        return new Verdict(
                accepted, present(), doubles, declared, overdeclared, lost, holes, List.copyOf(faults), faultCount);
    }
}
