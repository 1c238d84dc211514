package org.wasla.ops.enrol;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/**
 * What a region said at {@code init}. Immutable.
 *
 * @param servers its brokers
 * @param lifeS how long a gateway's certificate is good
 * @param retryS how long a box in quarantine is to wait between two questions
 * @param reload command of the shell that makes the broker read its lists again, may be empty
 */
record Settings(String region, URI endpoint, List<URI> servers, long lifeS, long retryS, String reload) {
    private static final String FILE = "settings.properties";

    Settings {
        servers = List.copyOf(servers);
    }

    static Settings read(Path dir) throws IOException {
        Path file = dir.resolve(FILE);
        if (!Files.exists(file)) {
            throw new IOException("there is no region in " + dir + "; make one: ops/region/enrol init");
        }
        Properties all = new Properties();
        try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            all.load(in);
        }
        return new Settings(
                all.getProperty("region", ""),
                URI.create(all.getProperty("endpoint", "")),
                List.of(all.getProperty("servers", "").split(" ")).stream()
                        .map(URI::create)
                        .toList(),
                Long.parseLong(all.getProperty("lifeS", "0")),
                Long.parseLong(all.getProperty("retryS", "0")),
                all.getProperty("reload", ""));
    }

    void write(Path dir) throws IOException {
        Properties all = new Properties();
        all.setProperty("region", region);
        all.setProperty("endpoint", endpoint.toString());
        all.setProperty(
                "servers", String.join(" ", servers.stream().map(URI::toString).toList()));
        all.setProperty("lifeS", String.valueOf(lifeS));
        all.setProperty("retryS", String.valueOf(retryS));
        all.setProperty("reload", reload);
        try (Writer out = Files.newBufferedWriter(dir.resolve(FILE), StandardCharsets.UTF_8)) {
            all.store(out, null);
        }
    }
}
