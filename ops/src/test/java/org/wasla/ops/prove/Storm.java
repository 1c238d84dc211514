package org.wasla.ops.prove;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.uplink.Mosquitto;
import org.wasla.gateway.uplink.Uplink;

/** Many gateways behind one wire that comes back after half a minute: when does who knock? One thread. */
final class Storm {
    private static final long DOWN_MS = 30_000;
    private static final long BACK_MS_MAX = 120_000;
    private final Workbench bench;
    private final int gateways;

    Storm(Workbench bench, int gateways) {
        this.bench = bench;
        this.gateways = gateways;
    }

    void run(Report report) throws IOException {
        List<Outbox> outboxes = new ArrayList<>();
        List<Uplink> uplinks = new ArrayList<>();
        try (Mosquitto broker = Mosquitto.start(bench.path(""), "max_queued_messages 0");
                Wire wire = new Wire(broker.port(), Shape.GOOD, () -> new MqttTap(payload -> {}))) {
            for (int i = 0; i < gateways; i++) {
                Outbox outbox =
                        Outbox.open(new OutboxSettings(bench.path("storm-" + i), 4L << 20, 50), Gaps.by("gw-" + i));
                outboxes.add(outbox);
                uplinks.add(Appender.uplink("gw-" + i, outbox, wire.port()));
                uplinks.get(i).start();
            }
            await(uplinks, 20_000);
            wire.down();
            bench.progress("the wire is down");
            Pace.ms(DOWN_MS);
            long upNs = System.nanoTime();
            wire.up();
            boolean allBack = await(uplinks, BACK_MS_MAX);
            tell(report, wire.connectsNs(), upNs, allBack);
            uplinks.forEach(Uplink::close);
        } finally {
            outboxes.forEach(Outbox::close);
        }
    }

    private static boolean await(List<Uplink> uplinks, long limitMs) {
        long endNs = System.nanoTime() + limitMs * 1_000_000L;
        while (System.nanoTime() - endNs < 0) {
            if (uplinks.stream().allMatch(uplink -> uplink.status().connected())) {
                return true;
            }
            Pace.ms(20);
        }
        return false;
    }

    private void tell(Report report, List<Long> connectsNs, long upNs, boolean allBack) {
        int[] seconds = new int[(int) (BACK_MS_MAX / 1_000) + 1];
        for (long connectNs : connectsNs) {
            long second = Math.floorDiv(connectNs - upNs, 1_000_000_000L);
            if (second >= 0 && second < seconds.length) {
                seconds[(int) second]++;
            }
        }
        int most = 0;
        report.head("second after the wire is back", "connects of " + gateways + " gateways");
        for (int second = 0; second < seconds.length; second++) {
            most = Math.max(most, seconds[second]);
            if (seconds[second] > 0) {
                report.row(second, "#".repeat(seconds[second]) + " " + seconds[second]);
            }
        }
        report.must(allBack, "all gateways are back within " + BACK_MS_MAX / 1_000 + " s");
        report.must(
                most <= gateways / 2,
                "no storm: " + most + " connects in the fullest second, " + gateways / 2 + " may be");
    }
}
