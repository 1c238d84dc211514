package org.wasla.gateway.hospital;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;

/** A real buffer with invented records. */
final class Buffer {
    static final long T0_MS = 1_781_596_800_000L;

    private Buffer() {}

    static Outbox open(Path dir, long maxBytes) throws IOException {
        return Outbox.open(new OutboxSettings(dir, maxBytes, 0), (device, kind, from, to, why) -> {
            throw new AssertionError("nothing is lost here");
        });
    }

    static Outbox open(Path dir) throws IOException {
        return open(dir, 64L << 20);
    }

    /** @param rest the fields behind the envelope */
    static Draft draft(String device, String kind, long timeMs, String rest) {
        Urgency urgency = kind.equals("alarm") ? Urgency.ALARM : Urgency.OBSERVATION;
        return new Draft(
                device,
                kind,
                urgency,
                timeMs,
                (epoch, seq) -> ("{\"v\":1,\"id\":\"gw-1." + epoch + '.' + device + '.'
                                + kind + '.' + seq + "\",\"gw\":\"gw-1\",\"ep\":\"" + epoch + "\",\"dev\":\"" + device
                                + "\",\"k\":\""
                                + kind + "\",\"seq\":" + seq + ",\"t\":" + timeMs + ',' + rest + '}')
                        .getBytes(StandardCharsets.UTF_8));
    }

    static Draft value(String device, long timeMs, String code, int value) {
        return draft(device, "obs", timeMs, "\"obs\":[{\"c\":" + code + ",\"r\":\"R\",\"v\":" + value + "}]");
    }

    static Draft alarm(String device, long timeMs, String alarm, String phase) {
        return draft(
                device,
                "alarm",
                timeMs,
                "\"a\":\"" + alarm + "\",\"phase\":\"" + phase
                        + "\",\"kind\":\"phys\",\"prio\":\"high\",\"state\":\"active\",\"r\":\"ALARM\",\"txt\":\"low\"");
    }

    static HospitalSettings.Receiver to(int port, long everyMs, long answerMs) {
        return new HospitalSettings.Receiver(
                "his", "127.0.0.1", port, true, true, everyMs, "HIS", "CHU", null, answerMs);
    }

    static HospitalSettings settings(HospitalSettings.Receiver... to) {
        return new HospitalSettings(List.of(to), "chu-1", ZoneId.of("Africa/Casablanca"), Map.of());
    }

    static void await(String what, Callable<Boolean> condition) throws Exception {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!condition.call()) {
            if (System.nanoTime() > endNs) {
                throw new AssertionError("did not come: " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
