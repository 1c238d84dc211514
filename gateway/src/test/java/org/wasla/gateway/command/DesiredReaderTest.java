package org.wasla.gateway.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DesiredReaderTest {
    private static final String PROFILE = "wasla: 1\\nid: oxi\\n";
    private static final String HASH = DesiredReader.sha256(PROFILE.replace("\\n", "\n"));
    private static final String WHOLE = "{\"v\":1,\"aud\":[\"gw-1\",\"group:ward-a\"],\"rev\":12,\"prev\":[\""
            + "0a".repeat(32) + "\"],\"nbf\":1000,\"exp\":90000,\"min-sw\":\"0.1.0\",\"profiles\":[{\"id\":\"oxi\","
            + "\"version\":\"1.0.1\",\"sha256\":\"" + HASH + "\",\"statements\":[\"a.b.c\"],\"files\":{"
            + "\"profile.yaml\":\"" + PROFILE + "\",\"captures/ordinary.cap\":\"0 < 41\\n\"}}],\"remove\":[\"old-1\"]}";

    private final List<String> problems = new ArrayList<>();

    private Optional<Desired> read(String json) {
        problems.clear();
        return DesiredReader.read(json.getBytes(StandardCharsets.UTF_8), problems);
    }

    private String refused(String from, String to) {
        assertTrue(WHOLE.contains(from), from);
        assertTrue(read(WHOLE.replace(from, to)).isEmpty(), to);
        return String.join("; ", problems);
    }

    @Test
    void aWholeStateIsRead() {
        Desired desired = read(WHOLE).orElseThrow();
        assertEquals(List.of(), problems);
        assertEquals(12, desired.revision());
        assertTrue(desired.isFor("gw-1", List.of()));
        assertTrue(desired.isFor("gw-9", List.of("ward-a")));
        assertFalse(desired.isFor("gw-9", List.of("gw-1")));
        assertFalse(desired.isFor("ward-a", List.of()));
        assertEquals(List.of("old-1"), desired.removed());
        Desired.Bundle bundle = desired.profiles().get(0);
        assertEquals("0 < 41\n", bundle.files().get("captures/ordinary.cap"));
        assertEquals(null, desired.devices());
    }

    @Test
    void whatIsNotKnownOrTwiceIsRefused() {
        assertTrue(refused("\"rev\":12", "\"rev\":12,\"revision\":1").contains("'revision' is not known"));
        assertTrue(refused("\"rev\":12", "\"rev\":12,\"rev\":13").contains("says something twice"));
        assertTrue(refused("\"rev\":12", "\"rev\":0").startsWith("rev is '0'"));
        assertTrue(refused("\"exp\":90000", "\"exp\":900000000").startsWith("exp is not within 92 days"));
        assertTrue(refused("\"prev\":[\"" + "0a".repeat(32) + "\"],", "").startsWith("prev is missing"));
        assertTrue(refused("\"gw-1\"", "\"#\"").startsWith("aud holds '#'"));
        assertTrue(refused("1.0.1", "one").contains("version is 'one'"));
    }

    @Test
    void noFileLeadsOutOfItsFolder() {
        for (String path : List.of(
                "../../etc/passwd",
                "captures/../x.cap",
                "/etc/x",
                "captures/a/b.cap",
                "captures/.cap",
                "captures\\\\a.cap",
                "profile.yaml\\u0000",
                "README.md")) {
            String said = refused("captures/ordinary.cap", path);
            assertTrue(said.contains("write profile.yaml, captures/"), said);
        }
    }

    @Test
    void theHashIsThatOfTheProfile() {
        assertTrue(refused("id: oxi", "id: oxy").contains("sha256 is not that of profile.yaml"));
        assertTrue(refused("\"profile.yaml\":", "\"captures/p.cap\":").contains("files has no profile.yaml"));
    }

    @Test
    void nestingAndSizeAreBounded() {
        assertTrue(read("{\"v\":" + "[".repeat(1_000)).isEmpty());
        assertTrue(read("{\"v\":1,\"keys\":\"" + "x".repeat(DesiredReader.BYTES_MAX) + "\"}")
                .isEmpty());
        assertTrue(problems.get(0).startsWith("the state has"));
    }

    @Test
    void noCutAndNoFlipIsTakenForAnother() {
        byte[] whole = WHOLE.getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut < whole.length; cut++) {
            problems.clear();
            assertTrue(DesiredReader.read(Arrays.copyOf(whole, cut), problems).isEmpty(), "cut at " + cut);
            assertFalse(problems.isEmpty());
        }
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = whole.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            problems.clear();
            Optional<Desired> read = DesiredReader.read(changed, problems);
            assertEquals(read.isPresent(), problems.isEmpty());
        }
    }
}
