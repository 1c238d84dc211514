package org.wasla.gateway.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.wasla.bridge.link.Link;

/**
 * The people of the demo: an admission desk that sends HL7 over MLLP, and a nurse with a scanner on a pseudo-terminal.
 * Both say real bytes on real lines; their patients are invented. Owns the thread {@code demo-hospital}.
 */
final class DemoHospital implements AutoCloseable {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmss");
    private static final long RETRY_MS = 250;
    private static final int TRIES = 80;
    private static final int ANSWER_MS = 5_000;
    private static final int SCAN_MS = 1_000;

    private final Workshop workshop;
    private final Path scanner;
    private final int port;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "demo-hospital");
    private volatile String failure = "";

    /**
     * @param scanner where the scanner's end for the agent stands
     * @param port the agent's port for the hospital
     */
    DemoHospital(Workshop workshop, Path scanner, int port) {
        this.workshop = workshop;
        this.scanner = scanner;
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
        try (Link line = workshop.openPty(scanner)) {
            admit("4711", "B01");
            admit("4712", "B02");
            for (String code : List.of("wasla:patient:4711;", "wasla:device:oxi-b01;")) {
                if (stopping.await(SCAN_MS, TimeUnit.MILLISECONDS)) {
                    return;
                }
                line.write((code + "\r").getBytes(StandardCharsets.US_ASCII));
            }
            stopping.await();
        } catch (IOException e) {
            failure = String.valueOf(e.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** An A01, and its acknowledgement. The agent may still be starting. */
    private void admit(String number, String bed) throws IOException, InterruptedException {
        String now = LocalDateTime.now(ZoneId.systemDefault()).format(TIME);
        String message = "MSH|^~\\&|ADT|CHU|WASLA|CHU|" + now + "||ADT^A01^ADT_A01|D" + number + "|P|2.5\r"
                + "EVN|A01|" + now + "\r"
                + "PID|1||" + number + "^^^CHU^PI||INVENTED^PATIENT\r"
                + "PV1|1|I|REA1^^" + bed + "^CHU\r";
        byte[] framed = ("\u000b" + message + "\u001c\r").getBytes(StandardCharsets.US_ASCII);
        for (int i = 1; ; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(ANSWER_MS);
                OutputStream out = socket.getOutputStream();
                out.write(framed);
                String answer = answer(socket.getInputStream());
                if (!answer.contains("MSA|AA|D" + number)) {
                    throw new IOException("the admission was not acknowledged");
                }
                return;
            } catch (java.net.ConnectException notYet) {
                if (i == TRIES || stopping.await(RETRY_MS, TimeUnit.MILLISECONDS)) {
                    throw notYet;
                }
            }
        }
    }

    private static String answer(InputStream in) throws IOException {
        StringBuilder answer = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != 0x1C; next = in.read()) {
            answer.append((char) next);
        }
        return answer.toString();
    }

    @Override
    public void close() {
        stopping.countDown();
        try {
            thread.join(ANSWER_MS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
