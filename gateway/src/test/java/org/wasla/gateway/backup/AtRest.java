package org.wasla.gateway.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.wasla.gateway.clock.ClockWatch;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.ConfigReader;
import org.wasla.gateway.device.GapRecord;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.profile.Problems;

/** A small encrypted box for tests: its files, its configuration, and what is readable of them. */
public final class AtRest {
    static final String RECORD = "{\"k\":\"obs\",\"s\":\"readable\"}";
    private static final String CONFIG = """
            gateway: {id: gw-9, region: ma-06, site: chu-1, zone: UTC}
            uplink: {servers: ["mqtt://127.0.0.1:%d"], ca: "%s"}
            buffer: {dir: "%s", max: 16MiB, commit: 0ms, key: "file:%s"}
            patient: {authority: CHU, dir: "%s"}
            """;

    private final Path folder;
    private final int broker;

    AtRest(Path folder, int broker) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.broker = broker;
        Files.createDirectories(folder.resolve("etc"));
        Files.writeString(folder.resolve("secret"), "the secret that this board offers");
        Files.writeString(folder.resolve("etc/ca.pem"), "-----BEGIN CERTIFICATE-----\n");
        Files.writeString(
                file(),
                String.format(
                        CONFIG, broker, folder.resolve("etc/ca.pem"), buffer(), folder.resolve("secret"), patients()));
    }

    Path file() {
        return folder.resolve("etc/wasla.yaml");
    }

    Path buffer() {
        return folder.resolve("var/buffer");
    }

    Path patients() {
        return folder.resolve("var/patients");
    }

    int broker() {
        return broker;
    }

    Config config() {
        Problems problems = new Problems();
        return new ConfigReader(List.of(Path.of("../device-profiles")), problems)
                .read(file())
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
    }

    Outbox open() throws IOException {
        return Outbox.open(config().buffer().opened(), AtRest::gap);
    }

    private static Draft gap(String device, String kind, long from, long to, String why) {
        return new GapRecord(device + "." + kind, from, to, why).draft("gw-9", device, null, new ClockWatch().clock());
    }

    /** Keeps so many records of a device. */
    void fill(int records) throws IOException {
        try (Outbox outbox = open()) {
            List<Draft> drafts = new ArrayList<>();
            for (int i = 0; i < records; i++) {
                drafts.add(new Draft(
                        "a", "obs", Urgency.OBSERVATION, 1, (epoch, seq) -> RECORD.getBytes(StandardCharsets.UTF_8)));
            }
            outbox.append(drafts);
        }
    }

    static List<Entry> records(Outbox outbox) throws IOException {
        return outbox.next(Urgency.OBSERVATION, 0, 10_000);
    }

    /** The files below some folders in which one of these stands, with it. */
    public static List<String> readable(List<Path> folders, List<String> known) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path folder : folders) {
            if (!Files.isDirectory(folder)) {
                continue;
            }
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                    known.stream().filter(text::contains).forEach(each -> found.add(file + ": " + each));
                }
            }
        }
        return found;
    }
}
