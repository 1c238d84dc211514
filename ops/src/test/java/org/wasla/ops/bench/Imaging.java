package org.wasla.ops.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.wasla.ops.bench.Slices.Load;

/**
 * Images from DCMTK's storescu as Debian ships it: the agent, which syncs each before it says Success, beside DCMTK's
 * storescp and Orthanc, with the Nagle algorithm of DCMTK on, as hospitals have it, and off on both sides. One run after the other.
 */
final class Imaging {
    private static final double START_S = 30;
    private static final long SEND_MIN = 10;
    private static final int FOLDERS = 4;
    private static final long LARGE_BYTES = 1L << 30;
    private static final List<Load> LOADS = List.of(
            new Load("A: 200 CT of 525 kB", 200, "1.2.840.10008.5.1.4.1.1.2", "CT", 524_288),
            new Load("B: 20 US of 20 MB", 20, "1.2.840.10008.5.1.4.1.1.3.1", "US", 20_275_200),
            new Load("C: 2,000 MR of 20 kB", 2_000, "1.2.840.10008.5.1.4.1.1.4", "MR", 20_480));

    private final Ground ground;
    private final Map<String, Measured> measured = new HashMap<>();
    private final Map<String, Double> growthMb = new HashMap<>();
    private final Map<String, Double> laterCpuMs = new HashMap<>();

    Imaging(Ground ground) {
        this.ground = ground;
    }

    /** Starts a receiver that listens on this port and keeps its files in this folder. */
    @FunctionalInterface
    private interface Starter {
        Subject start(Path folder, int port, boolean nagle) throws IOException;
    }

    private record Contestant(String name, Starter starter) {}

    private record Measured(double rate, double cpuMs, double peakMb) {}

    void run() throws IOException {
        Report report = ground.report();
        report.add(
                "Sender: an unmodified storescu, one or four at once; images a second by their wall time, start and all.");
        report.add("");
        report.header("load", "what", "associations", "Nagle", "images/s", "MB/s", "cpu ms each", "peak MB");
        for (Load load : LOADS) {
            Path files = ground.folder();
            Slices.write(files, load, FOLDERS, 0);
            for (boolean nagle : new boolean[] {true, false}) {
                for (int associations : new int[] {1, FOLDERS}) {
                    for (Contestant contestant : contestants()) {
                        if (contestant.name().contains(ground.options().only())) {
                            measure(contestant, load, files, associations, nagle);
                        }
                    }
                }
            }
            double disk = diskRate(load);
            report.row(load.name(), "disk: write, sync, rename, sync", "", "", disk, disk * load.bytes() / 1e6, "", "");
            bars(load, disk);
        }
        for (Contestant contestant : contestants()) {
            if (contestant.name().contains(ground.options().only())) {
                grow(contestant);
            }
        }
        bars();
    }

    /**
     * What a process costs later than in its first seconds, and what one object of 1 GB takes of its memory beside those that
     * came before.
     */
    private void grow(Contestant contestant) throws IOException {
        Load load = LOADS.get(0);
        Path folder = ground.folder();
        Path sources = ground.folder();
        int port = freePort();
        try (Subject subject = contestant.starter().start(folder, port, false)) {
            if (!Wait.until(START_S, () -> echo(port))) {
                subject.mustLive();
                throw new IOException("nobody listens, see " + subject.log());
            }
            double cpuMs = 0;
            for (int round = 0; round < FOLDERS; round++) {
                Path files = Files.createDirectories(sources.resolve("round-" + round));
                Slices.write(files, load, 1, round * load.images());
                double cpu = subject.cpuSeconds();
                send(files, port, 1, false, folder.resolve("sent.log"));
                cpuMs = (subject.cpuSeconds() - cpu) * 1e3 / load.images();
                delete(files);
            }
            double before = subject.peakMb();
            Path large = Files.createDirectories(sources.resolve("large"));
            Load film = new Load("large", 1, "1.2.840.10008.5.1.4.1.1.12.1", "XA", 1);
            Slices.writeLarge(large.resolve("film.dcm"), film, LARGE_BYTES);
            long fromNs = System.nanoTime();
            send(large, port, 1, false, folder.resolve("sent.log"));
            double seconds = (System.nanoTime() - fromNs) / 1e9;
            subject.mustLive();
            double growth = subject.peakMb() - before;
            laterCpuMs.put(contestant.name(), cpuMs);
            growthMb.put(contestant.name(), growth);
            ground.report()
                    .row(
                            "the fourth 200 CT in one process, then 1 XA of 1 GB",
                            contestant.name(),
                            1,
                            "off",
                            1 / seconds,
                            LARGE_BYTES / seconds / 1e6,
                            laterCpuMs.get(contestant.name()),
                            Math.round(subject.peakMb()) + ", " + Math.round(growthMb.get(contestant.name()))
                                    + " more");
        }
        delete(folder);
        delete(sources);
    }

