package org.wasla.gateway.state;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** A device for tests: says a line with a rising number to whoever is connected, for as long as it is. */
public final class Talker implements AutoCloseable {
    private final ServerSocket server;
    private final long everyMs;
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicInteger connections = new AtomicInteger();
    private volatile IntFunction<String> says = n -> "N=" + n + " S=" + (95 + n % 4) + "\n";
    private final Thread thread = new Thread(this::speak, "talker");

    public Talker(long everyMs) throws IOException {
        this.everyMs = everyMs;
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        thread.setDaemon(true);
        thread.start();
    }

    /** @param line by its number; "" says nothing */
    public Talker says(IntFunction<String> line) {
        says = line;
        return this;
    }

    public String link() {
        return "tcp:127.0.0.1:" + server.getLocalPort();
    }

    public int connections() {
        return connections.get();
    }

    private void speak() {
        int n = 1;
        while (over.getCount() > 0) {
            try (Socket line = server.accept()) {
                connections.incrementAndGet();
                line.setSoTimeout(1);
                for (; !over.await(everyMs, TimeUnit.MILLISECONDS); n++) {
                    line.getOutputStream().write(says.apply(n).getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException lost) {
                // Whoever connects next hears the numbers that follow.
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        over.countDown();
        server.close();
    }
}
