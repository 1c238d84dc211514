package org.wasla.ops.prove;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.uplink.Downlink;
import org.wasla.gateway.uplink.Topics;
import org.wasla.gateway.uplink.Uplink;
import org.wasla.gateway.uplink.UplinkSettings;

/**
 * A process to be killed: a real outbox, four devices that append as fast as they are answered, and either a real
 * uplink or a publisher of its own. It tells every acknowledgement after the append has returned, as a line
 * {@code a <ns> <stream> <seq> <print> .}, and what its own publisher takes as {@code p <ns> ...}. Ends cleanly when
 * its input ends.
 *
 * <p>As the negative control of the kill proof it tells the acknowledgement once the record has its number, before it
 * is on the disk.
 */
final class Appender {
    static final String GATEWAY = "gw-proof";
    static final int DEVICES = 4;
    private static final int BACKLOG = 300;
    private static final long EARLY_NS = 2_000_000L;
    private static final long EARLY_LONG_NS = 200_000_000L;
    private final Outbox outbox;
    private final boolean isEarly;
    private final boolean leaks;
    private volatile boolean stopping;
    private final List<Object> leaked = Collections.synchronizedList(new ArrayList<>());

    private Appender(Outbox outbox, String mode) {
        this.outbox = outbox;
        this.isEarly = mode.equals("early");
        this.leaks = mode.equals("leak");
    }

    /** What a control run leaks: memory outside of the heap, and open files. */
    private void leak(long turn) throws IOException {
        leaked.add(ByteBuffer.allocateDirect(1 << 11));
        if (turn % 50 == 0) {
            leaked.add(new FileInputStream("/dev/null"));
        }
    }

    /** Small groups, so that there are many moments to be hit. */
    static OutboxSettings settings(Path dir) {
        return new OutboxSettings(dir, 32L << 20, 5);
    }

    /**
     * @param args directory, {@code honest} or {@code early} or {@code leak}, port of the broker or 0 (or ports with a
     *     comma between them: then it also takes orders), pause in ms between appends
     */
    public static void main(String[] args) throws IOException {
        Outbox outbox = Outbox.open(settings(Path.of(args[0])), Gaps.by(GATEWAY));
        Appender appender = new Appender(outbox, args[1]);
        List<Integer> ports =
                Stream.of(args[2].split(",", -1)).map(Integer::valueOf).toList();
        Uplink uplink = ports.get(0) == 0 ? null : uplink(GATEWAY, outbox, ports);
        Downlink downlink = uplink == null || ports.size() == 1 ? null : downlink(outbox, uplink, ports);
        long pauseNs = Long.parseLong(args[3]) * 1_000_000L;
        for (int device = 0; device < DEVICES; device++) {
            int number = device;
            start("d" + number, () -> appender.append(number, pauseNs));
        }
        if (uplink == null) {
            start("publisher", appender::publish);
        } else {
            uplink.start();
        }
        if (downlink != null) {
            downlink.start();
        }
        while (System.in.read() >= 0) {
            // until the prover lets go
        }
        appender.stopping = true;
        if (downlink != null) {
            downlink.close();
        }
        if (uplink != null) {
            uplink.close();
        }
        outbox.close();
        Runtime.getRuntime().halt(0);
    }

    /** Not yet started. */
    static Uplink uplink(String gateway, Outbox outbox, int port) {
        return uplink(gateway, outbox, List.of(port));
    }

    private static Uplink uplink(String gateway, Outbox outbox, List<Integer> ports) {
        return new Uplink(settings(gateway, ports), new Topics("ma-06", "proof", gateway), outbox);
    }

    private static Downlink downlink(Outbox outbox, Uplink uplink, List<Integer> ports) {
        return new Downlink(
                settings(GATEWAY, ports), new Topics("ma-06", "proof", GATEWAY), outbox, uplink, Downlink.Desks.NOBODY);
    }

    static UplinkSettings settings(String client, List<Integer> ports) {
        List<URI> servers = ports.stream()
                .map(port -> URI.create("mqtt://127.0.0.1:" + port))
                .toList();
        return new UplinkSettings(servers, null, null, client, "proof", false);
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void append(int device, long pauseNs) {
        for (long turn = 0; !stopping; turn++) {
            List<ProofDraft> drafts = drafts(device, turn);
            try {
                outbox.append(drafts.stream().map(ProofDraft::draft).toList());
                if (leaks) {
                    leak(turn);
                }
            } catch (IOException refused) {
                if (stopping) {
                    return;
                }
                // Not acknowledged: the device would keep it. Said, and tried again with the next.
                say("r " + System.nanoTime() + " " + refused.getMessage() + " .\n");
                LockSupport.parkNanos(20_000_000L);
                continue;
            }
            if (!isEarly) {
                say(drafts.stream().map(draft -> draft.line('a')).reduce("", String::concat));
            }
            if (pauseNs > 0) {
                LockSupport.parkNanos(pauseNs);
            }
        }
    }

    /** One device that also has waves, one that alarms at times, one with events. */
    private List<ProofDraft> drafts(int device, long turn) {
        String name = "d" + device;
        ProofDraft.Told early = isEarly ? Appender::sayEarly : draft -> {};
        ProofDraft obs = new ProofDraft(GATEWAY, name, "obs", Urgency.OBSERVATION, early);
        return switch (device) {
            case 1 -> List.of(obs, new ProofDraft(GATEWAY, name, "wav", Urgency.WAVE, early));
            case 2 ->
                turn % 10 == 0 ? List.of(new ProofDraft(GATEWAY, name, "alarm", Urgency.ALARM, early)) : List.of(obs);
            case 3 ->
                turn % 5 == 0
                        ? List.of(obs, new ProofDraft(GATEWAY, name, "evt", Urgency.RESULT, early))
                        : List.of(obs);
            default -> List.of(obs);
        };
    }

    /** On a disk so slow that there is a while between the acknowledgement and the sync. */
    private static void sayEarly(ProofDraft draft) {
        say(draft.line('a'));
        boolean isLong = ThreadLocalRandom.current().nextInt(10) == 0;
        LockSupport.parkNanos(isLong ? EARLY_LONG_NS : EARLY_NS);
    }

    /** Stands for uplink and broker: takes all but a small backlog, says so, and only then marks it as published. */
    private void publish() {
        try {
            while (true) {
                for (Urgency urgency : Urgency.values()) {
                    publish(outbox.next(urgency, 0, BACKLOG));
                }
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(40_000_000L));
            }
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private void publish(List<Entry> waiting) throws IOException {
        List<Entry> some = waiting.subList(0, waiting.size() * 2 / 3);
        StringBuilder lines = new StringBuilder();
        for (Entry entry : some) {
            Contents contents = java.util.Objects.requireNonNull(Contents.of(entry.payload()));
            lines.append(ProofDraft.line('p', contents.stream(), contents.seq(), contents.print()));
        }
        say(lines.toString());
        outbox.published(some);
    }

    @SuppressWarnings("SystemOut")
    private static void say(String lines) {
        synchronized (Appender.class) {
            System.out.print(lines);
            System.out.flush();
        }
    }
}