    private void bars() throws IOException {
        Double growth = growthMb.get("Wasla, synced");
        Double later = laterCpuMs.get("Wasla, synced");
        if (growth == null || later == null) {
            return;
        }
        ground.report().add("");
        ground.report().bar("A: processor ms a CT, the fourth 200", later, "<=", 3);
        ground.report().bar("MB more for an object of 1 GB", growth, "<=", 16);
        ground.report().add("");
    }

    private List<Contestant> contestants() {
        return List.of(
                new Contestant("Wasla, synced", this::agent),
                new Contestant("storescp +B", Imaging::storescp),
                new Contestant("Orthanc", Imaging::orthanc));
    }

    private Subject agent(Path folder, int port, boolean nagle) throws IOException {
        return Agent.imaging(folder, ground.broker().port(), port);
    }

    private static Subject storescp(Path folder, int port, boolean nagle) throws IOException {
        Path out = Files.createDirectories(folder.resolve("out"));
        return Subject.start(
                folder.resolve("log"),
                List.of("storescp", "-dhl", "--fork", "+B", "-od", out.toString(), Integer.toString(port)),
                environment(nagle));
    }

    /** DCMTK, and what is built on it, reads this one. */
    private static Map<String, String> environment(boolean nagle) {
        return nagle ? Map.of() : Map.of("TCP_NODELAY", "1");
    }

    private static Subject orthanc(Path folder, int port, boolean nagle) throws IOException {
        Path config = folder.resolve("orthanc.json");
        Files.writeString(
                config,
                "{\"StorageDirectory\":\"" + folder.resolve("store") + "\",\"IndexDirectory\":\""
                        + folder.resolve("store")
                        + "\",\"HttpServerEnabled\":false,\"DicomPort\":" + port
                        + ",\"DicomAet\":\"WASLA\",\"DicomAlwaysAllowStore\":true,\"DicomCheckCalledAet\":false,"
                        + "\"SyncStorageArea\":true,\"Plugins\":[]}");
        return Subject.start(folder.resolve("log"), List.of("Orthanc", config.toString()), environment(nagle));
    }

    private void measure(Contestant contestant, Load load, Path files, int associations, boolean nagle)
            throws IOException {
        int port = freePort();
        Path folder = ground.folder();
        try (Subject subject = contestant.starter().start(folder, port, nagle)) {
            if (!Wait.until(START_S, () -> echo(port))) {
                subject.mustLive();
                throw new IOException("nobody listens, see " + subject.log());
            }
            double cpu = subject.cpuSeconds();
            long fromNs = System.nanoTime();
            send(files, port, associations, nagle, folder.resolve("sent.log"));
            double seconds = (System.nanoTime() - fromNs) / 1e9;
            subject.mustLive();
            double cpuMs = (subject.cpuSeconds() - cpu) * 1e3 / load.images();
            Measured result = new Measured(load.images() / seconds, cpuMs, subject.peakMb());
            measured.put(key(contestant.name(), load, associations, nagle), result);
            ground.report()
                    .row(
                            load.name(),
                            contestant.name(),
                            associations,
                            nagle ? "on" : "off",
                            result.rate(),
                            result.rate() * load.bytes() / 1e6,
                            cpuMs,
                            Math.round(result.peakMb()));
        }
        delete(folder);
    }

