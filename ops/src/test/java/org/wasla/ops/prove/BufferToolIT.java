package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.uplink.Mosquitto;

/** {@code wasla buffer} as a technician meets it, beside a running agent and on what a stopped one left. */
class BufferToolIT {
    private static final int RECORDS = 40;

    @TempDir
    Path folder;

    private Tool.Result buffer(Ward ward, String verb, String... more) throws IOException, InterruptedException {
        Stream<String> fixed =
                Stream.of("buffer", verb, "--config", ward.configuration().toString());
        return Tool.run(folder, Stream.concat(fixed, Stream.of(more)).toArray(String[]::new));
    }

    private static void contains(String text, String... parts) {
        for (String part : parts) {
            assertTrue(text.contains(part), part + " in:\n" + text);
        }
    }

    private static Map<String, Integer> imprint(Path dir) throws IOException {
        Map<String, Integer> imprint = new TreeMap<>();
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.toList()) {
                int bytes = Files.isRegularFile(file) ? Arrays.hashCode(Files.readAllBytes(file)) : 0;
                imprint.put(file + " " + Files.getLastModifiedTime(file), bytes);
            }
        }
        return imprint;
    }

    private boolean waits(Ward ward) {
        try {
            String out = buffer(ward, "status", "--json").out();
            return out.matches("(?s).*\"waiting-observation\":\\d{2,}.*");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A box that has lost its broker: what waits, while it runs and after it was stopped. */
    @Test
    void theThreeVerbsTellTheSameOfARunningAndAStoppedAgent() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder);
                Ward ward = new Ward(folder, broker.port())) {
            broker.kill();
            ward.add("oxi-1", "masimo-ascii1", 20, Set.of());
            assertEquals(1, buffer(ward, "status").exitCode(), "there is no buffer yet");
            ward.startAgent();
            Platform.await("the socket", () -> Files.exists(ward.buffer().resolve("status.sock")));
            Platform.await("records that wait", () -> waits(ward));
            running(ward);
            assertEquals(0, ward.stopAgent());
            assertFalse(Files.exists(ward.buffer().resolve("status.sock")), "removed at the stop");
            Map<String, Integer> before = imprint(ward.buffer());
            stopped(ward);
            assertEquals(before, imprint(ward.buffer()), "nothing was changed");
            spoiled(ward);
        }
    }

    private void running(Ward ward) throws Exception {
        Tool.Result status = buffer(ward, "status");
        assertEquals(0, status.exitCode(), status.err());
        contains(
                status.out(),
                "buffer of gw-test, epoch ",
                "GiB",
                "accepted ",
                "NOT CONNECTED",
                "the longest of the last ten minutes",
                "last error of the uplink: ");
        assertFalse(status.out().contains("no agent runs"), status.out());
        for (String verb : List.of("verify", "export")) {
            Tool.Result refused = buffer(ward, verb);
            assertEquals(1, refused.exitCode());
            contains(refused.err(), "in use by a running wasla; stop it first");
            assertEquals("", refused.out());
        }
    }

    private void stopped(Ward ward) throws Exception {
        Tool.Result status = buffer(ward, "status");
        assertEquals(0, status.exitCode(), status.err());
        contains(status.out(), "no agent runs, read from its files", "obs ");
        Tool.Result verified = buffer(ward, "verify");
        assertEquals(0, verified.exitCode(), verified.out() + verified.err());
        contains(verified.out(), "ok   : 0 findings; ", " wait to be published");
        contains(buffer(ward, "verify", "--json").out(), "{\"ok\":true,\"findings\":[],\"notes\":[],\"totals\":{");
        exported(ward);
    }

    private void exported(Ward ward) throws Exception {
        Path out = folder.resolve("records.jsonl");
        Tool.Result exported =
                buffer(ward, "export", "--out", out.toString(), "--stream", "oxi-1.obs", "--unpublished");
        assertEquals(0, exported.exitCode(), exported.err());
        contains(exported.err(), "patient data", " records written to ");
        assertEquals("", exported.out());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(out)));
        List<String> lines = Files.readAllLines(out);
        assertTrue(lines.size() >= 10, lines.size() + " lines");
        for (int i = 0; i < lines.size(); i++) {
            contains(lines.get(i), "\"dev\":\"oxi-1\",\"k\":\"obs\",\"seq\":" + (i + 1) + ",");
            assertTrue(lines.get(i).startsWith("{") && lines.get(i).endsWith("}"));
        }
        Tool.Result again = buffer(ward, "export", "--out", out.toString());
        assertEquals(1, again.exitCode());
        contains(again.err(), "is there already");
        assertEquals(lines, Files.readAllLines(out), "never written over");
        Tool.Result all = buffer(ward, "export");
        assertTrue(all.out().split("\n").length > lines.size(), "events too");
        assertEquals(2, buffer(ward, "export", "--stream", "oxi-1").exitCode());
    }

    /** A flipped byte where the newest records are: found, told with what to do, and the rest still comes out. */
    private void spoiled(Ward ward) throws Exception {
        int before = buffer(ward, "export").out().split("\n").length;
        Path journal = ward.buffer().resolve("journal-0.log");
        byte[] bytes = Files.readAllBytes(journal);
        bytes[recordAfter(bytes, 2_000) + 40] ^= 1;
        Files.write(journal, bytes);
        Map<String, Integer> imprint = imprint(ward.buffer());
        Tool.Result verified = buffer(ward, "verify");
        assertEquals(1, verified.exitCode(), verified.out());
        contains(verified.out(), "FAULT journal-0.log: bad bytes before good records", "copy the directory away");
        Tool.Result exported = buffer(ward, "export");
        assertEquals(1, exported.exitCode());
        contains(exported.err(), "FAULT journal-0.log");
        int held = exported.out().split("\n").length;
        assertTrue(held < before && held > before - RECORDS, held + " of " + before);
        assertEquals(imprint, imprint(ward.buffer()), "nothing was changed");
    }

    /** Where the next record of the journal begins. */
    private static int recordAfter(byte[] bytes, int from) {
        int at = from;
        while (!new String(bytes, at, 4, java.nio.charset.StandardCharsets.ISO_8859_1).equals("WSLR")) {
            at++;
        }
        return at;
    }
}
