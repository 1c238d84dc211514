package org.wasla.gateway.cli;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.wasla.bridge.link.Flow;
import org.wasla.bridge.link.Link;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.bridge.link.SerialSettings;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wasla capture}: what a device says, kept in a file. */
@Command(
        name = "capture",
        description = {
            "Keeps what a device says in a .cap file, a chunk a line with its time, and sends nothing.",
            "Shows it as text meanwhile; bytes that are no text show as dots.",
            "Stop with Ctrl-C, or give --seconds."
        })
final class CaptureVerb implements Callable<Integer> {
    private static final int CHUNK_BYTES = 256;
    private static final int WAIT_MS = 200;

    @Mixin
    Shared shared = new Shared();

    @ArgGroup(exclusive = true, multiplicity = "1")
    Line line = new Line();

    @Option(names = "--line", paramLabel = "SETTINGS", description = "Speed and format (default: ${DEFAULT-VALUE}).")
    String settings = "9600 8N1";

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The capture to write; ends in .cap.")
    Path out = Path.of("");

    @Option(names = "--seconds", paramLabel = "N", description = "Ends after this time (default: never).")
    long seconds;

    /** Where the device is. */
    static final class Line {
        @Option(names = "--serial", paramLabel = "PORT", description = "A serial port.")
        @Nullable
        String serial;

        @Option(names = "--tcp", paramLabel = "HOST:PORT", description = "A TCP port.")
        @Nullable
        String tcp;
    }

    @Override
    public Integer call() throws Failure, IOException, InterruptedException {
        if (!out.toString().endsWith(".cap")) {
            throw new Failure(2, "--out is '" + out + "'; write a name that ends in .cap");
        }
        if (seconds < 0) {
            throw new Failure(2, "--seconds is " + seconds + "; write how many, or leave it out");
        }
        try (Stop stop = Stop.onSignal()) {
            long bytes = capture(stop);
            System.err.println(bytes + " bytes in " + out
                    + (bytes == 0
                            ? "; nothing came: check cable, port, speed, and that the device's output is on"
                            : ""));
            return stop.finished(bytes == 0 ? 1 : 0);
        }
    }

    private long capture(Stop stop) throws Failure, IOException, InterruptedException {
        long endNs = seconds > 0 ? System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds) : Long.MAX_VALUE;
        long bytes = 0;
        try (Link link = link();
                Writer file = Files.newBufferedWriter(out)) {
            file.write("# start " + Instant.now() + "\n");
            long startNs = System.nanoTime();
            byte[] chunk = new byte[CHUNK_BYTES];
            while (!stop.await(0) && endNs - System.nanoTime() > 0) {
                int length = Math.max(0, link.read(chunk, WAIT_MS));
                if (length > 0) {
                    long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
                    file.write(ms + " < " + HexFormat.of().formatHex(chunk, 0, length) + "\n");
                    file.flush();
                    show(chunk, length);
                    bytes += length;
                }
            }
        }
        return bytes;
    }

    private static void show(byte[] chunk, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            char c = (char) (chunk[i] & 0xff);
            if (c == '\n' || c >= ' ' && c <= '~') {
                text.append(c);
            } else if (c != '\r') {
                text.append('.');
            }
        }
        System.out.print(text);
        System.out.flush();
    }

    private Link link() throws Failure, IOException {
        LinkSettings where;
        try {
            where = line.serial != null
                    ? SerialSettings.of(line.serial, settings, Flow.NONE, true)
                    : LinkSettings.parse("tcp:" + line.tcp).withReadOnly(true);
        } catch (IllegalArgumentException wrong) {
            throw new Failure(2, String.valueOf(wrong.getMessage()));
        }
        return where.open();
    }
}
