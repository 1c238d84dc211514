package org.wasla.gateway.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.audit.Auditor;
import org.wasla.gateway.cli.Main;
import org.wasla.gateway.cli.Workshop;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.ConfigReader;
import org.wasla.gateway.enrol.Identity;
import org.wasla.gateway.enrol.IdentityFolder;
import org.wasla.gateway.identity.PatientStore;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.state.StateSteps.Killed;
import org.wasla.gateway.state.StepFiles;
import org.wasla.gateway.trust.CertificateRequest;
import org.wasla.gateway.trust.TestCertificates;

/**
 * {@code wasla decommission} is killed at each step on disk, writes half done: run again it says what is left and leaves
 * nothing, also where what it had deleted is what the configuration needs to be read: here brokers that the region named.
 */
class DecommissionKillIT {
    private static final boolean IS_LONG = Boolean.getBoolean("wasla.long");
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final String CONFIG = """
            gateway: {id: gw-9, region: ma-06, site: chu-1, zone: UTC}
            enrol: {dir: "%1$s/identity"}
            buffer: {dir: "%1$s/buffer", max: 16MiB, commit: 0ms, key: "file:%2$s"}
            patient: {authority: CHU, dir: "%1$s/patients"}
            """;

    /** In memory where there is such a place: that is enough for a process that ends, and fast. */
    private Path folder = Path.of("");

    private final List<String> secrets = new ArrayList<>();

    private Path box() {
        return folder.resolve("box");
    }

    private Path file() {
        return folder.resolve("etc/wasla.yaml");
    }

    private Path report() {
        return folder.resolve("etc/wasla-decommission-gw-9.txt");
    }

    @BeforeEach
    void makeBox(@TempDir Path disk) throws Exception {
        System.setProperty("wasla.profiles", Path.of("../device-profiles").toString());
        folder = Files.isWritable(MEMORY) ? Files.createTempDirectory(MEMORY, "wasla-end") : disk;
        Files.createDirectories(folder.resolve("etc"));
        Path secret = Files.writeString(folder.resolve("etc/secret"), "the secret that this board offers");
        Files.writeString(file(), String.format(CONFIG, box(), secret));
        IdentityFolder identity = new IdentityFolder(box().resolve("identity"));
        // Twice: the identity before stays for whoever is reading it, and its key opens as much.
        identity.store(identity());
        identity.store(identity());
        try (Outbox outbox = Outbox.open(config().buffer().opened(), Gaps::event)) {
            outbox.append(List.of(new Draft(
                    "a",
                    "obs",
                    Urgency.OBSERVATION,
                    1,
                    (epoch, seq) -> AtRest.RECORD.getBytes(StandardCharsets.UTF_8))));
            PatientStore.open(box().resolve("patients"), outbox.safe("identity"))
                    .close();
            Auditor.open("gw-9", box().resolve("buffer"), outbox).close();
        }
        for (Path key : identity.secrets()) {
            secrets.add(Files.readString(key, StandardCharsets.ISO_8859_1));
        }
        secrets.add(Files.readString(Auditor.keyFile(box().resolve("buffer")), StandardCharsets.ISO_8859_1));
        assertEquals(5, secrets.size());
        copy(box(), folder.resolve("template"));
    }

    private static Identity identity() throws Exception {
        TestCertificates region = new TestCertificates("region");
        KeyPair own = CertificateRequest.freshKey();
        long nowMs = System.currentTimeMillis();
        return new Identity(
                own.getPrivate(),
                List.of(region.gateway(own, "gw-9", false, nowMs - 60_000, nowMs + 86_400_000)),
                region.own(),
                URI.create("https://enrol.example:8443"),
                List.of(URI.create("mqtts://broker.example:8883")));
    }

    private Config config() {
        Problems problems = new Problems();
        return new ConfigReader(List.of(Path.of("../device-profiles")), problems)
                .read(file())
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
    }

    @AfterEach
    void delete() throws IOException {
        delete(folder);
    }

