package org.wasla.gateway.simulator;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.codec.AstmFrames;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.simulator.SimulatorSpec.Generator;

/**
 * An analyser that sends its records between SOH and EOT, and the same again until it is acknowledged (lab.md 1.4). Names
 * in braces in its records stand for values. Pure; one thread.
 */
public final class EnvelopeSimulator implements Simulated {
    private final List<String> records;
    private final Map<String, Generator> values;
    private final long everyNs;
    private final long startNs;
    private @Nullable Bytes open;
    private long dueNs;

    /** @param everyNs from one message to the next */
    public EnvelopeSimulator(List<String> records, Map<String, Generator> values, long everyNs, long nowNs) {
        this.records = List.copyOf(records);
        this.values = Map.copyOf(values);
        this.everyNs = everyNs;
        this.startNs = nowNs;
        this.dueNs = nowNs;
    }

    @Override
    public List<Bytes> onBytes(byte[] chunk, int length, long nowNs, LocalDateTime now) {
        for (int i = 0; i < length; i++) {
            open = chunk[i] == AstmFrames.ACK ? null : open;
        }
        return List.of();
    }

    @Override
    public List<Bytes> onTime(long nowNs, LocalDateTime now) {
        if (nowNs - dueNs < 0) {
            return List.of();
        }
        dueNs = nowNs + everyNs;
        Bytes said = open == null ? message(nowNs, now) : open;
        open = said;
        return List.of(said);
    }

    private Bytes message(long nowNs, LocalDateTime now) {
        StringBuilder text = new StringBuilder("\1");
        for (String record : records) {
            text.append(AstmSimulator.filled(record, values, (nowNs - startNs) / 1_000_000, now))
                    .append('\r');
        }
        return Bytes.latin1(text.append('\4').toString());
    }

    @Override
    public long waitNs(long nowNs) {
        return Math.max(0, dueNs - nowNs);
    }

    /** Its last record is no L. */
    @Override
    public Bytes damaged(Bytes message) {
        byte[] bytes = message.toArray();
        if (bytes.length > 7) {
            bytes[bytes.length - 7] = '?';
        }
        return Bytes.of(bytes);
    }

    /** No message declares counts. */
    @Override
    public void breakNextCount() {}
}
