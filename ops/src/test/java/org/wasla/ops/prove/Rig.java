package org.wasla.ops.prove;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.uplink.Mosquitto;

/**
 * What most proofs drive: a broker behind a wire, and before it two boxes. The agent as a ward has it, on simulated
 * devices that cannot tell what was acknowledged; and an {@link Appender}, which can. One thread.
 */
final class Rig implements AutoCloseable {
    /** No append but the first of each device. */
    static final int AT_REST_MS = 600_000;

    final Judge judge = new Judge();
    final Mosquitto broker;
    final Wire wire;
    private final Workbench bench;
    private final Path buffers;
    private final String mode;
    private final Map<String, String> environment;
    private final Ward ward;
    private volatile MqttTap.Listener also = payload -> {};
    private @Nullable Child child;

    /**
     * @param buffers the folder that gets both buffers
     * @param mode of the appender; the agent takes part only when that is {@code honest}
     * @param environment of both boxes
     */
    Rig(Workbench bench, Path buffers, String mode, Map<String, String> environment) throws IOException {
        this.bench = bench;
        this.buffers = buffers;
        this.mode = mode;
        this.environment = Map.copyOf(environment);
        this.broker = Mosquitto.start(bench.path(""));
        this.wire = new Wire(broker.port(), Shape.GOOD, () -> new MqttTap(this::delivered));
        this.ward = new Ward(bench.path(""), buffers.resolve("agent"), wire.port(), environment);
        if (hasAgent()) {
            ward.add("oxi-1", "masimo-ascii1", 50, Set.of());
            ward.add("oxi-2", "nellcor-printout", 100, Set.of());
            ward.add("oxi-3", "nonin-df2", 10, Set.of());
            ward.add("vent-4", "pb840", 1, Set.of());
        }
    }

    /** Somebody else who wants to know what the broker has acknowledged; called on the wire's thread. */
    void also(MqttTap.Listener listener) {
        also = listener;
    }

    private void delivered(byte[] payload) {
        judge.delivered(payload);
        also.acknowledged(payload);
    }

    boolean hasAgent() {
        return mode.equals("honest");
    }

    Ward ward() {
        return ward;
    }

    /** Starts the agent, when it takes part, and waits for its records. */
    void startAgent() throws IOException {
        if (hasAgent()) {
            long before = judge.presentOf(Ward.GATEWAY);
            ward.startAgent();
            Platform.await("records of the agent", () -> judge.presentOf(Ward.GATEWAY) > before + 20);
        }
    }

    /** Of the appender; without its time and place. */
    String lastRefusal() {
        return child == null ? "" : child.lastRefusal();
    }

    void killAgent() throws InterruptedException {
        if (hasAgent()) {
            ward.killAgent();
        }
    }

    Child startAppender(int pauseMs) throws IOException {
        Child started = Child.start(bench.log(), environment, buffers.resolve("appender"), mode, wire.port(), pauseMs);
        if (pauseMs != AT_REST_MS) {
            child = started;
        }
        if (!started.awaitAccepted(Appender.DEVICES)) {
            judge.fault("the appender does not start");
        }
        return started;
    }

    void tell(List<Child.Told> told) {
        tell(told, Long.MAX_VALUE);
    }

    /** Only what was told until then. */
    void tell(List<Child.Told> told, long untilNs) {
        told.stream()
                .filter(line -> line.isAccepted() && line.atNs() <= untilNs)
                .forEach(line -> judge.accepted(line.stream(), line.seq(), line.print()));
    }

    /**
     * A last life of the appender in which hardly anything comes and all may leave; the agent is told to stop. Then
     * what is left is read from the stores.
     */
    void settle() throws IOException, InterruptedException {
        try (Child last = startAppender(AT_REST_MS)) {
            // It ends when all has come; on a busy machine a backlog has been seen to take longer than half a minute.
            long endNs = System.nanoTime() + 70_000_000_000L;
            while (judge.verdict().lost() > 0 && System.nanoTime() - endNs < 0) {
                Pace.ms(200);
            }
            tell(last.finish());
        }
        Reader.read(Appender.GATEWAY, buffers.resolve("appender"), judge, false);
        if (hasAgent()) {
            if (ward.stopAgent() != 0) {
                judge.fault("the agent does not stop cleanly");
            }
            Reader.read(Ward.GATEWAY, ward.buffer(), judge, false);
        }
    }

    /** Keeps what the boxes logged beside the report. */
    @Override
    public void close() throws IOException {
        if (child != null) {
            child.close();
        }
        ward.close();
        wire.close();
        broker.close();
        for (Path log : List.of(bench.log(), ward.log())) {
            if (Files.exists(log)) {
                Path kept = Tool.ROOT.resolve("ops/target/prove-" + log.getFileName());
                Files.copy(log, kept, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