    private static void delete(Path all) throws IOException {
        if (Files.exists(all, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> left = Files.walk(all)) {
                for (Path each : left.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()), LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    private void again() throws IOException {
        delete(box());
        Files.deleteIfExists(report());
        copy(folder.resolve("template"), box());
    }

    /** The command as a technician types it; what it says. */
    private String wasla(int code, String when) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            System.setOut(to);
            System.setErr(to);
            int ended = Main.run(
                    Workshop.NONE,
                    "decommission",
                    "--config",
                    file().toString(),
                    "--yes",
                    "--lose-unsent",
                    "--seconds",
                    "0");
            assertEquals(code, ended, when + ": " + said.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    /** What a run that was cut off left, and what becomes of it. */
    private void endsWell(String when) throws IOException {
        String told = Files.exists(report()) ? Files.readString(report()) : "";
        if (told.contains("keys overwritten")) {
            assertEquals(List.of(), AtRest.readable(List.of(box()), secrets), when);
        }
        boolean isDone = told.contains(" done; ") && told.endsWith("\n");
        String said = wasla(0, when);
        if (told.contains(" sent all") && !isDone) {
            assertTrue(said.contains("an earlier run was cut off; left to do: "), when + ": " + said);
        }
        for (String place : List.of("identity", "buffer", "patients")) {
            assertFalse(Files.exists(box().resolve(place), LinkOption.NOFOLLOW_LINKS), when + ": " + place);
        }
        told = Files.readString(report());
        assertTrue(told.startsWith("2") && told.contains(" done; "), told);
        assertEquals(1, told.split(" done; ", -1).length - 1, told);
        assertEquals(List.of(), AtRest.readable(List.of(folder.resolve("etc")), secrets));
    }

    @Test
    void everyStepOfTheDeletingMayBeTheLast() throws Exception {
        new Decommission(config(), "test", report()).send(0, true);
        Path sent = Files.copy(report(), folder.resolve("sent.txt"));
        StepFiles dry = new StepFiles(step -> {});
        new Wipe(dry.of(report())).destroy();
        int all = dry.count();
        assertTrue(all > 60, "only " + all + " steps");
        // A prime: it must not fall on the same kind of step each time.
        for (int step = 1; step <= all; step += IS_LONG ? 1 : 19) {
            again();
            Files.copy(sent, report());
            int last = step;
            StepFiles files = new StepFiles(now -> {
                if (now >= last) {
                    throw new Killed();
                }
            });
            try {
                new Wipe(files.of(report())).destroy();
                assertTrue(step > all - 2, "it came to its end before step " + last);
            } catch (Killed here) {
                endsWell("killed at step " + step + " of " + all);
            }
        }
    }

    /** Before all is sent nothing is gone; a line of the report that was cut off does not count. */
    @Test
    void everyStepOfWritingDownWhatIsToGoMayBeTheLast() throws Exception {
        StepFiles dry = new StepFiles(step -> {});
        new Decommission(config(), "test", dry.of(report())).send(0, true);
        int all = dry.count();
        for (int step = 1; step <= all; step += IS_LONG ? 1 : 43) {
            again();
            int last = step;
            StepFiles files = new StepFiles(now -> {
                if (now >= last) {
                    throw new Killed();
                }
            });
            try {
                new Decommission(config(), "test", files.of(report())).send(0, true);
                assertTrue(step > all - 2, "it came to its end before step " + last);
            } catch (Killed here) {
                assertEquals(
                        secrets.size(), AtRest.readable(List.of(box()), secrets).size(), "nothing was deleted");
                endsWell("killed at step " + step + " of " + all);
            }
        }
    }

    /** An old report does not take a box out of service that runs again under its name. */
    @Test
    void aReportOfAnEarlierEndIsNotTakenForThisOne() throws Exception {
        wasla(0, "the first time");
        assertTrue(wasla(0, "once more").contains("an earlier run has done all"));
        delete(box());
        copy(folder.resolve("template"), box());
        String said = wasla(1, "in service again");
        assertTrue(said.contains("tells of an earlier decommissioning"), said);
        assertEquals(secrets.size(), AtRest.readable(List.of(box()), secrets).size());
    }

    /** A file that cannot be deleted: the command says why, and what is left to do. */
    @Test
    void whatIsLeftToDoIsTold() throws Exception {
        try (Outbox running = Outbox.open(config().buffer().opened(), Gaps::event)) {
            assertTrue(running.boot() > 0);
            Files.writeString(
                    report(),
                    "2026-06-16T08:00:04Z wasla decommission of gw-9 with wasla test\n2026-06-16T08:00:04Z buffer "
                            + box().resolve("buffer") + "\n2026-06-16T08:00:04Z sent all\n");
            String said = wasla(1, "an agent runs");
            assertTrue(said.contains("an agent runs on"), said);
            assertTrue(
                    said.contains("left to do: delete " + box().resolve("buffer")
                            + ", write the last line of the report; then run it again"),
                    said);
        }
    }
}
