package org.wasla.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.profile.Problems;

/** A configuration that is right, to be made wrong at one place. */
abstract class ConfigTexts {
    private static final String PROFILE = """
            wasla: 1
            id: %s
            version: 1.0.0
            device: {makers: [Maker], models: [M1], kind: ventilator}
            link: {serial: {try: ["19200 8E1"], flow: rts-cts}}
            frame: {line: {end: CR}}
            dialogue: {%s}
            message: [{id: row, pattern: '(?<rr>\\d+)'}]
            """;
    static final String GOOD = """
            gateway: {id: gw-1, region: ma-06, site: chu-1, zone: Africa/Casablanca}
            uplink: {servers: ["mqtt://127.0.0.1:1883"]}
            buffer: {dir: /tmp/buffer, max: 64MiB, commit: 0ms}
            devices:
              - {id: vent-1, profile: asks, location: rea1/b01, link: "serial:/dev/ttyUSB0"}
              - {id: oxi-1, profile: speaks, link: {serial: /dev/ttyUSB1, baud: 2400, read-only: true}}
              - {id: oxi-2, profile: speaks, link: "tcp:10.0.0.7:4001"}
              - {id: mon-1, profile: speaks, link: {udp: "10.0.0.8", read-only: true}}
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void writeProfiles() throws IOException {
        Files.writeString(folder.resolve("wasla-codes.tsv"), "# wasla-codes@1\nucum\t%\tpercent\n");
        profile("asks", "poll: {ask: [{send: \"?\"}]}");
        profile("speaks", "listen: {quiet: 3s}");
    }

    final void profile(String id, String dialogue) throws IOException {
        Path profile = Files.createDirectories(folder.resolve(id));
        Files.writeString(profile.resolve("profile.yaml"), String.format(PROFILE, id, dialogue));
    }

    final Optional<Config> read(String yaml, Problems problems) throws IOException {
        Path file = Files.writeString(folder.resolve("wasla.yaml"), yaml);
        return new ConfigReader(List.of(folder), problems).read(file);
    }

    final void assertProblem(String replaced, String by, String expected) throws IOException {
        assertTrue(GOOD.contains(replaced), "the test replaces '" + replaced + "', which is not there");
        Problems problems = new Problems();
        assertTrue(read(GOOD.replace(replaced, by), problems).isEmpty());
        assertEquals(1, problems.list().size(), problems.list().toString());
        assertTrue(
                problems.list().get(0).toString().contains(expected),
                problems.list().get(0).toString());
    }
}
