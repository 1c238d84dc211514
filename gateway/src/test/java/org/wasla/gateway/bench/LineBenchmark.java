package org.wasla.gateway.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;
import org.wasla.gateway.frame.Framer;
import org.wasla.gateway.frame.Piece;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Exchange;
import org.wasla.gateway.message.ExchangeSpec;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.observation.Mapper;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.observation.RecordJson.Envelope;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;

/**
 * What a line of 200 bytes with eight numbers costs on its way to a record, in microseconds a line; twenty lines come
 * in one chunk, as from a read of 4 KiB.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@OperationsPerInvocation(LineBenchmark.LINES)
public class LineBenchmark {
    static final int LINES = 20;
    private static final String LINE = "HR             072 /min  PR             071 /min  SPO2           098 %     "
            + "RR              16 /min  T            36.80 C     SYS            121 mmHg  DIA            078 mmHg  "
            + "COUNT      0000001     \r\n";

    private final byte[] chunk;
    private final Framer framer;
    private final Exchange exchange;
    private final Mapper mapper;
    private final Message message;
    private final RecordBody body;
    private final Envelope envelope;
    private long seq;

    /** Reads the bench's profile as the agent does. */
    public LineBenchmark() {
        Profile profile = profile();
        chunk = LINE.repeat(LINES).getBytes(StandardCharsets.ISO_8859_1);
        ExchangeSpec spec = (ExchangeSpec) profile.talk();
        framer = new Framer(spec.frame());
        exchange = new Exchange(spec, 0);
        mapper = new Mapper(profile.mapping());
        message = ((Action.Deliver) exchange.onBytes(chunk, chunk.length, 0).get(0)).message();
        body = mapper.map(message).bodies().get(0);
        envelope = new Envelope(
                "gw-bench",
                "line-1",
                null,
                profile.name(),
                profile.hash(),
                "wasla-codes@1",
                1_781_596_804_105L,
                null,
                new Clock("sync", null));
    }

    private static Profile profile() {
        Path root = Path.of(System.getProperty("wasla.root", ".."));
        Problems problems = new Problems();
        try {
            Profile profile = ProfileStore.open(List.of(root.resolve("device-profiles")))
                    .read(root.resolve("ops/bench/profiles/bench-line"), problems);
            if (problems.isEmpty()) {
                return profile;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException(problems.list().toString());
    }

    @Benchmark
    public List<Piece> frame() {
        return framer.put(chunk, chunk.length);
    }

    @Benchmark
    public List<Action> frameAndMessage() {
        return exchange.onBytes(chunk, chunk.length, 0);
    }

    @Benchmark
    public void map(Blackhole hole) {
        for (int i = 0; i < LINES; i++) {
            hole.consume(mapper.map(message));
        }
    }

    @Benchmark
    public void json(Blackhole hole) {
        for (int i = 0; i < LINES; i++) {
            hole.consume(RecordJson.write(envelope, body, "c81f2b7e", ++seq));
        }
    }

    /** From bytes to record: all of the above. */
    @Benchmark
    public void whole(Blackhole hole) {
        for (Action action : exchange.onBytes(chunk, chunk.length, 0)) {
            for (RecordBody made :
                    mapper.map(((Action.Deliver) action).message()).bodies()) {
                hole.consume(RecordJson.write(envelope, made, "c81f2b7e", ++seq));
            }
        }
    }
}
