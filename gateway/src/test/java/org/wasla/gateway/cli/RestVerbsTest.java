package org.wasla.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.vault.KeyFile;
import org.wasla.gateway.vault.KeySource;

/** {@code wasla backup, restore, decommission} as a technician types them: exit codes, and what is there afterwards. */
class RestVerbsTest {
    @TempDir
    Path dir;

    private Path config = Path.of("unset");
    private Path buffer = Path.of("unset");

    @BeforeEach
    void makeBox() throws Exception {
        System.setProperty("wasla.profiles", Path.of("../device-profiles").toString());
        config = Files.createDirectories(dir.resolve("etc")).resolve("wasla.yaml");
        buffer = dir.resolve("buffer");
        Path secret = Files.writeString(dir.resolve("secret"), "the secret of this board");
        Files.writeString(config, String.format("""
                gateway: {id: gw-9, region: ma-06, site: chu-1, zone: UTC}
                uplink: {servers: ["mqtt://127.0.0.1:1"]}
                buffer: {dir: "%s", max: 16MiB, key: "file:%s"}
                """, buffer, secret));
        KeyPair pair = KeyPairGenerator.getInstance("X25519").generateKeyPair();
        pem("pub", "PUBLIC KEY", pair.getPublic().getEncoded());
        pem("key", "PRIVATE KEY", pair.getPrivate().getEncoded());
        KeySource source = KeySource.of("file:" + secret).orElseThrow();
        OutboxSettings settings = new OutboxSettings(buffer, 16L << 20, 0, KeyFile.open(buffer, source));
        try (Outbox outbox = Outbox.open(settings, (device, kind, from, to, why) -> draft())) {
            outbox.append(List.of(draft()));
        }
    }

    private void pem(String name, String what, byte[] encoded) throws IOException {
        String body = Base64.getMimeEncoder().encodeToString(encoded);
        Files.writeString(
                dir.resolve(name), "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
    }

    private static Draft draft() {
        return new Draft("a", "obs", Urgency.OBSERVATION, 1, (epoch, seq) -> new byte[] {'{', '}'});
    }

    private static int wasla(Object... words) {
        List<String> args = new ArrayList<>();
        for (Object word : words) {
            args.add(word.toString());
        }
        return Main.run(Workshop.NONE, args.toArray(new String[0]));
    }

    @Test
    void aBoxIsBackedUpRestoredAndTakenOutOfService() throws Exception {
        Path file = dir.resolve("box.backup");
        assertEquals(0, wasla("backup", "--config", config, "--out", file, "--to", dir.resolve("pub")));
        assertEquals(1, wasla("backup", "--config", config, "--out", file, "--to", dir.resolve("pub")), "it is there");
        assertTrue(Files.size(file) > 0, "and stays");
        assertEquals(
                1,
                wasla("restore", "--in", file, "--with", dir.resolve("key"), "--config", config, "--yes"),
                "the box is there still");
        Files.move(buffer, dir.resolve("gone"));
        Files.delete(config);
        assertEquals(
                2,
                wasla(
                        "restore",
                        "--in",
                        file,
                        "--with",
                        dir.resolve("key"),
                        "--config",
                        config,
                        "--yes",
                        "--key",
                        "x"));
        assertFalse(Files.exists(buffer));
        assertEquals(0, wasla("restore", "--in", file, "--with", dir.resolve("key"), "--config", config, "--yes"));
        assertEquals(0, wasla("buffer", "verify", "--config", config));
        assertEquals(1, wasla("decommission", "--config", config, "--yes", "--seconds", "0"), "a record waits");
        assertTrue(Files.exists(buffer));
        assertEquals(0, wasla("decommission", "--config", config, "--yes", "--seconds", "0", "--lose-unsent"));
        assertFalse(Files.exists(buffer));
        assertTrue(
                Files.readString(dir.resolve("etc/wasla-decommission-gw-9.txt")).contains("lost unsent: "));
    }

    @Test
    void wrongWordsEndWithTwo() {
        assertEquals(2, wasla("backup", "--config", config, "--out", dir.resolve("x")));
        assertEquals(2, wasla("restore", "--in", dir.resolve("x")));
        assertEquals(1, wasla("restore", "--in", dir.resolve("x"), "--with", dir.resolve("key"), "--config", config));
        assertEquals(2, wasla("decommission"));
    }
}
