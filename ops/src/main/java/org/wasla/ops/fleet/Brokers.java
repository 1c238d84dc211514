package org.wasla.ops.fleet;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The brokers that a fleet talks to. Immutable.
 *
 * @param pids of their processes on this machine; empty when they are elsewhere
 */
record Brokers(List<InetSocketAddress> servers, List<Long> pids) {
    private static final int MQTT_PORT = 1883;

    Brokers {
        servers = List.copyOf(servers);
        pids = List.copyOf(pids);
    }

    static Brokers at(List<URI> urls) {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (URI url : urls) {
            if (!"mqtt".equals(url.getScheme()) || url.getHost() == null) {
                throw new IllegalArgumentException("--url is '" + url + "'; write mqtt://HOST:PORT");
            }
            servers.add(new InetSocketAddress(url.getHost(), url.getPort() < 0 ? MQTT_PORT : url.getPort()));
        }
        return new Brokers(servers, List.of());
    }

    /** What {@code ops/region/cluster status} says of this folder: name, pid, url and state of each node. */
    static Brokers of(Path script, Path folder) throws IOException {
        List<URI> urls = new ArrayList<>();
        List<Long> pids = new ArrayList<>();
        for (String line : run(Map.of(), script, "status", "--dir", folder.toString())
                .lines()
                .toList()) {
            String[] parts = line.split("\t", -1);
            urls.add(URI.create(parts[2]));
            if (!parts[1].equals("-")) {
                pids.add(Long.valueOf(parts[1]));
            }
        }
        return new Brokers(at(urls).servers(), pids);
    }

    /** @return what it printed; throws with what it complained of when it fails */
    static String run(Map<String, String> environment, Path script, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " failed: " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return said;
    }
}
