package org.wasla.gateway.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.page.PageSettings;
import org.wasla.gateway.uplink.UplinkSettings;
import picocli.CommandLine.Option;

/** Where a technician works: the broker, the boxes, the keys. */
final class RemoteAt {
    @Option(
            names = "--url",
            required = true,
            paramLabel = "URL",
            description = "The broker: mqtt://HOST:1883 or mqtts://HOST:8883. More than once for a pair.")
    List<URI> urls = List.of();

    @Option(names = "--ca", paramLabel = "FILE", description = "The broker's CA, PEM, for mqtts.")
    @Nullable
    Path ca;

    @Option(names = "--cert", paramLabel = "FILE", description = "Our key and certificate, PKCS#12, for mqtts.")
    @Nullable
    Path cert;

    @Option(
            names = "--insecure",
            description =
                    "Takes a broker without TLS that is not on this machine: passwords and orders are open on the way.")
    boolean insecure;

    @Option(names = "--region", paramLabel = "ID", description = "Looks in this region only.")
    String region = "+";

    @Option(names = "--site", paramLabel = "ID", description = "Looks at this hospital only.")
    String site = "+";

    @Option(names = "--gateway", paramLabel = "ID", description = "One box.")
    String gateway = "";

    @Option(names = "--group", paramLabel = "NAME", description = "All boxes of this group.")
    String group = "";

    @Option(
            names = "--keys",
            paramLabel = "DIR",
            description = "The technician's folder (default: .wasla-remote in the home folder).")
    Path keys = Path.of(System.getProperty("user.home"), ".wasla-remote");

    @Option(
            names = "--client",
            paramLabel = "NAME",
            description = "Answers come on rsp/NAME: our name at the broker (default: the id of the key).")
    String client = "";

    @Option(names = "--json", description = "Prints one JSON object, for scripts.")
    boolean json;

    /**
     * Connects, and waits until what is retained has come.
     *
     * @param needsTarget whether one of {@code --gateway} and {@code --group} must be there
     */
    RemoteSession open(boolean needsTarget) throws Failure, IOException, InterruptedException {
        if (!gateway.isEmpty() && !group.isEmpty() || needsTarget && gateway.isEmpty() && group.isEmpty()) {
            throw new Failure(2, "which boxes? write one of --gateway ID and --group NAME");
        }
        for (String level : List.of(gateway, group, region, site)) {
            if (!level.matches("[a-z0-9-]*|\\+")) {
                throw new Failure(2, "'" + level + "' is no name; write small letters, digits and dashes");
            }
        }
        UplinkSettings settings;
        try {
            String client = "wasla-remote-" + Long.toHexString(System.nanoTime());
            settings = new UplinkSettings(urls, ca, cert, client, Main.VERSION, false);
        } catch (IllegalArgumentException wrong) {
            throw new Failure(2, "--url: " + wrong.getMessage());
        }
        for (URI each : urls) {
            boolean isPlain = "mqtt".equals(each.getScheme());
            if (isPlain && !insecure && !PageSettings.isLoopback(String.valueOf(each.getHost()))) {
                throw new Failure(
                        2,
                        "--url: " + each.getHost()
                                + " would get orders, and passwords, without TLS; write mqtts://, or add"
                                + " --insecure");
            }
        }
        try {
            return RemoteSession.open(settings, this);
        } catch (IOException failed) {
            boolean isTls = urls.stream().anyMatch(each -> "mqtts".equals(each.getScheme()));
            throw new Failure(1, RemoteTls.told(failed, isTls, cert != null));
        }
    }

    /** Small letters, digits and dashes. */
    String client() throws IOException {
        Path id = keys.resolve("id");
        String name =
                client.isEmpty() && Files.isReadable(id) ? Files.readString(id).strip() : client;
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-");
        return plain.isEmpty() ? "remote" : plain;
    }

    RemoteFolder folder() throws Failure, IOException {
        return RemoteFolder.open(keys);
    }

    /** Whom a state is for. */
    String audience() {
        return group.isEmpty() ? gateway : "group:" + group;
    }

    boolean isMeant(RemoteBox box) {
        return group.isEmpty() ? gateway.isEmpty() || box.id().equals(gateway) : box.isIn(group);
    }
}
