package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.bridge.link.Flow;
import org.wasla.bridge.link.Link;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.bridge.link.SerialSettings;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.seek.CaptureFile;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wasla capture}: what a device says, kept in a file. */
@Command(
        name = "capture",
        description = {
            "Keeps what a device says in a .cap file, a chunk a line with its time, and sends nothing.",
            "With --profile it talks with the device as that profile does, and keeps both sides.",
            "Shows what comes as text meanwhile; bytes that are no text show as dots.",
            "Stop with Ctrl-C, or give --seconds."
        })
final class CaptureVerb implements Callable<Integer> {
    private static final int CHUNK_BYTES = 4096;
    private static final int WAIT_MS = 200;
    private static final long TELL_EVERY_MS = 10_000;
    private static final Pattern SIZE = Pattern.compile("(\\d{1,6})(KiB|MiB)");

    @Mixin
    Shared shared = new Shared();

    @ArgGroup(exclusive = true, multiplicity = "1")
    Line line = new Line();

    @Option(
            names = "--line",
            paramLabel = "SETTINGS",
            description = "Speed and format (default: the profile's, else 9600 8N1).")
    @Nullable
    String settings;

    @Option(
            names = "--profile",
            paramLabel = "ID|DIR",
            description = "Talks with the device by this profile and keeps both sides.")
    @Nullable
    String profile;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The capture to write; ends in .cap.")
    Path out = Path.of("");

    @Option(names = "--seconds", paramLabel = "N", description = "Ends after this time (default: never).")
    long seconds;

    @Option(
            names = "--max",
            paramLabel = "SIZE",
            description = "Ends when the file is so large, such as 512KiB (default: ${DEFAULT-VALUE}).")
    String max = "64MiB";

    /** Where the device is. */
    static final class Line {
        @Option(names = "--serial", paramLabel = "PORT", description = "A serial port.")
        @Nullable
        String serial;

        @Option(names = "--tcp", paramLabel = "HOST:PORT", description = "A TCP port.")
        @Nullable
        String tcp;

        @Option(
                names = "--udp",
                paramLabel = "HOST[:PORT]",
                description = "A device that speaks in datagrams once it is asked: give --profile too.")
        @Nullable
        String udp;
    }

    @Override
    public Integer call() throws Failure, IOException, InterruptedException {
        if (!out.toString().endsWith(".cap")) {
            throw new Failure(2, "--out is '" + out + "'; write a name that ends in .cap");
        }
        if (seconds < 0) {
            throw new Failure(2, "--seconds is " + seconds + "; write how many, or leave it out");
        }
        long maxBytes = maxBytes();
        Profile read = profile == null ? null : Shared.profile(shared.store(), profile);
        LinkSettings where = where(read);
        try (Stop stop = Stop.onSignal()) {
            return stop.finished(capture(where, read, maxBytes, stop));
        }
    }

    private long maxBytes() throws Failure {
        Matcher size = SIZE.matcher(max);
        if (!size.matches()) {
            throw new Failure(2, "--max is '" + max + "'; write a number with KiB or MiB, such as 64MiB");
        }
        return Long.parseLong(size.group(1)) << (size.group(2).equals("KiB") ? 10 : 20);
    }

    /** @return the exit code. A file that is left is whole, whatever ended the capture */
    private int capture(LinkSettings where, @Nullable Profile read, long maxBytes, Stop stop)
            throws IOException, InterruptedException {
        long endNs = seconds > 0 ? System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds) : Long.MAX_VALUE;
        try (Link link = where.open();
                CaptureFile file = CaptureFile.create(out, maxBytes)) {
            file.comment(where instanceof SerialSettings serial ? serial.line() : where.text());
            Conversation talk = read == null ? null : new Conversation(read, where.isDatagrams(), link, file);
            byte[] chunk = new byte[CHUNK_BYTES];
            try {
                for (long toldMs = 0; !stop.await(0) && endNs - System.nanoTime() > 0 && !file.isFull(); ) {
                    int length = link.read(chunk, talk == null ? WAIT_MS : talk.waitMs(WAIT_MS));
                    if (length > 0) {
                        file.fromDevice(chunk, length);
                        show(chunk, length);
                    }
                    if (talk != null) {
                        talk.go(chunk, length);
                    }
                    if (file.ms() - toldMs >= TELL_EVERY_MS) {
                        toldMs = file.ms();
                        tell(file, talk);
                    }
                }
            } catch (IOException lost) {
                if (!stop.endsProcess()) {
                    throw lost;
                }
            } finally {
                tell(file, talk);
            }
            return summary(file);
        }
    }

    private int summary(CaptureFile file) {
        String hint = "";
        if (file.isFull()) {
            hint = "; the file is full, give a larger --max for more";
        } else if (file.heard() == 0) {
            hint = "; nothing came: check cable, port, speed, and that the device's output is on";
        }
        System.err.println(file.heard() + " bytes in " + out + hint);
        return file.heard() == 0 ? 1 : 0;
    }

    private static void tell(CaptureFile file, @Nullable Conversation talk) {
        System.err.println("-- " + file.ms() / 1_000 + " s: " + file.heard() + " bytes came"
                + (talk == null ? "" : ", " + file.said() + " went, " + talk.told()));
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

    private LinkSettings where(@Nullable Profile read) throws Failure {
        List<String> tries = read == null ? List.of() : read.serialTries();
        String usual = tries.isEmpty() ? "9600 8N1" : tries.get(0);
        Flow flow = read == null ? Flow.NONE : read.flow();
        try {
            return line.serial != null
                    ? SerialSettings.of(line.serial, settings == null ? usual : settings, flow, read == null)
                    : LinkSettings.parse(line.udp == null ? "tcp:" + line.tcp : "udp:" + line.udp)
                            .withReadOnly(read == null);
        } catch (IllegalArgumentException wrong) {
            throw new Failure(2, String.valueOf(wrong.getMessage()));
        }
    }
}
