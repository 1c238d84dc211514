package org.wasla.gateway.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.wasla.bridge.link.ListenSettings;
import org.wasla.bridge.link.SerialSettings;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.ConfigReader;
import org.wasla.gateway.profile.Problems;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wasla check}: configuration and profiles, ports, broker. */
@Command(
        name = "check",
        description = "Checks a configuration, its profiles, that its ports are there and that its broker answers.")
final class CheckVerb implements Callable<Integer> {
    private static final int CONNECT_MS = 3_000;

    @Mixin
    Shared shared = new Shared();

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The configuration.")
    Path file = Path.of("");

    /** Reads a configuration; its mistakes end the command with exit code 2, one line each. */
    static Config read(Path file, Shared shared) throws Failure {
        List<Path> folders = new ArrayList<>();
        folders.add(Shared.shipped());
        folders.addAll(shared.folders);
        Problems problems = new Problems();
        Optional<Config> config = new ConfigReader(folders, problems).read(file);
        if (config.isEmpty()) {
            throw Failure.of(problems);
        }
        return config.get();
    }

    @Override
    public Integer call() throws Failure {
        Config config = read(file, shared);
        System.out.println("ok    configuration of " + config.gateway().id() + ", "
                + config.devices().size() + " devices" + config.source());
        int failed = 0;
        for (Config.Device device : config.devices()) {
            failed += tell("device " + device.id() + " on " + device.link().text(), line(device));
        }
        for (Config.Device line : config.further()) {
            failed += tell(
                    "device " + line.id() + " (" + line.profile().id() + ") on "
                            + line.link().text(),
                    line(line));
        }
        failed += tell("buffer " + config.buffer().dir(), folder(config.buffer().dir(), "buffer.dir"));
        if (!config.buffer().key().isNone()) {
            failed += tell("buffer.key " + config.buffer().key().text(), key(config));
        }
        if (config.dicom() != null) {
            failed += tell(
                    "dicom store " + config.dicom().dir(), folder(config.dicom().dir(), "dicom.store"));
        }
        int adt = config.patients().adtPort();
        if (adt > 0) {
            failed += tell("adt on port " + adt, port(adt));
        }
        boolean reached = false;
        for (URI server : config.uplink().servers()) {
            String fault = broker(server);
            reached |= fault.isEmpty();
            System.out.println((fault.isEmpty() ? "ok    " : "FAULT ") + "broker " + name(server)
                    + (fault.isEmpty() ? "" : ": " + fault));
        }
        return failed > 0 || !reached ? 1 : 0;
    }

    private static int tell(String what, String fault) {
        System.out.println((fault.isEmpty() ? "ok    " : "FAULT ") + what + (fault.isEmpty() ? "" : ": " + fault));
        return fault.isEmpty() ? 0 : 1;
    }

    /** Empty when the line opens, or is held by the running agent. */
    private static String line(Config.Device device) {
        boolean ours = device.link() instanceof SerialSettings || device.link() instanceof ListenSettings;
        try {
            device.link().open().close();
            return "";
        } catch (IOException closed) {
            String message = String.valueOf(closed.getMessage());
            return ours && message.contains("in use") ? message + " (a running agent holds its lines)" : message;
        }
    }

    /** Empty when the key opens what is there, or nothing is encrypted yet. */
    private static String key(Config config) {
        try {
            config.buffer().looked();
            return "";
        } catch (IOException notOurs) {
            return String.valueOf(notOurs.getMessage());
        }
    }

    /** Empty when it is free; a running agent holds it. */
    static String port(int port) {
        try (ServerSocket free = new ServerSocket()) {
            free.setReuseAddress(true);
            free.bind(new InetSocketAddress(port));
            return "";
        } catch (IOException taken) {
            return String.valueOf(taken.getMessage())
                    + " (a running agent holds its port; else set adt.listen to another)";
        }
    }

    private static String folder(Path dir, String key) {
        Path at = dir.toAbsolutePath();
        while (at != null && !Files.exists(at)) {
            at = at.getParent();
        }
        return at != null && Files.isDirectory(at) && Files.isWritable(at)
                ? ""
                : "cannot be written; give the agent's user the right to, or set " + key;
    }

    /** Without user and password. */
    private static String name(URI server) {
        return server.getScheme() + "://" + server.getHost() + (server.getPort() > 0 ? ":" + server.getPort() : "");
    }

    /** Empty when it answers. */
    private static String broker(URI server) {
        int port = server.getPort() > 0 ? server.getPort() : "mqtts".equals(server.getScheme()) ? 8883 : 1883;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(server.getHost(), port), CONNECT_MS);
            return "";
        } catch (IOException | IllegalArgumentException unreachable) {
            return "no answer (" + unreachable.getMessage() + "); check cable, address and firewall";
        }
    }
}
