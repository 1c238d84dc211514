package org.wasla.gateway.cli;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.uplink.Subscriber;
import org.wasla.gateway.uplink.UplinkSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wasla subscribe}: what the platform receives. */
@Command(
        name = "subscribe",
        description = {
            "Shows what a subscriber receives: a live table on a terminal, a line a record elsewhere.",
            "--verify ends with 1 when a number is missing in a stream for 10 s and no gap event names it. While a",
            "backlog still comes in, or no connection stands, the 10 s do not run. At the end, by --seconds or a",
            "signal, it waits up to 12 s for numbers that are missing then, so that its word is the last."
        })
final class SubscribeVerb implements Callable<Integer> {
    private static final int TOPIC_BYTES_MAX = 65_535;
    /** Longer than a number may be missing, shorter than a signal may wait. */
    private static final int SETTLE_S = 12;

    @Mixin
    Shared shared = new Shared();

    @Option(
            names = "--url",
            required = true,
            paramLabel = "URL",
            description = "The broker: mqtt://HOST:1883 or mqtts://. More than once for a pair: tried in turn.")
    List<URI> urls = List.of();

    @Option(names = "--topic", paramLabel = "FILTER", description = "Which topics (default: ${DEFAULT-VALUE}).")
    String topic = "wasla/1/#";

    @Option(
            names = "--session",
            paramLabel = "ID",
            description =
                    "A client id whose session the broker keeps for 24 h: what comes while we are away is not missed.")
    String session = "";

    @Option(names = "--seconds", paramLabel = "N", description = "Ends after this time (default: never).")
    long seconds;

    @Option(names = "--verify", description = "Checks that no stream has a hole.")
    boolean verify;

    @Option(names = "--json", description = "Prints every message as a JSON line: topic and record.")
    boolean json;

    @Option(names = "--ca", paramLabel = "FILE", description = "The broker's CA, PEM, for mqtts.")
    @Nullable
    Path ca;

    @Option(names = "--key", paramLabel = "FILE", description = "Our key and certificate, PKCS#12, for mqtts.")
    @Nullable
    Path key;

    @Override
    public Integer call() throws Failure, InterruptedException {
        for (URI url : urls) {
            check(url);
        }
        if (!isFilter(topic)) {
            throw new Failure(
                    2,
                    "--topic is '" + topic + "'; write levels parted by '/': '#' stands alone and last,"
                            + " '+' alone in its level, as in wasla/1/+/#");
        }
        if (seconds < 0) {
            throw new Failure(2, "--seconds is " + seconds + "; write how many, or leave it out");
        }
        boolean terminal = !json && Shared.isTerminal();
        Watcher.Style style = json ? Watcher.Style.JSON : terminal ? Watcher.Style.TABLE : Watcher.Style.LINES;
        Watcher watcher = new Watcher(System.out, style);
        String client = session.isEmpty() ? "wasla-subscribe-" + Long.toHexString(System.nanoTime()) : session;
        UplinkSettings settings = new UplinkSettings(urls, ca, key, client, Main.VERSION, false);
        Stop stop = Stop.onSignal();
        int code;
        try (Subscriber subscriber = new Subscriber(settings, topic, !session.isEmpty(), watcher)) {
            subscriber.start();
            watch(watcher, terminal, stop);
            if (verify) {
                settle(watcher.ledger());
            }
            code = verify ? verdict(watcher) : watcher.connection().isEmpty() ? 0 : 1;
        }
        return stop.finished(code);
    }

    private static void check(URI url) throws Failure {
        if (!"mqtt".equals(url.getScheme()) && !"mqtts".equals(url.getScheme()) || url.getHost() == null) {
            throw new Failure(2, "--url is '" + url + "'; write mqtt://HOST:1883 or mqtts://HOST:8883");
        }
        if (url.getPort() == 0 || url.getPort() > 65_535) {
            throw new Failure(2, "--url has the port " + url.getPort() + "; write a port from 1 to 65535");
        }
    }

    private static boolean isFilter(String topic) {
        String[] levels = topic.split("/", -1);
        for (int i = 0; i < levels.length; i++) {
            boolean last = i == levels.length - 1;
            if (levels[i].contains("#") && !(levels[i].equals("#") && last)
                    || levels[i].contains("+") && !levels[i].equals("+")) {
                return false;
            }
        }
        return !topic.isEmpty() && topic.getBytes(StandardCharsets.UTF_8).length <= TOPIC_BYTES_MAX;
    }

    private void watch(Watcher watcher, boolean draws, Stop stop) throws InterruptedException {
        long endNs = seconds > 0 ? System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds) : Long.MAX_VALUE;
        while (endNs - System.nanoTime() > 0) {
            long waitMs = seconds > 0 ? Math.min(500, (endNs - System.nanoTime()) / 1_000_000 + 1) : 500;
            if (stop.await(waitMs)) {
                return;
            }
            if (draws) {
                watcher.draw(urls.get(0) + "  " + (watcher.connection().isEmpty() ? "connected" : watcher.connection())
                        + "  (Ctrl-C stops)");
            }
            if (verify && !watcher.ledger().holes(System.nanoTime()).isEmpty()) {
                return;
            }
        }
    }

    /** What is missing at the end is given its time, or the end would be a matter of luck. */
    private static void settle(Ledger ledger) throws InterruptedException {
        long endNs = System.nanoTime();
        long nowNs = endNs;
        long open = ledger.open(endNs, nowNs);
        if (open > 0 && ledger.holes(nowNs).isEmpty()) {
            System.err.println("waiting up to " + SETTLE_S + " s for " + open + " numbers that are missing");
        }
        while (ledger.open(endNs, nowNs) > 0
                && ledger.holes(nowNs).isEmpty()
                && nowNs - endNs < TimeUnit.SECONDS.toNanos(SETTLE_S)) {
            TimeUnit.MILLISECONDS.sleep(100);
            nowNs = System.nanoTime();
        }
    }

    private static int verdict(Watcher watcher) {
        List<String> holes = watcher.ledger().holes(System.nanoTime());
        long records = 0;
        long missing = 0;
        for (Ledger.Stream stream : watcher.ledger().streams()) {
            String lost = stream.lost() == 0 ? "" : ", " + stream.lost() + " declared lost";
            String late = stream.late() == 0 ? "" : ", " + stream.late() + " late by more than 10 s";
            System.err.println(stream.name() + " " + Math.max(0, stream.first()) + ".." + stream.last() + ": "
                    + stream.received() + " records, " + stream.twice() + " twice, " + stream.missing() + " missing"
                    + lost + late);
            records += stream.received();
            missing += stream.missing();
        }
        if (!holes.isEmpty()) {
            System.err.println(holes.size() + " holes: "
                    + String.join(", ", holes.subList(0, Math.min(20, holes.size()))));
            return 1;
        }
        if (records == 0) {
            System.err.println("nothing was received; check --url and --topic, and that the gateway publishes");
            return 1;
        }
        if (missing > 0 && !watcher.connection().isEmpty()) {
            System.err.println(missing + " numbers had not come when the connection was lost: " + watcher.connection());
            return 1;
        }
        System.err.println(missing == 0 ? "no hole" : "no hole yet; " + missing + " numbers are on their way");
        return 0;
    }
}
