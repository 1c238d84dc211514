package org.wasla.gateway.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.bridge.link.Pty;
import org.wasla.gateway.codec.AstmFrames;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.profile.Profile;

/**
 * The faults of lab.md 5 at the wire: a pseudo-terminal or a socket, a real worker and a real buffer, on a disk that is
 * really full. The test is the analyser.
 */
class LabWireIT {
    private static final String ENQ = "\5";
    private static final String EOT = "\4";
    private static final String HEAD = "H|\\^&\rP|1\rO|1|S77\r";
    private static final String TAIL = "R|1|^^^GLU|5.40|mmol/L\rL|1|N\r";

    @TempDir
    Path folder;

    private static String frame(int number, String text) {
        return AstmFrames.frame(number, Bytes.latin1(text), true).latin1();
    }

    /** What is said before the port is open may be heard or not. */
    private static void awaitOpen(DeviceWorker worker) throws InterruptedException {
        long endNs = System.nanoTime() + Lab.WAIT_MS * 1_000_000L;
        while (worker.status().state() != DeviceState.SILENT && System.nanoTime() - endNs < 0) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertEquals(DeviceState.SILENT, worker.status().state(), "the port does not open");
    }

    /** Says something on the line and takes what is said back, as many bytes as expected. */
    private static void talk(Pty line, String said, String expected) throws IOException {
        line.write(said.getBytes(StandardCharsets.ISO_8859_1));
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        byte[] buffer = new byte[1_000];
        long endNs = System.nanoTime() + Lab.WAIT_MS * 1_000_000L;
        while (heard.size() < expected.length() && System.nanoTime() - endNs < 0) {
            int length = line.read(buffer, 200);
            heard.write(buffer, 0, Math.max(0, length));
        }
        assertEquals(expected, heard.toString(StandardCharsets.ISO_8859_1));
    }

    /** The whole ladder of lab.md 5 on one serial line, one after the other: each costs itself only. */
    @Test
    void onASerialLineEveryFaultOfALinkCostsItselfOnly() throws Exception {
        String ack = "\6";
        String nak = "\25";
        String bad = frame(1, HEAD + TAIL).replace("5.40", "5.41");
        Profile profile = Lab.profile(folder, "astm", "specimen: O.3");
        try (Pty line = Pty.open();
                Outbox outbox = Lab.outbox(folder.resolve("buffer"));
                DeviceWorker worker = Lab.worker(outbox, profile, "serial:" + line.path())) {
            awaitOpen(worker);
            talk(line, ENQ, ack);
            talk(line, frame(1, HEAD), ack);
            talk(line, frame(1, HEAD), ack);
            talk(line, frame(2, TAIL), ack);
            talk(line, EOT + ENQ, ack);
            Lab.awaitResults(outbox, 1);
            talk(line, bad + frame(1, HEAD + TAIL.replace("5.40", "5.50")) + EOT + ENQ, nak + ack + ack);
            talk(line, frame(3, HEAD) + frame(1, HEAD + TAIL.replace("5.40", "5.60")) + EOT + ENQ, nak + ack + ack);
            Lab.awaitResults(outbox, 3);
            talk(line, frame(1, HEAD) + EOT + ENQ, ack + ack);
            talk(line, frame(1, HEAD) + ENQ, ack + ack);
            talk(line, frame(1, "H!@$%\rP!1\rO!1!S9\rR!1!@@@GLU!5.70!mmol/L\rL!1!N\r") + EOT + ENQ, ack + ack);
            Lab.awaitResults(outbox, 6);
            List<String> told = Lab.results(outbox).stream()
                    .map(json -> json.replaceFirst(".*\"(?:why\":\"([^\"]*)|v\":([^,]*)).*", "$1$2"))
                    .toList();
            assertEquals(List.of("5.40", "5.50", "5.60", "eot-before-end", "sender-restarted", "5.70"), told);
            assertTrue(Lab.results(outbox).get(5).contains("\"sp\":\"S9\""), "delimiters are those of the header");
        }
    }

    /** A question is answered; both ends start at once, and then the analyser refuses six times. */
    @Test
    void onASerialLineContentionAndRefusalsEndWithoutALoss() throws Exception {
        Profile profile = Lab.profile(folder, "astm", "specimen: O.3");
        try (Pty line = Pty.open();
                Outbox outbox = Lab.outbox(folder.resolve("buffer"));
                DeviceWorker worker = Lab.worker(outbox, profile, "serial:" + line.path())) {
            awaitOpen(worker);
            talk(line, ENQ, "\6");
            talk(line, frame(1, "H|\\^&\rQ|1|^S1||ALL\rL|1|N\r"), "\6");
            // Our ENQ meets the analyser's: it has priority, and its results come first.
            talk(line, EOT, ENQ);
            talk(line, ENQ, "");
            talk(line, ENQ, "\6");
            talk(line, frame(1, HEAD + TAIL), "\6");
            talk(line, EOT, ENQ);
            Lab.awaitResults(outbox, 1);
            line.write("\6".getBytes(StandardCharsets.ISO_8859_1));
            int frames = 0;
            StringBuilder heard = new StringBuilder();
            byte[] buffer = new byte[1_000];
            long endNs = System.nanoTime() + Lab.WAIT_MS * 1_000_000L;
            while (heard.indexOf(EOT) < 0 && System.nanoTime() - endNs < 0) {
                int length = line.read(buffer, 200);
                heard.append(new String(buffer, 0, Math.max(0, length), StandardCharsets.ISO_8859_1));
                if (heard.toString().endsWith("\r\n")) {
                    frames++;
                    heard.setLength(0);
                    line.write("\25".getBytes(StandardCharsets.ISO_8859_1));
                }
            }
            assertEquals(6, frames);
            talk(line, ENQ, "\6");
        }
    }

