package org.wasla.gateway.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.ConfigReader;
import org.wasla.gateway.profile.Problems;

/** What a whole agent in a test is started from: its configuration, profiles of the test's own, ports for its devices. Stateless. */
final class BoxFiles {
    /** A device that tells one number a line. */
    static final String TALKER = """
            wasla: 1
            id: talker
            version: 1.0.0
            device: {makers: [Maker], models: [M1], kind: ventilator}
            frame: {line: {end: CR}}
            dialogue: {listen: {quiet: 60s}}
            message: [{id: row, pattern: '(?<rr>\\d+)'}]
            """;

    private BoxFiles() {}

    /** Waits for who connects, on loopback. */
    static ServerSocket device() throws IOException {
        ServerSocket device = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        device.setSoTimeout(Wire.WAIT_MS);
        return device;
    }

    static void profile(Path folder, String id, String text) throws IOException {
        Path profile = Files.createDirectories(folder.resolve("profiles").resolve(id));
        Files.writeString(profile.resolve("profile.yaml"), text);
    }

    /** @param yaml without a mistake; profiles stand in {@code folder} and among the shipped ones */
    static Config config(Path folder, String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("wasla.yaml"), yaml);
        Path own = Files.createDirectories(folder.resolve("profiles"));
        Problems problems = new Problems();
        return new ConfigReader(List.of(Path.of("../device-profiles"), own), problems)
                .read(file)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
    }
}
