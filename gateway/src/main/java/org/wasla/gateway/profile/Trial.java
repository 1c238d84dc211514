package org.wasla.gateway.profile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Once;
import org.wasla.gateway.message.Talk;
import org.wasla.gateway.message.Tally;
import org.wasla.gateway.observation.Mapped;
import org.wasla.gateway.observation.Mapper;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.observation.RecordJson.Envelope;

/**
 * Runs a profile on a capture, without a device, a clock or a buffer. Records carry the gateway {@code decode}, the
 * epoch {@code 00000000} and the profile's id as device. One thread.
 */
public final class Trial {
    private static final long MS = 1_000_000;
    private final Profile profile;
    private final String codes;
    private final Output output;
    private final Talk talk;
    private final Mapper mapper;
    private final Once once = new Once();
    private final Tally tally = new Tally();
    private final Map<String, Long> numbers = new HashMap<>();
    private long timeMs;

    /** Takes what the trial finds, in order. */
    public interface Output {
        /** A record, as it would be sent. */
        void record(byte[] json) throws IOException;

        /** A message and what it became, before its records. */
        default void message(long timeMs, Message message, Mapped mapped) throws IOException {}

        /** Bytes that became no message. */
        default void bad(long timeMs, Fault fault, int size) throws IOException {}
    }

    private Trial(Profile profile, String codes, Output output) {
        this.profile = profile;
        this.codes = codes;
        this.output = output;
        this.talk = profile.talk().listening().open(0);
        this.mapper = new Mapper(profile.mapping());
    }

    /** @param codes version of the code table */
    public static Tally.Counts run(Profile profile, String codes, Path capture, Output output) throws IOException {
        Trial trial = new Trial(profile, codes, output);
        Capture.read(capture, trial::chunk);
        trial.perform(trial.talk.onEnd());
        return trial.tally.counts();
    }

    /** The same on bytes that were kept in memory. */
    static Tally.Counts run(Profile profile, String codes, List<LiveBytes.Chunk> live, Output output)
            throws IOException {
        Trial trial = new Trial(profile, codes, output);
        for (LiveBytes.Chunk each : live) {
            trial.chunk(each.timeMs(), true, each.bytes().toArray());
        }
        trial.perform(trial.talk.onEnd());
        return trial.tally.counts();
    }

    private void chunk(long atMs, boolean fromDevice, byte[] bytes) throws IOException {
        if (fromDevice) {
            if ((atMs - timeMs) * MS >= profile.talk().gapNs()) {
                perform(talk.onTime(atMs * MS));
            }
            timeMs = atMs;
            perform(talk.onBytes(bytes, bytes.length, atMs * MS));
        }
    }

    private void perform(List<Action> actions) throws IOException {
        for (Action action : actions) {
            if (action instanceof Action.Report report) {
                tally.bad(report.fault(), report.count(), report.size());
                output.bad(timeMs, report.fault(), report.size());
            } else if (action instanceof Action.Deliver deliver) {
                deliver(deliver);
            }
        }
    }

    private void deliver(Action.Deliver deliver) throws IOException {
        if (once.isRepeat(deliver.once())) {
            tally.bad(Fault.REPEATED, deliver.size() > 0 ? 1 : 0, 0);
            return;
        }
        once.add(deliver.once());
        once.settle(true);
        Mapped mapped = mapper.map(deliver.message());
        output.message(timeMs, deliver.message(), mapped);
        if (mapped.refused() != null) {
            tally.bad(mapped.fault(), 1, deliver.size());
            return;
        }
        if (deliver.size() > 0) {
            tally.frame();
        }
        tally.records(mapped.bodies().size());
        Mapped.Alarms alarms = mapped.alarms();
        tally.bad(Fault.ALARMS, alarms == null ? 0 : alarms.left(), 0);
        tally.bad(Fault.CODE, mapped.miscoded(), 0);
        // A record's time is at least 1: the contract's checks take 0 for a time that is missing.
        Envelope envelope = new Envelope(
                "decode",
                mapped.device(profile.id()),
                null,
                profile.name(),
                profile.hash(),
                codes,
                Math.max(1, timeMs),
                mapped.deviceTime(),
                null);
        for (RecordBody body : mapped.bodies()) {
            long number = numbers.merge(envelope.device() + "." + body.kind(), 1L, Long::sum);
            output.record(RecordJson.write(envelope, body, "00000000", number));
        }
    }
}
