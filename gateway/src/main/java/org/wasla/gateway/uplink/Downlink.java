package org.wasla.gateway.uplink;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.command.Command;
import org.wasla.gateway.command.CommandReader;
import org.wasla.gateway.command.CommandReader.Reading;
import org.wasla.gateway.command.DesiredReader;
import org.wasla.gateway.command.Gate;
import org.wasla.gateway.command.Reply;
import org.wasla.gateway.outbox.Outbox;

/**
 * Takes orders from the platform, on a client of its own whose session the broker keeps for 24 h, so that an order
 * given while the box was away still comes. Thread-safe; the work is done by one thread, {@code downlink}.
 *
 * <p>An order is acknowledged only when it was taken up, and the broker holds back what is more than
 * {@value #ORDERS_MAX} under way: the queue cannot overflow.
 */
public final class Downlink implements AutoCloseable {

    static final int ORDERS_MAX = 16;
    static final long SESSION_EXPIRY_S = TimeUnit.HOURS.toSeconds(24);
    private static final Logger LOG = LoggerFactory.getLogger(Downlink.class);
    private static final String DESIRED = "cfg/desired";
    private static final String REPORTED = "cfg/reported";
    private static final long PACKET_BYTES_MAX = 2L * DesiredReader.BYTES_MAX;
    private static final long STEP_MS = 200;
    private static final long LEAVE_MS = 500;
    private static final long CLOSE_MS = 3_000;
    private static final long GOOD_NS = TimeUnit.SECONDS.toNanos(10);

