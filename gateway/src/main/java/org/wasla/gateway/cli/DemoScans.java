package org.wasla.gateway.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The radiology of the demo: sends as soon as the box listens. Owns the thread {@code demo-scans}. */
final class DemoScans implements AutoCloseable {
    static final String TITLE = "WASLA";

    /** What has to be seen of each scanner: figures of its report. */
    static final Map<String, List<String>> FIGURES = new TreeMap<>(
            Map.of("dicom-ct1", List.of("ctdi-vol", "dlp-total"), "dicom-us1", List.of("bpd", "fetal-weight")));

    private static final long RETRY_MS = 250;
    private static final int TRIES = 80;
    private static final long STOP_MS = 5_000;

    private final Workshop.Scanners scanners;
    private final int port;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "demo-scans");
    private volatile String failure = "";

    /** @param port where the agent takes images */
    DemoScans(Workshop.Scanners scanners, int port) {
        this.scanners = scanners;
        this.port = port;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** @return what went wrong, empty for nothing */
    String failure() {
        return failure;
    }

    private void run() {
        try {
            if (isListening()) {
                scanners.send(TITLE, port);
            }
        } catch (IOException e) {
            failure = String.valueOf(e.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** The agent may still be starting. */
    private boolean isListening() throws IOException, InterruptedException {
        for (int i = 1; ; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (ConnectException notYet) {
                if (stopping.await(RETRY_MS, TimeUnit.MILLISECONDS)) {
                    return false;
                }
                if (i == TRIES) {
                    throw notYet;
                }
            }
        }
    }

    @Override
    public void close() {
        stopping.countDown();
        thread.interrupt();
        try {
            thread.join(STOP_MS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
