package org.wasla.gateway.remote;

import java.io.IOException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.bridge.gpio.Panel;
import org.wasla.gateway.audit.Auditor;
import org.wasla.gateway.command.Command;
import org.wasla.gateway.command.Gate;
import org.wasla.gateway.command.Reply;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.TrustReader;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.observation.JsonText;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxStatus.LaneStatus;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.panel.Lamps;
import org.wasla.gateway.state.ConfigDesk;
import org.wasla.gateway.trust.Sealed;
import org.wasla.gateway.trust.SignedCommand;
import org.wasla.gateway.trust.Spent;
import org.wasla.gateway.uplink.Downlink;
import org.wasla.gateway.uplink.Uplink;

/**
 * Carries out what a technician orders of this box at a distance. Thread-safe: orders come on the downlink's thread, what takes
 * its time is ended by the keeper's rounds.
 */
public final class RemoteDesk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteDesk.class);
    /** How long a restart waits for its answer to leave; it is on disk anyway. */
    private static final long LEAVE_NS = TimeUnit.SECONDS.toNanos(10);

    private static final Set<String> SLOW = Set.of("capture", "identify");
    private static final String CUT_OFF = "the box stopped before it was done; give it again";

    private final Box box;
    private final boolean isOpen;
    private final Taps taps;
    private final Gate gate;
    private final List<Spent.Use> left;
    private final LogRing log = LogRing.attach();
    private Runnable whenRestarting = () -> {};
    private @Nullable Running capture;
    private String restartBy = "";
    private @Nullable Long restartUntilNs;

    /**
     * The box that it works for.
     *
     * @param workers its devices, as they are now
     */
    public record Box(
            Config config,
            Auditor auditor,
            Outbox outbox,
            Uplink uplink,
            Panel panel,
            Supplier<List<DeviceWorker>> workers) {}

    /** A capture under way. */
    private record Running(Command.Capture order, Taps.Tap tap, PublicKey to, long untilNs, Consumer<Reply> reply) {}

    /** Where nobody may change the box from outside nobody may order anything of it either. */
    public RemoteDesk(Box box, ConfigDesk desk, Taps taps) throws IOException {
        this.box = box;
        this.taps = taps;
        TrustReader.Trust trust = box.config().trust();
        this.isOpen = trust != null;
        if (trust == null) {
            this.gate = Gate.OPEN;
            this.left = List.of();
        } else {
            SignedCommand.Box meant =
                    new SignedCommand.Box(box.config().gateway().id(), trust.groups());
            CommandDoor door = new CommandDoor(
                    meant, desk::keys, box.config().buffer().dir(), box.auditor(), System::currentTimeMillis);
            this.gate = door;
            this.left = door.left();
        }
    }

    private String gateway() {
        return box.config().gateway().id();
    }

    public Downlink.Desks desks(Function<Command.Errand, List<String>> errands, Downlink.States states) {
        return new Downlink.Desks(new Watched(), errands, this::carryOut, states);
    }

    /** The gate, and a look at which answer has gone to disk. */
    private final class Watched implements Gate {
        @Override
        public Admission admit(String verb, String client, byte[] payload) {
            return gate.admit(verb, client, payload);
        }

        @Override
        public void answered(String jti, String json) {
            gate.answered(jti, json);
            restartAnswered(jti);
        }
    }

    /** Tells those whose capture a power cut has ended. What was quick is given again by the broker. */
    public void start(Downlink downlink) {
        for (Spent.Use use : left) {
            if (SLOW.contains(use.verb())) {
                downlink.answerNotDone(use.client(), use.verb(), use.jti(), CUT_OFF);
            }
        }
    }

    /** Before orders come. */
    public synchronized void onRestart(Runnable whenOrdered) {
        whenRestarting = whenOrdered;
    }

    private void carryOut(Command.Service order, Consumer<Reply> reply) {
        if (!isOpen) {
            reply.accept(Reply.refused("nobody may order anything of this box from outside; configure trust"));
        } else if (order instanceof Command.Logs logs) {
            reply.accept(Reply.lines(log.last(logs.count())));
        } else if (order instanceof Command.Identify identify) {
            identify(identify, reply);
        } else if (order instanceof Command.Capture wanted) {
            capture(wanted, reply);
        } else {
            restart(order.jti(), reply);
        }
    }

    private void identify(Command.Identify order, Consumer<Reply> reply) {
        box.panel().signal(Lamps.HERE, TimeUnit.SECONDS.toMillis(order.seconds()));
        LOG.info("somebody looks for this box gateway={} seconds={}", gateway(), order.seconds());
        List<String> said = new ArrayList<>();
        said.add(
                box.config().board() == null
                        ? "this box has no lamps"
                        : "all lamps blink for " + order.seconds() + " s, after five short sounds");
        if (order.port().isEmpty()) {
            reply.accept(Reply.lines(said));
        } else {
            PortHearing.start(box, order.port(), said, reply);
        }
    }

    private synchronized void capture(Command.Capture order, Consumer<Reply> reply) {
        Optional<PublicKey> to = Sealed.key(order.to());
        Taps.Tap tap = new Taps.Tap(order.device(), order.bytesMax(), System.currentTimeMillis());
        if (to.isEmpty()) {
            reply.accept(Reply.refused("to is no X25519 key"));
        } else if (!devices().contains(order.device())) {
            reply.accept(Reply.refused("dev is '" + order.device() + "', no device of this box; write one of "
                    + String.join(", ", devices())));
        } else if (!taps.begin(tap)) {
            reply.accept(Reply.refused("another capture is under way; wait for its end, at most 300 s"));
        } else {
            long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(order.seconds());
            capture = new Running(order, tap, to.get(), untilNs, reply);
        }
    }

    private List<String> devices() {
        return box.workers().get().stream()
                .map(worker -> worker.settings().id())
                .sorted()
                .toList();
    }

    private void restart(String jti, Consumer<Reply> reply) {
        synchronized (this) {
            restartBy = jti;
        }
        reply.accept(Reply.done(1));
    }

    /** From here on the answer is on disk; {@link #tick} waits for its leaving. */
    private synchronized void restartAnswered(String jti) {
        if (!jti.isEmpty() && jti.equals(restartBy)) {
            restartBy = "";
            restartUntilNs = System.nanoTime() + LEAVE_NS;
        }
    }

    /** Once a second. */
    public synchronized void tick() {
        Running running = capture;
        if (running != null && (running.tap().isFull() || System.nanoTime() - running.untilNs() >= 0)) {
            capture = null;
            taps.end();
            running.reply().accept(seal(running));
        }
        Long until = restartUntilNs;
        if (until != null && (hasLeft() || System.nanoTime() - until >= 0)) {
            restartUntilNs = null;
            box.auditor().note("restart", Map.of());
            LOG.info("restart ordered gateway={}", gateway());
            whenRestarting.run();
        }
    }

    private boolean hasLeft() {
        LaneStatus answers = box.outbox().lanes().get(Urgency.RESULT);
        return answers == null || answers.waiting() == 0;
    }

    private Reply seal(Running running) {
        byte[] deflated = running.tap().end();
        Command.Capture order = running.order();
        String header = JsonText.write(json -> {
            json.writeStringField("typ", "wasla-capture");
            json.writeStringField("zip", "zlib");
            json.writeStringField("gw", gateway());
            json.writeStringField("dev", order.device());
            json.writeStringField("jti", order.jti());
            json.writeStringField("to", order.to());
        });
        return Reply.sealed(running.tap().heard(), Sealed.seal(header, deflated, running.to()));
    }

    @Override
    public void close() {
        log.close();
    }
}
