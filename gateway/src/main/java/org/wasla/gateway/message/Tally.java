package org.wasla.gateway.message;

import java.util.Map;
import java.util.TreeMap;
import org.wasla.gateway.frame.Piece.Fault;

/** What became of the bytes of one device, counted by kind. Thread-safe. */
public final class Tally {
    private long frames;
    private long skippedBytes;
    private long records;
    private final Map<String, Long> bad = new TreeMap<>();

    /**
     * @param frames whole frames that were messages
     * @param bad faults by their counter's name
     * @param skippedBytes bytes that were part of no message
     * @param records records made of the messages
     */
    public record Counts(long frames, Map<String, Long> bad, long skippedBytes, long records) {
        public Counts {
            bad = Map.copyOf(bad);
        }

        /** As one JSON object on one line. */
        public String json() {
            StringBuilder text =
                    new StringBuilder("{\"frames\":").append(frames).append(",\"bad\":{");
            String comma = "";
            for (Map.Entry<String, Long> entry : new TreeMap<>(bad).entrySet()) {
                text.append(comma)
                        .append('"')
                        .append(entry.getKey())
                        .append("\":")
                        .append(entry.getValue());
                comma = ",";
            }
            text.append("},\"skippedBytes\":").append(skippedBytes);
            return text.append(",\"records\":").append(records).append('}').toString();
        }
    }

    public synchronized void frame() {
        frames++;
    }

    /** Records that were kept. */
    public synchronized void records(int count) {
        records += count;
    }

    /** @param count 0 when the fault was counted before and only its bytes are new */
    public synchronized void bad(Fault fault, int count, int size) {
        if (count > 0) {
            bad.merge(fault.counter(), (long) count, Long::sum);
        }
        skippedBytes += size;
    }

    public synchronized long records() {
        return records;
    }

    public synchronized long skippedBytes() {
        return skippedBytes;
    }

    public synchronized Counts counts() {
        return new Counts(frames, bad, skippedBytes, records);
    }
}