    private static String key(String name, Load load, int associations, boolean nagle) {
        return name + "|" + load.name() + "|" + associations + "|" + nagle;
    }

    private static boolean echo(int port) throws IOException {
        return command(
                        List.of("echoscu", "-aec", "WASLA", "127.0.0.1", Integer.toString(port)),
                        true,
                        ProcessBuilder.Redirect.DISCARD)
                == 0;
    }

    private static void send(Path files, int port, int associations, boolean nagle, Path log) throws IOException {
        List<Process> senders = new ArrayList<>();
        for (int i = 0; i < associations; i++) {
            Path from = associations == 1 ? files : files.resolve("part-" + i);
            List<String> command = List.of(
                    "storescu",
                    "-q",
                    "-R",
                    "-aec",
                    "WASLA",
                    "+sd",
                    "+r",
                    "127.0.0.1",
                    Integer.toString(port),
                    from.toString());
            senders.add(start(command, nagle, ProcessBuilder.Redirect.appendTo(log.toFile())));
        }
        for (Process sender : senders) {
            if (end(sender) != 0) {
                throw new IOException("storescu failed, see " + log + ": " + Files.readString(log));
            }
        }
    }

    private static int command(List<String> command, boolean nagle, ProcessBuilder.Redirect output) throws IOException {
        return end(start(command, nagle, output));
    }

    private static Process start(List<String> command, boolean nagle, ProcessBuilder.Redirect output)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output);
        builder.environment().putAll(environment(nagle));
        return builder.start();
    }

    private static int end(Process process) throws IOException {
        try {
            if (!process.waitFor(SEND_MIN, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IOException("not done within " + SEND_MIN + " minutes");
            }
            return process.exitValue();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
    }

    /** Files of this size a second that the disk takes for good, written as a careful receiver writes them. */
    private double diskRate(Load load) throws IOException {
        Path folder = ground.folder();
        ByteBuffer bytes = ByteBuffer.allocateDirect(load.bytes());
        long fromNs = System.nanoTime();
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            for (int i = 0; i < load.images(); i++) {
                Path part = folder.resolve("part");
                try (FileChannel file =
                        FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                    bytes.rewind();
                    while (bytes.hasRemaining()) {
                        file.write(bytes);
                    }
                    file.force(false);
                }
                Files.move(part, folder.resolve("file-" + i));
                directory.force(true);
            }
        }
        double rate = load.images() / ((System.nanoTime() - fromNs) / 1e9);
        delete(folder);
        return rate;
    }

    private void bars(Load load, double disk) throws IOException {
        Measured stalled = measured.get(key("Wasla, synced", load, 1, true));
        Measured quick = measured.get(key("Wasla, synced", load, 1, false));
        Measured peer = measured.get(key("storescp +B", load, 1, false));
        if (stalled == null || quick == null || peer == null) {
            return;
        }
        String name = load.name().substring(0, 1);
        Report report = ground.report();
        report.add("");
        if (name.equals("C")) {
            report.bar(name + ": images/s from an unmodified storescu", stalled.rate(), ">=", 500);
        }
        if (name.equals("B")) {
            report.bar(name + ": share of what the disk takes for good", stalled.rate() / disk, ">=", 0.6);
        }
        if (name.equals("A")) {
            report.bar(name + ": processor ms a CT, the first 200 of a new process", quick.cpuMs(), "<=", 3);
        }
        report.bar(name + ": times storescp with Nagle off", quick.rate() / peer.rate(), ">=", 1);
        report.add("");
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static void delete(Path folder) throws IOException {
        command(List.of("rm", "-rf", folder.toString()), true, ProcessBuilder.Redirect.DISCARD);
    }
}
