package org.wasla.ops.enrol;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.wasla.gateway.tls.StrictSockets;
import org.wasla.gateway.tls.TlsClock;
import org.wasla.gateway.tls.TlsFiles;

/** What a broker reads: rights of those boxes that may, made by {@code ops/region/rights}. One thread at a time. */
final class Lists {
    private static final long CONNECT_MS = 5_000;
    private final Path dir;
    private final Settings settings;
    private final Path rights;

    /** @param rights the program that makes the lists */
    Lists(Path dir, Settings settings, Path rights) {
        this.dir = dir;
        this.settings = settings;
        this.rights = rights;
    }

    /** Makes them anew, and has the broker read them. */
    void make(Ledger ledger) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("# Made by ops/region/enrol: do not edit.");
        for (Ledger.Box box : ledger.boxes()) {
            String standing = box.state() == Policy.State.GOOD
                    ? ""
                    : "\t" + box.state().name().toLowerCase(Locale.ROOT);
            lines.add(box.gateway() + "\t" + settings.region() + "\t" + box.site() + standing);
        }
        Files.write(dir.resolve("gateways.tsv"), lines);
        new OpenSsl(dir)
                .call(List.of(
                        rights.toString(),
                        "gateways.tsv",
                        "subscribers.tsv",
                        "--out",
                        dir.resolve("lists").toString()));
        reload();
    }

    /** Has the broker read rights and revocations again. */
    void reload() throws IOException {
        if (!settings.reload().isEmpty()) {
            new OpenSsl(dir).call(List.of("sh", "-c", settings.reload()));
        }
    }

    /** Takes over the box's two connections, and forgets what waits for it: it is out, and its name is taken once. */
    List<String> kick(String gateway) {
        List<String> failed = new ArrayList<>();
        for (var server : settings.servers()) {
            for (String end : List.of("-up", "-down")) {
                try {
                    takeOver(server.getHost(), server.getPort() < 0 ? 8883 : server.getPort(), gateway + end);
                } catch (MqttException | IOException | java.security.GeneralSecurityException unreachable) {
                    failed.add(server + ": " + unreachable);
                }
            }
        }
        return failed;
    }

    private void takeOver(String host, int port, String clientId)
            throws MqttException, IOException, java.security.GeneralSecurityException {
        MqttAsyncClient client = new MqttAsyncClient("ssl://" + host + ":" + port, clientId, new MemoryPersistence());
        try {
            MqttConnectionOptions options = new MqttConnectionOptions();
            options.setAutomaticReconnect(false);
            options.setCleanStart(true);
            options.setSessionExpiryInterval(0L);
            options.setConnectionTimeout((int) TimeUnit.MILLISECONDS.toSeconds(CONNECT_MS));
            options.setSocketFactory(new StrictSockets(
                    TlsFiles.context(dir.resolve("ca.pem"), dir.resolve("operator.p12"), TlsClock.SYSTEM)
                            .getSocketFactory()));
            client.connect(options).waitForCompletion(CONNECT_MS);
            client.disconnect(0).waitForCompletion(CONNECT_MS);
        } finally {
            client.close(true);
        }
    }

    /** The subscribers' list, empty: the operator writes it. */
    static void init(Path dir) throws IOException {
        Files.writeString(
                dir.resolve("subscribers.tsv"),
                "# name TAB role TAB where; see ops/region/RIGHTS.md. After a change: ops/region/enrol lists\n",
                StandardCharsets.UTF_8);
    }
}
