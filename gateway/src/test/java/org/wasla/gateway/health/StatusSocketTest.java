package org.wasla.gateway.health;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever asks gets the document; whoever misbehaves costs nothing but a second. */
class StatusSocketTest {
    @TempDir
    Path dir;

    private @Nullable StatusSocket socket;

    private String ask() throws IOException {
        return StatusSocket.ask(dir)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("nobody");
    }

    private void start(String document) {
        start(dir, () -> document);
    }

    private void start(Path folder, Supplier<String> document) {
        StatusSocket opened = new StatusSocket(folder, document);
        socket = opened;
        opened.start();
    }

    @AfterEach
    void close() {
        if (socket != null) {
            socket.close();
        }
    }

    @Test
    void eachClientGetsTheDocumentAndTheSocketIsGoneAfterwards() throws Exception {
        assertEquals("nobody", ask());
        AtomicInteger asked = new AtomicInteger();
        start(dir, () -> "{\"n\":" + asked.incrementAndGet() + "}");
        assertEquals("{\"n\":1}", ask());
        assertEquals("{\"n\":2}", ask());
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("status.sock"))));
        close();
        assertFalse(Files.exists(dir.resolve("status.sock")));
        assertEquals("nobody", ask());
    }

    @Test
    void aStaleSocketIsNobodyAndIsReplaced() throws Exception {
        try (ServerSocketChannel old = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            old.bind(UnixDomainSocketAddress.of(dir.resolve("status.sock")));
        }
        assertTrue(Files.exists(dir.resolve("status.sock")), "the JDK leaves the name behind");
        assertEquals("nobody", ask());
        start("{}");
        assertEquals("{}", ask());
    }

    @Test
    void aClientThatReadsNothingIsCutAndTheNextIsServed() throws Exception {
        String large = "x".repeat(4 << 20);
        start(large);
        try (SocketChannel hangs = SocketChannel.open(UnixDomainSocketAddress.of(dir.resolve("status.sock")))) {
            Optional<byte[]> answer = StatusSocket.ask(dir);
            assertArrayEquals(large.getBytes(StandardCharsets.UTF_8), answer.orElseThrow());
            assertTrue(hangs.isConnected());
        }
    }

    @Test
    void aFaultOfTheDocumentEndsNothing() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        start(dir, () -> {
            if (asked.incrementAndGet() == 1) {
                throw new IllegalStateException("a fault of ours");
            }
            return "{}";
        });
        assertEquals("nobody", ask());
        assertEquals("{}", ask());
    }

    @Test
    void aPathTooLongForASocketIsNoObstacle() throws Exception {
        Path deep = Files.createDirectories(dir.resolve("d".repeat(100)));
        start(deep, () -> "{}");
        assertFalse(Files.exists(deep.resolve("status.sock")));
        assertEquals(Optional.empty(), StatusSocket.ask(deep));
    }
}
