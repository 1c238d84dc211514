package org.wasla.gateway.health;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.config.Shelter;

/**
 * Tells whoever may enter the buffer's directory, on its disk or in memory, how the agent does: {@code status.sock} there is a Unix domain socket,
 * and who connects gets one JSON document and the end of the stream. For the owner only. One small thread, {@code
 * status}: one client at a time, each for at most a second; so many as the system queues wait.
 */
public final class StatusSocket implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StatusSocket.class);
    private static final String NAME = "status.sock";
    private static final String NEW_NAME = "status.new";
    /** Linux: 108 with the zero at the end. */
    private static final int PATH_BYTES_MAX = 107;

    private static final long CLIENT_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long ANSWER_NS = TimeUnit.SECONDS.toNanos(15);
    private static final long STOP_MS = 3_000;
    private static final long PAUSE_MS = 500;

    private final Path path;
    private final Supplier<String> document;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = new Thread(this::serve, "status");
    private @Nullable ServerSocketChannel server;

    /** @param document makes the document; called on the socket's thread */
    public StatusSocket(Path bufferDir, Supplier<String> document) {
        this.path = bufferDir.toAbsolutePath().resolve(NAME);
        this.document = document;
        thread.setDaemon(true);
    }

    /** Opens the socket, in the place of one that an earlier run left; without one the agent runs all the same. */
    public void start() {
        if (isTooLong(path)) {
            LOG.warn(
                    "status no socket, its path is longer than {} bytes path={}; shorten buffer.dir",
                    PATH_BYTES_MAX,
                    path);
            return;
        }
        try {
            server = bind();
            thread.start();
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warn("status no socket path={} error=\"{}\"", path, e.getMessage());
        }
    }

    private static boolean isTooLong(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length > PATH_BYTES_MAX;
    }

    /** Under another name until nobody else may connect, so that there is no moment in which others could. */
    private ServerSocketChannel bind() throws IOException {
        Path fresh = path.resolveSibling(NEW_NAME);
        Files.deleteIfExists(fresh);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        boolean open = false;
        try {
            channel.bind(UnixDomainSocketAddress.of(fresh));
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
            open = true;
            return channel;
        } finally {
            if (!open) {
                channel.close();
                Files.deleteIfExists(fresh);
            }
        }
    }

    private void serve() {
        ServerSocketChannel open = server;
        while (open != null && open.isOpen()) {
            try (SocketChannel client = open.accept()) {
                answer(client);
            } catch (IOException | RuntimeException e) {
                if (open.isOpen()) {
                    // A client that went away is no fault; anything else must not turn into a busy loop.
                    LOG.debug("status client not answered error=\"{}\"", e.toString());
                    pause();
                }
            }
        }
    }

    private void pause() {
        try {
            if (stopping.await(PAUSE_MS, TimeUnit.MILLISECONDS)) {
                LOG.debug("status stops");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(SocketChannel client) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(document.get().getBytes(StandardCharsets.UTF_8));
        long endNs = System.nanoTime() + CLIENT_NS;
        client.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            client.register(selector, SelectionKey.OP_WRITE);
            while (bytes.hasRemaining() && isLeft(endNs)) {
                if (client.write(bytes) == 0) {
                    await(selector, endNs);
                }
            }
        }
    }

    private static boolean isLeft(long endNs) {
        return endNs - System.nanoTime() > 0;
    }

    private static void await(Selector selector, long endNs) throws IOException {
        selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime())));
        selector.selectedKeys().clear();
    }

    /**
     * The document of the agent that runs on this buffer, or in its stead in memory; empty when none answers.
     *
     * @throws IOException when one is there and does not answer within 15 s
     */
    public static Optional<byte[]> ask(Path bufferDir) throws IOException {
        Optional<byte[]> answer = Optional.empty();
        for (Path folder : Shelter.folders(bufferDir)) {
            answer = answer.isPresent() ? answer : askIn(folder);
        }
        return answer;
    }

    private static Optional<byte[]> askIn(Path bufferDir) throws IOException {
        Path path = bufferDir.toAbsolutePath().resolve(NAME);
        if (isTooLong(path) || !Files.exists(path)) {
            return Optional.empty();
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            try {
                channel.connect(UnixDomainSocketAddress.of(path));
            } catch (IOException nobody) {
                return Optional.empty();
            }
            byte[] answer = readAll(channel);
            return answer.length == 0 ? Optional.empty() : Optional.of(answer);
        }
    }

    private static byte[] readAll(SocketChannel channel) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer some = ByteBuffer.allocate(8_192);
        long endNs = System.nanoTime() + ANSWER_NS;
        channel.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            int read = channel.read(some);
            while (read >= 0) {
                all.write(some.array(), 0, some.position());
                some.clear();
                if (!isLeft(endNs)) {
                    throw new IOException("the agent does not answer on " + NAME + "; look at its log");
                }
                if (read == 0) {
                    await(selector, endNs);
                }
                read = channel.read(some);
            }
        }
        return all.toByteArray();
    }

    /** Closes and removes the socket; waits for a client that is being answered. */
    @Override
    public void close() {
        stopping.countDown();
        ServerSocketChannel open = server;
        if (open == null) {
            return;
        }
        try {
            open.close();
            Files.deleteIfExists(path);
            thread.join(STOP_MS);
        } catch (IOException e) {
            LOG.warn("status socket not removed path={} error=\"{}\"", path, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
