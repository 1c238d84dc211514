package org.wasla.gateway.monitor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code GET /metrics}. Two threads, {@code metrics}; who asks slowly holds up others that ask, and nothing else.
 * Nothing of patients is in it, and nothing can be changed by it.
 */
public final class MetricsPort implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsPort.class);
    private static final int THREADS = 2;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int QUEUE = 8;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "metrics");
        thread.setDaemon(true);
        return thread;
    });
    private final Exposition exposition = new Exposition();
    private final Supplier<String> health;

    /**
     * Opens the port.
     *
     * @param health makes the health document; called on the port's threads
     * @throws IOException when the address is in use or is none of this machine
     */
    public MetricsPort(InetSocketAddress listen, Supplier<String> health) throws IOException {
        this.health = health;
        this.server = HttpServer.create(listen, QUEUE);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        LOG.info("metrics on {}:{}", listen.getHostString(), server.getAddress().getPort());
    }

    /** The port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals("/metrics")) {
                exchange.sendResponseHeaders(NOT_FOUND, -1);
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.sendResponseHeaders(NOT_ALLOWED, -1);
            } else {
                byte[] text = (exposition.of(health.get()) + ProcessFigures.text()).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", Exposition.TYPE);
                exchange.sendResponseHeaders(OK, text.length);
                exchange.getResponseBody().write(text);
            }
        }
    }

    /** Closes the port at once. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
