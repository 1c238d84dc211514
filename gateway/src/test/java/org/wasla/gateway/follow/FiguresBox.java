package org.wasla.gateway.follow;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.ConfigReader;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.profile.Problems;

/** A box without devices' lines: its configuration, its buffer, and records as a laboratory would bring them. One thread. */
final class FiguresBox implements AutoCloseable {
    static final long T_MS = 1_781_596_804_105L;
    private static final String CONFIG = """
            gateway: {id: gw-1, region: ma-06, site: chu-1, zone: UTC}
            uplink: {servers: ["mqtt://127.0.0.1:1"]}
            buffer: {dir: "%s", max: 64MiB, commit: 0ms}
            devices:
              - {id: lab-1, profile: hl7-oru, location: lab/room, link: "listen:5100"}
              - {id: rack, profile: hl7-oru, link: "listen:5101", parts: {a: {id: pump-a, location: rea/b1}}}
            indicators: {on: true, minute: true}
            epi: {on: true, every: day}
            """;

    final Config config;
    Outbox outbox;

    FiguresBox(Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("wasla.yaml"), String.format(CONFIG, folder.resolve("buffer")));
        Problems problems = new Problems();
        config = new ConfigReader(List.of(Path.of("../device-profiles")), problems)
                .read(file)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
        outbox = open();
    }

    private Outbox open() throws IOException {
        return Outbox.open(new OutboxSettings(config.buffer().dir(), 64L << 20, 0), (d, k, from, to, why) -> {
            throw new AssertionError("nothing is lost here");
        });
    }

    /** As after the end of the process. */
    void reopen() throws IOException {
        outbox.close();
        outbox = open();
    }

    /** One final result on a specimen. */
    void result(String specimen, String value, String status) throws IOException {
        keep(
                "lab-1",
                "res",
                "\"clk\":{\"s\":\"sync\"},\"sp\":\"" + specimen + "\",\"res\":[{\"r\":\"HB\",\"l\":\"718-7\",\"v\":"
                        + value + ",\"ref\":\"12-16\",\"st\":\"" + status + "\"}]");
    }

    void keep(String device, String kind, String fields) throws IOException {
        outbox.append(List.of(new Draft(
                device,
                kind,
                Urgency.RESULT,
                T_MS,
                (epoch, seq) -> ("{\"v\":1,\"id\":\"gw-1." + epoch + '.' + device + '.' + kind + '.' + seq
                                + "\",\"dev\":\"" + device + "\",\"k\":\"" + kind + "\",\"seq\":" + seq + ",\"t\":"
                                + T_MS + ',' + fields + '}')
                        .getBytes(StandardCharsets.UTF_8))));
    }

    /** What the buffer holds of a stream of the gateway's. */
    List<String> published(String kind) throws IOException {
        List<String> all = new ArrayList<>();
        for (Entry entry : outbox.stream("gw-1", kind, 1, Long.MAX_VALUE, 100_000)) {
            all.add(new String(entry.payload(), StandardCharsets.UTF_8));
        }
        return all;
    }

    @Override
    public void close() {
        outbox.close();
    }
}
