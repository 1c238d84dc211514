package org.wasla.gateway.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.wasla.bridge.link.Flow;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.bridge.link.SerialSettings;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.identify.Candidate;
import org.wasla.gateway.identify.Chunk;
import org.wasla.gateway.identify.Identifier;
import org.wasla.gateway.profile.Capture;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;
import org.wasla.gateway.seek.CaptureFile;
import org.wasla.gateway.seek.Finding;
import org.wasla.gateway.seek.LineSearch;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wasla identify}: which device is this? */
@Command(
        name = "identify",
        description = {
            "Listens to an unknown device, or reads a capture, and tells which profiles fit, the surest first.",
            "Sends nothing, unless --probe is given. Unknown ends with 1, and what was heard is kept."
        })
final class IdentifyVerb implements Callable<Integer> {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
    private static final long CAPTURE_BYTES_MAX = 4L << 20;

    @Mixin
    Shared shared = new Shared();

    @ArgGroup(exclusive = true, multiplicity = "1")
    Where where = new Where();

    @Option(
            names = "--probe",
            description =
                    "When nothing is heard: asks the questions of the profiles, which change nothing in a device.")
    boolean probe;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "Listens for so long at most (default: ${DEFAULT-VALUE}).")
    long seconds = 30;

    @Option(names = "--json", description = "A JSON array; unknown is [].")
    boolean json;

    @Option(names = "--out", paramLabel = "FILE", description = "Keeps what was heard in any case; ends in .cap.")
    @Nullable
    Path out;

    /** Where the device is, or its bytes. */
    static final class Where {
        @Option(names = "--serial", paramLabel = "PORT", description = "A serial port.")
        @Nullable
        String serial;

        @Option(names = "--tcp", paramLabel = "HOST:PORT", description = "A TCP port.")
        @Nullable
        String tcp;

        @Option(names = "--lan", description = "The network: monitors that tell everybody that they are there.")
        boolean lan;

        @Parameters(
                paramLabel = "FILE",
                description = "A .cap capture, or any other file as raw bytes from the device.")
        @Nullable
        Path file;
    }

    @Override
    public Integer call() throws Failure, IOException, InterruptedException {
        if (seconds < 1 || seconds > 3_600) {
            throw new Failure(2, "--seconds is " + seconds + "; write 1 to 3600");
        }
        if (out != null && !out.toString().endsWith(".cap")) {
            throw new Failure(2, "--out is '" + out + "'; write a name that ends in .cap");
        }
        List<Profile> profiles = profiles(shared.store());
        if (where.file != null) {
            return told(fromFile(profiles, where.file));
        }
        try (Stop stop = Stop.onSignal()) {
            return stop.finished(told(
                    where.lan
                            ? new BeaconSearch(profiles, stop).listen(TimeUnit.SECONDS.toNanos(seconds))
                            : fromLine(profiles, stop)));
        }
    }

    private int told(List<Finding> findings) throws IOException {
        if (json) {
            System.out.println(Finding.json(findings));
        } else {
            System.out.println(findings.isEmpty() ? "unknown" : findings.get(0).text());
            findings.stream().skip(1).forEach(finding -> System.out.println(finding.text()));
        }
        return findings.isEmpty() ? 1 : 0;
    }

    /** One that cannot be read must not hide the others. */
    private static List<Profile> profiles(ProfileStore store) throws IOException {
        List<Profile> profiles = new ArrayList<>();
        for (Path folder : store.all()) {
            Problems problems = new Problems();
            Profile profile = store.read(folder, problems);
            if (problems.isEmpty()) {
                profiles.add(profile);
            } else {
                System.err.println("left out: " + problems.list().get(0));
            }
        }
        return profiles;
    }

    private static List<Finding> fromFile(List<Profile> profiles, Path file) throws Failure, IOException {
        if (!Files.isReadable(file)) {
            throw new Failure(1, "cannot read " + file + "; check the path and its rights");
        }
        List<Chunk> heard = new ArrayList<>();
        Capture.read(file, (timeMs, fromDevice, bytes) -> {
            if (fromDevice) {
                heard.add(new Chunk(timeMs, Bytes.of(bytes)));
            }
        });
        List<Finding> findings = new ArrayList<>();
        for (Candidate candidate : Identifier.known(Identifier.rank(profiles, heard))) {
            List<String> usual = candidate.profile().serialTries();
            findings.add(new Finding(candidate, usual.isEmpty() ? "" : usual.get(0)));
        }
        return findings;
    }

    private List<Finding> fromLine(List<Profile> profiles, Stop stop)
            throws Failure, IOException, InterruptedException {
        LinkSettings line = line();
        List<Finding> findings;
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        long heard;
        try (CaptureFile capture = CaptureFile.create(content, CAPTURE_BYTES_MAX)) {
            LineSearch search = new LineSearch(profiles, line, capture, stop, System.err::println);
            findings = search.listen(TimeUnit.SECONDS.toNanos(seconds), probe);
            if (findings.isEmpty() && capture.heard() == 0 && probe) {
                findings = search.probe();
            }
            heard = capture.heard();
        }
        keep(content.toByteArray(), findings.isEmpty() && heard > 0);
        if (findings.isEmpty() && heard == 0) {
            System.err.println(
                    probe
                            ? "nothing came, asked or not: check cable, port, and that the device's output is on"
                            : "nothing came; a device that waits for questions is silent: try --probe,"
                                    + " and check cable, port, and that the device's output is on");
        }
        return findings;
    }

    /** What nobody knows is worth keeping: it is what a profile is written from. */
    private void keep(byte[] capture, boolean isUnknown) throws IOException {
        if (out == null && !isUnknown) {
            return;
        }
        Path file = out != null
                ? out
                : Path.of("identify-" + DATE.format(LocalDateTime.now(ZoneId.systemDefault())) + ".cap");
        Files.write(file, capture);
        System.err.println(
                isUnknown
                        ? "no profile fits what was heard; it is in " + file
                                + ": keep this file and send it with the device's name and model"
                        : "what was heard is in " + file);
    }

    private LinkSettings line() throws Failure {
        try {
            return where.serial != null
                    ? SerialSettings.of(where.serial, "9600 8N1", Flow.NONE, true)
                    : LinkSettings.parse("tcp:" + where.tcp).withReadOnly(true);
        } catch (IllegalArgumentException wrong) {
            throw new Failure(2, String.valueOf(wrong.getMessage()));
        }
    }
}
