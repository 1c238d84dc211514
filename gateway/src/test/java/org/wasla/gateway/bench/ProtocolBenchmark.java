package org.wasla.gateway.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Talk;
import org.wasla.gateway.observation.Mapped;
import org.wasla.gateway.observation.Mapper;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.observation.RecordJson.Envelope;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;
import org.wasla.gateway.simulator.Simulated;

/** What its simulator says in some minutes, through a profile to records, again and again: each protocol by its name. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ProtocolBenchmark {
    private static final int BYTES = 1 << 18;
    private static final long STEP_NS = 100_000_000L;
    private static final long MOST_NS = 600_000_000_000L;

    @Param("masimo-ascii1")
    public String profile = "";

    @SuppressWarnings("NullAway.Init") // JMH calls record before anything else
    private Profile read;

    private List<byte[]> said = List.of();

    /** What one invocation has done. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Done {
        public long frames;
        public long bytes;
        public long records;
    }

    /** Lets the profile speak with its own simulator, and keeps what that said. */
    @Setup
    public void record() throws IOException {
        Path folder = Path.of(System.getProperty("wasla.root", "..")).resolve("device-profiles");
        Problems problems = new Problems();
        read = ProfileStore.open(List.of(folder)).read(folder.resolve(profile), problems);
        if (!problems.isEmpty()) {
            throw new IllegalStateException(problems.list().toString());
        }
        Simulated device = Objects.requireNonNull(read.simulator()).start(0);
        Talk talk = read.talk().open(0);
        said = new ArrayList<>();
        int bytes = 0;
        int told = 0;
        for (long nowNs = 0; nowNs < MOST_NS && bytes < BYTES; nowNs += STEP_NS) {
            LocalDateTime now = LocalDateTime.of(2026, 6, 16, 12, 0).plusNanos(nowNs);
            device.onTime(nowNs, now).forEach(part -> said.add(part.toArray()));
            List<Action> actions = new ArrayList<>(talk.onTime(nowNs));
            for (; told < said.size(); told++) {
                byte[] part = said.get(told);
                bytes += part.length;
                actions.addAll(talk.onBytes(part, part.length, nowNs));
            }
            for (Action action : actions) {
                byte[] answer = answer(action).toArray();
                device.onBytes(answer, answer.length, nowNs, now).forEach(part -> said.add(part.toArray()));
            }
        }
    }

    private static Bytes answer(Action action) {
        if (action instanceof Action.Deliver deliver) {
            return deliver.ifKept();
        }
        return action instanceof Action.Send send ? send.bytes() : Bytes.NONE;
    }

    /** All that was said, from bytes to records. */
    @Benchmark
    public void whole(Done done, Blackhole hole) {
        Talk talk = read.talk().listening().open(0);
        Mapper mapper = new Mapper(read.mapping());
        long nowNs = 0;
        for (byte[] part : said) {
            nowNs += STEP_NS;
            done.bytes += part.length;
            for (Action action : talk.onBytes(part, part.length, nowNs)) {
                if (action instanceof Action.Deliver deliver) {
                    done.frames++;
                    write(mapper.map(deliver.message()), done, hole);
                }
            }
        }
    }

    private void write(Mapped mapped, Done done, Blackhole hole) {
        Envelope envelope = new Envelope(
                "gw-bench", "dev-1", null, read.name(), read.hash(), "wasla-codes@1", 1, mapped.deviceTime(), null);
        for (RecordBody body : mapped.bodies()) {
            done.records++;
            hole.consume(RecordJson.write(envelope, body, "c81f2b7e", done.records));
        }
    }
}
