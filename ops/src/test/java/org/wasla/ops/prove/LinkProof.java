package org.wasla.ops.prove;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.uplink.Mosquitto;
import org.wasla.gateway.uplink.Uplink;

/**
 * {@code ops/prove/link}: the backlog of 24 hours leaves over a thin, late, lossy, flapping wire, while alarms and live
 * records come in: nothing is lost and alarms go first. Then twenty gateways come back at once. The control gives
 * alarms the urgency of observations.
 */
final class LinkProof {
    /** 64 kbit/s, two seconds there and back, 30 % of segments lost. */
    static final Shape BAD = new Shape(64_000, 1_000, 30);

    private static final int MESSAGES_A_DAY = 24 * 60;
    private static final int WAVES_A_DAY = 144;
    private static final int OLD_ALARMS = 10;
    private static final int MINUTES_A_DEVICE = 20;
    private static final long UP_MS = 40_000;
    private static final long DOWN_MS = 5_000;
    /** What is under way when an alarm comes cannot be called back: the window, and what is sent again after a cut. */
    static final int BEHIND_MAX = 64;

    private final Workbench bench;
    private final boolean isControl;
    private final Judge judge = new Judge();
    private final Delays delays = new Delays();

    LinkProof(Workbench bench, boolean isControl) {
        this.bench = bench;
        this.isControl = isControl;
    }

    public static void main(String[] args) throws Exception {
        Options options = Options.of(args, "--minutes", "--gateways");
        Report report = new Report("link", options);
        if (!Shell.has("mosquitto")) {
            System.exit(report.skip("mosquitto is not installed"));
        }
        int minutes = options.number("--minutes", 20);
        try (Workbench bench = new Workbench("link")) {
            LinkProof proof = new LinkProof(bench, options.isControl());
            if (options.isControl()) {
                proof.drain(report, new Shape(256_000, 100, 10), 4_000, 120_000);
            } else {
                int devices = Math.max(1, minutes / MINUTES_A_DEVICE);
                report.text("Backlog: 24 h of " + devices + " devices, a set a minute and a wave every ten.");
                proof.drain(report, BAD, devices * MESSAGES_A_DAY, minutes * 60_000L);
                new Storm(bench, options.number("--gateways", 20)).run(report);
            }
        }
        System.exit(report.end());
    }

    /** What came of it, for a test. */
    record Outcome(Verdict verdict, long alarmsBehind, boolean isDrained) {}

    /** @param limitMs gives up then */
    Outcome drain(Report report, Shape shape, int sets, long limitMs) throws IOException {
        OutboxSettings settings = Appender.settings(bench.path("link"));
        try (Outbox outbox = Outbox.open(settings, Gaps.by(Appender.GATEWAY))) {
            fill(outbox, sets);
        }
        long startNs = System.nanoTime();
        boolean isDrained;
        try (Mosquitto broker = Mosquitto.start(bench.path(""), "max_queued_messages 0");
                Wire wire = new Wire(broker.port(), shape, () -> new MqttTap(this::delivered));
                Outbox outbox = Outbox.open(settings, Gaps.by(Appender.GATEWAY));
                Uplink uplink = Appender.uplink(Appender.GATEWAY, outbox, wire.port())) {
            delays.begin();
            uplink.start();
            isDrained = live(outbox, wire, limitMs);
            report.text("The uplink connected again " + uplink.status().reconnects() + " times; its newest fault: "
                    + uplink.status().lastError() + ".");
        }
        double seconds = (System.nanoTime() - startNs) / 1e9;
        Reader.read(Appender.GATEWAY, bench.path("link"), judge, false);
        Verdict verdict = judge.verdict();
        tell(report, verdict, seconds, isDrained);
        return new Outcome(verdict, delays.behindMax("alarm"), isDrained);
    }

    private void delivered(byte[] payload) {
        judge.delivered(payload);
        Contents contents = Contents.of(payload);
        if (contents != null) {
            delays.delivered(contents);
        }
    }