    /** A file system of its own, small and soon full. */
    private final class Full implements AutoCloseable {
        private final Path mount = folder.resolve("disk");
        private final Path filler = mount.resolve("filler");

        Full(int megabytes) throws IOException, InterruptedException {
            Files.createDirectories(mount);
            Process made = new ProcessBuilder(
                            "mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", mount.toString())
                    .redirectErrorStream(true)
                    .start();
            made.getInputStream().readAllBytes();
            Assumptions.assumeTrue(made.waitFor() == 0, "skipped: a small file system is mounted as root");
        }

        void fill() throws IOException {
            try (var out = Files.newOutputStream(filler)) {
                byte[] block = new byte[1 << 12];
                while (true) {
                    out.write(block);
                }
            } catch (IOException full) {
                assertTrue(Files.size(filler) > 0, "full at once: " + full.getMessage());
            }
        }

        void empty() throws IOException {
            Files.delete(filler);
        }

        @Override
        public void close() throws IOException {
            Process gone = new ProcessBuilder("umount", "-l", mount.toString())
                    .inheritIO()
                    .start();
            try {
                gone.waitFor();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static int said(Socket line, String text) throws IOException {
        line.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return line.getInputStream().read();
    }

    /** No acknowledgement without the disk: the analyser keeps the frame, and sends it again when there is room. */
    @Test
    void onAFullDiskAFrameIsNotAcknowledged() throws Exception {
        Profile profile = Lab.profile(folder, "astm", "specimen: O.3");
        try (Full disk = new Full(24);
                ServerSocket port = Lab.port();
                Outbox outbox = Lab.outbox(disk.mount.resolve("buffer"));
                DeviceWorker worker = Lab.worker(outbox, profile, "tcp:127.0.0.1:" + port.getLocalPort());
                Socket line = port.accept()) {
            line.setSoTimeout(Lab.WAIT_MS);
            assertEquals(AstmFrames.ACK, said(line, ENQ));
            disk.fill();
            // What is left of a block may hold one frame more.
            String big = HEAD + "C|1|I|" + "x".repeat(20_000) + "|G\r";
            assertEquals(AstmFrames.NAK, said(line, frame(1, big)));
            assertEquals(AstmFrames.NAK, said(line, frame(1, big)), "again");
            disk.empty();
            assertEquals(AstmFrames.ACK, said(line, frame(1, big)));
            assertEquals(AstmFrames.ACK, said(line, frame(2, TAIL)));
            line.getOutputStream().write(EOT.getBytes(StandardCharsets.ISO_8859_1));
            Lab.awaitResults(outbox, 1);
            assertTrue(worker.tally().frames() > 0);
        }
    }

    /** @return MSA-1 of the next answer */
    private static String answer(Socket line) throws IOException {
        InputStream in = line.getInputStream();
        StringBuilder text = new StringBuilder();
        for (int octet = in.read(); octet != 0x1c; octet = in.read()) {
            assertTrue(octet >= 0, "closed without an answer");
            text.append((char) octet);
        }
        assertEquals('\r', in.read());
        int at = text.indexOf("\rMSA|") + 5;
        return text.substring(at, at + 2);
    }

    private static byte[] hl7(int number) {
        return ("\u000bMSH|^~\\&|CHEM|LAB|||20260616080000||ORU^R01|" + number + "|P|2.3.1\rPID|1||QZ4711\rOBR|1||S"
                        + number + "|P^P^L\rOBX|1|ST|TXT^Text^L||" + "y".repeat(40_000) + "||||||F\r\u001c\r")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A patient's number here has no authority: it is no part of a result, and no reason to refuse one. */
    @Test
    void onAFullDiskAMessageIsAnsweredWithAnErrorAndTheConnectionLives() throws Exception {
        Profile profile = Lab.profile(folder, "hl7", "specimen: OBR.3");
        try (Full disk = new Full(24);
                ServerSocket port = Lab.port();
                Outbox outbox = Lab.outbox(disk.mount.resolve("buffer"));
                DeviceWorker worker = Lab.worker(outbox, profile, "tcp:127.0.0.1:" + port.getLocalPort());
                Socket line = port.accept()) {
            line.setSoTimeout(Lab.WAIT_MS);
            disk.fill();
            int number = 0;
            int kept = 0;
            String told = "AA";
            while (told.equals("AA") && number < 400) {
                line.getOutputStream().write(hl7(++number));
                told = answer(line);
                kept += told.equals("AA") ? 1 : 0;
            }
            assertEquals("AE", told, "after " + number);
            disk.empty();
            long endNs = System.nanoTime() + Lab.WAIT_MS * 1_000_000L;
            while (!told.equals("AA") && System.nanoTime() - endNs < 0) {
                line.getOutputStream().write(hl7(number));
                told = answer(line);
            }
            assertEquals("AA", told, "there is room again");
            assertEquals(kept + 1, Lab.results(outbox).size(), "each that was acknowledged, once");
            assertTrue(Lab.results(outbox).stream().noneMatch(json -> json.contains("QZ4711")));
            assertTrue(worker.tally().bad().isEmpty(), worker.tally().bad().toString());
        }
    }
}