    private final UplinkSettings settings;
    private final Topics topics;
    private final Outbox outbox;
    private final Uplink uplink;
    private final Timing timing;
    private final Desks desks;
    private final Faults faults = new Faults();
    private final Backoff backoff;
    private final Backoff takeovers;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "downlink");
    private @Nullable Answer unsent;
    private volatile boolean connected;
    private boolean hadSession;

    /** Takes what is said of states; at once. */
    @FunctionalInterface
    public interface States {
        /** A state that is wanted, signed. */
        void desired(byte[] signed);

        /** What the platform has of this box: retained, and whatever the box says anew. */
        default void reported(byte[] report) {}

        /** On each connection: what the platform has comes now, or it has nothing. */
        default void asked() {}
    }

    /**
     * Who decides on what comes, and carries it out; all are called by the downlink's thread.
     *
     * @param gate lets an order in, or not
     * @param errands carries out what is about patients, and says why not: nothing means that it is done and would survive
     *     the plug being pulled. It says nothing of a patient
     * @param services carries out what is about the box; its reply may come later, on any thread, once
     * @param states takes what comes on {@code cfg/desired} and {@code cfg/reported}
     */
    public record Desks(
            Gate gate,
            Function<Command.Errand, List<String>> errands,
            BiConsumer<Command.Service, Consumer<Reply>> services,
            States states) {
        /** Takes every order, and carries out none of those. */
        public static final Desks NOBODY = new Desks(
                Gate.OPEN,
                errand -> List.of("nobody here does that"),
                (order, reply) -> reply.accept(Reply.refused("nobody here does that")),
                state -> {});
    }

    /** @param uplink carries out what is about records */
    public Downlink(UplinkSettings settings, Topics topics, Outbox outbox, Uplink uplink, Desks desks) {
        this(settings, topics, outbox, uplink, desks, Timing.NORMAL);
    }

    /** With other waits, and nobody who carries out anything but what is about records. */
    Downlink(UplinkSettings settings, Topics topics, Outbox outbox, Uplink uplink, Timing timing) {
        this(settings, topics, outbox, uplink, Desks.NOBODY, timing);
    }

    private Downlink(UplinkSettings settings, Topics topics, Outbox outbox, Uplink uplink, Desks desks, Timing timing) {
        this.settings = settings;
        this.topics = topics;
        this.outbox = outbox;
        this.uplink = uplink;
        this.desks = desks;
        this.timing = timing;
        this.backoff = new Backoff(timing.backoffMinMs(), timing.backoffMaxMs(), ThreadLocalRandom.current());
        this.takeovers = Backoff.afterTakeover(timing.takenOverMs(), ThreadLocalRandom.current());
        this.thread.setDaemon(true);
    }

    /** Starts the thread; once. */
    public void start() {
        thread.start();
    }

    /** Answers an order that was taken before a restart, and will not be carried out any more. */
    public void answerNotDone(String client, String verb, String jti, String why) {
        uplink.replays().answer(Answer.refused(client, verb, jti, why));
    }

    /** Whether orders can come in now. */
    public boolean isConnected() {
        return connected;
    }

    private void run() {
        try {
            int attempt = 0;
            while (isWanted()) {
                Server server = Server.of(
                        settings.servers().get(attempt % settings.servers().size()));
                boolean wasUp = runOn(server);
                attempt = wasUp ? attempt : attempt + 1;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One connection and the wait after it; whether it came to be. */
    private boolean runOn(Server server) throws InterruptedException {
        boolean up = false;
        long sinceNs = System.nanoTime();
        String cause = "";
        boolean takenOver = false;
        Inbox inbox = new Inbox(new ArrayBlockingQueue<>(2 * ORDERS_MAX));
        try (Connection connection = Connection.open(
                server, settings, timing, settings.gateway() + "-down", options(), inbox, true, this::isWanted)) {
            subscribe(connection);
            if (hadSession && !connection.isSessionPresent()) {
                uplink.sessionLost();
            }
            hadSession = true;
            up = true;
            connected = true;
            LOG.info("downlink connected server={} session_present={}", server.label(), connection.isSessionPresent());
            serve(connection, inbox);
            connection.leave(LEAVE_MS);
        } catch (LostException e) {
            cause = String.valueOf(e.getMessage());
            takenOver = e.isTakenOver();
        } catch (IOException | MqttException | RuntimeException e) {
            cause = e instanceof MqttException mqtt ? Connection.text(mqtt) : String.valueOf(e.getMessage());
        } finally {
            connected = false;
        }
        if (isWanted()) {
            if (up && System.nanoTime() - sinceNs > GOOD_NS) {
                backoff.reset();
                faults.reset();
            }
            await(server, cause, takenOver ? takeovers.nextMs() : backoff.nextMs());
        }
        return up;
    }

    private static MqttConnectionOptions options() {
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setCleanStart(false);
        options.setSessionExpiryInterval(SESSION_EXPIRY_S);
        options.setReceiveMaximum(ORDERS_MAX);
        options.setMaximumPacketSize(PACKET_BYTES_MAX);
        return options;
    }

    /** The broker has forgotten us whenever it says that there is no session. Retained orders are old ones. */
    private void subscribe(Connection connection) throws IOException, MqttException {
        if (!connection.isSessionPresent()) {
            MqttSubscription orders = new MqttSubscription(topics.own("cmd/#"), 1);
            orders.setRetainHandling(2);
            subscribe(connection, orders);
        }
        try {
            // First: a box whose disk was set back learns what it had before it is given anything.
            subscribe(connection, new MqttSubscription(topics.own(REPORTED), 1));
        } catch (MqttException notAllowed) {
            LOG.warn("what the platform has of this box cannot be read cause=\"{}\"", Connection.text(notAllowed));
        }
        // Every time: the state that is wanted is retained, and may have come to a box that then lost its power.
        subscribe(connection, new MqttSubscription(topics.own(DESIRED), 1));
        // What was retained for the first of them was sent before this answer.
        desks.states().asked();
    }

    private void subscribe(Connection connection, MqttSubscription to) throws IOException, MqttException {
        Connection.await(
                connection.client().subscribe(new MqttSubscription[] {to}, null, null, new MqttProperties()),
                timing.connectWaitMs(),
                "SUBSCRIBE",
                this::isWanted);
    }

    private void serve(Connection connection, Inbox inbox) throws IOException, InterruptedException, MqttException {
        while (isWanted()) {
            Inbox.Order order = inbox.orders().poll(STEP_MS, TimeUnit.MILLISECONDS);
            if (order != null) {
                take(order);
                MqttAsyncClient client = connection.client();
                client.messageArrivedComplete(order.messageId(), order.qos());
            }
            sendAnswers();
            LostException lost = inbox.lostBy();
            if (lost != null) {
                throw lost;
            }
        }
    }

    private void take(Inbox.Order order) {
        if (order.topic().endsWith("/" + DESIRED)) {
            desks.states().desired(order.payload().bytes());
            return;
        }
        if (order.topic().endsWith("/" + REPORTED)) {
            desks.states().reported(order.payload().bytes());
            return;
        }
        String verb = CommandReader.verb(order.topic());
        String client = CommandReader.client(order.responseTopic());
        Gate.Admission in = desks.gate().admit(verb, client, order.payload().bytes());
        if (in.isSilent()) {
            LOG.info("order passed over verb={}", verb);
        } else if (!in.told().isEmpty()) {
            LOG.info("order came again verb={} jti={}", verb, in.jti());
            uplink.replays().answer(Answer.again(client, verb, in.jti(), in.told()));
        } else if (!in.problems().isEmpty()) {
            boolean isAnswered = !in.jti().isEmpty() || order.responseTopic() != null;
            refuse(client, verb, in.jti(), in.problems(), isAnswered);
        } else {
            read(CommandReader.read(order.topic(), in.content(), order.responseTopic()));
        }
    }

    private void refuse(String client, String verb, String jti, List<String> problems, boolean isAnswered) {
        LOG.warn("order refused verb={} jti={} why=\"{}\"", verb, jti, problems);
        if (isAnswered) {
            uplink.replays().answer(Answer.refused(client, verb, jti, String.join("; ", problems)));
        }
    }

    private void read(Reading reading) {
        if (reading.command().isEmpty()) {
            boolean isAnswered = !reading.jti().isEmpty();
            refuse(reading.client(), reading.verb(), reading.jti(), reading.problems(), isAnswered);
            return;
        }
        Command command = reading.command().get();
        LOG.info("order taken verb={} jti={}", reading.verb(), reading.jti());
        if (command instanceof Command.Replay replay) {
            uplink.replays().order(replay);
        } else if (command instanceof Command.Errand errand) {
            uplink.replays().answer(Answer.of(errand, carriedOut(errand)));
        } else if (command instanceof Command.Service service) {
            serve(service);
        } else {
            uplink.greet();
        }
    }

    private void serve(Command.Service service) {
        try {
            desks.services().accept(service, reply -> uplink.replays().answer(Answer.of(service, reply)));
        } catch (RuntimeException ourBug) {
            LOG.error("order failed by a fault of ours verb={} jti={}", service.verb(), service.jti(), ourBug);
            uplink.replays().answer(Answer.of(service, Reply.refused("the box failed by a fault of its own")));
        }
    }

    /** A fault of ours must not have the broker give the same command again for ever. */
    private List<String> carriedOut(Command.Errand errand) {
        try {
            return desks.errands().apply(errand);
        } catch (RuntimeException ourBug) {
            LOG.error("order failed by a fault of ours verb={} jti={}", errand.verb(), errand.jti(), ourBug);
            return List.of("the box failed by a fault of its own");
        }
    }

    /** One that the buffer does not take now is tried again. */
    private void sendAnswers() {
        Answer answer = unsent == null ? uplink.replays().nextAnswer() : unsent;
        while (answer != null) {
            unsent = answer;
            try {
                outbox.keep(answer.drafts(System.currentTimeMillis()));
            } catch (IOException e) {
                if (Faults.isDue(faults.count("answer"))) {
                    LOG.warn("answer waits for the buffer cause=\"{}\"", e.getMessage());
                }
                return;
            }
            if (!answer.isRepeated()) {
                LOG.info("order ended verb={} jti={} done={}", answer.verb(), answer.jti(), answer.done());
                desks.gate().answered(answer.jti(), answer.json());
            }
            unsent = null;
            answer = uplink.replays().nextAnswer();
        }
    }

    private void await(Server server, String cause, long waitMs) throws InterruptedException {
        int count = faults.count(cause);
        if (Faults.isDue(count)) {
            LOG.warn(
                    "downlink away server={} cause=\"{}\" count={} retry_in={}ms",
                    server.label(),
                    cause,
                    count,
                    waitMs);
        }
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        long leftMs = waitMs;
        while (leftMs > 0 && !stop.await(Math.min(STEP_MS, leftMs), TimeUnit.MILLISECONDS)) {
            sendAnswers();
            leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
        }
    }

    private boolean isWanted() {
        return stop.getCount() > 0;
    }

    /** Stops taking orders; takes at most 3 s. What comes meanwhile waits at the broker. */
    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join(CLOSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("downlink did not stop within {} ms", CLOSE_MS);
        }
    }
}
