package org.wasla.gateway.uplink;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.wasla.gateway.render.Cbor;

/**
 * What a message weighs in every form that the contract has, and what it costs to make: a table on stdout. The cost is
 * the processor time of this thread, the least of ten rounds. {@code ops/bench/run sizes}.
 */
public final class SizesBench {
    private static final int MESSAGES = 200;
    private static final int ROUNDS = 10;
    private static final long ROUND_NS = 200_000_000;

    private SizesBench() {}

    /** Makes one form of a message. */
    private interface Form {
        byte[] of(byte[] json) throws IOException;
    }

    /** @param args none */
    public static void main(String[] args) throws IOException {
        System.out.println("| message | form | bytes | bytes a value or sample | microseconds |");
        System.out.println("|---|---|---|---|---|");
        WardSet ward = new WardSet(7);
        table("12 parameters", 12, messages(i -> ward.set()));
        table("10 sets of 12", 120, messages(i -> ward.batchOfTen()));
        for (int seconds : new int[] {1, 10}) {
            List<byte[]> waves = new ArrayList<>();
            for (int i = 0; i < MESSAGES / 20; i++) {
                waves.addAll(ward.waves(seconds));
            }
            table("one of 4 waves, " + seconds + " s", 1187.5 * seconds / 4, waves);
        }
    }

    private static List<byte[]> messages(IntFunction<byte[]> source) {
        List<byte[]> messages = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            messages.add(source.apply(i));
        }
        return messages;
    }

    private static void table(String what, double values, List<byte[]> messages) throws IOException {
        row(what, "JSON", values, messages, json -> json);
        row(what, "JSON, deflate", values, messages, json -> Zlib.deflate(json, false));
        row(what, "JSON, deflate-d1", values, messages, json -> Zlib.deflate(json, true));
        row(what, "CBOR", values, messages, Cbor::of);
        row(what, "CBOR, deflate", values, messages, json -> Zlib.deflate(Cbor.of(json), false));
        row(what, "CBOR, deflate-d1", values, messages, json -> Zlib.deflate(Cbor.of(json), true));
    }

    private static void row(String what, String name, double values, List<byte[]> messages, Form form)
            throws IOException {
        double bytes = 0;
        for (byte[] message : messages) {
            bytes += form.of(message).length;
        }
        bytes /= messages.size();
        double leastNs = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            leastNs = Math.min(leastNs, nsEach(messages, form));
        }
        System.out.printf(
                Locale.ROOT, "| %s | %s | %.0f | %.2f | %.1f |%n", what, name, bytes, bytes / values, leastNs / 1_000);
    }

    private static double nsEach(List<byte[]> messages, Form form) throws IOException {
        var thread = java.lang.management.ManagementFactory.getThreadMXBean();
        long startNs = thread.getCurrentThreadCpuTime();
        long made = 0;
        while (thread.getCurrentThreadCpuTime() - startNs < ROUND_NS) {
            for (byte[] message : messages) {
                form.of(message);
                made++;
            }
        }
        return (double) (thread.getCurrentThreadCpuTime() - startNs) / made;
    }
}
