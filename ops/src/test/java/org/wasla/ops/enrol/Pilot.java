package org.wasla.ops.enrol;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.wasla.gateway.enrol.IdentityFolder;
import org.wasla.gateway.uplink.Ear;
import org.wasla.gateway.uplink.Mosquitto;
import org.wasla.gateway.uplink.Subscriber;
import org.wasla.gateway.uplink.UplinkSettings;

/** A region for one test: CA, endpoint, a real broker with its lists, and somebody who listens. One thread. */
final class Pilot implements AutoCloseable {
    private static final Path RIGHTS = Path.of("region/rights").toAbsolutePath();
    private final Path dir;
    private final Settings settings;
    private final Path pid;
    private final Endpoint endpoint;
    private final Subscriber platform;
    private volatile boolean admitted;
    /** Payloads by topic, in order. */
    private final Map<String, List<String>> heard = new ConcurrentHashMap<>();

    /** What an action of the tool left. */
    record Done(int code, String out, String err) {}

    Pilot(Path home) throws Exception {
        dir = home.resolve("region");
        System.setProperty("wasla.rights", RIGHTS.toString());
        int port = Mosquitto.freePort();
        Done init = tool(
                "init",
                "--region",
                "ma-06",
                "--endpoint",
                "https://localhost:" + port,
                "--broker",
                "mqtts://localhost:1");
        if (init.code() != 0) {
            throw new IOException(init.err());
        }
        int brokerPort = Mosquitto.freePort();
        pid = home.resolve("broker.pid");
        Path restart = restart(home, brokerPort);
        URI server = URI.create("mqtts://localhost:" + brokerPort);
        settings = new Settings(
                "ma-06", URI.create("https://localhost:" + port), List.of(server), 3_600, 1, "bash " + restart);
        settings.write(dir);
        new Lists(dir, settings, RIGHTS).reload();
        endpoint = new Endpoint(dir, settings, new Lists(dir, settings, RIGHTS), port);
        endpoint.start();
        platform = new Subscriber(
                new UplinkSettings(
                        List.of(server), dir.resolve("ca.pem"), dir.resolve("operator.p12"), "platform", "test", false),
                "wasla/1/ma-06/chu/#",
                new Subscriber.Listener() {
                    @Override
                    public void message(String topic, byte[] payload) {
                        heard.computeIfAbsent(topic, any -> new CopyOnWriteArrayList<>())
                                .add(new String(payload, StandardCharsets.UTF_8));
                    }

                    @Override
                    public void connection(String cause) {
                        admitted = cause.isEmpty();
                    }
                });
        platform.start();
    }

    /**
     * Starts the broker, again where it runs. On SIGHUP mosquitto 2.0.11 with certificates as names ends by an assertion when
     * a session is kept for a box that is away.
     */
    private Path restart(Path home, int port) throws IOException {
        Path config = Files.writeString(home.resolve("broker.conf"), """
                listener %1$d 127.0.0.1
                allow_anonymous false
                user root
                cafile %2$s/ca.pem
                certfile %2$s/broker.pem
                keyfile %2$s/broker.key
                crlfile %2$s/ca.crl
                acl_file %2$s/lists/mosquitto.acl
                require_certificate true
                use_identity_as_username true
                tls_version tlsv1.3
                log_type debug
                """.formatted(port, dir));
        return Files.writeString(home.resolve("restart"), """
                answers() { (exec 3<>/dev/tcp/127.0.0.1/%1$d) 2>/dev/null; }
                PATH=$PATH:/usr/sbin
                [ ! -f %2$s ] || kill -KILL "$(cat %2$s)"
                while answers; do sleep 0.02; done
                mosquitto -c %3$s > %3$s.log 2>&1 < /dev/null & echo $! > %2$s
                until answers; do kill -0 $!; sleep 0.02; done
                """.formatted(port, pid, config));
    }

    /** What the broker has said since it was started last. */
    String brokerLog() throws IOException {
        return Files.readString(pid.resolveSibling("broker.conf.log"));
    }

    Path dir() {
        return dir;
    }

    Settings settings() {
        return settings;
    }

    /** Payloads of a topic below the site's. */
    List<String> heard(String leaf) {
        return List.copyOf(heard.getOrDefault("wasla/1/ma-06/chu/" + leaf, List.of()));
    }

    /** Whether the broker answers everybody else, and not this box. */
    boolean refuses(IdentityFolder box) throws Exception {
        List<String> causes = new CopyOnWriteArrayList<>();
        UplinkSettings as = new UplinkSettings(settings.servers(), box.ca(), box.key(), "somebody", "test", false);
        Subscriber.Listener listener = new Subscriber.Listener() {
            @Override
            public void message(String topic, byte[] payload) {}

            @Override
            public void connection(String cause) {
                causes.add(cause);
            }
        };
        try (Subscriber it = new Subscriber(as, "none", listener)) {
            it.start();
            Ear.until("it has tried twice", 15_000, () -> causes.size() > 1);
        }
        Ear.until("the others are let in", 15_000, () -> admitted);
        return !causes.contains("");
    }

    /** Runs an action of {@code ops/region/enrol}. */
    Done tool(String... action) {
        List<String> all = new ArrayList<>(List.of(action));
        all.addAll(List.of("--dir", dir.toString()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                all.toArray(new String[0]));
        return new Done(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** A token's line. */
    String token(String gateway, String... more) {
        List<String> all = new ArrayList<>(List.of("token", gateway, "--site", "chu"));
        all.addAll(List.of(more));
        Done done = tool(all.toArray(new String[0]));
        if (done.code() != 0) {
            throw new AssertionError(done.err());
        }
        return done.out().strip();
    }

    /** Lets the listener read what gateways say of themselves and of their devices. */
    void admitPlatform() throws IOException {
        Files.writeString(dir.resolve("subscribers.tsv"), "wasla-operator\tregional\tma-06\n");
        Done lists = tool("lists");
        if (lists.code() != 0) {
            throw new IOException(lists.err());
        }
    }

    @Override
    public void close() throws IOException {
        platform.close();
        endpoint.close();
        new OpenSsl(dir).call(List.of("bash", "-c", "kill -KILL $(cat " + pid + ")"));
    }
}