    /** A day without a link, in an earlier run; its last minute had alarms. */
    private void fill(Outbox outbox, int sets) throws IOException {
        for (int set = 0; set < sets; set++) {
            List<ProofDraft> drafts = new ArrayList<>();
            String device = "dev-" + set / MESSAGES_A_DAY;
            drafts.add(draft(device, "obs", Urgency.OBSERVATION));
            if (set % (MESSAGES_A_DAY / WAVES_A_DAY) == 0) {
                drafts.add(draft(device, "wav", Urgency.WAVE));
            }
            if (set >= sets - OLD_ALARMS) {
                drafts.add(draft(device, "alarm", alarms()));
            }
            keep(outbox, drafts, "alarm");
        }
    }

    private Urgency alarms() {
        return isControl ? Urgency.OBSERVATION : Urgency.ALARM;
    }

    private static ProofDraft draft(String device, String kind, Urgency urgency) {
        return new ProofDraft(Appender.GATEWAY, device, kind, urgency, 4, draft -> {});
    }

    /** @param timed only records of this kind have their delay measured; empty for all */
    private void keep(Outbox outbox, List<ProofDraft> drafts, String timed) throws IOException {
        outbox.append(drafts.stream().map(ProofDraft::draft).toList());
        for (ProofDraft draft : drafts) {
            judge.accepted(draft.stream(), draft.seq(), draft.print());
            if (timed.isEmpty() || draft.stream().endsWith(timed)) {
                delays.accepted(draft.stream(), draft.seq());
            }
        }
    }

    /** A set every 10 s, a wave every 5 s, an alarm every 15 s, until the backlog is gone; the wire goes and comes. */
    private boolean live(Outbox outbox, Wire wire, long limitMs) throws IOException {
        long startNs = System.nanoTime();
        boolean isDown = false;
        for (int second = 0; (System.nanoTime() - startNs) / 1_000_000L < limitMs; second++) {
            boolean wantsDown = second * 1_000L % (UP_MS + DOWN_MS) >= UP_MS;
            if (wantsDown != isDown) {
                isDown = wantsDown;
                setWire(wire, isDown);
            }
            List<ProofDraft> drafts = new ArrayList<>();
            addIf(drafts, second % 10 == 0, "obs", Urgency.OBSERVATION);
            addIf(drafts, second % 5 == 0, "wav", Urgency.WAVE);
            addIf(drafts, second % 15 == 0, "alarm", alarms());
            if (!drafts.isEmpty()) {
                keep(outbox, drafts, "");
            }
            Pace.ms(1_000 - (System.nanoTime() - startNs) / 1_000_000L % 1_000);
            long waiting = waiting(outbox);
            bench.progress(second + " s, " + waiting + " wait");
            if (waiting <= 2 && !isDown) {
                return settle(outbox);
            }
        }
        return false;
    }

    private static boolean settle(Outbox outbox) {
        for (int tenth = 0; tenth < 300 && waiting(outbox) > 0; tenth++) {
            Pace.ms(100);
        }
        return waiting(outbox) == 0;
    }

    private static void setWire(Wire wire, boolean isDown) {
        if (isDown) {
            wire.down();
        } else {
            wire.up();
        }
    }

    private static void addIf(List<ProofDraft> drafts, boolean isDue, String kind, Urgency urgency) {
        if (isDue) {
            drafts.add(draft("dev-live", kind, urgency));
        }
    }

    private static long waiting(Outbox outbox) {
        return outbox.status().waiting().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private void tell(Report report, Verdict verdict, double seconds, boolean isDrained) {
        report.head(
                "records with a delay of their own", "count", "p50 s", "p95 s", "max s", "messages let before it, max");
        delays.rows(report);
        report.head("accepted", "drained in s", "messages", "lost", "holes", "other faults", "doubles");
        report.row(
                verdict.accepted(),
                Math.round(seconds),
                delays.messages(),
                verdict.lost(),
                verdict.holes().size(),
                verdict.faultCount(),
                verdict.doubles());
        long behind = delays.behindMax("alarm");
        if (isControl) {
            report.must(behind > BEHIND_MAX, "the control is red, as it must be: " + behind + " went before an alarm");
            return;
        }
        report.must(verdict.holds(), "nothing is lost, order is kept (" + verdict.summary() + ")");
        report.must(isDrained, "the backlog leaves");
        report.must(
                behind <= BEHIND_MAX,
                "alarms go first: " + behind + " messages at most went before one, of " + BEHIND_MAX + " that may");
    }
}
